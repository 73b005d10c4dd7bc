package org.jiaozi.server;

import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** How a server process logs: one line an event on standard error, and of the libraries only what went wrong. */
public final class Logging {
    /** Kept here because the JDK holds loggers weakly and would forget the levels. */
    private static final Logger OURS = Logger.getLogger("org.jiaozi");

    private static final Logger LISTENER = Logger.getLogger("io.helidon.webserver.LoomServer");

    private Logging() {}

    /** Replaces whatever the JDK set up. {@code ours} is the level for this project's own loggers. */
    public static void configure(Level ours) {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(Level.WARNING);
        OURS.setLevel(ours);
        // Says in several lines that a port is taken; HttpServer says it in one.
        LISTENER.setLevel(Level.OFF);
        Handler console = new ConsoleHandler();
        console.setLevel(Level.ALL);
        console.setFormatter(new OneLine());
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
                line.append(" | ").append(event.getThrown());
                for (StackTraceElement element : event.getThrown().getStackTrace()) {
                    if (element.getClassName().startsWith("org.jiaozi")) {
                        line.append(" at ").append(element);
                        break;
                    }
                }
            }
            return line.toString().replaceAll("\\s*\\R\\s*", " ") + "\n";
        }
    }
}
