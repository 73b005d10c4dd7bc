package org.jiaozi.server.institution;

import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jiaozi.server.Logging;
import org.jiaozi.server.ServiceFault;

/**
 * What servers log while others are killed, and that no death explains: whatever is severe, and a bug that some round in the
 * background only warns of because it will be tried again. That others are not there is what a warning may say.
 */
final class FaultLog extends Handler {
    private final Consumer<String> hearer;

    private FaultLog(Consumer<String> hearer) {
        this.hearer = hearer;
        setLevel(Level.WARNING);
    }

    /** From now on this process tells its faults, and what ends one of its threads. */
    static void tellTo(Consumer<String> hearer) {
        Logging.configure(Level.WARNING);
        Logger root = Logger.getLogger("");
        for (Handler console : root.getHandlers()) {
            console.setLevel(Level.SEVERE);
        }
        root.addHandler(new FaultLog(hearer));
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, why) -> hearer.accept(thread.getName() + " ends: " + shown(why)));
    }

    @Override
    public void publish(LogRecord event) {
        if ((event.getLevel().intValue() >= Level.SEVERE.intValue() && !closing(event)) || bug(event)) {
            String source = String.valueOf(event.getLoggerName()).replaceFirst(".*[.]", "");
            String said = new java.util.logging.SimpleFormatter().formatMessage(event);
            hearer.accept(source + ": " + said + (event.getThrown() == null ? "" : " | " + shown(event.getThrown())));
        }
    }

    /** A server of the test's own that ends turns away who comes just then; one that is killed does not. */
    private static boolean closing(LogRecord event) {
        return event.getThrown() instanceof RejectedExecutionException
                && String.valueOf(event.getLoggerName()).endsWith(".ServerListener");
    }

    private static boolean bug(LogRecord event) {
        return String.valueOf(event.getLoggerName()).startsWith("org.jiaozi.")
                && event.getThrown() instanceof RuntimeException
                && !(event.getThrown() instanceof ServiceFault);
    }

    private static String shown(Throwable why) {
        StringBuilder text = new StringBuilder(why.toString());
        for (StackTraceElement element : why.getStackTrace()) {
            if (element.getClassName().startsWith("org.jiaozi")) {
                text.append(" at ").append(element);
            }
        }
        return text.toString().replaceAll("\\s*\\R\\s*", " ");
    }

    @Override
    public void flush() {
        // nothing is kept back
    }

    @Override
    public void close() {
        // nothing is open
    }
}
