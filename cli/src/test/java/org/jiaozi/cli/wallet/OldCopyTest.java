package org.jiaozi.cli.wallet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Thumbprint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An old copy of a wallet's directory, of whatever moment, is retired under its account key and enrols again (spec 06, clause 11). */
class OldCopyTest {
    @TempDir
    private Path folder;

    private Town town;

    @BeforeEach
    void open() throws IOException {
        town = new Town(folder);
    }

    @AfterEach
    void close() {
        town.close();
    }

    private void image(String name) throws IOException {
        WalletCommandsTest.copy(town.dir("w"), town.dir(name));
    }

    private void putBack(String name) throws IOException {
        WalletCommandsTest.delete(town.dir("w"));
        WalletCommandsTest.copy(town.dir(name), town.dir("w"));
    }

    private Town.Said enroll(String code) {
        return town.run("w", "enroll", "--institution", town.url(), "--code", code);
    }

    private Town.Said retire() {
        return town.run("w", "sync", "--account-key", town.dir("w") + ".account-key");
    }

    private boolean rolledBack() {
        return town.run("w", "show").good().path("rolledBack").asBoolean();
    }

    /** Who sent messages of that kind, one after the other. */
    private List<Thumbprint> heard(Class<? extends WalletRequest> kind) {
        return town.heard.stream()
                .map(m -> m.statement())
                .filter(m -> kind.isInstance(m.body()))
                .map(m -> m.sender())
                .toList();
    }

    private void usable() {
        assertFalse(rolledBack());
        town.run("w", "load", "1.00").good();
    }

    @Test
    void itIsReportedUnderTheKeyItWasEnrolledWithBeforeItEnrolsAgain() throws IOException {
        town.wallet("w");
        town.run("w", "load", "10.00").good();
        image("old");
        town.run("w", "load", "1.00").good();
        putBack("old");
        assertEquals(604, town.run("w", "load", "1.00").refused());
        // under the new key it could not be reported any more
        assertEquals(604, enroll("NEXT").refused());
        assertEquals(1, heard(WalletRequest.Enrol.class).size());
        retire().good();
        assertEquals(heard(WalletRequest.Enrol.class), heard(WalletRequest.ReportLost.class));
        enroll("NEXT").good();
        usable();
    }

    @Test
    void alsoOneOfWhichAllKeysAreDead() throws IOException {
        town.wallet("w");
        image("first");
        town.run("w", "load", "1.00").good();
        putBack("first");
        retire().good();
        image("dead");
        town.run("w", "sync");
        putBack("dead");
        assertEquals(604, enroll("NEXT").refused());
        retire().good();
        assertEquals(2, heard(WalletRequest.ReportLost.class).size());
        enroll("NEXT").good();
        usable();
    }

    @Test
    void alsoOneThatWasAboutToEnrol() throws IOException {
        town.run("w", "create", "--trust", town.trust.toString()).good();
        assertEquals(
                137,
                town.child("ENROLL_SENT", "w", "enroll", "--institution", town.url(), "--code", "CODE")
                        .code());
        image("old");
        enroll("CODE").good();
        town.run("w", "load", "5.00").good();
        putBack("old");
        assertTrue(rolledBack());
        assertEquals(604, enroll("NEXT").refused());
        retire().good();
        enroll("NEXT").good();
        // the enrolment that the copy knew of is not sent once more
        assertEquals(
                Optional.of("NEXT"),
                town.heard.stream()
                        .map(m -> m.statement().body())
                        .filter(WalletRequest.Enrol.class::isInstance)
                        .map(b -> ((WalletRequest.Enrol) b).code())
                        .reduce((a, b) -> b));
        usable();
    }

    @Test
    void oneFromBeforeTheFirstEnrolmentIsOfNoUse() throws IOException {
        town.run("w", "create", "--trust", town.trust.toString()).good();
        image("old");
        enroll("CODE").good();
        town.run("w", "load", "5.00").good();
        putBack("old");
        for (int again = 0; again < 2; again++) {
            assertEquals(604, enroll("NEXT").refused());
            assertEquals(604, retire().refused());
        }
        assertEquals(1, heard(WalletRequest.Enrol.class).size());
    }

    /** The account key that waits to be bound lies outside of the directory; the institution may know it already. */
    @Test
    void aDirectoryThatWasLostWhileItEnrolledIsMadeAgain() throws IOException {
        town.run("w", "create", "--trust", town.trust.toString()).good();
        town.mute = true;
        assertEquals(801, enroll("CODE").refused());
        town.mute = false;
        Thumbprint bound = heard(WalletRequest.Enrol.class).getFirst();
        town.bank.refusing = request -> request instanceof WalletRequest.Enrol e
                        && (e.code().equals("WRONG")
                                || e.accountKey().thumbprint().equals(bound))
                ? Optional.of(Refusal.of(RefusalCode.BAD_ENROLMENT_CODE))
                : Optional.empty();
        WalletCommandsTest.delete(town.dir("w"));
        town.run("w", "create", "--trust", town.trust.toString()).good();
        assertEquals(707, enroll("WRONG").refused());
        enroll("NEXT").good();
        usable();
        assertFalse(heard(WalletRequest.Enrol.class).getLast().equals(bound));
        // what the first one bound is reported and claimed with
        assertTrue(
                Files.exists(folder.resolve("w.account-key.old-" + bound.hex().substring(0, 8))));
    }
}
