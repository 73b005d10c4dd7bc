package org.jiaozi.cli.wallet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

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
     * @param check what must hold at the end; gets what the last run said
     * @param line as typed, with the options
     */
    record Case(List<String> line, Consumer<Town.Said> check) {}

    /** How to prepare each command anew: every one gets a name that no other has. */
    Map<String, Function<String, Case>> all() {
        Map<String, Function<String, Case>> all = new LinkedHashMap<>();
        new KilledBeginnings(this).addTo(all);
        new KilledTaps(this).addTo(all);
        new KilledRefusals(this).addTo(all);
        all.put("load", this::load);
        all.put("remit", this::remit);
        all.put("renew", this::renew);
        all.put("deposit", this::deposit);
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
        return new Case(List.of(town.line(wallet, command)), check);
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
        return new Case(
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
