package org.jiaozi.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.lab.demo.Jiaozi.Result;

/** A wallet whose every command is a process, and its accounts at real institutions. */
final class Holder {
    /** The exit code of a command that SIGKILL ended. */
    static final int KILLED = 137;

    final Path home;
    String account = "";
    private final TwoBanks banks;
    private final Jiaozi jiaozi;
    private Optional<Shell> shell = Optional.empty();

    Holder(TwoBanks banks, Jiaozi jiaozi, Path home) throws IOException {
        this.banks = banks;
        this.jiaozi = jiaozi;
        this.home = Files.createDirectories(home);
    }

    /** With {@code yuan} loaded from an account at bank-a that holds as much. */
    static Holder loaded(TwoBanks banks, Jiaozi jiaozi, Path home, long yuan) throws IOException {
        Holder holder = new Holder(banks, jiaozi, home);
        holder.must("create", "--trust", banks.trust().toString());
        assertThat(holder.join("bank-a", yuan * 100).exit()).isZero();
        holder.must("load", Long.toString(yuan));
        return holder;
    }

    /** A copy of everything, the mark included. */
    Holder copy() throws IOException {
        Path copy = home.resolveSibling(home.getFileName() + "-copy");
        Device.copyTree(home, copy);
        return new Holder(banks, jiaozi, copy);
    }

    /** Runs a command in a process of its own that dies at a durable step, if it comes to it. */
    Result killedAt(String step, String... args) throws IOException, InterruptedException {
        Map<String, String> environment = Device.environment(home);
        environment.put("JIAOZI_CRASH_AT", step);
        return jiaozi.start(List.of(), environment, Device.words(args)).finish();
    }

    /** Runs a command in the process that runs all those that are not to die. */
    Result run(String... args) throws IOException {
        if (shell.isEmpty()) {
            Shell started = jiaozi.shell(
                    List.of(), Device.environment(home), home.getFileName().toString());
            banks.closes(started);
            shell = Optional.of(started);
        }
        return shell.get().run(Device.words(args));
    }

    JsonNode must(String... args) throws IOException {
        Result result = run(args);
        assertThat(result.exit())
                .as("%s: %s %s", String.join(" ", args), result.json(), result.error())
                .isZero();
        return result.json();
    }

    /** Opens an account; the code that binds a wallet to it. */
    String open(String code, long balance) throws IOException {
        String name = home.getFileName().toString();
        JsonNode opened = banks.operator(
                code, "/accounts", Map.of("holder", name, "tier", 1, "openingBalance", balance, "reference", name));
        return opened.path("code").asText();
    }

    /** Opens an account and enrols there. */
    Result join(String code, long balance) throws IOException {
        Result joined = run("enroll", "--institution", banks.url(code), "--code", open(code, balance));
        if (joined.ok()) {
            account = joined.json().path("account").asText();
        }
        return joined;
    }

    /** Is killed at a durable step of depositing. */
    Holder deposits(String yuan, String crashAt) throws IOException, InterruptedException {
        assertThat(killedAt(crashAt, "deposit", yuan).exit()).isEqualTo(KILLED);
        return this;
    }
}
