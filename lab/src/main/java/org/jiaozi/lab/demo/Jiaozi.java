package org.jiaozi.lab.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jiaozi.cli.Launch;
import org.jspecify.annotations.Nullable;

/** Runs {@code jiaozi} commands as OS processes of their own and reads their JSON. */
final class Jiaozi implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_SECONDS = 120;

    private final Path logs;
    private int started;
    private @Nullable Shell desk;

    Jiaozi(Path logs) throws IOException {
        this.logs = Files.createDirectories(logs);
    }

    /**
     * What a command left.
     *
     * @param exit its exit code; 137 when it was killed
     * @param json the last JSON object it printed, an empty one if none
     * @param error its standard error
     */
    record Result(int exit, JsonNode json, String error) {
        boolean ok() {
            return exit == 0;
        }

        /** The refusal's number, 0 if it was none. */
        int refused() {
            return json.path("refused").path("number").asInt(0);
        }
    }

    /** A command that is still running. */
    static final class Running {
        private final Process process;
        private final MappingIterator<JsonNode> out;
        private final Path errors;
        private final String line;

        private Running(Process process, Path errors, String line) throws IOException {
            this.process = process;
            this.errors = errors;
            this.line = line;
            this.out = JSON.readerFor(JsonNode.class).readValues(process.getInputStream());
        }

        Process process() {
            return process;
        }

        /** The next JSON value it prints; waits for it. */
        JsonNode next() throws IOException {
            if (!out.hasNextValue()) {
                throw new DemoFailure(
                        line + " ended early: " + Files.readString(errors).strip());
            }
            return out.nextValue();
        }

        /** Waits for its end. */
        Result finish() throws IOException, InterruptedException {
            JsonNode last = JsonNodeFactory.instance.objectNode();
            try {
                while (out.hasNextValue()) {
                    last = out.nextValue();
                }
            } catch (com.fasterxml.jackson.core.JacksonException halfWritten) {
                // a killed process may leave half an object; what it printed before counts
                last = JsonNodeFactory.instance.objectNode();
            }
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new DemoFailure(line + " did not end within " + PATIENCE_SECONDS + " s");
            }
            return new Result(process.exitValue(), last, Files.readString(errors, StandardCharsets.UTF_8));
        }
    }

    /** Starts {@code jiaozi ARGS}, after the words of {@code prefix}, with {@code environment} added. */
    Running start(List<String> prefix, Map<String, String> environment, List<String> args) throws IOException {
        Path errors = errors(String.join("-", args.subList(0, Math.min(2, args.size()))));
        ProcessBuilder builder = process(prefix, environment, args, errors);
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        return new Running(builder.start(), errors, "jiaozi " + String.join(" ", args));
    }

    /** Starts a process that runs many commands; the caller closes it. */
    Shell shell(List<String> prefix, Map<String, String> environment, String name) throws IOException {
        Path errors = errors("shell-" + name);
        return new Shell(
                process(prefix, environment, List.of("shell", "--json"), errors).start(), errors);
    }

    private synchronized Path errors(String name) {
        started++;
        return logs.resolve(String.format("%03d-%s.err", started, name));
    }

    private static ProcessBuilder process(
            List<String> prefix, Map<String, String> environment, List<String> args, Path errors) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(Launch.command(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectError(errors.toFile());
        return builder;
    }

    /** Runs an operator's command, or anybody's who has no wallet. */
    synchronized Result run(String... args) throws IOException {
        Shell shell = desk;
        if (shell == null) {
            shell = shell(List.of(), Map.of(), "desk");
            desk = shell;
        }
        return shell.run(List.of(args));
    }

    /** Runs a command that has to succeed. */
    JsonNode must(String... args) throws IOException {
        return succeeded(run(args), args);
    }

    /** The answer of a command that had to succeed. */
    static JsonNode succeeded(Result result, String... args) {
        if (!result.ok()) {
            throw new DemoFailure("jiaozi " + String.join(" ", args) + " exited with " + result.exit() + ": "
                    + (result.error().isBlank()
                            ? result.json().toString()
                            : result.error().strip()));
        }
        return result.json();
    }

    /** How many processes were started. */
    synchronized int started() {
        return started;
    }

    @Override
    public synchronized void close() {
        if (desk != null) {
            desk.close();
        }
    }
}
