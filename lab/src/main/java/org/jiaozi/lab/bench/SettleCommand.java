package org.jiaozi.lab.bench;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.ExitCode;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.Providers;
import org.jiaozi.crypto.fake.SeededEntropy;
import org.jiaozi.lab.Folders;
import org.jspecify.annotations.Nullable;
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
    private static final int LEAST_BOUND_MILLIS = 200;
    private static final int MOST_BOUND_MILLIS = 3_000;
    private static final int MOST_MINUTES = 24 * 60;
    private static final BigDecimal MINUTE_NANOS = BigDecimal.valueOf(60_000_000_000L);

    @Mixin
    private WorkOptions options = new WorkOptions();

    @Mixin
    private LoadOptions load = new LoadOptions();

    @Option(
            names = "--clients",
            paramLabel = "NUMBER",
            defaultValue = "8",
            description = "Deposits on their way at once (${DEFAULT-VALUE}).")
    private int clients;

    @Option(
            names = "--duplicates",
            paramLabel = "PERCENT",
            defaultValue = "0",
            description = "How many deposits are sent again, 0 to 100; they must be answered the same.")
    private BigDecimal duplicates = BigDecimal.ZERO;

    @Option(
            names = "--minutes",
            paramLabel = "NUMBER",
            defaultValue = "0",
            description = "For how long; when --deposits are through, more are made. 0 ends with them.")
    private BigDecimal minutes = BigDecimal.ZERO;

    @Option(
            names = "--warm-up",
            paramLabel = "NUMBER",
            defaultValue = "0",
            description = "Payments that are deposited before the clock starts, beside --deposits (${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(
            names = "--naive",
            description = "Has both servers work on each deposit in transactions of its own; all else is the same.")
    private boolean naive;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description = "Keeps what is deposited here, and takes it from here where the options are the same.")
    private @Nullable Path work;

    @Option(names = "--data", paramLabel = "DIR", description = "Keeps the servers' folder, which must be a new one.")
    private @Nullable Path data;

    @Mixin
    private ReportOption output = new ReportOption();

    private double generator;
    private long warmedUp;

    /** Whatever cannot be meant is said before anything begins. */
    private WorkShape checked() {
        WorkShape shape = options.shape(warmUp);
        WorkShape.between("--clients", clients, 1, 256);
        WorkOptions.between("--duplicates", duplicates, 100);
        WorkOptions.between("--minutes", minutes, MOST_MINUTES);
        WorkShape.between("--warm-up", warmUp, 0, WorkShape.MOST_DEPOSITS);
        load.check();
        Stream.of(Optional.ofNullable(work), Optional.ofNullable(data))
                .flatMap(Optional::stream)
                .forEach(Folders::makeable);
        if (data != null && Files.exists(data)) {
            throw new CommandFailure(data + " exists: --data is a new folder");
        }
        if (work != null) {
            new WorkFolder(work).check();
        }
        return shape;
    }

    @Override
    public Integer call() throws InterruptedException {
        WorkShape shape = checked();
        output.check();
        Providers.loadNative();
        Printer printer = output.printer();
        try {
            Path scratch = Files.createTempDirectory("jiaozi-bench");
            Map<String, Object> told = run(scratch, shape, printer);
            // of one that fails everything stays to be looked at
            Folders.delete(scratch);
            output.tell(told, printer);
            return Boolean.TRUE.equals(told.get("ok")) ? ExitCode.OK : ExitCode.FAILED;
        } catch (IOException e) {
            throw new CommandFailure("the folder of the servers, or the report: " + e.getMessage(), e);
        }
    }

    private Map<String, Object> run(Path scratch, WorkShape shape, Printer printer)
            throws IOException, InterruptedException {
        WorkFolder folder = new WorkFolder(work == null ? scratch.resolve("work") : work);
        boolean made = folder.hasLetters(shape);
        if (!made) {
            double all = WorkProcess.run(scratch, options.arguments(folder, shape.deposits()), printer::human);
            printer.human(String.format(Locale.ROOT, "made, in %.1f s of processor time", all));
        }
        Path servers = data == null ? scratch.resolve("data") : data;
        if (work == null && data == null) {
            servers = folder.data();
        } else {
            Programs.copy(folder.data(), servers);
        }
        Stock stock = Stock.read(folder.stock(), shape.stock());
        try (SettleServers running = SettleServers.again(servers, naive, load.maxRequests());
                SettleDesk desk = new SettleDesk(running, stock.institution())) {
            return measure(scratch, folder, new SettleReport(shape, stock, running, desk, made), printer);
        }
    }

    private Map<String, Object> measure(Path scratch, WorkFolder folder, SettleReport report, Printer printer)
            throws IOException, InterruptedException {
        VerifyBound bound =
                new VerifyBound(new SeededEntropy(report.shape().stock().seed()));
        // a bench of a few deposits shows that it runs, and its figures say little anyway
        int millis = Math.clamp(report.shape().deposits() / 10, LEAST_BOUND_MILLIS, MOST_BOUND_MILLIS);
        long before = bound.perSecond(millis);
        report.begin();
        SettleRun run = new SettleRun(
                report.desk(), clients, report.stock().merchants(), duplicates, r -> report.watch(r, printer::human));
        Load last = deposit(scratch, folder, report, run, printer);
        long after = bound.perSecond(millis);
        Map<String, Object> conditions = new LinkedHashMap<>();
        conditions.put("clients", clients);
        conditions.put("decided", naive ? "each deposit in transactions of its own" : "deposits together");
        conditions.put("minutes", minutes);
        return report.of(run, last, warmedUp, before, after, generator, conditions);
    }

    /** All phases; the load of the last one, which is over. */
    private Load deposit(Path scratch, WorkFolder folder, SettleReport report, SettleRun run, Printer printer)
            throws IOException, InterruptedException {
        generator = folder.cpuSeconds();
        try (Letters.Reader letters = new Letters.Reader(folder.letters())) {
            if (warmUp > 0) {
                Load ahead = Load.ahead(load, report.servers(), firstOf(folder.letters()));
                try {
                    run.only(letters, warmUp);
                } finally {
                    ahead.close();
                }
                if (!ahead.borne()) {
                    throw new CommandFailure("bad requests were taken or not answered before the clock started");
                }
                warmedUp = run.credited().slices();
                printer.human(warmedUp + " deposited before the clock starts");
            }
            if (!load.any()) {
                Load clients = Load.ofClients(load);
                deposit(scratch, folder, report, run, clients, letters, printer);
                return clients;
            }
            Phase first = run.only(letters, Math.max(1, (report.shape().deposits() - warmUp) / 2));
            printer.human(String.format(Locale.ROOT, "%.0f a second in the first phase", first.perSecond()));
            try (Load second = Load.begin(load, first, report.servers(), firstOf(folder.letters()))) {
                deposit(scratch, folder, report, run, second, letters, printer);
                return second;
            }
        }
    }

    private static Bytes firstOf(Path letters) throws IOException {
        try (Letters.Reader reader = new Letters.Reader(letters)) {
            return reader.next().orElseThrow().sealed();
        }
    }

    /** The rest of what there is; where there is a time to be filled, as much more as it takes. */
    private void deposit(
            Path scratch,
            WorkFolder folder,
            SettleReport report,
            SettleRun run,
            Load how,
            Letters.Reader letters,
            Printer printer)
            throws IOException, InterruptedException {
        boolean soak = minutes.signum() > 0;
        long most = soak ? minutes.multiply(MINUTE_NANOS).longValue() : Long.MAX_VALUE;
        how.go(run, letters, most);
        Path last = folder.letters();
        for (int part = 1; soak && run.phase().nanos() < most; part++) {
            Path next = scratch.resolve("letters-" + part);
            long payments = report.enough(run, most);
            printer.human(payments + " payments more are made");
            List<String> arguments = options.arguments(folder, payments);
            arguments.addAll(List.of("--after", last.toString(), "--into", next.toString()));
            generator += WorkProcess.run(scratch, arguments, printer::human);
            try (Letters.Reader more = new Letters.Reader(next)) {
                how.go(run, more, most - run.phase().nanos());
            }
            last = next;
        }
    }
}
