package org.jiaozi.wallet.host;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.evidence.Evidence;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Receipt;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.tap.PayeeTap.OwnRequest;
import org.jiaozi.core.tap.PayerTap.SentPayment;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.wallet.purse.PurseState;

/**
 * Everything a wallet remembers apart from private keys.
 *
 * @param settings what it was created with
 * @param purse the secure element's state
 * @param bulletins the newest last, at most {@value #MAX_BULLETINS}; earlier ones make deltas for devices behind
 * @param lineage notes and transfers checked
 * @param payments made, by the request's nonce
 * @param requests made, by nonce
 * @param evidence found, by the name of the pair
 * @param outbox what is under way to the institution
 */
public record WalletState(
        Settings settings,
        PurseState purse,
        List<Signed<Bulletin>> bulletins,
        LineageStore lineage,
        SortedMap<Nonce, Payment> payments,
        SortedMap<Nonce, Received> requests,
        SortedMap<Hash, FoundEvidence> evidence,
        Outbox outbox) {
    public static final int MAX_BULLETINS = 8;

    /**
     * What never changes, but for the institution when that one is gone.
     *
     * @param rootKey the one central bank it trusts
     * @param institution where its account is
     * @param currency what it holds
     * @param region ISO 3166 code, {@code ""} if none
     */
    public record Settings(PublicKey rootKey, InstitutionId institution, Currency currency, String region) {}

    /**
     * A payment made.
     *
     * @param sent what was sent, to be sent again as it is
     * @param lineage packed, its head the payment: what an institution gets
     * @param receipt from the payee
     * @param nonReceipt from the payee: the value is to come back
     * @param uploaded the institution has it on record
     * @param returned the value came back
     */
    public record Payment(
            SentPayment sent,
            Bytes lineage,
            Optional<Signed<Receipt>> receipt,
            Optional<Signed<NonReceipt>> nonReceipt,
            boolean uploaded,
            boolean returned) {
        Payment with(Signed<Receipt> word) {
            return new Payment(sent, lineage, Optional.of(word), nonReceipt, uploaded, returned);
        }

        Payment denied(Signed<NonReceipt> word) {
            return new Payment(sent, lineage, receipt, Optional.of(word), uploaded, returned);
        }

        /** The same, on record at the institution. */
        public Payment uploadedNow() {
            return new Payment(sent, lineage, receipt, nonReceipt, true, returned);
        }

        /** The same, its value back as a new note. */
        public Payment returnedNow() {
            return new Payment(sent, lineage, receipt, nonReceipt, uploaded, true);
        }

        /** Whether the institution owes its value. */
        public boolean returnDue() {
            return nonReceipt.isPresent() && !returned;
        }
    }

    /**
     * A request made.
     *
     * @param own the request and its answer
     * @param uploaded the institution has the credited transfer on record
     */
    public record Received(OwnRequest own, boolean uploaded) {}

    /**
     * Evidence found.
     *
     * @param evidence the two statements
     * @param submitted the institution has it
     */
    public record FoundEvidence(Evidence evidence, boolean submitted) {}

    /**
     * What is under way to the institution, so that a sync that was cut off goes on where it was.
     *
     * @param pending a message signed and not answered; it is sent again as it is
     * @param toLoad minor units deposited to be loaded again as a fresh note
     */
    public record Outbox(Optional<Signed<WalletMessage>> pending, Amount toLoad) {
        public static final Outbox EMPTY = new Outbox(Optional.empty(), Amount.ZERO);
    }

    public WalletState {
        bulletins = List.copyOf(bulletins);
        payments = Collections.unmodifiableSortedMap(new TreeMap<>(payments));
        requests = Collections.unmodifiableSortedMap(new TreeMap<>(requests));
        evidence = Collections.unmodifiableSortedMap(new TreeMap<>(evidence));
    }

    /** A new wallet with its first bulletin, which the caller has checked against the root. */
    public static WalletState create(Settings settings, Signed<Bulletin> bulletin) {
        return new WalletState(
                settings,
                PurseState.EMPTY,
                List.of(bulletin),
                LineageStore.EMPTY,
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                Outbox.EMPTY);
    }

    /** The bulletin in hand. */
    public Signed<Bulletin> bulletin() {
        return bulletins.getLast();
    }

    /** One name for one pair of statements. */
    public static Hash nameOf(Evidence evidence) {
        return Sha256.hash(evidence.first().bytes().concat(evidence.second().bytes()));
    }

    /** At another institution; what was under way to the one before is not asked there. */
    public WalletState movedTo(InstitutionId next) {
        Settings moved = new Settings(settings.rootKey(), next, settings.currency(), settings.region());
        Outbox left = new Outbox(Optional.empty(), outbox.toLoad());
        return new WalletState(moved, purse, bulletins, lineage, payments, requests, evidence, left);
    }

    public WalletState with(PurseState next) {
        return new WalletState(settings, next, bulletins, lineage, payments, requests, evidence, outbox);
    }

    public WalletState with(LineageStore next) {
        return new WalletState(settings, purse, bulletins, next, payments, requests, evidence, outbox);
    }

    public WalletState with(Nonce nonce, Payment payment) {
        SortedMap<Nonce, Payment> next = new TreeMap<>(payments);
        next.put(nonce, payment);
        return new WalletState(settings, purse, bulletins, lineage, next, requests, evidence, outbox);
    }

    public WalletState with(Nonce nonce, Received request) {
        SortedMap<Nonce, Received> next = new TreeMap<>(requests);
        next.put(nonce, request);
        return new WalletState(settings, purse, bulletins, lineage, payments, next, evidence, outbox);
    }

    public WalletState with(FoundEvidence found) {
        SortedMap<Hash, FoundEvidence> next = new TreeMap<>(evidence);
        next.put(nameOf(found.evidence()), found);
        return new WalletState(settings, purse, bulletins, lineage, payments, requests, next, outbox);
    }

    public WalletState with(Outbox next) {
        return new WalletState(settings, purse, bulletins, lineage, payments, requests, evidence, next);
    }

    WalletState withBulletins(List<Signed<Bulletin>> next) {
        return new WalletState(settings, purse, next, lineage, payments, requests, evidence, outbox);
    }
}
