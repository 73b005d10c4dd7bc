package org.jiaozi.cli.wallet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.function.Function;
import org.jiaozi.cli.wallet.KilledCommands.Case;

/** A sync by hand: what it asks and what it is answered are files that somebody else carries. */
final class KilledCarriers {
    /** More than it ever takes. */
    private static final int ROUNDS = 20;

    private final KilledCommands commands;
    private final Town town;

    KilledCarriers(KilledCommands commands) {
        this.commands = commands;
        this.town = commands.town;
    }

    void addTo(Map<String, Function<String, Case>> all) {
        all.put("envelope", this::envelope);
        all.put("answer", this::answer);
        all.put("last-answer", this::lastAnswer);
    }

    /** A wallet that has a payment to upload, and then something to deposit; where its messages go. */
    private String withMoney(String name) {
        commands.wallet(name);
        town.run(name, "load", "10.00").good();
        String payee = commands.payee();
        String tap = commands.file(name + ".request");
        commands.tap(payee, name, "1.00", tap);
        town.run(payee, "receive", "--file-in", tap + ".paid", "--file-out", tap + ".receipt")
                .good();
        return commands.file(name + ".envelope");
    }

    private String[] sync(String file) {
        return new String[] {"sync", "--keep", "2.00", "--envelope-out", file};
    }

    private String[] taking(String answer, String file) {
        return new String[] {"sync", "--keep", "2.00", "--answer-in", answer, "--envelope-out", file};
    }

    /** Somebody goes to the institution and comes back; where the answer lies. */
    private String carried(String file) {
        Town.plain("wallet", "carry", file, "--json", "--institution", town.url(), "--trust", town.trust.toString())
                .good();
        return file + ".answer";
    }

    /** Goes on until nothing is left to carry, and everything was done once. */
    private void finish(String name, String file, JsonNode said) {
        JsonNode last = said;
        for (int i = 0; last.path("more").asBoolean(); i++) {
            assertTrue(i < ROUNDS, last.toString());
            last = town.run(name, taking(carried(file), file)).good();
        }
        assertEquals(0, last.path("refusals").size(), last.toString());
        assertEquals(200, commands.holding(name));
        assertEquals(TownBank.OPENING - 300, commands.balance(name));
    }

    private Case envelope(String name) {
        String file = withMoney(name);
        return commands.on(name, said -> finish(name, file, said.good()), sync(file));
    }

    /** The answer to a first message, after which there is another to be sent. */
    private Case answer(String name) {
        String file = withMoney(name);
        town.run(name, sync(file)).good();
        String next = file + ".next";
        return commands.on(
                name,
                said -> {
                    assertTrue(said.good().path("more").asBoolean(), said.out());
                    finish(name, next, said.json());
                },
                taking(carried(file), next));
    }

    /** After which there is none: it uploads, deposits and renews. */
    private Case lastAnswer(String name) {
        String file = withMoney(name);
        town.run(name, sync(file)).good();
        for (int i = 0; i < 2; i++) {
            String next = file + "." + i;
            town.run(name, taking(carried(file), next)).good();
            file = next;
        }
        String last = file + ".last";
        return commands.on(
                name,
                said -> {
                    assertFalse(said.good().path("more").asBoolean(), said.out());
                    finish(name, last, said.json());
                },
                taking(carried(file), last));
    }
}
