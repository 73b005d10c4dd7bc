package org.jiaozi.cli.wallet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jiaozi.cli.wallet.store.Act;
import org.jiaozi.cli.wallet.store.DurableStep;

/** The commands that {@link WalletsKilledTest} kills, with what must hold after the last run of each. */
final class KilledCommands {
    /** Wallets that are enrolled; each command has one to itself. */
    static final List<String> WALLETS =
            List.of("load", "remit", "renew", "request", "payer", "deposit", "sync", "shop");

    private static final long LONG_AFTER = 400L * 86_400;
    static final Runnable NOTHING = () -> {};

    private final Town town;
    private final DurableStep step;

    KilledCommands(Town town, DurableStep step) {
        this.town = town;
        this.step = step;
    }

    /**
     * A command to be killed.
     *
     * @param killed what else a kill may leave behind
     * @param check what must hold at the end; gets what the last run said
     * @param command as typed, without its wallet
     */
    record Case(Act act, String wallet, Runnable killed, Consumer<Town.Said> check, List<String> command) {
        /** Whether it asks an institution. */
        boolean sends() {
            return switch (act) {
                case ENROLL, LOAD, REMIT, RENEW, DEPOSIT, SYNC, ACCOUNT, REPORT_LOST, CLAIM -> true;
                case CREATE, OPEN, REQUEST, PAY, RECEIVE, RECEIPT, PIN -> false;
            };
        }
    }

    List<Case> all() throws IOException {
        return Stream.concat(
                        new KilledBeginnings(town, step, this).all(),
                        Stream.of(load(), remit(), renew(), request(), receipt(), deposit(), sync()))
                .filter(c -> step != DurableStep.SENT || c.sends())
                .toList();
    }

    long holding(String wallet) {
        return town.run(wallet, "show").good().path("holding").asLong();
    }

    long balance(String wallet) {
        return town.run(wallet, "account").good().path("balance").asLong();
    }

    private String file(String name) {
        return town.folder.resolve(name + "-" + step).toString();
    }

    /** A request and the payment of it, which is not delivered. */
    private void tap(String payee, String payer, String amount, String file) {
        town.run(payee, "request", amount, "--file-out", file).good();
        town.run(payer, "pay", "--yes", "--file-in", file, "--file-out", file + ".paid")
                .good();
    }

    private Case load() {
        long held = holding("load");
        long balance = balance("load");
        return new Case(
                Act.LOAD,
                "load",
                NOTHING,
                said -> {
                    assertEquals(400, said.good().path("loaded").asLong());
                    assertEquals(held + 400, holding("load"));
                    assertEquals(balance - 400, balance("load"));
                },
                List.of("load", "4.00"));
    }

    private Case remit() {
        long balance = balance("remit");
        String shop = town.run("shop", "account").good().path("account").asText();
        long there = balance("shop");
        return new Case(
                Act.REMIT,
                "remit",
                NOTHING,
                said -> {
                    assertEquals(balance - 500, said.good().path("balance").asLong());
                    assertEquals(balance - 500, balance("remit"));
                    assertEquals(there + 500, balance("shop"));
                },
                List.of("remit", "5.00", "--to", "bank:" + shop, "--reference", "rent"));
    }

    private Case renew() {
        return new Case(
                Act.RENEW,
                "renew",
                NOTHING,
                said -> {
                    long keys = said.good().path("keys").asLong();
                    assertTrue(keys > 0, said.out());
                    assertEquals(0, said.json().path("refusals").size(), said.out());
                    town.run("renew", "load", "1.00").good();
                },
                List.of("renew"));
    }

    private Case request() {
        String file = file("request");
        return new Case(
                Act.REQUEST,
                "request",
                NOTHING,
                said -> {
                    said.good();
                    String paid = file + ".paid";
                    town.run("payer", "pay", "--yes", "--file-in", file, "--file-out", paid)
                            .good();
                    long held = holding("request");
                    town.run("request", "receive", "--file-in", paid, "--file-out", file + ".receipt")
                            .good();
                    assertEquals(held + 100, holding("request"));
                },
                List.of("request", "1.00", "--file-out", file));
    }

    private Case receipt() {
        String file = file("receipt");
        tap("shop", "payer", "1.00", file);
        town.run("shop", "receive", "--file-in", file + ".paid", "--file-out", file + ".receipt")
                .good();
        return new Case(
                Act.RECEIPT,
                "payer",
                NOTHING,
                said -> assertTrue(said.good().path("receipt").asBoolean()),
                List.of("receipt", "--file-in", file + ".receipt"));
    }

    private Case deposit() {
        long held = holding("deposit");
        long balance = balance("deposit");
        long lines = deposited();
        return new Case(
                Act.DEPOSIT,
                "deposit",
                NOTHING,
                said -> {
                    assertEquals(300, said.good().path("deposited").asLong(), said.out());
                    assertEquals(300, said.json().path("credited").asLong());
                    assertEquals(held - 300, holding("deposit"));
                    assertEquals(balance + 300, balance("deposit"));
                    assertEquals(lines + 1, deposited(), "one line of history");
                },
                List.of("deposit", "3.00"));
    }

    private long deposited() {
        long lines = 0;
        for (JsonNode line : town.run("deposit", "history").good().path("entries")) {
            lines += line.path("what").asText().equals("deposited") ? 1 : 0;
        }
        return lines;
    }

    /** A payment to upload, one that was denied, one received, and a fresh note for what is kept. */
    private Case sync() {
        town.run("sync", "load", "10.00").good();
        tap("shop", "sync", "1.00", file("sync-paid"));
        town.run("shop", "receive", "--file-in", file("sync-paid") + ".paid", "--file-out", file("sync-receipt"))
                .good();
        tap("shop", "sync", "2.00", file("sync-denied"));
        Town.Said no = town.run(
                "shop",
                "receive",
                "--clock-offset",
                Long.toString(LONG_AFTER),
                "--file-in",
                file("sync-denied") + ".paid",
                "--file-out",
                file("sync-no"));
        assertEquals(1, no.code(), no.out());
        town.run("sync", "receipt", "--file-in", file("sync-no")).good();
        tap("sync", "payer", "0.50", file("sync-received"));
        town.run("sync", "receive", "--file-in", file("sync-received") + ".paid", "--file-out", file("sync-given"))
                .good();
        long wealth = holding("sync") + 200 + balance("sync");
        return new Case(
                Act.SYNC,
                "sync",
                NOTHING,
                said -> {
                    assertEquals(0, said.good().path("refusals").size(), said.out());
                    JsonNode show = town.run("sync", "show").good();
                    assertEquals(200, show.path("holding").asLong());
                    assertEquals(0, show.path("pendingReturns").asInt());
                    assertEquals(wealth, 200 + balance("sync"));
                },
                List.of("sync", "--keep", "2.00", "--refresh"));
    }
}
