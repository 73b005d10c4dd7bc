package org.jiaozi.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.Console;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Says what a command did, either to a person or to a program. A command states both forms and this prints the one
 * that was asked for, so standard output with {@code --json} is JSON and nothing else. Amounts in JSON are integers of
 * minor units, which stay exact below 2^53.
 */
public final class Printer {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final ObjectMapper LINES = new ObjectMapper();

    private final boolean json;
    private final boolean progress;
    private final PrintWriter out;
    private final PrintWriter err;
    private boolean lineOpen;

    /**
     * @param json print {@link #json}, not {@link #human}
     * @param progress show {@link #progress}: only where a person watches
     */
    public Printer(boolean json, boolean progress, PrintWriter out, PrintWriter err) {
        this.json = json;
        this.progress = progress;
        this.out = out;
        this.err = err;
    }

    /** True when a person sits at this terminal, so that progress lines help and do no harm. */
    // The JDK's own console provider, the default again since 25, still answers null where nobody types.
    @SuppressWarnings("SystemConsoleNull")
    public static boolean onTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    public boolean isJson() {
        return json;
    }

    /** A line for a person. */
    public void human(String line) {
        if (!json) {
            endProgress();
            out.println(line);
            out.flush();
        }
    }

    /** The whole answer for a program, once for each command. */
    public void json(Map<String, ?> answer) {
        if (json) {
            endProgress();
            out.println(text(answer));
            out.flush();
        }
    }

    /** Something a program needs before the answer: one JSON object on a line of its own. */
    public void jsonLine(Map<String, ?> early) {
        if (json) {
            endProgress();
            out.println(text(LINES, early));
            out.flush();
        }
    }

    /** Why nothing was done: one line on the error stream, and with {@code --json} an object on standard output. */
    public void error(String line, Map<String, ?> details) {
        endProgress();
        String oneLine = line.replaceAll("\\s*\\R\\s*", " ");
        if (json) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("ok", false);
            answer.put("error", oneLine);
            answer.putAll(details);
            out.println(text(answer));
            out.flush();
        } else {
            err.println("jiaozi: " + oneLine);
            err.flush();
        }
    }

    /** Replaces the line that says how far things are; nothing where nobody watches. */
    public void progress(String line) {
        if (progress) {
            err.print("\r\u001b[K" + line);
            err.flush();
            lineOpen = true;
        }
    }

    private void endProgress() {
        if (lineOpen) {
            err.print("\r\u001b[K");
            err.flush();
            lineOpen = false;
        }
    }

    private static String text(Map<String, ?> answer) {
        return text(JSON, answer);
    }

    private static String text(ObjectMapper mapper, Map<String, ?> answer) {
        try {
            return mapper.writeValueAsString(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("an answer holds only maps, lists, numbers and strings", e);
        }
    }
}
