package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jiaozi.server.central.Ledger;
import org.jiaozi.testing.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power is cut while PostgreSQL works for institutions and the central bank. On a disk that kept what was synced, and of the
 * rest what the dice left, all of them start again: whatever was answered before is answered the same, whatever was under way is
 * done once, and the books balance.
 */
final class PowerCutDatabaseTest {
    private static final int CUTS = Integer.getInteger("jiaozi.rounds", 9);

    private final long seed = Long.getLong("jiaozi.seed", System.nanoTime());
    private final Random dice = new Random(seed);
    private int told;
    private int open;

    @Test
    void whatWasAnsweredIsThere(@TempDir Path folder) throws Exception {
        Needs.systemPackage("strace", "strace");
        try (PowerCutDatabase database = new PowerCutDatabase(folder.resolve("postgres"));
                CoveredWorld covered = new CoveredWorld(folder, database::freshDatabase)) {
            World world = covered.world;
            PowerCutWork work = new PowerCutWork(world, database::sign);
            settle(world);
            database.record();
            covered.listen();
            work.run(database::checkpoint);
            database.recorded();
            settle(world);
            covered.judge();
            List.of("bank-a", "bank-b").forEach(world::stop);
            world.central.close();
            AotCache cache = new AotCache(folder);
            List<PowerCutDatabase.Cut> cuts = database.cuts(CUTS, dice);
            for (PowerCutDatabase.Cut cut : cuts) {
                try {
                    database.find(cut, dice);
                    goesOn(folder, cache, world, work, database, cut);
                } catch (Throwable e) {
                    throw new AssertionError("-Djiaozi.seed=" + seed + ", " + cut + " of " + cuts, e);
                }
            }
            System.out.println(cuts.size() + " power cuts: asked again, " + told + " whose answer was seen and " + open
                    + " that were under way");
            assertThat(told).isGreaterThan(CUTS);
            assertThat(open).isPositive();
        }
    }

    /** Starts what runs on the databases, has everybody ask again and somebody new besides, and reckons. */
    private void goesOn(
            Path folder,
            AotCache cache,
            World world,
            PowerCutWork work,
            PowerCutDatabase database,
            PowerCutDatabase.Cut cut)
            throws Exception {
        assertThat(new Ledger(world.centralDatabase).breaches()).isEmpty();
        List<DoomedProcess.Place> places = List.of(
                DoomedProcess.Place.central(world),
                DoomedProcess.Place.institution(world, "bank-a"),
                DoomedProcess.Place.institution(world, "bank-b"));
        try (DoomedProcess servers = new DoomedProcess(folder, cache, places)) {
            KilledErrands errands = new KilledErrands(world);
            PowerCutWork.Again again = work.again(sign -> database.before(sign, cut), errands.books);
            told += again.told();
            open += again.open();
            errands.kinds().get("enrol, load, deposit").apply(1).run();
            settle(world);
            errands.net();
            settle(world);
            again.due().check();
            errands.audit();
            errands.books.customers();
            assertThat(servers.faults()).isEmpty();
        }
    }

    private static void settle(World world) {
        try (Settled settled = new Settled(world)) {
            World.await("all is settled", settled::all);
        }
    }
}
