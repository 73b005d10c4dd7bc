package org.jiaozi.cli.wallet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A command that is run again after a fault, a refusal or a kill, or while its institution is gone. */
final class RepeatedCommandsTest {
    private static final int KILLED = 137;

    @TempDir
    private Path folder;

    private Town town;

    @BeforeEach
    void open() throws IOException {
        town = new Town(folder);
        town.wallet("a");
        town.heard.clear();
    }

    @AfterEach
    void close() {
        assertEquals(List.of(), town.bank.breaches());
        town.close();
    }

    /** 802 leaves it open whether the deposit is booked, 712 says that it is not; its transfer is signed in both cases. */
    @ParameterizedTest
    @EnumSource(
            value = RefusalCode.class,
            names = {"BUSY", "WITHHELD"})
    void aDepositOfAnAmountIsMovedOnce(RefusalCode no) {
        town.run("a", "load", "10.00").good();
        town.bank.refusing =
                body -> body instanceof WalletRequest.Deposit ? Optional.of(Refusal.of(no)) : Optional.empty();
        for (int i = 0; i < 2; i++) {
            assertEquals(no.number(), town.run("a", "deposit", "3.00").refused());
            assertEquals(700, town.holding("a"), "after attempt " + i);
        }
        town.bank.refusing = body -> Optional.empty();
        Town.Said done = town.run("a", "deposit", "3.00");
        assertEquals(300, done.good().path("credited").asLong(), done.out());
        assertEquals(700, town.holding("a"));
        assertEquals(TownBank.OPENING - 700, town.bank.balance("account-1"));
        // and then it is another deposit
        assertEquals(
                300, town.run("a", "deposit", "3.00").good().path("credited").asLong());
        assertEquals(400, town.holding("a"));
    }

    /** A rush of a moment is waited for, and the owner is told so once; nothing is asked for twice. */
    @Test
    void whereThereIsNoRoomItAsksAgain() {
        town.run("a", "load", "10.00").good();
        town.heard.clear();
        town.crowded.set(3);
        Town.Said said = town.asPerson("a", "deposit", "3.00");
        assertEquals(0, said.code(), said.out() + said.err());
        assertEquals(
                1,
                said.out().lines().filter(l -> l.contains("no room now (802)")).count(),
                said.out());
        assertEquals(0, town.crowded.get());
        assertEquals(700, town.holding("a"));
        assertEquals(TownBank.OPENING - 700, town.bank.balance("account-1"));
        town.crowded.set(1);
        // to a program nothing is said besides its answer
        assertEquals(
                200, town.run("a", "deposit", "2.00").good().path("credited").asLong());
        assertEquals(
                2,
                town.heard.stream()
                        .filter(m -> m.statement().body() instanceof WalletRequest.Deposit)
                        .count());
    }

    @Test
    void anotherCodeIsAnotherEnrolment() {
        town.run("b", "create", "--trust", town.trust.toString()).good();
        assertEquals(
                KILLED,
                town.child("ENROLL_AFTER_MARK", "b", "enroll", "--institution", town.url(), "--code", "CODE")
                        .code());
        // stored before it was sent; once more, to be cut off when it is done
        assertEquals(
                KILLED,
                town.child("ENROLL_AFTER_MARK", "b", "enroll", "--institution", town.url(), "--code", "CODE")
                        .code());
        Town.Said other = town.run("b", "enroll", "--institution", town.url(), "--code", "OTHER");
        assertEquals(608, other.refused(), other.out());
        assertTrue(town.run("b", "enroll", "--institution", town.url(), "--code", "CODE")
                .good()
                .path("repeated")
                .asBoolean());
    }

    @Test
    void everyAccountKeyThatWasPutAsideStays() throws IOException {
        Path key = folder.resolve("one.account-key");
        Set<String> bound = new HashSet<>();
        for (String name : List.of("x", "y", "z")) {
            town.run(name, "create", "--trust", town.trust.toString()).good();
            town.run(name, "enroll", "--institution", town.url(), "--code", "CODE", "--account-key", key.toString())
                    .good();
            bound.add(accountKey(key));
        }
        assertEquals(3, bound.size());
        Set<String> found = new HashSet<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.filter(p -> p.getFileName().toString().startsWith("one.account-key"))
                    .toList()) {
                found.add(accountKey(file));
            }
        }
        assertEquals(bound, found);
    }

    private static String accountKey(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile()).required("accountKey").asText();
    }

    /** The bulletin in hand says so: nothing is sent, nothing is begun, and the person hears what to do. */
    @Test
    void anInstitutionThatIsGoneIsAskedNothing() throws IOException {
        town.run("a", "load", "10.00").good();
        town.bank.refusing = body ->
                body instanceof WalletRequest.Load ? Optional.of(Refusal.of(RefusalCode.BUSY)) : Optional.empty();
        assertEquals(802, town.run("a", "load", "2.00").refused());
        town.declare(true);
        town.run("a", "sync").good();
        town.heard.clear();
        town.bank.refusing = body -> Optional.empty();
        List<String[]> commands = new ArrayList<>();
        commands.add(new String[] {"load", "1.00"});
        commands.add(new String[] {"load", "2.00"});
        commands.add(new String[] {"remit", "1.00", "--to", "bank:account-1"});
        commands.add(new String[] {"account"});
        commands.add(new String[] {"deposit", "1.00"});
        commands.add(new String[] {"renew"});
        for (String[] command : commands) {
            Town.Said said = town.run("a", command);
            assertEquals(720, said.refused(), said.out());
            assertTrue(said.out().contains("enroll at another institution"), said.out());
        }
        assertEquals(
                720,
                town.run("a", "sync")
                        .good()
                        .path("refusals")
                        .get(0)
                        .path("number")
                        .asInt());
        assertEquals(List.of(), town.heard);
        assertEquals(1_000, town.holding("a"));
        // it is back: what waited is finished, and nothing was asked twice
        town.declare(false);
        town.run("a", "sync").good();
        town.run("a", "load", "2.00").good();
        assertNotEquals(List.of(), town.heard);
        assertEquals(1_200, town.holding("a"));
        assertFalse(town.bank.notes.size() > 2);
    }
}
