package org.jiaozi.lab.bench;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jiaozi.cli.CommandFailure;
import picocli.CommandLine.Option;

/** What is deposited, as a command line says it. */
final class WorkOptions {
    private static final int MOST_DOUBLE_SPENDS = 10;

    @Option(
            names = "--deposits",
            paramLabel = "NUMBER",
            defaultValue = "200000",
            description = "Payments that are deposited (${DEFAULT-VALUE}).")
    private int deposits;

    @Option(
            names = "--hops",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "Hops of each payment, 1 to 5 (${DEFAULT-VALUE}).")
    private int hops;

    @Option(
            names = "--notes",
            paramLabel = "NUMBER",
            defaultValue = "20000",
            description = "Notes that are spent (${DEFAULT-VALUE}).")
    private int notes;

    @Option(
            names = "--payers",
            paramLabel = "NUMBER",
            defaultValue = "5000",
            description = "Whose notes they are (${DEFAULT-VALUE}).")
    private int payers;

    @Option(
            names = "--merchants",
            paramLabel = "NUMBER",
            defaultValue = "200",
            description = "Who deposits (${DEFAULT-VALUE}).")
    private int merchants;

    @Option(
            names = "--batch",
            paramLabel = "NUMBER",
            defaultValue = "256",
            description = "Payments in one deposit, 1 to 1024 (${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--prefill",
            paramLabel = "NUMBER",
            defaultValue = "0",
            description = "Payments that were redeemed before, out of half of the notes (${DEFAULT-VALUE}).")
    private int prefill;

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
            names = "--double-spends",
            paramLabel = "PERCENT",
            defaultValue = "0",
            description = "How many payments are made again with the same money, 0 to 10, to another merchant.")
    private BigDecimal doubleSpends = BigDecimal.ZERO;

    /** The shape, which can be meant. */
    WorkShape shape() {
        return shape(0);
    }

    /** The same with so many payments more. */
    WorkShape shape(int more) {
        between("--double-spends", doubleSpends, MOST_DOUBLE_SPENDS);
        WorkShape shape = new WorkShape(
                new WorkShape.Stock(seed, notes, payers, merchants, prefill), deposits, hops, batch, hotShare, 0);
        shape.check();
        int all = Math.addExact(deposits, more);
        WorkShape whole = shape.withDeposits(all, share(all));
        whole.check();
        return whole;
    }

    static void between(String option, BigDecimal value, int most) {
        if (value.signum() < 0 || value.compareTo(BigDecimal.valueOf(most)) > 0) {
            throw CommandFailure.usage(option + " is 0 to " + most);
        }
    }

    private int share(int of) {
        return doubleSpends
                .multiply(BigDecimal.valueOf(of))
                .divide(BigDecimal.valueOf(100), 0, RoundingMode.HALF_UP)
                .intValueExact();
    }

    /** The same as arguments of another process, whose work goes into this folder. */
    List<String> arguments(WorkFolder folder, long payments) {
        return new ArrayList<>(List.of(
                "--work=" + folder.root(),
                "--deposits=" + payments,
                "--hops=" + hops,
                "--notes=" + notes,
                "--payers=" + payers,
                "--merchants=" + merchants,
                "--batch=" + batch,
                "--prefill=" + prefill,
                "--seed=" + seed,
                "--hot-share=" + hotShare,
                "--double-spends=" + doubleSpends.toPlainString()));
    }
}
