package org.jiaozi.cli.wallet;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jiaozi.cli.wallet.KilledCommands.Case;
import org.jiaozi.cli.wallet.store.DurableStep;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every command of a wallet killed at every durable step. What is durable stays, so the same command again comes one step
 * further before it is killed again; at last it gets through, and everything was done once: by what the command says, by
 * wallet and account, and by the institution's own reckoning of every unit. {@code pay} and {@code receive} are in
 * {@link WalletCommandsTest}.
 */
class WalletsKilledTest {
    @TempDir
    private static Path folder;

    private static Town town;

    @BeforeAll
    static void open() throws IOException {
        System.setProperty("JIAOZI_PIN", Town.PIN);
        System.setProperty("JIAOZI_NEW_PIN", Town.NEW_PIN);
        System.setProperty("JIAOZI_ARGON2", "cheap");
        town = new Town(folder);
        KilledCommands.WALLETS.forEach(town::wallet);
        town.run("payer", "load", "100.00").good();
        town.run("deposit", "load", "100.00").good();
    }

    @AfterAll
    static void close() {
        town.close();
        System.clearProperty("JIAOZI_PIN");
        System.clearProperty("JIAOZI_NEW_PIN");
        System.clearProperty("JIAOZI_ARGON2");
    }

    @ParameterizedTest
    @EnumSource
    void aCommandKilledAnywhereIsDoneOnceByTheSameCommand(DurableStep step) throws IOException {
        KilledCommands commands = new KilledCommands(town, step);
        List<Case> open = commands.all();
        List<Executable> checks = new ArrayList<>();
        for (int round = 0; round < rounds(step) && !open.isEmpty(); round++) {
            List<Optional<Town.Said>> said = kill(step, step + "-" + round, open);
            List<Case> stood = new ArrayList<>();
            for (int i = 0; i < open.size(); i++) {
                Case killed = open.get(i);
                if (said.get(i).isEmpty()) {
                    killed.killed().run();
                    stood.add(killed);
                } else {
                    assertTrue(round > 0, killed.act() + " does not come to " + step);
                    Town.Said last = said.get(i).get();
                    checks.add(() -> killed.check().accept(last));
                }
            }
            open = stood;
        }
        for (Case killed : open) {
            Town.Said last = town.run(killed.wallet(), killed.command().toArray(String[]::new));
            checks.add(() -> killed.check().accept(last));
        }
        assertAll(step.name(), checks);
        balanced(commands);
    }

    /** As far as a sync with all there is to do goes; of two steps beside each other one goes all the way. */
    private static int rounds(DurableStep step) {
        return switch (step) {
            case BEFORE_COMMIT, SENT -> 1;
            case AFTER_COMMIT -> 8;
            case AFTER_MARK -> 3;
        };
    }

    private static List<Optional<Town.Said>> kill(DurableStep step, String name, List<Case> cases) throws IOException {
        return WalletsProcess.kill(
                Files.createDirectory(folder.resolve(name)),
                step.name(),
                cases.stream()
                        .map(c -> List.of(town.line(c.wallet(), c.command().toArray(String[]::new))))
                        .toList());
    }

    private static void balanced(KilledCommands commands) {
        assertEquals(List.of(), town.bank.breaches());
        long held = KilledCommands.WALLETS.stream().mapToLong(commands::holding).sum();
        assertEquals(town.bank.outstanding(), held, "what the wallets hold is what is outstanding");
    }

    @Test
    void whatWasCutOffIsNotTakenForAnotherCommand() throws IOException {
        KilledCommands commands = new KilledCommands(town, DurableStep.SENT);
        town.bank.remitted.clear();
        long remitted = commands.balance("remit");
        long held = commands.holding("deposit");
        long balance = commands.balance("deposit");
        String to = "bank:" + town.run("shop", "account").good().path("account").asText();
        String[] rent = {"remit", "7.00", "--to", to, "--reference", "rent"};
        List<Optional<Town.Said>> said = WalletsProcess.kill(
                Files.createDirectory(folder.resolve("another")),
                "SENT",
                List.of(List.of(town.line("remit", rent)), List.of(town.line("deposit", "load", "4.00"))));
        assertEquals(List.of(Optional.empty(), Optional.empty()), said);
        // the same sum for something else is another remittance
        town.run("remit", "remit", "7.00", "--to", to, "--reference", "gas").good();
        town.run("remit", rent).good();
        assertEquals(
                List.of("gas", "rent"), town.bank.remitted.stream().sorted().toList());
        assertEquals(remitted - 1400, commands.balance("remit"));
        // the load comes first, and no part of it is what is to be deposited
        assertEquals(
                300,
                town.run("deposit", "deposit", "3.00").good().path("deposited").asLong());
        assertEquals(held + 100, commands.holding("deposit"));
        assertEquals(balance - 100, commands.balance("deposit"));
        balanced(commands);
    }
}
