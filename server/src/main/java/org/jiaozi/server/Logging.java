package org.jiaozi.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * How a server process logs: one line an event on standard error, for people or as a JSON object, and of the libraries only
 * what went wrong. Nobody logs a key, a code, a name or a message's content.
 */
public final class Logging {
    /** Kept here because the JDK holds loggers weakly and would forget the levels. */
    private static final Logger OURS = Logger.getLogger("org.jiaozi");

    private static final Logger LISTENER = Logger.getLogger("io.helidon.webserver.LoomServer");

    private Logging() {}

    /** What a line looks like. */
    public enum Form {
        /** For people. */
        TEXT,
        /** A JSON object: time, level, logger, message, where there are any thrown, number, route and request. */
        JSON
    }

    /** Replaces whatever the JDK set up, for people. {@code ours} is the level for this project's own loggers. */
    public static void configure(Level ours) {
        configure(ours, Form.TEXT);
    }

    /** Replaces whatever the JDK set up. */
    public static void configure(Level ours, Form form) {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(Level.WARNING);
        OURS.setLevel(ours);
        // Says in several lines that a port is taken; HttpServer says it in one.
        LISTENER.setLevel(Level.OFF);
        Handler console = new ConsoleHandler();
        console.setLevel(Level.ALL);
        console.setFormatter(
                switch (form) {
                    case TEXT -> new OneLine();
                    case JSON -> new OneObject();
                });
        root.addHandler(console);
    }

    private static final class OneLine extends Formatter {
        @Override
        public String format(LogRecord event) {
            String source = String.valueOf(event.getLoggerName());
            StringBuilder line = new StringBuilder()
                    .append(event.getInstant())
                    .append(' ')
                    .append(event.getLevel().getName())
                    .append(' ')
                    .append(source.substring(source.lastIndexOf('.') + 1))
                    .append(": ")
                    .append(formatMessage(event));
            if (event.getThrown() != null) {
                line.append(" | ").append(thrown(event.getThrown()));
            }
            return line.toString().replaceAll("\\s*\\R\\s*", " ") + "\n";
        }
    }

    static final class OneObject extends Formatter {
        private static final ObjectMapper JSON = new ObjectMapper();

        @Override
        public String format(LogRecord event) {
            ObjectNode line = JSON.createObjectNode()
                    .put("time", event.getInstant().toString())
                    .put("level", event.getLevel().getName())
                    .put("logger", event.getLoggerName())
                    .put("message", formatMessage(event));
            if (event.getThrown() != null) {
                line.put("thrown", thrown(event.getThrown()));
            }
            if (event.getThrown() instanceof ServiceFault fault) {
                line.put("number", fault.refusal().code().number());
            }
            RequestInHand.current()
                    .ifPresent(request -> line.put("route", request.route()).put("request", request.id()));
            return line + "\n";
        }
    }

    /** What was thrown, and where in our code. */
    private static String thrown(Throwable thrown) {
        return Arrays.stream(thrown.getStackTrace())
                .filter(element -> element.getClassName().startsWith("org.jiaozi"))
                .findFirst()
                .map(element -> thrown + " at " + element)
                .orElseGet(thrown::toString);
    }
}
