package org.jiaozi.server.central;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.PurseCertificate.Limits;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.Entropy;
import org.jiaozi.crypto.Es256Signer;
import org.jiaozi.crypto.SecretKey;
import org.jiaozi.crypto.fake.SeededEntropy;

/** Purses and institutions that sign whatever a test wants signed. */
final class Actors {
    static final Currency CNY = new Currency("CNY");
    static final Entropy ENTROPY = new SeededEntropy(20260101);

    private Actors() {}

    static Signer signer() {
        return Es256Signer.of(SecretKey.generate(ENTROPY));
    }

    static Nonce nonce() {
        return new Nonce(ENTROPY.next(Nonce.SIZE));
    }

    /** A purse key with its certificate. */
    static final class Purse {
        final Signer signer;
        final Signed<PurseCertificate> certificate;
        private long seq;

        Purse(IssuerKeyId issuer, Signer institution, Timestamp now) {
            this(signer(), issuer, institution, now);
        }

        /** One more certificate of a key. */
        Purse(Signer signer, IssuerKeyId issuer, Signer institution, Timestamp now) {
            this.signer = signer;
            certificate = Signed.by(
                    institution,
                    new PurseCertificate(
                            issuer,
                            signer.publicKey(),
                            4,
                            ElementClass.SOFTWARE,
                            CNY,
                            new Limits(1_000_000, 1_000_000, 1000, 1_000_000),
                            now,
                            new Timestamp(now.seconds() + 864_000),
                            0,
                            0));
        }

        Thumbprint key() {
            return signer.publicKey().thumbprint();
        }

        /** A lineage of {@code before} and one more transfer of {@code ranges} of its last output. */
        Lineage pay(Lineage before, SliceRef source, Thumbprint payee, Timestamp at, Range... ranges) {
            return sign(before, payee, at, ++seq, inputs(source, ranges));
        }

        Lineage sign(Lineage before, Thumbprint payee, Timestamp at, long number, List<TransferInput> inputs) {
            return answer(nonce(), before, payee, at, number, inputs);
        }

        /** A transfer in answer to a request. */
        Lineage answer(
                Nonce request,
                Lineage before,
                Thumbprint payee,
                Timestamp at,
                long number,
                List<TransferInput> inputs) {
            return before.plus(new Lineage.Link(
                    Signed.by(signer, new Transfer(inputs, payee, request, number, 0, at)), certificate));
        }
    }

    static List<TransferInput> inputs(SliceRef source, Range... ranges) {
        return new ArrayList<>(
                Arrays.stream(ranges).map(r -> new TransferInput(source, r)).toList());
    }

    static Signed<Note> note(IssuerKeyId issuer, Signer institution, Purse holder, long value, Timestamp expiry) {
        return Signed.by(institution, new Note(issuer, 1, CNY, new Amount(value), expiry, 3, holder.key(), nonce()));
    }

    /** The first output of a lineage's last transfer. */
    static SliceRef head(Lineage lineage) {
        return new SliceRef(lineage.head().transfer().hash(), 0);
    }

    static Bytes packed(Lineage lineage) {
        return LineageCodec.encode(lineage);
    }
}
