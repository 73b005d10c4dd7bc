package org.jiaozi.server.institution;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Something that is asked of servers whose disk may fail them, the same each time.
 *
 * @param ask asks it, or throws what it was refused with; whoever was answered before is answered the same
 * @param there whether what was answered is to be seen before anybody asks again
 * @param leaves what it leaves behind once it is done
 */
record Asked(String what, Supplier<?> ask, BooleanSupplier there, Consumer<Due> leaves) {
    /** Asks. */
    Object attempt() {
        return ask.get();
    }

    /** Asks until somebody is there and has room for it. */
    Object insist() {
        return Killed.insist(this::attempt);
    }

    /** What must be the case after what was done. */
    static final class Due {
        final KilledBooks books;
        private final Map<TestWallet, Long> balances = new HashMap<>();
        private final List<Runnable> others = new ArrayList<>();

        Due(KilledBooks books) {
            this.books = books;
        }

        void on(TestWallet wallet, long amount) {
            balances.merge(wallet, amount, Math::addExact);
        }

        void outstanding(String bank, long amount) {
            books.outstanding(bank, amount);
        }

        /** Something else, once all is settled. */
        void then(Runnable check) {
            others.add(check);
        }

        /** Once all is settled: where the customers' accounts stand, and whatever else is due. */
        void check() {
            balances.forEach(books::balance);
            others.forEach(Runnable::run);
        }
    }
}
