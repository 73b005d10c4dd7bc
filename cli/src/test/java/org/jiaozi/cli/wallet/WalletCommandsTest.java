package org.jiaozi.cli.wallet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec 06, clause 10: what was signed is durable before it leaves, and the same question gets the same bytes. */
class WalletCommandsTest {
    @TempDir
    private static Path folder;

    private static Town town;

    @BeforeAll
    static void open() throws IOException {
        System.setProperty("JIAOZI_PIN", Town.PIN);
        System.setProperty("JIAOZI_ARGON2", "cheap");
        town = new Town(folder);
        town.wallet("a");
        town.wallet("b");
        town.run("a", "load", "900.00").good();
    }

    @AfterAll
    static void close() {
        town.close();
        System.clearProperty("JIAOZI_PIN");
        System.clearProperty("JIAOZI_ARGON2");
    }

    private static String file(String name) {
        return folder.resolve(name).toString();
    }

    private static long holding(String wallet) {
        return town.run(wallet, "show").good().path("holding").asLong();
    }

    private static void request(String amount, String name) {
        town.run("b", "request", amount, "--file-out", file(name)).good();
    }

    @Test
    void aTapOverTcpMovesMoneyAndBringsTheReceiptBack() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        long before = holding("b");
        CompletableFuture<Town.Said> payee = CompletableFuture.supplyAsync(
                () -> town.run("b", "request", "12.50", "--listen", Integer.toString(port)));
        Town.Said paid = town.run("a", "pay", "--yes", "--connect", "127.0.0.1:" + port);
        while (paid.code() != 0 && !payee.isDone()) {
            // the payee may not be listening yet
            paid = town.run("a", "pay", "--yes", "--connect", "127.0.0.1:" + port);
        }
        assertTrue(paid.good().path("receipt").asBoolean());
        JsonNode received = payee.join().good();
        assertEquals(1250, received.path("credited").asLong());
        assertEquals(
                paid.json().path("transfer").asText(), received.path("transfer").asText());
        assertEquals(before + 1250, holding("b"));
    }

    @Test
    void aTapOverQrImagesIsRepeatedBitForBit() throws IOException {
        town.run("b", "request", "1.00", "--qr-out", file("qr1")).good();
        town.run("a", "pay", "--yes", "--qr-in", file("qr1"), "--qr-out", file("qr2"))
                .good();
        byte[] first = Files.readAllBytes(folder.resolve("qr2").resolve("message.png"));
        assertTrue(town.run("a", "pay", "--yes", "--qr-in", file("qr1"), "--qr-out", file("qr2"))
                .good()
                .path("repeated")
                .asBoolean());
        assertArrayEquals(first, Files.readAllBytes(folder.resolve("qr2").resolve("message.png")));
        town.run("b", "receive", "--qr-in", file("qr2"), "--qr-out", file("qr3"))
                .good();
        assertTrue(town.run("a", "receipt", "--qr-in", file("qr3"))
                .good()
                .path("receipt")
                .asBoolean());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PAY_BEFORE_COMMIT", "PAY_AFTER_COMMIT", "PAY_AFTER_MARK"})
    void aPayerKilledAnywherePaysOnceOnRetry(String step) throws IOException {
        long before = holding("a");
        request("2.00", step);
        String[] pay = {"pay", "--yes", "--file-in", file(step), "--file-out", file(step + ".paid")};
        assertEquals(137, town.child(step, "a", pay).code());
        assertFalse(Files.exists(folder.resolve(step + ".paid")), "nothing leaves before it is durable");
        JsonNode retried = town.run("a", pay).good();
        assertEquals(!step.equals("PAY_BEFORE_COMMIT"), retried.path("repeated").asBoolean());
        byte[] first = Files.readAllBytes(folder.resolve(step + ".paid"));
        town.run("a", pay).good();
        assertArrayEquals(first, Files.readAllBytes(folder.resolve(step + ".paid")));
        assertEquals(before - 200, holding("a"));
        assertFalse(town.run("a", "show").good().path("rolledBack").asBoolean());
        town.run("b", "receive", "--file-in", file(step + ".paid"), "--file-out", file(step + ".receipt"))
                .good();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RECEIVE_BEFORE_COMMIT", "RECEIVE_AFTER_COMMIT", "RECEIVE_AFTER_MARK"})
    void aPayeeKilledAnywhereCreditsOnceOnRetry(String step) throws IOException {
        long before = holding("b");
        request("3.00", step);
        town.run("a", "pay", "--yes", "--file-in", file(step), "--file-out", file(step + ".paid"))
                .good();
        String[] receive = {"receive", "--file-in", file(step + ".paid"), "--file-out", file(step + ".receipt")};
        assertEquals(137, town.child(step, "b", receive).code());
        assertFalse(Files.exists(folder.resolve(step + ".receipt")));
        town.run("b", receive).good();
        byte[] first = Files.readAllBytes(folder.resolve(step + ".receipt"));
        town.run("b", receive).good();
        assertArrayEquals(first, Files.readAllBytes(folder.resolve(step + ".receipt")));
        assertEquals(before + 300, holding("b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"LOAD_AFTER_COMMIT", "LOAD_SENT"})
    void aLoadCutOffIsFinishedNotRepeated(String step) {
        long before = holding("a");
        int notes = town.bank.notes.size();
        assertEquals(137, town.child(step, "a", "load", "4.00").code());
        town.run("a", "load", "4.00").good();
        assertEquals(before + 400, holding("a"));
        assertEquals(notes + 1, town.bank.notes.size());
    }

    @Test
    void everyRenewalBringsKeysThatWereNeverUsed() {
        town.wallet("often");
        for (int i = 0; i < 4; i++) {
            JsonNode renewed = town.run("often", "renew").good();
            assertEquals(0, renewed.path("refusals").size(), renewed.toString());
        }
        assertEquals(List.of(), town.bank.breaches());
    }

    @Test
    void aRefusedPaymentComesBackWithTheNonReceipt() throws IOException {
        request("5.00", "late");
        town.run("a", "pay", "--yes", "--file-in", file("late"), "--file-out", file("late.paid"))
                .good();
        // the payee's clock has passed the note's expiry: it refuses what is signed, and says so under its signature
        Town.Said no = town.run(
                "b",
                "receive",
                "--clock-offset",
                Long.toString(400L * 86_400),
                "--file-in",
                file("late.paid"),
                "--file-out",
                file("late.no"));
        assertEquals(1, no.code());
        JsonNode kept = town.run("a", "receipt", "--file-in", file("late.no")).good();
        assertTrue(kept.path("nonReceipt").asBoolean());
        assertEquals(1, town.run("a", "show").good().path("pendingReturns").asInt());
    }

    @Test
    void refusalsAreNumberedAndChangeNothing() {
        request("5000.00", "dear");
        Town.Said no = town.run("a", "pay", "--yes", "--file-in", file("dear"), "--file-out", file("dear.paid"));
        assertEquals(1, no.code());
        assertTrue(Set.of(501, 502, 505).contains(no.refused()), no.out());
        assertFalse(Files.exists(folder.resolve("dear.paid")));
        assertEquals(2, town.run("a", "load", "1.005").code(), "three decimals of a currency with two");
    }

    @Test
    void aSecondProcessIsToldThatTheWalletIsInUse() throws IOException {
        try (FileChannel channel = FileChannel.open(town.dir("b").resolve("lock"), StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            assertTrue(held.isValid());
            assertEquals(605, town.child("", "b", "show").refused());
        }
    }

    @Test
    void wrongPinsMakeItWaitAndTheCountIsKept() {
        town.run("p", "create", "--trust", town.trust.toString()).good();
        System.setProperty("JIAOZI_PIN", "000001");
        try {
            for (int i = 0; i < 3; i++) {
                assertEquals(601, town.run("p", "account").refused());
            }
            assertEquals(602, town.run("p", "account").refused());
        } finally {
            System.setProperty("JIAOZI_PIN", Town.PIN);
        }
        // even the right one has to wait
        Town.Said wait = town.run("p", "account");
        assertEquals(602, wait.refused());
        assertTrue(wait.json().path("refused").path("waitSeconds").asLong() > 0);
    }

    @Test
    void aDirectoryRestoredFromAnOldCopySignsNothing() throws IOException {
        town.wallet("r");
        town.run("r", "load", "10.00").good();
        copy(town.dir("r"), town.dir("r.old"));
        town.run("r", "request", "1.00", "--file-out", file("r1")).good();
        delete(town.dir("r"));
        copy(town.dir("r.old"), town.dir("r"));
        assertEquals(
                604, town.run("r", "request", "1.00", "--file-out", file("r2")).refused());
        assertTrue(town.run("r", "show").good().path("rolledBack").asBoolean());
        assertEquals(604, town.run("r", "load", "1.00").refused());
        assertFalse(Files.exists(folder.resolve("r2")));
    }

    @Test
    void aCopyWithoutItsMarkSignsNothing() throws IOException {
        town.wallet("m");
        copy(town.dir("m"), town.dir("m2"));
        Path marks = folder.resolve("marks");
        Path away = folder.resolve("marks.away");
        Files.move(marks, away);
        try {
            assertEquals(
                    604,
                    town.run("m2", "request", "1.00", "--file-out", file("m1")).refused());
        } finally {
            delete(marks);
            Files.move(away, marks);
        }
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    static void delete(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
