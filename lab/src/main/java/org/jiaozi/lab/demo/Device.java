package org.jiaozi.lab.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jiaozi.cli.wallet.store.PinGuard;
import org.jiaozi.cli.wallet.store.WalletStore;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.Argon2Cost;
import org.jiaozi.crypto.Providers;
import org.jiaozi.crypto.SystemEntropy;
import org.jiaozi.lab.Folders;
import org.jspecify.annotations.Nullable;

/** One wallet: a directory, a mark directory outside it, and the process that is started for every command. */
final class Device {
    private static final String PIN = "246810";

    private final Jiaozi jiaozi;
    private final Offline offline;
    private final Path home;
    private @Nullable Shell shell;
    private boolean networked;

    Device(Jiaozi jiaozi, Offline offline, Path home) throws IOException {
        this.jiaozi = jiaozi;
        this.offline = offline;
        this.home = Files.createDirectories(home);
    }

    Path home() {
        return home;
    }

    Path wallet() {
        return home.resolve("wallet");
    }

    Path accountKey() {
        return home.resolve("account.key");
    }

    private Map<String, String> environment() {
        return environment(home);
    }

    /** What a wallet's process has to know that lives in {@code home}. */
    static Map<String, String> environment(Path home) {
        // only its own directories and, for the demo's sake, a cheap key derivation: PINs here guard play money
        return new HashMap<>(Map.of(
                "JIAOZI_WALLET",
                home.resolve("wallet").toString(),
                "JIAOZI_MARK_DIR",
                home.resolve("mark").toString(),
                "JIAOZI_PIN",
                PIN,
                "JIAOZI_ARGON2",
                "cheap"));
    }

    static List<String> words(String... args) {
        List<String> words = new ArrayList<>(List.of("wallet"));
        words.addAll(List.of(args));
        words.add("--json");
        return words;
    }

    /** A command that has the network; it must succeed. */
    JsonNode online(String... args) throws IOException {
        return Jiaozi.succeeded(tryOnline(args), args);
    }

    /** A command that may say no, with the network. */
    Jiaozi.Result tryOnline(String... args) throws IOException {
        return switchedOn(true).run(words(args));
    }

    /** Starts a command without a network route; the shell's next command waits for its end. */
    Shell startOffline(String... args) throws IOException {
        Shell shell = switchedOn(false);
        shell.begin(words(args));
        return shell;
    }

    /** Runs a command without a network route. */
    Jiaozi.Result offline(String... args) throws IOException {
        return startOffline(args).finish();
    }

    /** Runs a command without a network route, in a process of its own that is killed at a durable step. */
    Jiaozi.Result killedAt(String step, String... args) throws IOException, InterruptedException {
        Map<String, String> environment = environment();
        environment.put("JIAOZI_CRASH_AT", step);
        return jiaozi.start(offline.prefix(), environment, words(args)).finish();
    }

    /** The device's process; one with a network is another than one without. */
    private Shell switchedOn(boolean network) throws IOException {
        Shell running = shell;
        if (running == null || network != networked) {
            switchOff();
            running = jiaozi.shell(
                    network ? List.of() : offline.prefix(),
                    environment(),
                    home.getFileName() + (network ? "-online" : "-offline"));
            shell = running;
            networked = network;
        }
        return running;
    }

    /** Ends the device's process. */
    void switchOff() {
        if (shell != null) {
            shell.close();
            shell = null;
        }
    }

    /** A copy of everything, the mark included: what a cheat with a broken element has. */
    Device cloneTo(Path target) throws IOException {
        copyTree(home, target);
        return new Device(jiaozi, offline, target);
    }

    /**
     * Signs {@code message} once more with a key of this device, as a thief of the device and its PIN could. Corretto's
     * provider draws a nonce for every signature, so the result differs from every earlier one.
     */
    Signature signWith(PublicKey key, Bytes message) {
        Providers.loadNative();
        try (WalletStore store = WalletStore.open(wallet(), home.resolve("mark"), (act, step) -> {})) {
            return new PinGuard(store, new SystemEntropy(), Argon2Cost.STANDARD)
                    .open(PIN.toCharArray(), System.currentTimeMillis() / 1000)
                    .signer(key)
                    .sign(message);
        }
    }

    void destroy() throws IOException {
        switchOff();
        Folders.delete(wallet());
    }

    static void copyTree(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(dir)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)));
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
