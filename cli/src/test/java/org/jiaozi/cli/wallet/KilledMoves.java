package org.jiaozi.cli.wallet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jiaozi.cli.wallet.KilledCommands.Case;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Amount;

/** Those of a wallet that leaves something behind: an institution that is gone, or keys of an old copy. */
final class KilledMoves {
    private static final Amount UNANSWERED = new Amount(456);

    private final KilledCommands commands;
    private final Town town;

    KilledMoves(KilledCommands commands) {
        this.commands = commands;
        this.town = commands.town;
        town.bank.refuseLoadsOf(UNANSWERED, RefusalCode.BUSY);
    }

    void addTo(Map<String, Function<String, Case>> all) {
        all.put("enroll-elsewhere", this::elsewhere);
        all.put("sync-old-copy", this::oldCopy);
    }

    private void declare(boolean gone) {
        try {
            town.declare(TownBank.ELSEWHERE, gone);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With money of the institution that is gone since, and with a load that it never answered. */
    private Case elsewhere(String name) {
        declare(false);
        town.run(name, "create", "--trust", town.trust.toString()).good();
        String there = town.url(TownBank.ELSEWHERE);
        town.run(name, "enroll", "--institution", there, "--code", "CODE").good();
        commands.wallets.add(name);
        town.run(name, "load", "10.00").good();
        assertEquals(RefusalCode.BUSY.number(), town.run(name, "load", "4.56").refused());
        String before = town.run(name, "show").good().path("account").asText();
        declare(true);
        return commands.on(
                name,
                said -> {
                    assertEquals(
                            TownBank.HERE.number(),
                            said.good().path("institution").asInt());
                    JsonNode show = town.run(name, "show").good();
                    assertEquals(
                            TownBank.HERE.number(), show.path("institution").asInt());
                    assertEquals(0, show.path("unanswered").asInt(), "nothing more is asked of the other");
                    assertEquals(1000, show.path("holding").asLong());
                    assertEquals(TownBank.OPENING - 1000, town.bank.balance(before));
                    town.run(name, "deposit", "4.00").good();
                    assertEquals(600, commands.holding(name));
                    assertEquals(TownBank.OPENING + 400, commands.balance(name));
                    assertEquals(1, old(name), "the account key of the other is kept");
                },
                "enroll",
                "--institution",
                town.url(),
                "--code",
                "NEXT");
    }

    /** How many account keys were put aside. */
    private long old(String wallet) {
        Path key = Path.of(commands.file(wallet + ".account-key"));
        String[] found = key.getParent().toFile().list((folder, file) -> file.startsWith(key.getFileName() + ".old-"));
        return found == null ? 0 : found.length;
    }

    /** An old copy, without money, that is to be retired. */
    private Case oldCopy(String name) {
        commands.wallet(name);
        try {
            Path now = town.dir(name);
            Path copy = town.dir(name + ".copy");
            WalletCommandsTest.copy(now, copy);
            town.run(name, "request", "1.00", "--show-qr").good();
            WalletCommandsTest.delete(now);
            Files.move(copy, now);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return commands.on(
                name,
                said -> {
                    assertEquals(List.of(), List.copyOf(said.good().findValues("number")), said.out());
                    assertTrue(town.run(name, "load", "1.00").code() != 0, "what is retired signs nothing");
                    town.run(name, "enroll", "--institution", town.url(), "--code", "NEXT")
                            .good();
                    assertFalse(town.run(name, "show").good().path("rolledBack").asBoolean());
                    town.run(name, "load", "1.00").good();
                    assertEquals(100, commands.holding(name));
                    assertEquals(1, old(name), "the account key that it was reported with is kept");
                },
                "sync",
                "--account-key",
                commands.file(name + ".account-key"));
    }
}
