package org.jiaozi.cli.wallet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jiaozi.core.statement.PurseCertificate.Limits;
import org.jiaozi.core.value.Period;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dates, revocation, staleness, limits and PINs at the command line: refused by number, and nothing changed. */
class BadTimesAndLimitsTest {
    private static final long DAY = 86_400;

    @TempDir
    private Path folder;

    private Town town;
    private Unchanged unchanged;

    @BeforeEach
    void open() throws IOException {
        town = new Town(folder);
        town.wallet("b");
        unchanged = new Unchanged(town, List.of("a", "b"));
    }

    @AfterEach
    void close() {
        town.close();
    }

    private void payer(String amount) {
        town.wallet("a");
        town.run("a", "load", amount).good();
    }

    @Test
    void requestsOfThePastAndOfTheFutureAreNotPaid() throws IOException {
        payer("50.00");
        Path request = town.request("b", "1.00", "q");
        Town.clock(-1000);
        unchanged.pay(List.of(405), "a", request);
        Town.clock(1000);
        unchanged.pay(List.of(406), "a", request);
    }

    @Test
    void expiredAndFutureCertificatesPayAndAskNothing() throws IOException {
        payer("50.00");
        Path request = town.request("b", "1.00", "q");
        for (String[] ask : List.of(
                new String[] {"203", Long.toString(120 * DAY)}, new String[] {"204", Long.toString(-3 * DAY)})) {
            Town.clock(Long.parseLong(ask[1]));
            unchanged.pay(List.of(Integer.parseInt(ask[0])), "a", request);
            unchanged.refuses(
                    List.of(Integer.parseInt(ask[0])),
                    "b",
                    "request",
                    "1.00",
                    "--file-out",
                    folder.resolve("never").toString());
        }
    }

    @Test
    void anExpiredNoteIsNotPaidWith() throws IOException {
        town.bank.noteLife = Period.ofDays(10);
        payer("50.00");
        Town.clock(15 * DAY);
        unchanged.pay(List.of(307), "a", town.request("b", "1.00", "q"));
    }

    @Test
    void aStaleBulletinAsksForNothing() throws IOException {
        payer("50.00");
        Town.clock(40 * DAY);
        unchanged.refuses(
                List.of(207),
                "b",
                "request",
                "1.00",
                "--file-out",
                folder.resolve("never").toString());
    }

    @Test
    void aPayeeWhoseBulletinHasGoneStaleRefusesWithANonReceipt() {
        payer("50.00");
        Town.clock(29 * DAY + DAY - 300);
        Path payment = town.pay("a", town.request("b", "1.00", "q"));
        Town.clock(30 * DAY + 200);
        Path answer = folder.resolve("answer");
        Town.Said no = town.run("b", "receive", "--file-in", payment.toString(), "--file-out", answer.toString());
        assertEquals(207, no.refused(), no.out());
        assertEquals(0, town.holding("b"));
        town.run("a", "receipt", "--file-in", answer.toString()).good();
        assertEquals(1, town.run("a", "show").good().path("pendingReturns").asInt());
    }

    @Test
    void aRevokedPayerIsRefusedAndARevokedPayeeNotPaid() throws IOException {
        payer("50.00");
        Path payment = town.pay("a", town.request("b", "1.00", "q"));
        town.revoke("a");
        town.run("b", "renew").good();
        Town.Said no = town.run(
                "b",
                "receive",
                "--file-in",
                payment.toString(),
                "--file-out",
                folder.resolve("answer").toString());
        assertEquals(205, no.refused(), no.out());
        assertEquals(0, town.holding("b"));

        town.wallet("c");
        town.run("c", "load", "5.00").good();
        unchanged.pay(List.of(205), "c", revokedPayee());
    }

    /** A request of a wallet that is revoked afterwards, for a payer that has heard of it. */
    private Path revokedPayee() throws IOException {
        town.wallet("d");
        Path request = town.request("d", "1.00", "q2");
        town.revoke("d");
        town.run("c", "renew").good();
        return request;
    }

    @Test
    void limitsOfPaymentTotalCountAndHoldingHold() throws IOException {
        town.bank.limits = new Limits(500, 1_000, 3, 2_000);
        payer("20.00");
        unchanged.pay(List.of(501), "a", town.request("b", "6.00", "q0"));
        town.receive("b", town.pay("a", town.request("b", "5.00", "q1")));
        town.receive("b", town.pay("a", town.request("b", "4.00", "q2")));
        unchanged.pay(List.of(502), "a", town.request("b", "2.00", "q3"));
        town.receive("b", town.pay("a", town.request("b", "0.50", "q4")));
        unchanged.pay(List.of(503), "a", town.request("b", "0.50", "q5"));
        assertEquals(1050, town.holding("a"));

        town.wallet("small");
        unchanged.refuses(
                List.of(504),
                "small",
                "request",
                "20.01",
                "--file-out",
                folder.resolve("never").toString());
    }

    @Test
    void nobodyPaysMoreThanThereIs() throws IOException {
        payer("5.00");
        unchanged.pay(List.of(505), "a", town.request("b", "5.01", "q"));
    }

    @Test
    void moneyWithoutHopsLeftIsNotPaidOn() throws IOException {
        payer("1.00");
        for (int hop = 0; hop < 5; hop++) {
            town.receive(hop % 2 == 0 ? "b" : "a", town.pay(hop % 2 == 0 ? "a" : "b", hop(hop)));
        }
        assertEquals(100, town.holding("b"));
        unchanged.pay(List.of(303, 509), "b", town.request("a", "1.00", "last"));
    }

    private Path hop(int hop) {
        return town.request(hop % 2 == 0 ? "b" : "a", "1.00", "hop" + hop);
    }

    @Test
    void aWrongPinDoesNothing() throws IOException {
        payer("5.00");
        Path request = town.request("b", "1.00", "q");
        System.setProperty("JIAOZI_PIN", "000001");
        Town.Said said = town.asPerson(
                "a",
                "pay",
                "--yes",
                "--file-in",
                request.toString(),
                "--file-out",
                folder.resolve("never").toString());
        assertEquals(1, said.code());
        assertTrue(said.err().startsWith("jiaozi: refused 601 WRONG_PIN: "), said.err());
        assertEquals(1, said.err().lines().count());
        System.setProperty("JIAOZI_PIN", Town.PIN);
        town.pay("a", request);
        assertEquals(400, town.holding("a"));
    }

    @Test
    void anOldCopyNeitherPaysNorReceives() throws IOException {
        payer("5.00");
        Path mine = town.request("a", "1.00", "mine");
        Path theirs = town.request("b", "1.00", "theirs");
        town.run("b", "load", "5.00").good();
        Path payment = town.pay("b", mine);
        Path old = folder.resolve("old");
        WalletCommandsTest.copy(town.dir("a"), old);
        town.request("a", "1.00", "later");
        WalletCommandsTest.delete(town.dir("a"));
        WalletCommandsTest.copy(old, town.dir("a"));
        // the first command finds it out and marks it
        town.run("a", "show").good();
        unchanged.pay(List.of(604), "a", theirs);
        unchanged.receive(List.of(604), "a", payment);
    }
}
