package org.jiaozi.cli.wallet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jiaozi.cli.wallet.KilledCommands.Case;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Amount;

/** Those that end in a no: a payment denied, a deposit given back, a load refused. Nothing is lost by them. */
final class KilledRefusals {
    private static final Amount GIVEN_BACK = new Amount(123);
    private static final Amount REFUSED = new Amount(321);

    private final KilledCommands commands;
    private final Town town;

    KilledRefusals(KilledCommands commands) {
        this.commands = commands;
        this.town = commands.town;
        town.bank.givesBack = GIVEN_BACK::equals;
        town.bank.refuseLoadsOf(REFUSED, RefusalCode.INSUFFICIENT_BALANCE);
    }

    void addTo(Map<String, Function<String, Case>> all) {
        all.put("deny", this::deny);
        all.put("deposit-back", this::depositBack);
        all.put("load-refused", this::loadRefused);
    }

    /** A payment that comes too late: who denied it once does not take it afterwards, and the payer has it back. */
    Case deny(String name) {
        String payer = commands.wallet(name + "-payer");
        town.run(payer, "load", "3.00").good();
        commands.wallet(name);
        commands.tap(name, payer, "3.00", commands.file(name + ".request"));
        List<String> late = new ArrayList<>(List.of(inTime(name)));
        late.addAll(List.of("--clock-offset", Long.toString(KilledCommands.LONG_AFTER)));
        return commands.on(
                name,
                said -> {
                    assertEquals(1, said.code(), said.out() + said.err());
                    byte[] denied = bytes(denial(name));
                    assertEquals(1, town.run(name, inTime(name)).code());
                    assertArrayEquals(denied, bytes(denial(name)));
                    assertEquals(0, commands.holding(name));
                    town.run(payer, "receipt", "--file-in", denial(name).toString())
                            .good();
                    town.run(payer, "sync").good();
                    assertEquals(TownBank.OPENING, commands.balance(payer) + commands.holding(payer));
                },
                late.toArray(String[]::new));
    }

    /** Takes that payment at the right time. */
    String[] inTime(String name) {
        String file = commands.file(name + ".request");
        return new String[] {
            "receive", "--file-in", file + ".paid", "--file-out", denial(name).toString()
        };
    }

    /** Where the answer to that payment is written. */
    Path denial(String name) {
        return Path.of(commands.file(name + ".request.answer"));
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Case depositBack(String name) {
        commands.wallet(name);
        town.run(name, "load", "10.00").good();
        return commands.on(
                name,
                said -> {
                    assertEquals(0, said.json().path("credited").asLong(), said.out());
                    assertEquals(1000, commands.holding(name));
                    assertEquals(TownBank.OPENING - 1000, commands.balance(name));
                    // what came back is as good as any
                    town.run(name, "deposit", "10.00").good();
                    assertEquals(TownBank.OPENING, commands.balance(name));
                },
                "deposit",
                "1.23");
    }

    private Case loadRefused(String name) {
        commands.wallet(name);
        return commands.on(
                name,
                said -> {
                    assertEquals(RefusalCode.INSUFFICIENT_BALANCE.number(), said.refused(), said.out());
                    town.run(name, "load", "2.00").good();
                    assertEquals(200, commands.holding(name));
                    assertEquals(TownBank.OPENING - 200, commands.balance(name));
                },
                "load",
                "3.21");
    }
}
