package org.jiaozi.lab.audit;

import java.util.Optional;

/**
 * A non-receipt as the auditor reads it.
 *
 * @param signer the payee that signed it
 * @param nonce the request
 * @param accepted the one transfer it says it credited, if any
 */
public record RawDenial(String signer, String nonce, Optional<String> accepted, RawStatement statement) {
    /** Reads a non-receipt and its maker's certificate. */
    public static RawDenial of(RawStatement denial, RawStatement certificate) {
        Raw body = denial.body();
        return new RawDenial(
                RawStatement.thumbprint(RawStatement.certifiedKey(certificate)),
                body.at(1).bytes().hex(),
                body.at(2) instanceof Raw.Nil
                        ? Optional.empty()
                        : Optional.of(body.at(2).bytes().hex()),
                denial);
    }

    /** Whether it says that {@code transfer} was never credited. */
    public boolean denies(String transfer) {
        return accepted.isEmpty() || !accepted.get().equals(transfer);
    }

    /** Whether its maker spent, in {@code spending}, what it says it never received. */
    public boolean contradictedBy(RawTransfer spending, RawTransfer received) {
        String maker = spending.signer();
        return maker.equals(signer)
                && received.payee().equals(signer)
                && received.nonce().equals(nonce)
                && denies(received.hash())
                && spending.inputs().stream().anyMatch(i -> i.parent().equals(received.hash()));
    }
}
