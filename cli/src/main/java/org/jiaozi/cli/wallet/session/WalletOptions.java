package org.jiaozi.cli.wallet.session;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.output.JsonOption;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.output.Reason;
import org.jiaozi.crypto.Argon2Cost;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every wallet command. */
public final class WalletOptions {
    @Mixin
    private JsonOption output = new JsonOption();

    @Option(names = "--dir", paramLabel = "DIR", description = "The wallet's directory (or JIAOZI_WALLET).")
    private Optional<Path> dir = Optional.empty();

    @Option(names = "--pin-file", paramLabel = "FILE", description = "A file with the PIN (or JIAOZI_PIN).")
    private Optional<Path> pinFile = Optional.empty();

    @Option(
            names = "--mark-dir",
            paramLabel = "DIR",
            description = "Where anti-rollback marks lie (or JIAOZI_MARK_DIR).")
    private Optional<Path> markDir = Optional.empty();

    @Option(
            names = "--clock-offset",
            paramLabel = "SECONDS",
            description = "Added to this machine's clock (or JIAOZI_CLOCK_OFFSET).")
    private Optional<Long> clockOffset = Optional.empty();

    public Printer printer() {
        return output.printer();
    }

    /** The wallet's directory. */
    public Path directory() {
        return dir.or(() -> environment("JIAOZI_WALLET").map(Path::of))
                .orElseThrow(() -> CommandFailure.usage("say which wallet: --dir DIR, or set JIAOZI_WALLET"));
    }

    /** Where marks lie: never inside a wallet's directory. */
    public Path marks() {
        Path marks = markDir.or(() -> environment("JIAOZI_MARK_DIR").map(Path::of))
                .orElseGet(() -> environment("XDG_STATE_HOME")
                        .map(Path::of)
                        // what HOME says goes before the user's entry in the system, as in every other program
                        .orElseGet(() -> Path.of(
                                environment("HOME").orElseGet(() -> System.getProperty("user.home", ".")),
                                ".local",
                                "state"))
                        .resolve("jiaozi")
                        .resolve("marks"));
        if (marks.toAbsolutePath()
                .normalize()
                .startsWith(directory().toAbsolutePath().normalize())) {
            throw CommandFailure.usage("the marks must lie outside the wallet's directory: choose another --mark-dir");
        }
        return marks;
    }

    /** Seconds added to the machine's clock. */
    public long offset() {
        try {
            return clockOffset
                    .or(() -> environment("JIAOZI_CLOCK_OFFSET").map(Long::valueOf))
                    .orElse(0L);
        } catch (NumberFormatException e) {
            throw CommandFailure.usage("JIAOZI_CLOCK_OFFSET is a whole number of seconds");
        }
    }

    /** The PIN from wherever it was given; a person is asked. */
    public char[] pin() {
        return secret(pinFile, "JIAOZI_PIN", "PIN: ");
    }

    /** A secret from a file, the environment or the keyboard. */
    public static char[] secret(Optional<Path> file, String variable, String prompt) {
        if (file.isPresent()) {
            try {
                return Files.readString(file.get()).strip().toCharArray();
            } catch (IOException e) {
                throw new CommandFailure("cannot read the PIN from " + file.get() + ": " + Reason.of(e), e);
            }
        }
        Optional<String> given = environment(variable);
        if (given.isPresent()) {
            return given.get().toCharArray();
        }
        Console console = Printer.onTerminal() ? System.console() : null;
        char[] typed = console == null ? null : console.readPassword(prompt);
        if (typed == null) {
            throw CommandFailure.usage("give the PIN: --pin-file FILE, or set " + variable);
        }
        return typed;
    }

    /** What guessing the PIN costs; {@code JIAOZI_ARGON2=cheap} is for tests and protects nothing. */
    public static Argon2Cost argon2() {
        return environment("JIAOZI_ARGON2")
                        .filter(v -> v.toLowerCase(Locale.ROOT).equals("cheap"))
                        .isPresent()
                ? Argon2Cost.CHEAP_FOR_TESTS
                : Argon2Cost.STANDARD;
    }

    /** A variable of the environment that is set and not blank; a system property {@code NAME} goes before it. */
    public static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getProperty(name))
                .or(() -> Optional.ofNullable(System.getenv(name)))
                .filter(value -> !value.isBlank());
    }
}
