package org.jiaozi.lab.bench;

import java.util.Map;
import java.util.Set;
import java.util.function.IntToLongFunction;

/**
 * What merchants have on their accounts, beside what was acknowledged to them.
 *
 * @param lost what was acknowledged and is not credited, in minor units
 * @param doubled what is credited and was not acknowledged, in minor units
 */
record Reckoning(long lost, long doubled) {
    /** @param came what came to a merchant's account, by place among the merchants */
    static Reckoning of(Credited credited, int merchants, IntToLongFunction came) {
        long lost = 0;
        long doubled = 0;
        for (int m = 0; m < merchants; m++) {
            long amiss = credited.slicesOf(m) * WorkShape.Stock.AMOUNT - came.applyAsLong(m);
            lost += Math.max(0, amiss);
            doubled += Math.max(0, -amiss);
        }
        return new Reckoning(lost, doubled);
    }

    /** To the last unit. */
    boolean balances() {
        return lost == 0 && doubled == 0;
    }

    /** What is amiss, in one line. */
    String amiss() {
        return lost / WorkShape.Stock.AMOUNT + " acknowledged payments are not credited, "
                + doubled / WorkShape.Stock.AMOUNT + " are credited twice";
    }

    /**
     * Says, in payments, what became of the money and of who spent it twice.
     *
     * @param convicted whom the central bank has convicted
     * @return whether all of that is as it has to be
     */
    boolean tell(Credited credited, Set<String> convicted, Map<String, Object> told) {
        Set<String> spentTwice = credited.doubleSpenders();
        long twice = credited.paymentsMadeTwice();
        told.put("lost", lost / WorkShape.Stock.AMOUNT);
        told.put("doubleCredited", doubled / WorkShape.Stock.AMOUNT);
        told.put("doubleSpenders", spentTwice.size());
        told.put("convicted", convicted.size());
        told.put(
                "framed",
                convicted.stream().filter(c -> !spentTwice.contains(c)).count());
        return balances()
                && credited.redeemed() == credited.slices() - twice
                && credited.madeWhole() == twice
                && convicted.equals(spentTwice);
    }
}
