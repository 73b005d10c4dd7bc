package org.jiaozi.lab.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.ExitCode;
import org.jiaozi.cli.output.JsonOption;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.crypto.Providers;
import org.jiaozi.crypto.fake.SeededEntropy;
import org.jiaozi.lab.Folders;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jiaozi bench settle}: deposits a second through real servers, beside the signatures that this machine can verify. */
@Command(
        name = "settle",
        description =
                "Starts a central bank and an institution, and deposits payments as fast as they take them, beside the"
                        + " verifications that this machine manages.",
        mixinStandardHelpOptions = true)
public final class SettleCommand implements Callable<Integer> {
    private static final int BOUND_MILLIS = 3_000;
    private static final int MOST_DEPOSITS = 1_000_000;

    @Option(
            names = "--deposits",
            paramLabel = "NUMBER",
            defaultValue = "20000",
            description = "Payments that are deposited (${DEFAULT-VALUE}).")
    private int deposits;

    @Option(
            names = "--hops",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "Hops of each payment, 1 to 5 (${DEFAULT-VALUE}).")
    private int hops;

    @Option(
            names = "--merchants",
            paramLabel = "NUMBER",
            defaultValue = "20",
            description = "Who deposits (${DEFAULT-VALUE}).")
    private int merchants;

    @Option(
            names = "--batch",
            paramLabel = "NUMBER",
            defaultValue = "256",
            description = "Payments in one deposit, 1 to 1024 (${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--clients",
            paramLabel = "NUMBER",
            defaultValue = "8",
            description = "Deposits on their way at once (${DEFAULT-VALUE}).")
    private int clients;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "Of all keys (${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private JsonOption output;

    private static void between(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw CommandFailure.usage(option + " is " + least + " to " + most);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        between("--deposits", deposits, 1, MOST_DEPOSITS);
        between("--hops", hops, 1, 5);
        between("--merchants", merchants, 1, 10_000);
        between("--batch", batch, 1, 1_024);
        between("--clients", clients, 1, 256);
        Providers.loadNative();
        Printer printer = output.printer();
        try {
            Path folder = Files.createTempDirectory("jiaozi-bench");
            int exit;
            try (SettleServers servers = SettleServers.start(folder.resolve("data"));
                    SettleDesk desk = new SettleDesk(servers)) {
                exit = measure(printer, servers, desk);
            }
            // of one that fails everything stays to be looked at
            Folders.delete(folder);
            return exit;
        } catch (IOException e) {
            throw new CommandFailure("the servers' folder: " + e.getMessage(), e);
        }
    }

    private int measure(Printer printer, SettleServers servers, SettleDesk desk) throws InterruptedException {
        SeededEntropy entropy = new SeededEntropy(seed);
        VerifyBound bound = new VerifyBound(entropy);
        SettleWork work = new SettleWork(desk, entropy, deposits, merchants, printer::human);
        Deque<SettleWork.Batch> batches = work.batches(deposits, hops, batch);
        printer.human(deposits + " payments made, in " + batches.size() + " deposits");
        long before = bound.perSecond(BOUND_MILLIS);
        long bytes = servers.databaseBytes();
        Duration cpu = cpu();
        SettleRun run = new SettleRun(desk, batches);
        run.go(clients);
        Duration client = cpu().minus(cpu);
        long after = bound.perSecond(BOUND_MILLIS);
        long verifications = Math.max(before, after);

        long due = deposits * SettleWork.AMOUNT;
        long credited = IntStream.range(0, work.merchants())
                .mapToLong(m -> desk.balance(work.account(m)))
                .sum();
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("ok", credited == due && run.redeemed() == deposits);
        told.put("deposits", deposits);
        told.put("hops", hops);
        told.put("batch", batch);
        told.put("clients", clients);
        told.put("merchants", merchants);
        told.put("payers", work.payers());
        told.put("notes", work.notes());
        told.put("seconds", rounded(run.seconds()));
        told.put("verifyBoundPerSecond", verifications);
        told.put("verifyBoundBefore", before);
        told.put("verifyBoundAfter", after);
        told.put("depositsPerSecond", rounded(run.perSecond()));
        told.put("ratioOfVerifyBound", rounded(run.perSecond() * hops / verifications));
        told.put("p50Ms", rounded(run.millis(0.5)));
        told.put("p99Ms", rounded(run.millis(0.99)));
        told.put("p999Ms", rounded(run.millis(0.999)));
        told.put("clientCpuSeconds", rounded(client.toMillis() / 1e3));
        told.put("serverPeakRssMb", servers.peakRssMb());
        told.put("databaseBytesPerDeposit", (servers.databaseBytes() - bytes) / deposits);
        told.put("lost", Math.max(0, due - credited) / SettleWork.AMOUNT);
        told.put("doubleCredited", Math.max(0, credited - due) / SettleWork.AMOUNT);
        long convicted = servers.number("central", "SELECT count(*) FROM conviction");
        told.put("convicted", convicted);
        // nobody cheats here
        told.put("framed", convicted);
        told.put("fsync", servers.text("central", "SHOW fsync"));
        told.put("synchronousCommit", servers.text("central", "SHOW synchronous_commit"));
        told.put("fullPageWrites", servers.text("central", "SHOW full_page_writes"));
        told.put("provider", Providers.describe());
        told.put("cores", Runtime.getRuntime().availableProcessors());
        printer.json(told);
        told.forEach((name, value) -> printer.human(String.format(Locale.ROOT, "%-24s %s", name, value)));
        return Boolean.TRUE.equals(told.get("ok")) ? ExitCode.OK : ExitCode.FAILED;
    }

    /** What this process has used of all cores. */
    private static Duration cpu() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? Duration.ofNanos(system.getProcessCpuTime())
                : Duration.ZERO;
    }

    private static double rounded(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
