package org.jiaozi.cli.wallet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The commands that {@link WalletsKilledTest} kills, with what must hold after the last run of each. */
final class KilledCommands {
    static final long LONG_AFTER = 400L * 86_400;

    private static final int MOST_PAYMENTS = 30;

    final Town town;
    /** Somebody with an account. */
    final String shop;

    private final String prefix;
    private int payees;
    private int payers;
    private int others;
    /** Every wallet that money may be in. */
    final List<String> wallets = new ArrayList<>();

    /** @param prefix begins the name of whoever is paid and pays */
    KilledCommands(Town town, String prefix) {
        this.town = town;
        this.prefix = prefix;
        this.shop = wallet(prefix + "shop");
    }

    /**
     * A command to be killed, with everything prepared that it needs.
     *
     * @param next what is typed for it, the first time and again after each kill
     * @param check what must hold at the end; gets what the last run said
     */
    record Case(Supplier<Attempt> next, Consumer<Town.Said> check) {
        /** One that is typed again as it was. */
        static Case same(List<String> line, Consumer<Town.Said> check) {
            return new Case(() -> new Attempt(line, () -> {}), check);
        }

        /** Types it and lets it come to its end. */
        Town.Said run() {
            try (Attempt attempt = next.get()) {
                return attempt.run();
            }
        }
    }

    /**
     * One run of a command.
     *
     * @param line as typed, with the options
     * @param over ends whoever is at the other end meanwhile
     */
    record Attempt(List<String> line, Runnable over) implements AutoCloseable {
        Town.Said run() {
            return Town.plain(line.toArray(String[]::new));
        }

        @Override
        public void close() {
            over.run();
        }
    }

    /** How to prepare each command anew: every one gets a name that no other has. */
    Map<String, Function<String, Case>> all() {
        Map<String, Function<String, Case>> all = new LinkedHashMap<>();
        new KilledBeginnings(this).addTo(all);
        new KilledTaps(this).addTo(all);
        new KilledStreams(this).addTo(all);
        new KilledRefusals(this).addTo(all);
        new KilledMoves(this).addTo(all);
        new KilledCarriers(this).addTo(all);
        all.put("account", this::account);
        all.put("show-behind", this::showBehind);
        all.put("load", this::load);
        all.put("remit", this::remit);
        all.put("renew", this::renew);
        all.put("deposit", this::deposit);
        all.put("deposit-all", this::depositAll);
        all.put("sync", this::sync);
        all.put("report-lost", name -> holder("report-lost", name));
        all.put("claim", name -> holder("claim", name));
        return all;
    }

    /** Somebody who is paid; a purse holds only so many slices. */
    String payee() {
        String name = prefix + "payee-" + payees / MOST_PAYMENTS;
        if (payees++ % MOST_PAYMENTS == 0) {
            wallet(name);
        }
        return name;
    }

    /** Somebody with money. */
    String payer() {
        String name = prefix + "payer-" + payers / MOST_PAYMENTS;
        if (payers++ % MOST_PAYMENTS == 0) {
            wallet(name);
            town.run(name, "load", "400.00").good();
        }
        return name;
    }

    /** Somebody with money who is at the other end of a stream, and of one only. */
    String other() {
        String name = wallet(prefix + "other-" + others++);
        town.run(name, "load", "10.00").good();
        return name;
    }

    /** An enrolled wallet. */
    String wallet(String name) {
        town.wallet(name);
        wallets.add(name);
        return name;
    }

    long holding(String wallet) {
        return town.run(wallet, "show").good().path("holding").asLong();
    }

    long balance(String wallet) {
        return town.run(wallet, "account").good().path("balance").asLong();
    }

    Case on(String wallet, Consumer<Town.Said> check, String... command) {
        return Case.same(List.of(town.line(wallet, command)), check);
    }

    String file(String name) {
        return town.folder.resolve(name).toString();
    }

    /** A request and the payment of it, which is not delivered. */
    void tap(String payee, String payer, String amount, String file) {
        town.run(payee, "request", amount, "--file-out", file).good();
        town.run(payer, "pay", "--yes", "--file-in", file, "--file-out", file + ".paid")
                .good();
    }

    private Case load(String name) {
        wallet(name);
        return on(
                name,
                said -> {
                    assertEquals(400, said.good().path("loaded").asLong());
                    assertEquals(400, holding(name));
                    assertEquals(TownBank.OPENING - 400, balance(name));
                },
                "load",
                "4.00");
    }

    private Case remit(String name) {
        wallet(name);
        String account = town.run(shop, "account").good().path("account").asText();
        return on(
                name,
                said -> {
                    said.good();
                    assertEquals(TownBank.OPENING - 500, balance(name));
                    assertEquals(
                            1, town.bank.remitted.stream().filter(name::equals).count());
                },
                "remit",
                "5.00",
                "--to",
                "bank:" + account,
                "--reference",
                name);
    }

    private Case renew(String name) {
        wallet(name);
        return on(
                name,
                said -> {
                    assertTrue(said.good().path("keys").asLong() > 0, said.out());
                    assertEquals(0, said.json().path("refusals").size(), said.out());
                    town.run(name, "load", "1.00").good();
                },
                "renew");
    }

    private Case deposit(String name) {
        wallet(name);
        town.run(name, "load", "10.00").good();
        return on(
                name,
                said -> {
                    assertEquals(300, said.good().path("deposited").asLong(), said.out());
                    assertEquals(300, said.json().path("credited").asLong());
                    assertEquals(700, holding(name));
                    assertEquals(TownBank.OPENING - 700, balance(name));
                    long lines = 0;
                    for (JsonNode line : town.run(name, "history").good().path("entries")) {
                        lines += line.path("what").asText().equals("deposited") ? 1 : 0;
                    }
                    assertEquals(1, lines, "one line of history");
                },
                "deposit",
                "3.00");
    }

    private Case depositAll(String name) {
        wallet(name);
        town.run(name, "load", "10.00").good();
        return on(
                name,
                said -> {
                    said.good();
                    assertEquals(0, holding(name));
                    assertEquals(TownBank.OPENING, balance(name));
                },
                "deposit",
                "all");
    }

    /** Tries of the PIN are counted even by whoever only asks. */
    private Case account(String name) {
        wallet(name);
        return on(
                name,
                said -> {
                    assertEquals(TownBank.OPENING, said.good().path("balance").asLong());
                    town.run(name, "load", "1.00").good();
                },
                "account");
    }

    /** A mark that was left behind is caught up by whatever comes next. */
    private Case showBehind(String name) {
        wallet(name);
        town.run(name, "load", "1.00").good();
        Path mark = town.mark(name);
        try {
            long counter = Long.parseLong(Files.readString(mark).strip());
            Files.writeString(mark, (counter - 1) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return on(
                name,
                said -> {
                    assertFalse(said.good().path("rolledBack").asBoolean());
                    town.run(name, "load", "1.00").good();
                    assertEquals(200, holding(name));
                },
                "show");
    }

    /** A payment to upload, one that was denied, one received, and a fresh note for what is kept. */
    private Case sync(String name) {
        wallet(name);
        town.run(name, "load", "10.00").good();
        String shop = payee();
        String payer = payer();
        String paid = file(name + "-paid");
        tap(shop, name, "1.00", paid);
        town.run(shop, "receive", "--file-in", paid + ".paid", "--file-out", paid + ".receipt")
                .good();
        String denied = file(name + "-denied");
        tap(shop, name, "2.00", denied);
        Town.Said no = town.run(
                shop,
                "receive",
                "--clock-offset",
                Long.toString(LONG_AFTER),
                "--file-in",
                denied + ".paid",
                "--file-out",
                denied + ".no");
        assertEquals(1, no.code(), no.out());
        town.run(name, "receipt", "--file-in", denied + ".no").good();
        String received = file(name + "-received");
        tap(name, payer, "0.50", received);
        town.run(name, "receive", "--file-in", received + ".paid", "--file-out", received + ".receipt")
                .good();
        town.run(payer, "receipt", "--file-in", received + ".receipt").good();
        long wealth = holding(name) + 200 + balance(name);
        return on(
                name,
                said -> {
                    assertEquals(0, said.good().path("refusals").size(), said.out());
                    JsonNode show = town.run(name, "show").good();
                    assertEquals(200, show.path("holding").asLong());
                    assertEquals(0, show.path("pendingReturns").asInt());
                    assertEquals(wealth, 200 + balance(name));
                    String account =
                            town.run(name, "account").good().path("account").asText();
                    assertEquals(3, town.bank.uploaded.get(account).size());
                },
                "sync",
                "--keep",
                "2.00",
                "--refresh");
    }

    /** With nothing but the account's key; each asks what the institution acts on once. */
    private Case holder(String command, String name) {
        wallet(name);
        String key = file(name + ".account-key");
        return Case.same(
                List.of(
                        "wallet",
                        command,
                        "--json",
                        "--account-key",
                        key,
                        "--institution",
                        town.url(),
                        "--trust",
                        town.trust.toString()),
                said -> {
                    said.good();
                    String[] left = Path.of(key)
                            .getParent()
                            .toFile()
                            .list((folder, file) -> file.startsWith(Path.of(key).getFileName() + ".under-way"));
                    assertEquals(List.of(), left == null ? List.of() : List.of(left));
                });
    }
}
