package org.jiaozi.lab.judge;

import java.util.List;
import org.jiaozi.lab.audit.RawTransfer;

/**
 * A transfer that was read and checked down to its notes, once.
 *
 * @param transfer as it was read
 * @param certificate what it was signed under
 * @param outputs what each input moved; empty where {@code unsound} says why
 * @param deposit whether it names an institution's key
 * @param paid its own account of what its key has paid in all
 * @param at its date, seconds
 * @param unsound why nobody may take it, empty if it is sound
 */
record Seen(
        RawTransfer transfer,
        Certified certificate,
        List<Output> outputs,
        boolean deposit,
        long paid,
        long at,
        String unsound) {
    /**
     * A part of a note in somebody's hands.
     *
     * @param note the note's name
     * @param hops between purses so far
     */
    record Output(String note, long lo, long hi, String holder, int hops) {}

    /**
     * What a purse certificate says.
     *
     * @param key the purse key's name
     * @param issuer the institution's number
     */
    record Certified(
            String key,
            int issuer,
            long perPayment,
            long total,
            long count,
            long holding,
            long from,
            long until,
            long seqBase,
            long spentBase) {}

    Seen {
        outputs = List.copyOf(outputs);
    }

    boolean sound() {
        return unsound.isEmpty();
    }

    /** Whether its number and sums are within its certificate's limits, those widened to {@code perMille} thousandths. */
    boolean withinLimits(long perMille) {
        long amount = transfer.amount();
        long count = transfer.seq() - certificate.seqBase();
        long spent = paid - certificate.spentBase();
        return amount <= wide(certificate.perPayment(), perMille)
                && count >= 1
                && count <= wide(certificate.count(), perMille)
                && spent >= amount
                && spent <= wide(certificate.total(), perMille);
    }

    private static long wide(long limit, long perMille) {
        // limits are below 2^48, so limit and remainder are widened apart
        return Math.addExact(limit / 1000 * perMille, limit % 1000 * perMille / 1000);
    }

    boolean certifiedThen() {
        return at >= certificate.from() && at <= certificate.until();
    }
}
