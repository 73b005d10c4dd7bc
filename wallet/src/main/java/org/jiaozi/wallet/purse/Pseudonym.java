package org.jiaozi.wallet.purse;

import java.util.Optional;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Thumbprint;

/**
 * One key of a purse with the counters that belong to it and never restart.
 *
 * @param key its public half
 * @param certificate the latest, once enrolled
 * @param seq its last transfer's number, 0 before the first
 * @param spentTotal minor units it has paid in all; deposits do not count
 * @param status what it may still do
 */
public record Pseudonym(
        PublicKey key, Optional<Signed<PurseCertificate>> certificate, long seq, long spentTotal, Status status) {
    /** What a key may still do. */
    public enum Status {
        /** Everything its certificate allows. */
        ACTIVE(0),
        /** Deposits and answers to requests it made; only an institution that binds it anew certifies it again. */
        RETIRED(1),
        /** Nothing: its purse is an old copy, and what it holds may be spent already. */
        SUSPECT(2),
        /** Nothing, for ever. */
        DEAD(3);

        private final int code;

        Status(int code) {
            this.code = code;
        }

        /** The number in storage. */
        public int code() {
            return code;
        }

        static Status of(long code) {
            for (Status status : values()) {
                if (status.code == code) {
                    return status;
                }
            }
            throw new IllegalArgumentException("key status " + code);
        }
    }

    public Pseudonym {
        Limit.check("seq", seq, Limit.UINT48);
        Limit.check("spentTotal", spentTotal, Limit.UINT48);
    }

    /** A key nobody certified yet. */
    public static Pseudonym fresh(PublicKey key) {
        return new Pseudonym(key, Optional.empty(), 0, 0, Status.ACTIVE);
    }

    public Thumbprint thumbprint() {
        return key.thumbprint();
    }

    Pseudonym with(Status next) {
        return new Pseudonym(key, certificate, seq, spentTotal, next);
    }

    Pseudonym with(Signed<PurseCertificate> next) {
        return new Pseudonym(key, Optional.of(next), seq, spentTotal, status);
    }

    /** The counters after a transfer that moves {@code spent} minor units against the limits. */
    Pseudonym after(long spent) {
        return new Pseudonym(key, certificate, Math.addExact(seq, 1), Math.addExact(spentTotal, spent), status);
    }
}
