package org.jiaozi.cli.wallet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jiaozi.cli.wallet.KilledCommands.Attempt;
import org.jiaozi.cli.wallet.KilledCommands.Case;

/**
 * Taps over a stream, of which one side is killed and the other hears no more. Both do then what docs/cli.md says: if the
 * payer's history has the payment, it is sent again and received; if not, the tap begins anew.
 */
final class KilledStreams {
    private final KilledCommands commands;
    private final Town town;

    KilledStreams(KilledCommands commands) {
        this.commands = commands;
        this.town = commands.town;
    }

    void addTo(Map<String, Function<String, Case>> all) {
        all.put("pay-stream", name -> pay(name, false));
        all.put("pay-again-stream", name -> pay(name, true));
        all.put("request-stream", name -> request(name, false));
        all.put("receive-stream", name -> request(name, true));
    }

    /** The payer is killed. */
    private Case pay(String name, boolean lost) {
        String payee = commands.other();
        commands.wallet(name);
        town.run(name, "load", "10.00").good();
        if (lost) {
            commands.tap(payee, name, "2.00", commands.file(name + ".lost"));
        }
        return new Case(
                () -> hasPaid(name)
                        ? attempt(name, List.of("pay", "--again", "last"), payee, "receive")
                        : attempt(name, List.of("pay", "--yes"), payee, "request", "2.00"),
                said -> {
                    assertEquals(200, said.good().path("amount").asLong());
                    assertTrue(said.json().path("receipt").asBoolean(), said.out());
                    settled(name, payee);
                });
    }

    /** The payee is killed. */
    private Case request(String name, boolean lost) {
        String payer = commands.other();
        commands.wallet(name);
        town.run(name, "load", "10.00").good();
        if (lost) {
            commands.tap(name, payer, "2.00", commands.file(name + ".lost"));
        }
        return new Case(
                () -> hasPaid(payer)
                        ? attempt(name, List.of("receive"), payer, "pay", "--again", "last")
                        : attempt(name, List.of("request", "2.00"), payer, "pay", "--yes"),
                said -> {
                    assertEquals(200, said.good().path("credited").asLong());
                    settled(payer, name);
                });
    }

    private boolean hasPaid(String payer) {
        for (JsonNode line : town.run(payer, "history").good().path("entries")) {
            if (line.path("what").asText().equals("paid")) {
                return true;
            }
        }
        return false;
    }

    private Attempt attempt(String name, List<String> command, String other, String... otherCommand) {
        OtherEnd end = new OtherEnd(town, other, otherCommand);
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of("--connect", end.address()));
        return new Attempt(List.of(town.line(name, words.toArray(String[]::new))), end::over);
    }

    private void settled(String payer, String payee) {
        assertEquals(800, commands.holding(payer));
        assertEquals(1200, commands.holding(payee));
        for (String side : List.of(payer, payee)) {
            assertFalse(town.run(side, "show").good().path("rolledBack").asBoolean());
        }
        assertEquals(0, town.run(payer, "show").good().path("pendingReceipts").asInt());
    }
}
