package org.jiaozi.cli.wallet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Spec 07, clause 1: whoever got no answer sends the identical message again; a fault decides nothing; a refusal is the
 * last word on its message, and the same command begins another.
 */
class LostAnswersTest {
    @TempDir
    private Path folder;

    private Town town;

    @BeforeEach
    void open() throws IOException {
        System.setProperty("JIAOZI_PIN", Town.PIN);
        System.setProperty("JIAOZI_ARGON2", "cheap");
        town = new Town(folder);
        town.wallet("a");
        town.heard.clear();
    }

    @AfterEach
    void close() {
        town.close();
        System.clearProperty("JIAOZI_PIN");
        System.clearProperty("JIAOZI_ARGON2");
    }

    private String[] holder(String command) {
        return new String[] {
            "wallet",
            command,
            "--json",
            "--account-key",
            folder.resolve("a.account-key").toString(),
            "--institution",
            town.url(),
            "--trust",
            town.trust.toString()
        };
    }

    /** Messages that lie beside the account key. */
    private List<Path> underWay() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(p -> p.getFileName().toString().contains(".under-way-"))
                    .toList();
        }
    }

    private byte[] heard(int index) {
        return town.heard.get(index).encode().toArray();
    }

    private static byte[] stored(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        return java.util.Arrays.copyOfRange(content, 1, content.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"report-lost", "claim"})
    void aHoldersMessageIsSentAgainAsItIsUntilItIsAnswered(String command) throws IOException {
        town.mute = true;
        Town.Said lost = Town.plain(holder(command));
        assertEquals(1, lost.code());
        assertEquals(801, lost.refused(), lost.out());
        assertEquals(1, underWay().size());
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(underWay().getFirst())));
        assertArrayEquals(heard(0), stored(underWay().getFirst()));

        assertEquals(801, Town.plain(holder(command)).refused());
        town.mute = false;
        Town.plain(holder(command)).good();
        assertEquals(3, town.heard.size());
        // signature and all
        assertArrayEquals(heard(0), heard(1));
        assertArrayEquals(heard(0), heard(2));
        assertEquals(List.of(), underWay());

        Town.plain(holder(command)).good();
        assertNotEquals(
                town.heard.get(0).statement().id(),
                town.heard.get(3).statement().id());
        assertEquals(List.of(), underWay());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "REPORT_LOST_BEFORE_COMMIT",
                "REPORT_LOST_AFTER_COMMIT",
                "REPORT_LOST_SENT",
                "CLAIM_BEFORE_COMMIT",
                "CLAIM_AFTER_COMMIT",
                "CLAIM_SENT"
            })
    void aHoldersCommandKilledAnywhereSendsWhatIsStored(String step) throws IOException {
        String command = step.startsWith("CLAIM") ? "claim" : "report-lost";
        assertEquals(137, town.process(step, holder(command)).code());
        boolean stored = !step.endsWith("BEFORE_COMMIT");
        assertEquals(stored ? 1 : 0, underWay().size());
        assertEquals(step.endsWith("SENT") ? 1 : 0, town.heard.size());
        Optional<byte[]> before = stored ? Optional.of(stored(underWay().getFirst())) : Optional.empty();
        Town.plain(holder(command)).good();
        byte[] sent = heard(town.heard.size() - 1);
        before.ifPresent(b -> assertArrayEquals(b, sent));
        assertEquals(List.of(), underWay());
    }

    @Test
    void whatAnotherCommandLeftUnderWayIsFinishedFirst() throws IOException {
        town.mute = true;
        assertEquals(801, Town.plain(holder("report-lost")).refused());
        assertEquals(801, Town.plain(holder("claim")).refused());
        town.mute = false;
        town.heard.clear();
        Town.plain(holder("claim")).good();
        assertEquals(
                List.of(WalletRequest.ReportLost.class, WalletRequest.ClaimLost.class),
                town.heard.stream().map(m -> m.statement().body().getClass()).toList());
        assertEquals(List.of(), underWay());
    }

    @Test
    void aRefusalEndsAHoldersMessageAndAFaultDoesNot() throws IOException {
        town.bank.refusing = request -> Optional.of(Refusal.of(RefusalCode.BUSY));
        assertEquals(802, Town.plain(holder("claim")).refused());
        assertEquals(1, underWay().size());
        town.bank.refusing = request -> Optional.of(Refusal.of(RefusalCode.UNKNOWN_PURSE));
        assertEquals(706, Town.plain(holder("claim")).refused());
        assertArrayEquals(heard(0), heard(1));
        assertEquals(List.of(), underWay());
    }

    @Test
    void aDamagedMessageIsNamedAndNothingIsSent() throws IOException {
        town.mute = true;
        Town.plain(holder("claim"));
        town.mute = false;
        town.heard.clear();
        Path file = underWay().getFirst();
        byte[] content = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(content, content.length - 1));
        Town.Said no = Town.plain(holder("claim"));
        assertEquals(1, no.code());
        assertTrue(no.out().contains(file.getFileName().toString()), no.out());
        assertEquals(List.of(), town.heard);
    }

    @Test
    void anAnswerOfLongAgoIsFollowedByWhatHasBecomeDue() {
        town.mute = true;
        Town.plain(holder("claim"));
        town.mute = false;
        String[] later = Stream.concat(
                        Stream.of(holder("claim")), Stream.of("--clock-offset", Long.toString(300L * 86_400)))
                .toArray(String[]::new);
        // the registry names what the claim brought in all
        assertEquals(300, Town.plain(later).good().path("returned").asLong());
        assertEquals(3, town.heard.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"load", "remit"})
    void aCommandThatWasRefusedBeginsAfreshAndAFaultDoesNot(String command) {
        String[] line = command.equals("load")
                ? new String[] {"load", "4.00"}
                : new String[] {"remit", "--to", "bank:other", "4.00"};
        String before = town.run("a", "show").good().toString();

        town.bank.refusing = request -> Optional.of(Refusal.of(RefusalCode.INSUFFICIENT_RESERVE));
        assertEquals(702, town.run("a", line).refused());
        assertEquals(before, town.run("a", "show").good().toString());

        town.bank.refusing = request -> Optional.of(Refusal.of(RefusalCode.INTERNAL));
        assertEquals(804, town.run("a", line).refused());
        assertEquals(1, town.run("a", "show").good().path("unanswered").asInt());
        assertEquals(804, town.run("a", line).refused());

        town.bank.refusing = request -> Optional.empty();
        town.run("a", line).good();
        assertEquals(0, town.run("a", "show").good().path("unanswered").asInt());
        List<Signed<WalletMessage>> heard = town.heard;
        assertEquals(4, heard.size());
        assertNotEquals(heard.get(0).statement().id(), heard.get(1).statement().id());
        assertNotEquals(nonce(heard.get(0)), nonce(heard.get(1)));
        // one message from the fault on
        assertArrayEquals(heard(1), heard(2));
        assertArrayEquals(heard(1), heard(3));
        assertEquals(
                command.equals("load") ? 400 : 0,
                town.run("a", "show").good().path("holding").asLong());
    }

    private static String nonce(Signed<WalletMessage> message) {
        return switch (message.statement().body()) {
            case WalletRequest.Load load -> load.loadNonce().hex();
            case WalletRequest.Remit remit -> remit.remitId().hex();
            default -> throw new AssertionError(message);
        };
    }

    @Test
    void whatIsClaimedIsToldAsMoney() {
        Town.Said said = Town.plain(Stream.of(holder("claim"))
                .filter(word -> !word.equals("--json"))
                .toArray(String[]::new));
        assertEquals(0, said.code(), said.err());
        assertTrue(said.out().startsWith("Returned 3.00 CNY; 0.40 CNY more from "), said.out());
    }
}
