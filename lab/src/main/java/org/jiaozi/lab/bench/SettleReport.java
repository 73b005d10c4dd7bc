package org.jiaozi.lab.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.crypto.Providers;

/** What a run comes to: the figures, their conditions, and whether every payment was credited once. */
final class SettleReport {
    private static final double SPARE = 1.3;
    private static final double MINUTE_NANOS = 60e9;

    private final WorkShape shape;
    private final Stock stock;
    private final SettleServers servers;
    private final SettleDesk desk;
    private final boolean reused;
    private final List<Long> balances = new ArrayList<>();
    private final List<Map<String, Object>> minutes = new ArrayList<>();
    private long bytes;
    private Storage storage = new Storage(Map.of());
    private Phase watched = new Phase();
    private long slicesBefore;
    private long nanosBefore;

    SettleReport(WorkShape shape, Stock stock, SettleServers servers, SettleDesk desk, boolean reused) {
        this.shape = shape;
        this.stock = stock;
        this.servers = servers;
        this.desk = desk;
        this.reused = reused;
    }

    WorkShape shape() {
        return shape;
    }

    Stock stock() {
        return stock;
    }

    SettleDesk desk() {
        return desk;
    }

    SettleServers servers() {
        return servers;
    }

    private long balance(int merchant) {
        return desk.balance(stock.purses().get(stock.place(merchant)).account());
    }

    /** Looks at what is there before anything is deposited. */
    void begin() {
        for (int m = 0; m < stock.merchants(); m++) {
            balances.add(balance(m));
        }
        bytes = servers.databaseBytes();
        storage = Storage.of(servers);
    }

    /** Says how far it is, and keeps what each minute was like. */
    void watch(SettleRun run, Consumer<String> report) {
        Phase phase = run.phase();
        if (phase != watched) {
            watched = phase;
            slicesBefore = 0;
            nanosBefore = 0;
        }
        long now = phase.slices();
        report.accept(String.format(
                Locale.ROOT,
                "%d deposited in %.0f s, %.0f a second%s",
                now,
                phase.nanos() / 1e9,
                phase.perSecond(),
                phase.refusals() == 0 ? "" : ", " + phase.refusals() + " requests refused for now"));
        double since = phase.nanos() - nanosBefore;
        if (since >= MINUTE_NANOS) {
            Map<String, Object> minute = new LinkedHashMap<>();
            minute.put("depositsPerSecond", Rounded.of((now - slicesBefore) * 1e9 / since));
            minute.put("serverRssMb", servers.rssMb());
            minutes.add(minute);
            slicesBefore = now;
            nanosBefore = phase.nanos();
        }
    }

    /** How many payments more will last until then, at the rate so far. */
    long enough(SettleRun run, long nanos) {
        Phase phase = run.phase();
        long most = WorkShape.MOST_DEPOSITS;
        long more =
                Math.clamp((long) (phase.perSecond() * (nanos - phase.nanos()) / 1e9 * SPARE) + shape.batch(), 1, most);
        long room = shape.stock().notes() * (WorkShape.Stock.NOTE / WorkShape.Stock.AMOUNT)
                - (long) shape.stock().prefilled() * shape.stock().prefilledEach();
        if (run.credited().slices() + more > room) {
            throw new CommandFailure("--notes is too small for so many minutes: all of them are spent");
        }
        return more;
    }

    /** @param load of the last phase, which is over */
    Map<String, Object> of(
            SettleRun run,
            Load load,
            long warmedUp,
            long boundBefore,
            long boundAfter,
            double generator,
            Map<String, Object> conditions) {
        Credited credited = run.credited();
        Phase phase = run.phase();
        long verifications = Math.max(boundBefore, boundAfter);
        Reckoning reckoning = Reckoning.of(credited, stock.merchants(), m -> balance(m) - balances.get(m));
        Map<String, Object> money = new LinkedHashMap<>();
        boolean ok = reckoning.tell(credited, servers.convicted(), money) && load.borne();

        Map<String, Object> told = new LinkedHashMap<>();
        told.put("ok", ok);
        told.put("deposits", credited.slices() - warmedUp);
        told.put("hops", shape.hops());
        told.put("batch", shape.batch());
        told.put("warmUp", warmedUp);
        told.putAll(conditions);
        told.put("seed", shape.stock().seed());
        told.put("notes", shape.stock().notes());
        told.put("payers", shape.stock().payers());
        told.put("merchants", stock.merchants());
        told.put("prefill", shape.stock().prefilled() * shape.stock().prefilledEach());
        told.put("hotShare", shape.hotShare());
        told.put("slicesOfFirstMerchant", credited.slicesOf(0));
        told.put("batchesSentTwice", run.duplicates());
        told.put("paymentsMadeTwice", credited.paymentsMadeTwice());
        told.put("workloadReused", reused);
        told.put("seconds", Rounded.of(phase.nanos() / 1e9));
        told.put("verifyBoundPerSecond", verifications);
        told.put("verifyBoundBefore", boundBefore);
        told.put("verifyBoundAfter", boundAfter);
        told.put("depositsPerSecond", Rounded.of(phase.perSecond()));
        told.put("ratioOfVerifyBound", Rounded.of(phase.perSecond() * shape.hops() / verifications));
        told.put("p50Ms", Rounded.of(phase.millis(0.5)));
        told.put("p99Ms", Rounded.of(phase.millis(0.99)));
        told.put("p999Ms", Rounded.of(phase.millis(0.999)));
        if (shape.hotShare() > 0) {
            told.put("othersP99Ms", Rounded.of(phase.othersMillis(0.99)));
        }
        told.put("refused", phase.refused());
        told.put("refusedWithoutRetryAfter", phase.refusedWithoutRetryAfter());
        told.putAll(load.of(phase));
        told.put("generatorCpuSeconds", Rounded.of(generator));
        told.put("clientCpuSeconds", Rounded.of(phase.cpu().toMillis() / 1e3));
        told.put("serverPeakRssMb", servers.peakRssMb());
        if (!minutes.isEmpty()) {
            told.put("eachMinute", minutes);
        }
        told.put("databaseBytesPerDeposit", (servers.databaseBytes() - bytes) / Math.max(1, credited.slices()));
        told.put("megabytesPerMillion", Storage.of(servers).perMillion(storage, credited.slices()));
        told.putAll(money);
        told.put("fsync", servers.text("central", "SHOW fsync"));
        told.put("synchronousCommit", servers.text("central", "SHOW synchronous_commit"));
        told.put("fullPageWrites", servers.text("central", "SHOW full_page_writes"));
        told.put("size", SettleServers.size());
        told.put("provider", Providers.describe());
        told.put("cores", Runtime.getRuntime().availableProcessors());
        return told;
    }
}
