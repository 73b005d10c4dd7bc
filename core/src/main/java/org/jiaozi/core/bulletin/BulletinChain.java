package org.jiaozi.core.bulletin;

import java.util.Optional;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;

/** How a device moves to the next bulletin: forward only, and only on the root's word (spec 03, clauses 8 and 10). */
public final class BulletinChain {
    private BulletinChain() {}

    /** The answer to an offered bulletin or delta. */
    public sealed interface Outcome {
        /** It is newer and sound: store it, then use it. */
        record Accepted(Signed<Bulletin> bulletin) implements Outcome {}

        /** It brings nothing that is not already in hand. */
        record Unchanged() implements Outcome {}

        /** It is not taken; what is in hand stays. */
        record Refused(Refusal refusal) implements Outcome {}
    }

    /**
     * Judges a whole bulletin. Refuses 208 if it is older than the one in hand, or another one of the same epoch, and
     * 210 if the root did not sign it.
     *
     * @param current the bulletin in hand, if any
     * @param rootKey the one root key the device trusts
     */
    public static Outcome accept(
            Optional<Signed<Bulletin>> current,
            Signed<Bulletin> candidate,
            PublicKey rootKey,
            SignatureVerifier verifier) {
        if (current.isPresent()) {
            if (current.get().equals(candidate)) {
                return new Outcome.Unchanged();
            }
            long held = current.get().statement().epoch();
            if (candidate.statement().epoch() <= held) {
                return refused(
                        RefusalCode.BULLETIN_ROLLBACK,
                        "epoch " + candidate.statement().epoch() + ", in hand is " + held);
            }
        }
        if (!candidate.verifies(verifier, rootKey)) {
            return refused(
                    RefusalCode.WRONG_ROOT,
                    "bulletin of epoch " + candidate.statement().epoch());
        }
        return new Outcome.Accepted(candidate);
    }

    /**
     * Judges a delta: 209 if it starts from another epoch than the one in hand, 210 if what results is not what the root
     * signed. A delta that leads no further than the bulletin in hand changes nothing.
     */
    public static Outcome acceptDelta(
            Signed<Bulletin> current, BulletinDelta delta, PublicKey rootKey, SignatureVerifier verifier) {
        if (delta.epoch() <= current.statement().epoch()) {
            return new Outcome.Unchanged();
        }
        try {
            return accept(Optional.of(current), delta.apply(current.statement()), rootKey, verifier);
        } catch (DecodeException e) {
            return new Outcome.Refused(e.refusal());
        }
    }

    private static Outcome refused(RefusalCode code, String detail) {
        return new Outcome.Refused(new Refusal(code, detail));
    }
}
