package org.jiaozi.lab.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.ExitCode;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.crypto.Providers;
import org.jiaozi.crypto.fake.SeededEntropy;
import org.jiaozi.lab.Folders;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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
    private static final int MOST_DOUBLE_SPENDS = 10;
    private static final String TO_OUTPUT = "-";

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

    @Option(
            names = "--hot-share",
            paramLabel = "PERCENT",
            defaultValue = "0",
            description = "How many of all payments one merchant gets, 0 to 100; 0 means that all take turns.")
    private int hotShare;

    @Option(
            names = "--duplicates",
            paramLabel = "PERCENT",
            defaultValue = "0",
            description = "How many batches are sent again, 0 to 100; they must be answered the same.")
    private BigDecimal duplicates;

    @Option(
            names = "--double-spends",
            paramLabel = "PERCENT",
            defaultValue = "0",
            description = "How many payments are made again with the same money, 0 to 10, to another merchant.")
    private BigDecimal doubleSpends;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            arity = "0..1",
            fallbackValue = TO_OUTPUT,
            description = "Writes the report to this file; without one, answers with it.")
    private @Nullable String json;

    @Spec
    private CommandSpec command;

    private static void between(String option, int value, int least, int most) {
        between(option, BigDecimal.valueOf(value), least, most);
    }

    private static void between(String option, BigDecimal value, int least, int most) {
        if (value.compareTo(BigDecimal.valueOf(least)) < 0 || value.compareTo(BigDecimal.valueOf(most)) > 0) {
            throw CommandFailure.usage(option + " is " + least + " to " + most);
        }
    }

    private static int share(BigDecimal percent, int of) {
        return percent.multiply(BigDecimal.valueOf(of))
                .divide(BigDecimal.valueOf(100), RoundingMode.HALF_UP)
                .intValueExact();
    }

    /** Where the report goes, if not to the output; known to be writable before anything is begun. */
    private Optional<Path> report() {
        String named = json;
        if (named == null || named.equals(TO_OUTPUT)) {
            return Optional.empty();
        }
        Path file = Path.of(named);
        Folders.writable(file);
        return Optional.of(file);
    }

    @Override
    public Integer call() throws InterruptedException {
        between("--deposits", deposits, 1, MOST_DEPOSITS);
        between("--hops", hops, 1, 5);
        between("--merchants", merchants, 1, 10_000);
        between("--batch", batch, 1, 1_024);
        between("--clients", clients, 1, 256);
        between("--hot-share", hotShare, 0, 100);
        between("--duplicates", duplicates, 0, 100);
        between("--double-spends", doubleSpends, 0, MOST_DOUBLE_SPENDS);
        if (doubleSpends.signum() > 0 && merchants < 2) {
            throw CommandFailure.usage("--double-spends takes two merchants: the same money goes to both");
        }
        Optional<Path> report = report();
        Providers.loadNative();
        Printer printer = new Printer(
                TO_OUTPUT.equals(json),
                Printer.onTerminal(),
                command.commandLine().getOut(),
                command.commandLine().getErr());
        try {
            Path folder = Files.createTempDirectory("jiaozi-bench");
            Map<String, Object> told;
            try (SettleServers servers = SettleServers.start(folder.resolve("data"));
                    SettleDesk desk = new SettleDesk(servers)) {
                told = measure(printer, servers, desk);
            }
            // of one that fails everything stays to be looked at
            Folders.delete(folder);
            printer.json(told);
            told.forEach((name, value) -> printer.human(String.format(Locale.ROOT, "%-24s %s", name, value)));
            if (report.isPresent()) {
                Files.writeString(
                        report.get(),
                        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(told) + "\n");
            }
            return Boolean.TRUE.equals(told.get("ok")) ? ExitCode.OK : ExitCode.FAILED;
        } catch (IOException e) {
            throw new CommandFailure("the folder of the servers, or the report: " + e.getMessage(), e);
        }
    }

    private Map<String, Object> measure(Printer printer, SettleServers servers, SettleDesk desk)
            throws InterruptedException {
        SeededEntropy entropy = new SeededEntropy(seed);
        VerifyBound bound = new VerifyBound(entropy);
        SettleWork work = new SettleWork(desk, entropy, deposits, merchants, printer::human);
        int forks = share(doubleSpends, deposits);
        Deque<SettleWork.Batch> batches = work.batches(new SettleWork.Shape(deposits, hops, batch, hotShare, forks));
        int made = deposits + forks;
        int firstMerchants = batches.stream()
                .filter(b -> b.merchant() == 0)
                .mapToInt(SettleWork.Batch::slices)
                .sum();
        printer.human(made + " payments made, in " + batches.size() + " deposits");
        long before = bound.perSecond(BOUND_MILLIS);
        long bytes = servers.databaseBytes();
        Duration cpu = cpu();
        SettleRun run = new SettleRun(desk, batches, share(duplicates, batches.size()));
        run.go(clients);
        Duration client = cpu().minus(cpu);
        long after = bound.perSecond(BOUND_MILLIS);
        long verifications = Math.max(before, after);

        long due = made * SettleWork.AMOUNT;
        long credited = IntStream.range(0, work.merchants())
                .mapToLong(m -> desk.balance(work.account(m)))
                .sum();
        Map<String, Object> told = new LinkedHashMap<>();
        Set<String> convicted = Set.copyOf(servers.list("central", "SELECT encode(culprit, 'hex') FROM conviction"));
        long framed = convicted.stream()
                .filter(c -> !work.doubleSpenders().contains(c))
                .count();
        told.put(
                "ok",
                credited == due
                        && run.redeemed() == deposits
                        && run.madeWhole() == forks
                        && convicted.equals(work.doubleSpenders()));
        told.put("deposits", deposits);
        told.put("hops", hops);
        told.put("batch", batch);
        told.put("clients", clients);
        told.put("merchants", merchants);
        told.put("seed", seed);
        told.put("payers", work.payers());
        told.put("notes", work.notes());
        told.put("hotShare", hotShare);
        told.put("slicesOfFirstMerchant", firstMerchants);
        told.put("batchesSentTwice", run.duplicates());
        told.put("paymentsMadeTwice", forks);
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
        told.put("databaseBytesPerDeposit", (servers.databaseBytes() - bytes) / made);
        told.put("lost", Math.max(0, due - credited) / SettleWork.AMOUNT);
        told.put("doubleCredited", Math.max(0, credited - due) / SettleWork.AMOUNT);
        told.put("doubleSpenders", work.doubleSpenders().size());
        told.put("convicted", convicted.size());
        told.put("framed", framed);
        told.put("fsync", servers.text("central", "SHOW fsync"));
        told.put("synchronousCommit", servers.text("central", "SHOW synchronous_commit"));
        told.put("fullPageWrites", servers.text("central", "SHOW full_page_writes"));
        told.put("provider", Providers.describe());
        told.put("cores", Runtime.getRuntime().availableProcessors());
        return told;
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
