package org.jiaozi.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jiaozi.cli.output.Printer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Many commands in one process, as a device that stays switched on would run them. */
@Command(
        name = "shell",
        description = "Reads commands from standard input, one a line, and runs each in this process.",
        mixinStandardHelpOptions = true)
final class ShellCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(
            names = "--json",
            description = "After each command a JSON object with its exit code and what it said on the error stream.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        boolean prompt = !json && Printer.onTerminal();
        int last = ExitCode.OK;
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (true) {
                if (prompt) {
                    out.print("jiaozi> ");
                    out.flush();
                }
                String line = in.readLine();
                if (line == null || line.strip().equals("exit")) {
                    return last;
                }
                if (line.isBlank() || line.strip().startsWith("#")) {
                    continue;
                }
                StringWriter said = new StringWriter();
                last = run(line, out, json ? new PrintWriter(said, true) : err);
                if (json) {
                    out.println(JSON.writeValueAsString(
                            JSON.createObjectNode().put("exit", last).put("error", said.toString())));
                }
                out.flush();
            }
        }
    }

    private static int run(String line, PrintWriter out, PrintWriter err) {
        try {
            List<String> words = words(line);
            if (words.getFirst().equals("shell")) {
                throw CommandFailure.usage("this is a shell already");
            }
            return Main.run(out, err, words.toArray(String[]::new));
        } catch (CommandFailure e) {
            err.println("jiaozi shell: " + e.getMessage());
            return e.exitCode();
        }
    }

    /** Words are parted by blanks; in double quotes blanks count, and a backslash takes the next character as it is. */
    static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean open = false;
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quoted && c == '\\' && i + 1 < line.length()) {
                word.append(line.charAt(++i));
            } else if (c == '"') {
                quoted = !quoted;
                open = true;
            } else if (Character.isWhitespace(c) && !quoted) {
                if (open) {
                    words.add(word.toString());
                    word.setLength(0);
                    open = false;
                }
            } else {
                word.append(c);
                open = true;
            }
        }
        if (quoted) {
            throw CommandFailure.usage("a quote is not closed: " + line);
        }
        if (open) {
            words.add(word.toString());
        }
        return List.copyOf(words);
    }
}
