package org.jiaozi.lab.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.logging.Level;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.ExitCode;
import org.jiaozi.cli.output.JsonOption;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.HpkeSealer;
import org.jiaozi.crypto.Providers;
import org.jiaozi.crypto.SystemEntropy;
import org.jiaozi.server.Logging;
import org.jiaozi.wallet.sync.Mail;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jiaozi bench workload}: makes what {@code bench settle} deposits, before and beside it, as a process of its own. */
@Command(
        name = "workload",
        description = {
            "Makes real keys, certificates, notes, payments and sealed deposits for bench settle, which calls it.",
            "What lies in the folder already and is of the same options is kept."
        },
        mixinStandardHelpOptions = true)
public final class WorkloadCommand implements Callable<Integer> {
    private static final Sealer SEALER = new HpkeSealer(new SystemEntropy());

    @Option(names = "--work", paramLabel = "DIR", required = true, description = "Where all of it goes.")
    private Path work = Path.of("");

    @Mixin
    private WorkOptions options = new WorkOptions();

    @Option(names = "--after", paramLabel = "FILE", description = "Goes on after the deposits in this file …")
    private @Nullable Path after;

    @Option(names = "--into", paramLabel = "FILE", description = "… with deposits in this one.")
    private @Nullable Path into;

    @Mixin
    private JsonOption output = new JsonOption();

    @Override
    public Integer call() {
        WorkShape shape = options.shape();
        Path before = after;
        Path next = into;
        if ((before == null) != (next == null)) {
            throw CommandFailure.usage("--after and --into go together");
        }
        Logging.configure(Level.WARNING);
        Providers.loadNative();
        Printer printer = output.printer();
        WorkFolder folder = new WorkFolder(work);
        folder.check();
        try {
            if (before != null && next != null) {
                more(folder, shape, before, next);
            } else {
                make(folder, shape, printer::human);
            }
        } catch (IOException e) {
            throw new CommandFailure("the workload in " + work + ": " + e.getMessage(), e);
        }
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("ok", true);
        double seconds = seconds(Duration.ZERO);
        told.put("cpuSeconds", seconds);
        printer.human("cpuSeconds " + seconds);
        printer.json(told);
        return ExitCode.OK;
    }

    private static void make(WorkFolder folder, WorkShape shape, Consumer<String> report) throws IOException {
        Duration begun = cpu();
        if (!folder.hasStock(shape.stock())) {
            folder.clear();
            report.accept("servers start, to be filled");
            Stock stock;
            try (SettleServers servers = SettleServers.first(folder.data())) {
                stock = StockMaker.make(shape.stock(), servers, report);
            }
            stock.write(folder.stock());
            folder.stocked(shape.stock(), seconds(begun));
            begun = cpu();
        }
        if (!folder.hasLetters(shape)) {
            folder.clearLetters();
            letters(Stock.read(folder.stock(), shape.stock()), shape, folder.letters(), report);
            folder.lettered(shape, seconds(begun));
        }
    }

    private static void more(WorkFolder folder, WorkShape shape, Path before, Path next) throws IOException {
        Stock stock = Stock.read(folder.stock(), shape.stock());
        Stock.Counters counters;
        try (Letters.Reader reader = new Letters.Reader(before)) {
            counters = reader.counters(stock.purses().size());
        }
        letters(stock.at(counters), shape, next, said -> {});
    }

    private static void letters(Stock stock, WorkShape shape, Path file, Consumer<String> report) throws IOException {
        Timestamp now = new Timestamp(System.currentTimeMillis() / 1000);
        Path whole = file.resolveSibling(file.getFileName() + ".new");
        long[] made = new long[2];
        try (Letters.Writer writer = new Letters.Writer(whole)) {
            new Payments(stock, shape, false, now).make(deposits -> {
                deposits.parallelStream()
                        .map(d -> sealed(stock, d, now))
                        .toList()
                        .forEach(writer::write);
                deposits.forEach(d -> made[0] += d.slices());
                if (made[0] / 50_000 > made[1]) {
                    made[1] = made[0] / 50_000;
                    report.accept(made[0] + " payments made");
                }
            });
            writer.end(stock.counters());
        }
        Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Letters.Letter sealed(Stock stock, Payments.Deposit deposit, Timestamp now) {
        Stock.Purse merchant = stock.purses().get(stock.place(deposit.merchant()));
        Signed<WalletMessage> message = Signed.by(
                merchant.signer(),
                new WalletMessage(
                        stock.institution(),
                        merchant.thumbprint(),
                        deposit.id(),
                        now,
                        new WalletRequest.Deposit(LineageCodec.encode(deposit.lineage()))));
        Sealer.KeyPair reply = SEALER.newKeyPair();
        return new Letters.Letter(
                deposit.merchant(),
                deposit.slices(),
                deposit.forks(),
                deposit.id(),
                reply,
                Mail.seal(stock.bulletin().statement(), SEALER, message, reply));
    }

    private static double seconds(Duration since) {
        return Rounded.of(cpu().minus(since).toMillis() / 1e3);
    }

    /** What this process has used of all cores. */
    static Duration cpu() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? Duration.ofNanos(system.getProcessCpuTime())
                : Duration.ZERO;
    }
}
