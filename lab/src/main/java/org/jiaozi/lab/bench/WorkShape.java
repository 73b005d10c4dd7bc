package org.jiaozi.lab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jiaozi.cli.CommandFailure;

/**
 * What is deposited, by whom and out of what: the same shape and seed make the same keys, notes and payments.
 *
 * @param stock what is put on record ahead
 * @param deposits payments that are deposited
 * @param hops of each payment
 * @param batch payments in one deposit
 * @param hotShare how many of a hundred payments the first merchant gets; 0 where all take turns
 * @param doubleSpends how many payments are made again with the same money, beyond {@code deposits}
 */
record WorkShape(Stock stock, int deposits, int hops, int batch, int hotShare, int doubleSpends) {
    static final int MOST_DEPOSITS = 10_000_000;

    /**
     * Notes and purses.
     *
     * @param seed of all keys
     * @param notes all of one value, dealt to the payers in turn
     * @param payers who pay, and pass on what has more than one hop
     * @param merchants who deposit
     * @param prefill payments that are redeemed already, out of the first half of the notes
     */
    record Stock(long seed, int notes, int payers, int merchants, int prefill) {
        /** What one payment moves, in minor units. */
        static final long AMOUNT = 10;
        /** What a note is worth, in minor units: ample for what is measured, and within what a purse may hold. */
        static final long NOTE = 200_000;

        /** Notes of which part is redeemed already. */
        int prefilled() {
            return prefill == 0 ? 0 : Math.max(1, notes / 2);
        }

        /** Payments that each of those is redeemed in. */
        int prefilledEach() {
            return prefill == 0 ? 0 : Math.ceilDiv(prefill, prefilled());
        }

        /** The value of all the notes that one payer loads. */
        long loadedEach() {
            return Math.ceilDiv(notes, payers) * NOTE;
        }
    }

    /** Says in one line what cannot be meant. */
    void check() {
        between("--notes", stock.notes(), 1, 1_000_000);
        between("--payers", stock.payers(), 1, 100_000);
        between("--merchants", stock.merchants(), 1, 10_000);
        between("--prefill", stock.prefill(), 0, 100_000_000);
        between("--deposits", deposits, 1, MOST_DEPOSITS);
        between("--hops", hops, 1, 5);
        between("--batch", batch, 1, 1_024);
        between("--hot-share", hotShare, 0, 100);
        if (stock.payers() > stock.notes()) {
            throw CommandFailure.usage("--payers is at most --notes: each has a note");
        }
        if (hops > stock.payers()) {
            throw CommandFailure.usage("--hops is at most --payers: nobody pays twice");
        }
        if (doubleSpends > 0 && stock.merchants() < 2) {
            throw CommandFailure.usage("--double-spends takes two merchants: the same money goes to both");
        }
        long each = stock.prefilledEach() + (long) Math.ceilDiv(deposits, stock.notes());
        if (each > Stock.NOTE / Stock.AMOUNT) {
            throw CommandFailure.usage("--notes is too small: each would be spent in " + each + " payments, allowed "
                    + Stock.NOTE / Stock.AMOUNT);
        }
    }

    static void between(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw CommandFailure.usage(option + " is " + least + " to " + most);
        }
    }

    /** With so many payments, as a continuation of this. */
    WorkShape withDeposits(int other, int otherDoubleSpends) {
        return new WorkShape(stock, other, hops, batch, hotShare, otherDoubleSpends);
    }

    JsonNode json() {
        return new ObjectMapper().valueToTree(this);
    }

    /** Whether the {@code i}th of {@code of} is among {@code some} that are spread evenly. */
    static boolean chosen(long i, long some, long of) {
        return (i + 1) * some / of > i * some / of;
    }
}
