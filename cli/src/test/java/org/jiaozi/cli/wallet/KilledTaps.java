package org.jiaozi.cli.wallet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.jiaozi.cli.wallet.KilledCommands.Case;

/** Those of one tap. What left a wallet leaves it again bit for bit. */
final class KilledTaps {
    private final KilledCommands commands;
    private final Town town;

    KilledTaps(KilledCommands commands) {
        this.commands = commands;
        this.town = commands.town;
    }

    void addTo(Map<String, Function<String, Case>> all) {
        all.put("request", this::request);
        all.put("pay", this::pay);
        all.put("receive", this::receive);
        all.put("receipt", this::receipt);
    }

    private Case request(String name) {
        String payer = commands.payer();
        commands.wallet(name);
        String file = commands.file(name + ".request");
        return commands.on(
                name,
                said -> {
                    said.good();
                    town.run(payer, "pay", "--yes", "--file-in", file, "--file-out", file + ".paid")
                            .good();
                    town.run(name, "receive", "--file-in", file + ".paid", "--file-out", file + ".receipt")
                            .good();
                    town.run(payer, "receipt", "--file-in", file + ".receipt").good();
                    assertEquals(100, commands.holding(name));
                },
                "request",
                "1.00",
                "--file-out",
                file);
    }

    private Case pay(String name) {
        String shop = commands.payee();
        commands.wallet(name);
        town.run(name, "load", "10.00").good();
        String file = commands.file(name + ".request");
        town.run(shop, "request", "2.00", "--file-out", file).good();
        String[] pay = {"pay", "--yes", "--file-in", file, "--file-out", file + ".paid"};
        return commands.on(
                name,
                said -> {
                    said.good();
                    again(name, file + ".paid", pay);
                    assertEquals(800, commands.holding(name));
                    assertFalse(town.run(name, "show").good().path("rolledBack").asBoolean());
                    town.run(shop, "receive", "--file-in", file + ".paid", "--file-out", file + ".receipt")
                            .good();
                },
                pay);
    }

    private Case receive(String name) {
        String payer = commands.payer();
        commands.wallet(name);
        String file = commands.file(name + ".request");
        commands.tap(name, payer, "3.00", file);
        String[] receive = {"receive", "--file-in", file + ".paid", "--file-out", file + ".receipt"};
        return commands.on(
                name,
                said -> {
                    said.good();
                    again(name, file + ".receipt", receive);
                    assertEquals(300, commands.holding(name));
                    town.run(payer, "receipt", "--file-in", file + ".receipt").good();
                },
                receive);
    }

    private void again(String wallet, String file, String... command) {
        try {
            byte[] first = Files.readAllBytes(Path.of(file));
            town.run(wallet, command).good();
            assertArrayEquals(first, Files.readAllBytes(Path.of(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Case receipt(String name) {
        String shop = commands.payee();
        commands.wallet(name);
        town.run(name, "load", "1.00").good();
        String file = commands.file(name + ".request");
        commands.tap(shop, name, "1.00", file);
        town.run(shop, "receive", "--file-in", file + ".paid", "--file-out", file + ".receipt")
                .good();
        return commands.on(
                name,
                said -> assertTrue(said.good().path("receipt").asBoolean()),
                "receipt",
                "--file-in",
                file + ".receipt");
    }
}
