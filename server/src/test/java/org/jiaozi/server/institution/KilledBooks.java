package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jiaozi.server.institution.Killed.insist;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jiaozi.server.central.Ledger;

/**
 * Where a world's books must stand once its errands are done: each errand says what it leaves, and nothing that was killed
 * meanwhile may make a difference to that.
 */
final class KilledBooks {
    private static final List<String> BANKS = List.of("bank-a", "bank-b");

    private final World world;
    private final Ledger central;
    private final Map<String, Long> due = new TreeMap<>();
    private final Map<TestWallet, Long> balances = new ConcurrentHashMap<>();

    KilledBooks(World world) {
        this.world = world;
        this.central = new Ledger(world.centralDatabase);
        for (String bank : BANKS) {
            reserve(bank, World.RESERVE);
        }
    }

    private synchronized void add(String account, long amount) {
        due.merge(account, amount, Math::addExact);
    }

    private synchronized long due(String account) {
        return due.getOrDefault(account, 0L);
    }

    /** What stays outstanding of an institution's notes. */
    void outstanding(String bank, long amount) {
        add("float of " + bank, amount);
    }

    /** An account is opened with that much. */
    void opened(String bank, long amount) {
        add("openings at " + bank, amount);
    }

    /** That much comes in over the counter. */
    void paidIn(String bank, long amount) {
        add("counter of " + bank, amount);
    }

    /** The central bank puts that much into a reserve. */
    void reserve(String bank, long amount) {
        add("funded", amount);
        add("reserve of " + bank, amount);
    }

    /** That much of a reserve goes into the guarantee fund. */
    void guarantee(String bank, long amount) {
        add("contributed", amount);
        add("reserve of " + bank, -amount);
    }

    /** What a convicted customer cannot pay. */
    void unpaid(String bank, long amount) {
        add("borne for " + bank, amount);
    }

    /** An account stands there, and goes on standing there. */
    void balance(TestWallet wallet, long expected) {
        assertThat(insist(wallet::balance)).isEqualTo(expected);
        balances.put(wallet, expected);
    }

    /** Once everything was netted. */
    void audit() {
        assertThat(central.breaches()).isEmpty();
        assertThat(central.posted("fund")).as("put into reserves").isEqualTo(due("funded"));
        assertThat(central.posted("contribute"))
                .as("put into the guarantee fund")
                .isEqualTo(due("contributed"));
        BANKS.forEach(this::audit);
    }

    private void audit(String bank) {
        Map<String, Long> stand = new TreeMap<>();
        Map<String, Long> should = new TreeMap<>();
        for (String book : List.of("clearing", "suspense", "receivable")) {
            stand.put(book, world.book(bank, book));
            should.put(book, 0L);
        }
        stand.put("sum", world.operator(bank, "/books").required("sum").longValue());
        should.put("sum", 0L);
        stand.put("float", world.book(bank, "float"));
        should.put("float", due("float of " + bank));
        stand.put("float at the central bank", central.balance("float", bank));
        should.put("float at the central bank", due("float of " + bank));
        stand.put("frozen", world.book(bank, "frozen"));
        should.put("frozen", -due("float of " + bank));
        stand.put("clearing at the central bank", central.balance("clearing", bank));
        should.put("clearing at the central bank", 0L);
        // what an institution has there besides what it was given; its own book counts from nothing
        stand.put("reserve", central.balance("reserve", bank) + world.book(bank, "reserve"));
        should.put("reserve", due("reserve of " + bank));
        stand.put("loss", -world.book(bank, "loss"));
        should.put("loss", central.borne("from_institution", bank));
        stand.put("borne", central.borne("from_fund + from_institution", bank));
        should.put("borne", due("borne for " + bank));
        stand.put("cash", -world.book(bank, "cash"));
        should.put("cash", due("openings at " + bank) + due("counter of " + bank));
        assertThat(stand).as(bank).isEqualTo(should);
    }

    /** After all errands, whoever came with one long ago, too. */
    void customers() {
        balances.forEach((wallet, expected) -> assertThat(insist(wallet::balance))
                .as("%s at %s", wallet.account, wallet.bank)
                .isEqualTo(expected));
    }
}
