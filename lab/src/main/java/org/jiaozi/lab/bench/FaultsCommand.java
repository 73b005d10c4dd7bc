package org.jiaozi.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.ExitCode;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.crypto.Providers;
import org.jiaozi.lab.Folders;
import org.jiaozi.lab.audit.Audit;
import org.jiaozi.lab.bench.FaultPlan.Kind;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** {@code jiaozi bench faults}: what becomes of deposits while servers, databases, disks and clients fail. */
@Command(
        name = "faults",
        description = {
            "Kills a central bank, an institution, PostgreSQL and the client while deposits are handed in, and fills up and"
                    + " slows down their disk.",
            "Then all that was acknowledged has to be there, the rest be finished, and nothing be credited twice."
        },
        defaultValueProvider = FaultsCommand.Defaults.class,
        mixinStandardHelpOptions = true)
public final class FaultsCommand implements Callable<Integer> {
    private static final int MOST_ROUNDS = 100_000;
    /** What a disk that can be filled up has beside what is on it already. */
    private static final long ROOM = 256L << 20;

    private static final long ROOM_FOR_EACH = 16L << 10;

    /** Another size than for what is measured: many small deposits, so that each moment meets some. */
    static final class Defaults implements IDefaultValueProvider {
        private static final Map<String, String> VALUES = Map.of(
                "--deposits", "40000",
                "--batch", "16",
                "--notes", "2000",
                "--payers", "500",
                "--merchants", "50",
                "--double-spends", "1");

        @Override
        public @Nullable String defaultValue(ArgSpec argument) {
            return argument instanceof OptionSpec option ? VALUES.get(option.longestName()) : null;
        }
    }

    @Mixin
    private WorkOptions options = new WorkOptions();

    @Option(
            names = "--rounds",
            paramLabel = "NUMBER",
            defaultValue = "20",
            description = "How often something happens (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--clients",
            paramLabel = "NUMBER",
            defaultValue = "8",
            description = "Deposits on their way at once (${DEFAULT-VALUE}).")
    private int clients;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Keeps the servers' folder, which must be a new one, as it is in the end.")
    private @Nullable Path data;

    @Mixin
    private ReportOption output = new ReportOption();

    private WorkShape checked() {
        WorkShape shape = options.shape();
        WorkShape.between("--rounds", rounds, 1, MOST_ROUNDS);
        WorkShape.between("--clients", clients, 1, 256);
        // what is on accounts when it begins is what the notes left
        WorkShape.between("--prefill", shape.stock().prefill(), 0, 0);
        if (data != null) {
            Folders.makeable(data);
            if (Files.exists(data)) {
                throw new CommandFailure(data + " exists: --data is a new folder");
            }
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
            Path scratch = Files.createTempDirectory("jiaozi-faults");
            Map<String, Object> told = onItsDisk(scratch, shape, printer);
            // of one that fails everything stays to be looked at
            boolean ok = holds(told);
            if (ok) {
                Folders.delete(scratch);
            } else {
                printer.human("all of it is in " + scratch);
            }
            output.tell(told, printer);
            return ok ? ExitCode.OK : ExitCode.FAILED;
        } catch (IOException e) {
            throw new CommandFailure("the folder of the servers, or the report: " + e.getMessage(), e);
        }
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(f -> f.toFile().length())
                    .sum();
        }
    }

    /** On one that can be filled up, where that is permitted. */
    private Map<String, Object> onItsDisk(Path scratch, WorkShape shape, Printer printer)
            throws IOException, InterruptedException {
        WorkFolder folder = new WorkFolder(scratch.resolve("work"));
        WorkProcess.run(scratch, options.arguments(folder, shape.deposits()), printer::human);
        Path place = Files.createDirectory(scratch.resolve("disk"));
        long bytes = size(folder.data()) + ROOM + ROOM_FOR_EACH * shape.deposits();
        Optional<SmallDisk> disk = SmallDisk.mount(place, bytes);
        Path servers = place.resolve("data");
        boolean ok = false;
        try {
            Programs.copy(folder.data(), servers);
            Map<String, Object> told = run(scratch, folder, shape, servers, disk, printer);
            ok = holds(told);
            if (data != null) {
                Programs.copy(servers, data);
            }
            return told;
        } catch (CommandFailure e) {
            throw new CommandFailure(e.getMessage() + " (all of it is in " + scratch + ")", e);
        } finally {
            if (disk.isPresent()) {
                unmount(disk.get(), servers, /* kept= */ !ok);
            }
        }
    }

    /** Whatever is to be looked at lies where it lay. */
    private static void unmount(SmallDisk disk, Path servers, boolean kept) throws IOException, InterruptedException {
        Path aside = disk.root().resolveSibling("aside");
        if (kept) {
            Programs.copy(servers, aside);
        }
        disk.close();
        if (kept) {
            Files.move(aside, servers);
        }
    }

    private static boolean holds(Map<String, Object> told) {
        return Boolean.TRUE.equals(told.get("ok"));
    }

    private Map<String, Object> run(
            Path scratch, WorkFolder folder, WorkShape shape, Path servers, Optional<SmallDisk> disk, Printer printer)
            throws IOException, InterruptedException {
        Set<Kind> possible = EnumSet.of(Kind.KILLED);
        disk.ifPresent(d -> possible.add(Kind.DISK_FULL));
        if (SlowDisk.isPossible()) {
            possible.add(Kind.DISK_SLOW);
        }
        int letters = letters(folder);
        FaultsJudge judge = new FaultsJudge(folder, Stock.read(folder.stock(), shape.stock()));
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("ok", false);
        told.put("seed", shape.stock().seed());
        told.put("rounds", rounds);
        told.put("clients", clients);
        told.put("batches", letters);
        long begin = System.nanoTime();
        Path journal = scratch.resolve("journal");
        try (FaultServers running = FaultServers.start(servers);
                Depositor client = new Depositor(
                        List.of(
                                "--work=" + folder.root(),
                                "--url=" + running.url(),
                                "--trust=" + servers.resolve("trust.json"),
                                "--journal=" + journal,
                                "--clients=" + clients,
                                "--seed=" + shape.stock().seed()),
                        scratch.resolve("client.err"));
                Letters.Reader acknowledged = new Letters.Reader(folder.letters())) {
            FaultsRun run = new FaultsRun(running, client, disk, clients);
            int number = 0;
            for (FaultPlan.Round round : FaultPlan.of(shape.stock().seed(), rounds, possible)) {
                int from = (int) ((long) letters * number / rounds);
                int to = (int) ((long) letters * ++number / rounds);
                try {
                    run.live(round, from, to);
                    for (int i = from; i < to; i++) {
                        judge.acknowledged(acknowledged.next().orElseThrow());
                    }
                    judge.look(servers, running.bank(), running.url());
                    if (!judge.balances()) {
                        throw new CommandFailure(judge.amiss());
                    }
                } catch (CommandFailure e) {
                    throw new CommandFailure(
                            "seed " + shape.stock().seed() + ", round " + number + ", " + round + ": " + e.getMessage(),
                            e);
                }
                run.describe(number, round, printer::human);
            }
            run.tell(told);
        }
        told.put("secondsOfFaults", Rounded.of((System.nanoTime() - begin) / 1e9));
        printer.human("all are started once more and asked about all of it");
        told.put("ok", judged(folder, servers, journal, judge, told));
        return told;
    }

    private static int letters(WorkFolder folder) throws IOException {
        int number = 0;
        try (Letters.Reader letters = new Letters.Reader(folder.letters())) {
            while (letters.next().isPresent()) {
                number++;
            }
        }
        return number;
    }

    /** Started once more as {@code up} does: what was acknowledged is said again, and the money is where it belongs. */
    private static boolean judged(
            WorkFolder folder, Path servers, Path journal, FaultsJudge judge, Map<String, Object> told)
            throws IOException {
        try (SettleServers again = SettleServers.again(servers);
                InsistentDesk desk = new InsistentDesk(
                        again.url(), servers.resolve("trust.json"), Stock.issuer(folder.stock()), line -> {});
                Journal acknowledged = Journal.open(journal)) {
            judge.look(servers, again.bank(), again.url());
            boolean all = judge.ask(desk, acknowledged, again, told);
            Map<String, Object> audit = Audit.run(servers, Optional.empty());
            told.put("breaches", audit.get("breaches"));
            told.put("cores", Runtime.getRuntime().availableProcessors());
            return all && Boolean.TRUE.equals(audit.get("ok"));
        } catch (SQLException e) {
            throw new CommandFailure("the auditor cannot read a database: " + e.getMessage(), e);
        }
    }
}
