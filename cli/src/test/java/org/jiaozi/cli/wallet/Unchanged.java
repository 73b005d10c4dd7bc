package org.jiaozi.cli.wallet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What bad input gets: one line with the refusal's number on the error stream, exit code 1, no payment, and every wallet as
 * it was before.
 *
 * @param town where
 * @param wallets that must not change
 */
record Unchanged(Town town, List<String> wallets) {
    private List<String> shown() {
        return wallets.stream().map(w -> town.run(w, "show").good().toString()).toList();
    }

    private Path out() {
        return town.folder.resolve("refused.out");
    }

    /** Runs a command of one wallet that must be refused with one of these numbers. */
    void refuses(List<Integer> numbers, String wallet, String... command) throws IOException {
        List<String> before = shown();
        Town.Said said = town.asPerson(wallet, command);
        String what = String.join(" ", command) + ": " + said.out() + said.err();
        assertEquals(1, said.code(), what);
        assertTrue(said.err().matches("jiaozi: refused [0-9]{3} [A-Z_]+: [^\n]+\n"), what);
        assertTrue(numbers.contains(Integer.parseInt(said.err().substring(16, 19))), what);
        assertEquals(before, shown(), what);
    }

    /** A payer that must refuse a request. */
    void pay(List<Integer> numbers, String payer, Path request) throws IOException {
        refuses(numbers, payer, "pay", "--yes", "--file-in", request.toString(), "--file-out", out().toString());
        assertFalse(Files.exists(out()), "nothing that could be taken for a payment");
    }

    /** A payee that must refuse a payment; what it writes is for the payer. */
    void receive(List<Integer> numbers, String payee, Path payment) throws IOException {
        refuses(numbers, payee, "receive", "--file-in", payment.toString(), "--file-out", out().toString());
        Files.deleteIfExists(out());
    }

    /** A payer that must not take an answer. */
    void receipt(List<Integer> numbers, String payer, Path answer) throws IOException {
        refuses(numbers, payer, "receipt", "--file-in", answer.toString());
    }

    /** Every refusal with a number from one on, below another. */
    static List<Integer> between(int from, int below) {
        return Stream.iterate(from, n -> n < below, n -> n + 1).toList();
    }
}
