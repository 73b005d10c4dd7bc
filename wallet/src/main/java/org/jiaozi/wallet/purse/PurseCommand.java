package org.jiaozi.wallet.purse;

import java.util.List;
import java.util.Set;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.message.Handover;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.tap.TapMessage.RequestMessage;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;

/**
 * What a host asks of a purse (spec 06, clause 10). Where one opens a nonce, {@code random} is 16 fresh random bytes, drawn
 * outside because a step draws nothing. The purse makes the nonce of them, a new one each time; its answer says which.
 */
public sealed interface PurseCommand {

    /** Takes up keys whose private halves the element already holds. */
    record AddKeys(List<PublicKey> keys) implements PurseCommand {
        public AddKeys {
            keys = List.copyOf(keys);
        }
    }

    /** Proves to an institution that the element holds a key. */
    record ProveKey(Thumbprint key, InstitutionId institution, Nonce messageId) implements PurseCommand {}

    /** Installs certificates for its own keys; counters never go back. */
    record InstallCertificates(List<Signed<PurseCertificate>> certificates) implements PurseCommand {
        public InstallCertificates {
            certificates = List.copyOf(certificates);
        }
    }

    /**
     * Opens and signs a request.
     *
     * @param key which pseudonym asks
     * @param random hides the mark in the nonce
     * @param reference at most 64 bytes
     * @param sealingKey a fresh X25519 key
     */
    record OpenRequest(Thumbprint key, Amount amount, Nonce random, String reference, Bytes sealingKey)
            implements PurseCommand {}

    /** Opens a nonce under which an institution may issue a note to {@code key}. */
    record OpenLoad(Thumbprint key, Nonce random) implements PurseCommand {}

    /** Closes a load that the institution refused for good: no note will come under its nonce. */
    record DropLoad(Nonce nonce) implements PurseCommand {}

    /** Credits a note that answers an open load. */
    record CreditNote(Signed<Note> note) implements PurseCommand {}

    /**
     * Pays a request from one pseudonym's slices. The host has checked the request's signature and certificate.
     *
     * @param inputs each takes the lowest part of a slice
     */
    record Pay(RequestMessage request, Thumbprint key, List<TransferInput> inputs) implements PurseCommand {
        public Pay {
            inputs = List.copyOf(inputs);
        }
    }

    /**
     * Credits a payment that answers an open request. The host has checked the lineage.
     *
     * @param slices what the transfer moved, in the order of its inputs, as the lineage check found
     */
    record Credit(Signed<Transfer> transfer, List<Slice> slices) implements PurseCommand {
        public Credit {
            slices = List.copyOf(slices);
        }
    }

    /** Closes a request for good, or says again how it ended. */
    record Close(Nonce nonce) implements PurseCommand {}

    /**
     * Moves value to an institution; no hop, and free of limits. The same command again is refused, since its pointers have
     * moved; what was signed is repeated from the log.
     *
     * @param key whose slices
     * @param institution a deposit key that the bulletin lists
     * @param inputs up to 1,024, each the lowest part of a slice
     * @param random hides the mark in the batch's nonce
     */
    record Deposit(Thumbprint key, Thumbprint institution, List<TransferInput> inputs, Nonce random)
            implements PurseCommand {
        public Deposit {
            inputs = List.copyOf(inputs);
        }
    }

    /** Signs a message to an institution. */
    record SignMessage(WalletMessage message) implements PurseCommand {}

    /** Sends a deposit that nobody acknowledged to another institution, its own being gone. */
    record HandOver(Handover handover) implements PurseCommand {}

    /** Receipts came, or uploads were acknowledged: the log entries may be reused. */
    record Acknowledge(Set<Hash> transfers) implements PurseCommand {
        public Acknowledge {
            transfers = Set.copyOf(transfers);
        }
    }

    /** The institution retired these keys. A suspect key dies, with what it seemed to hold. */
    record RetireKeys(Set<Thumbprint> keys) implements PurseCommand {
        public RetireKeys {
            keys = Set.copyOf(keys);
        }
    }

    /** The mark outside is ahead: this is an old copy. */
    record MarkRolledBack() implements PurseCommand {}
}
