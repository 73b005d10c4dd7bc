package org.jiaozi.cli.wallet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jiaozi.core.value.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Truncated, altered, repeated, oversized and misdirected messages at the command line: refused, and nothing changed. */
class BadMessagesTest {
    /** Of bytes, keys, lineage or tap: which of them an altered byte is depends on where it stands. */
    private static final List<Integer> UNREADABLE = Unchanged.between(101, 500);

    private static final int TRIES = 4;

    @TempDir
    private Path folder;

    private Town town;
    private Unchanged unchanged;

    @BeforeEach
    void open() throws IOException {
        town = new Town(folder);
        town.wallet("a");
        town.wallet("b");
        town.run("a", "load", "50.00").good();
        unchanged = new Unchanged(town, List.of("a", "b"));
    }

    @AfterEach
    void close() {
        town.close();
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    private Path written(byte[] content) throws IOException {
        return Files.write(file("spoilt"), content);
    }

    private interface Refusing {
        void by(Path spoilt) throws IOException;
    }

    /** Cut short, lengthened, and with one bit turned, at places that a printed seed draws. */
    private void spoil(Path message, Refusing refusing) throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] whole = Files.readAllBytes(message);
        try {
            for (int i = 0; i < TRIES; i++) {
                refusing.by(written(Arrays.copyOf(whole, 1 + random.nextInt(whole.length - 1))));
                byte[] flipped = whole.clone();
                flipped[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
                refusing.by(written(flipped));
            }
            refusing.by(written(Arrays.copyOf(whole, whole.length + 1)));
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    @Test
    void aSpoiltRequestIsNotPaid() throws IOException {
        Path request = town.request("b", "12.50", "q");
        spoil(request, spoilt -> unchanged.pay(UNREADABLE, "a", spoilt));
        town.pay("a", request);
        assertEquals(3750, town.holding("a"));
    }

    @Test
    void aSpoiltPaymentIsNotTakenAndTheSoundOneIs() throws IOException {
        Path payment = town.pay("a", town.request("b", "12.50", "q"));
        spoil(payment, spoilt -> unchanged.receive(UNREADABLE, "b", spoilt));
        town.receive("b", payment);
        assertEquals(1250, town.holding("b"));
    }

    @Test
    void aSpoiltReceiptIsNotKeptAndTheSoundOneIs() throws IOException {
        Path receipt = town.receive("b", town.pay("a", town.request("b", "12.50", "q")));
        spoil(receipt, spoilt -> unchanged.receipt(UNREADABLE, "a", spoilt));
        town.run("a", "receipt", "--file-in", receipt.toString()).good();
        assertEquals(0, town.run("a", "show").good().path("pendingReceipts").asInt());
    }

    @Test
    void whatIsTooLargeIsNotRead() throws IOException {
        Path big = Files.write(file("big"), new byte[70_000]);
        unchanged.pay(List.of(109), "a", big);
        unchanged.receive(List.of(109), "b", big);
        unchanged.receipt(List.of(109), "a", big);
    }

    @Test
    void whatIsRepeatedHappensOnce() throws IOException {
        Path request = town.request("b", "12.50", "q");
        Path payment = town.pay("a", request);
        byte[] first = Files.readAllBytes(payment);
        Path receipt = town.receive("b", payment);
        byte[] answer = Files.readAllBytes(receipt);
        for (int i = 0; i < 2; i++) {
            town.pay("a", request);
            assertArrayEquals(first, Files.readAllBytes(payment));
            town.receive("b", payment);
            assertArrayEquals(answer, Files.readAllBytes(receipt));
            town.run("a", "receipt", "--file-in", receipt.toString()).good();
        }
        assertEquals(3750, town.holding("a"));
        assertEquals(1250, town.holding("b"));
    }

    @Test
    void aPaymentForAnotherRequestOrAnotherPayeeIsNotTaken() throws IOException {
        Path one = town.request("b", "1.00", "one");
        Path other = town.request("b", "1.00", "other");
        Path payment = town.pay("a", one);
        // a stranger's: no request of its own
        unchanged.receive(List.of(401), "a", payment);
        unchanged.receipt(List.of(401), "b", receiptOf(payment));
        // the same payment under the other request's name
        Bytes relabelled = Bytes.of(Files.readAllBytes(payment));
        Bytes mine = nonce(one);
        Bytes theirs = nonce(other);
        Path forged = written(Bytes.fromHex(relabelled.hex().replace(mine.hex(), theirs.hex()))
                .toArray());
        assertFalse(Arrays.equals(Files.readAllBytes(forged), Files.readAllBytes(payment)));
        unchanged.receive(List.of(407), "b", forged);
    }

    private Path receiptOf(Path payment) {
        return town.receive("b", payment);
    }

    private static Bytes nonce(Path request) throws IOException {
        return ((org.jiaozi.core.tap.TapMessage.RequestMessage)
                        org.jiaozi.core.tap.TapMessage.decode(Bytes.of(Files.readAllBytes(request))))
                .request()
                .statement()
                .nonce()
                .bytes();
    }

    @Test
    void aSecondPayerOfOneRequestGetsItsMoneyBackAndThePayeeNothingMore() throws IOException {
        town.wallet("c");
        town.run("c", "load", "5.00").good();
        Path request = town.request("b", "1.00", "q");
        town.receive("b", town.pay("a", request));
        Path second = file("second");
        town.run("c", "pay", "--yes", "--file-in", request.toString(), "--file-out", second.toString())
                .good();
        Path answer = file("answer");
        Town.Said no = town.run("b", "receive", "--file-in", second.toString(), "--file-out", answer.toString());
        assertEquals(403, no.refused(), no.out());
        assertEquals(100, town.holding("b"));
        town.run("c", "receipt", "--file-in", answer.toString()).good();
        assertEquals(1, town.run("c", "show").good().path("pendingReturns").asInt());
    }

    @Test
    void anotherCurrencyIsNeitherPaidNorTaken() throws IOException {
        town.run("u", "create", "--trust", town.trust.toString()).good();
        town.run("u", "enroll", "--institution", town.url(), "--code", "CODE", "--currency", "USD")
                .good();
        Unchanged all = new Unchanged(town, List.of("a", "u"));
        all.pay(List.of(306), "a", town.request("u", "1.00", "dollars"));
        town.run("u", "load", "3.00").good();
        all.pay(List.of(306), "u", town.request("b", "1.00", "yuan"));
    }

    @Test
    void messagesOfTheWrongKindAreTold() throws IOException {
        Path request = town.request("b", "1.00", "q");
        Path payment = town.pay("a", request);
        Path receipt = town.receive("b", payment);
        for (String[] line : List.of(
                new String[] {"a", "pay", "--yes", "--file-in", receipt.toString(), "--file-out", "x"},
                new String[] {"b", "receive", "--file-in", receipt.toString(), "--file-out", "x"},
                new String[] {"b", "receive", "--file-in", request.toString(), "--file-out", "x"},
                new String[] {"a", "receipt", "--file-in", payment.toString()},
                new String[] {"a", "pay", "--yes", "--file-in", file("nothing").toString(), "--file-out", "x"})) {
            Town.Said said = town.asPerson(line[0], Arrays.copyOfRange(line, 1, line.length));
            assertEquals(1, said.code(), said.out() + said.err());
            assertEquals(1, said.err().lines().count(), said.err());
        }
        assertFalse(Files.exists(Path.of("x")));
    }
}
