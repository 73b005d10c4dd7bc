package org.jiaozi.wallet.purse;

import java.util.List;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.message.Handover;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Receipt;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.tap.TapMessage.RequestMessage;
import org.jiaozi.core.value.Nonce;

/** What a purse answers; nothing of it leaves the runner before the new state is durable. */
public sealed interface PurseAnswer {
    /** Nothing to hand out. */
    record Ok() implements PurseAnswer {}

    record Proved(KeyProof proof) implements PurseAnswer {}

    /** The request, signed; it names the nonce that was opened. */
    record Opened(RequestMessage request) implements PurseAnswer {}

    /** A load is open under {@code nonce}, and was never before. */
    record LoadOpened(Nonce nonce) implements PurseAnswer {}

    /** The transfer with the certificate its key signed under; the same again for the same request. */
    record Moved(Signed<Transfer> transfer, Signed<PurseCertificate> certificate) implements PurseAnswer {}

    /** Credited; {@code receipt} is the same again for the same transfer. */
    record Credited(Signed<Receipt> receipt) implements PurseAnswer {}

    record Loaded(Slice slice) implements PurseAnswer {}

    record Closed(Signed<NonReceipt> nonReceipt) implements PurseAnswer {}

    record MessageSigned(Signed<WalletMessage> message) implements PurseAnswer {}

    record HandedOver(Signed<Handover> handover) implements PurseAnswer {}

    /** Keys retired, and slices given up because their keys were suspect. */
    record Retired(List<Slice> forfeited) implements PurseAnswer {
        public Retired {
            forfeited = List.copyOf(forfeited);
        }
    }
}
