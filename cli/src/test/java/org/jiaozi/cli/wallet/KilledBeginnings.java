package org.jiaozi.cli.wallet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.jiaozi.cli.wallet.KilledCommands.Case;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.InsecureSecretAccess;
import org.jiaozi.crypto.SecretKey;

/** Those that begin a wallet or close it anew: each needs a fresh one. */
final class KilledBeginnings {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KilledCommands commands;
    private final Town town;

    KilledBeginnings(KilledCommands commands) {
        this.commands = commands;
        this.town = commands.town;
    }

    void addTo(Map<String, Function<String, Case>> all) {
        all.put("create", this::create);
        all.put("enroll", this::enroll);
        all.put("pin", this::pin);
    }

    private void enrolls(String name) {
        town.run(name, "enroll", "--institution", town.url(), "--code", "CODE").good();
        commands.wallets.add(name);
    }

    private Case create(String name) {
        return commands.on(
                name,
                said -> {
                    if (said.code() != 0) {
                        assertTrue(said.json().path("error").asText().contains("already: enroll it"), said.out());
                    }
                    enrolls(name);
                },
                "create",
                "--trust",
                town.trust.toString());
    }

    /** Where another account's key lies already. */
    private Case enroll(String name) {
        town.run(name, "create", "--trust", town.trust.toString()).good();
        commands.wallets.add(name);
        Path key = town.folder.resolve(name + ".account-key");
        Path next = town.folder.resolve(name + ".account-key.next");
        Path older = town.folder.resolve(commands.shop + ".account-key");
        Path old = old(key, older);
        try {
            Files.write(key, Files.readAllBytes(older));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return commands.on(
                name,
                said -> {
                    JsonNode told = said.good();
                    assertEquals(key.toString(), told.path("accountKey").asText());
                    assertEquals(told.path("account"), json(key).path("account"));
                    assertEquals(TownBank.OPENING, commands.balance(name));
                    assertFalse(Files.exists(next));
                    assertEquals(json(older), json(old));
                    assertFalse(json(key).path("accountKey").equals(json(old).path("accountKey")));
                },
                "enroll",
                "--institution",
                town.url(),
                "--code",
                "CODE");
    }

    /** Where the older key is put aside: under the beginning of its thumbprint. */
    private static Path old(Path key, Path older) {
        SecretKey aside = SecretKey.fromScalar(
                Bytes.fromHex(json(older).path("accountKey").asText()), InsecureSecretAccess.get());
        return key.resolveSibling(key.getFileName() + ".old-"
                + aside.publicKey().thumbprint().hex().substring(0, 8));
    }

    private static JsonNode json(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Case pin(String name) {
        town.run(name, "create", "--trust", town.trust.toString()).good();
        return commands.on(
                name,
                said -> {
                    if (said.code() != 0) {
                        assertEquals(601, said.refused(), said.out());
                        assertTrue(said.out().contains("give the new one"), said.out());
                    }
                    System.setProperty("JIAOZI_PIN", Town.NEW_PIN);
                    try {
                        // open to whoever has the new PIN
                        assertEquals(
                                606,
                                town.run(name, "request", "1.00", "--show-qr").refused());
                    } finally {
                        System.setProperty("JIAOZI_PIN", Town.PIN);
                    }
                },
                "pin");
    }
}
