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
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.jiaozi.cli.wallet.KilledCommands.Case;
import org.jiaozi.cli.wallet.store.Act;
import org.jiaozi.cli.wallet.store.DurableStep;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.InsecureSecretAccess;
import org.jiaozi.crypto.SecretKey;

/** Those that begin a wallet or close it anew: each needs a fresh one. */
final class KilledBeginnings {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Town town;
    private final DurableStep step;
    private final KilledCommands commands;

    KilledBeginnings(Town town, DurableStep step, KilledCommands commands) {
        this.town = town;
        this.step = step;
        this.commands = commands;
    }

    Stream<Case> all() throws IOException {
        return Stream.of(create(), enroll(), pin());
    }

    private static JsonNode json(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Case create() {
        String name = "create-" + step;
        return new Case(
                Act.CREATE,
                name,
                KilledCommands.NOTHING,
                said -> {
                    if (step == DurableStep.BEFORE_COMMIT) {
                        said.good();
                    } else {
                        assertTrue(said.json().path("error").asText().contains("already: enroll it"), said.out());
                    }
                    town.run(name, "enroll", "--institution", town.url(), "--code", "CODE")
                            .good();
                },
                List.of("create", "--trust", town.trust.toString()));
    }

    private Case enroll() throws IOException {
        String name = "enroll-" + step;
        town.run(name, "create", "--trust", town.trust.toString()).good();
        Path key = town.folder.resolve(name + ".account-key");
        Path next = town.folder.resolve(name + ".account-key.next");
        byte[] older = Files.readAllBytes(town.folder.resolve("shop.account-key"));
        Files.write(key, older);
        Runnable cutOff = () -> {
            boolean bound =
                    !town.run(name, "show").json().path("account").asText("").isEmpty();
            if (step == DurableStep.AFTER_MARK && bound) {
                // the account's key in its place, and what was under way to it not yet removed
                copy(key, old(key));
                copy(next, key);
            }
        };
        return new Case(
                Act.ENROLL,
                name,
                cutOff,
                said -> {
                    JsonNode told = said.good();
                    assertEquals(key.toString(), told.path("accountKey").asText());
                    assertEquals(told.path("account"), json(key).path("account"));
                    assertEquals(TownBank.OPENING, commands.balance(name));
                    assertFalse(Files.exists(next));
                    assertEquals(json(town.folder.resolve("shop.account-key")), json(old(key)));
                    assertFalse(
                            json(key).path("accountKey").equals(json(old(key)).path("accountKey")));
                },
                List.of("enroll", "--institution", town.url(), "--code", "CODE"));
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the older key is put aside: under the beginning of its thumbprint. */
    private Path old(Path key) {
        SecretKey older = SecretKey.fromScalar(
                Bytes.fromHex(json(town.folder.resolve("shop.account-key"))
                        .path("accountKey")
                        .asText()),
                InsecureSecretAccess.get());
        return key.resolveSibling(key.getFileName() + ".old-"
                + older.publicKey().thumbprint().hex().substring(0, 8));
    }

    private Case pin() {
        String name = "pin-" + step;
        town.run(name, "create", "--trust", town.trust.toString()).good();
        return new Case(
                Act.PIN,
                name,
                KilledCommands.NOTHING,
                said -> {
                    if (step == DurableStep.BEFORE_COMMIT) {
                        said.good();
                    } else {
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
                List.of("pin"));
    }
}
