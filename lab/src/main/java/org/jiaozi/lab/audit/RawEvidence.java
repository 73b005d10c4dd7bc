package org.jiaozi.lab.audit;

import java.util.Optional;
import org.jiaozi.core.value.Bytes;

/** Judges an evidence file by its bytes and the root key alone (spec 07, clauses E1 to E6). */
public final class RawEvidence {
    private RawEvidence() {}

    /** The convicted key's name, hexadecimal; throws with the reason where nobody is convicted. */
    public static String culprit(Bytes file, Bytes rootKey, KeyCheck check) {
        Raw outer = Raw.read(file);
        require(outer.holds(1, 2, 3) && outer.at(1).integer() == 1, "it is no evidence file of version 1");
        RawStatement bulletin = RawStatement.of("bulletin", outer.at(3));
        require(bulletin.signedBy(rootKey, check), "its bulletin is not the root's");
        Raw evidence = outer.at(2);
        RawStatement certificate = RawStatement.of("certificate", evidence.at(2));
        Bytes issuer = issuerKey(bulletin, certificate.kid())
                .orElseThrow(() -> new AuditException("its bulletin does not list the certificate's issuer"));
        require(certificate.signedBy(issuer, check), "its certificate is not the issuer's");
        Bytes key = RawStatement.certifiedKey(certificate);
        long kind = evidence.at(1).integer();
        if (kind == 1 || kind == 2) {
            twoTransfers(kind, evidence, certificate, key, check);
        } else {
            require(kind == 3, "it is of an unknown kind");
            denial(evidence, certificate, key, check);
        }
        return RawStatement.thumbprint(key);
    }

    /** The number of the institution that certified the culprit. */
    public static int certifier(Bytes file) {
        return RawStatement.of("certificate", Raw.read(file).at(2).at(2)).kid().institution();
    }

    private static void twoTransfers(long kind, Raw evidence, RawStatement certificate, Bytes key, KeyCheck check) {
        require(evidence.holds(1, 2, 3, 4), "it holds something else than two transfers");
        RawTransfer one = RawTransfer.of(RawStatement.of("transfer", evidence.at(3)), certificate);
        RawTransfer other = RawTransfer.of(RawStatement.of("transfer", evidence.at(4)), certificate);
        require(
                one.statement().signedBy(key, check) && other.statement().signedBy(key, check),
                "not both transfers are signed by the key");
        require(one.hash().compareTo(other.hash()) < 0, "its transfers are not in rising order");
        require(
                kind == 1 ? one.overlap(other).isPresent() : one.sameNumber(other),
                "an honest purse may have signed both transfers");
    }

    private static void denial(Raw evidence, RawStatement certificate, Bytes key, KeyCheck check) {
        RawDenial denial = RawDenial.of(RawStatement.of("non-receipt", evidence.at(3)), certificate);
        require(denial.statement().signedBy(key, check), "the non-receipt is not signed by the key");
        if (!evidence.has(5)) {
            require(evidence.holds(1, 2, 3, 4), "it holds something else than a denial and a receipt");
            RawStatement receipt = RawStatement.of("receipt", evidence.at(4));
            require(receipt.signedBy(key, check), "the receipt is not signed by the key");
            Raw said = receipt.body();
            require(
                    said.at(1).bytes().hex().equals(denial.nonce())
                            && denial.denies(said.at(2).bytes().hex()),
                    "receipt and non-receipt agree");
            return;
        }
        require(evidence.holds(1, 2, 3, 4, 5), "it holds something else than a denial and a spending");
        RawTransfer spending = RawTransfer.of(RawStatement.of("transfer", evidence.at(4)), certificate);
        require(spending.statement().signedBy(key, check), "the spending is not signed by the key");
        // only what the spending's signature covers counts of the received transfer: its hash
        RawStatement received = new RawStatement(
                "transfer",
                spending.statement().header(),
                evidence.at(5).bytes(),
                spending.statement().signature());
        require(
                denial.contradictedBy(spending, RawTransfer.read(received, "")),
                "it did not spend what it says it never received");
    }

    /** The key a bulletin lists for a kid, compressed. */
    public static Optional<Bytes> issuerKey(RawStatement bulletin, RawStatement.Kid kid) {
        for (Raw institution : bulletin.body().at(4).list()) {
            if (institution.at(1).integer() == kid.institution()) {
                for (Raw key : institution.at(4).list()) {
                    if (key.at(1).integer() == kid.generation()) {
                        return Optional.of(key.at(2).bytes());
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AuditException(otherwise);
        }
    }
}
