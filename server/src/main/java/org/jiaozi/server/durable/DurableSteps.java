package org.jiaozi.server.durable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What every durable step of this process passes, before it and after it. Nobody watches in service. A test that does learns
 * of each step from the code that makes it, so that a new step is one more place to kill at without anybody adding it.
 */
public final class DurableSteps {
    private static final String OURS = "org.jiaozi.";

    private static volatile @Nullable Watcher watcher;

    private DurableSteps() {}

    /** On which side of a step somebody stands. */
    public enum Side {
        /** Nothing of it outlives the process. */
        BEFORE,
        /** It outlives the process, and nobody was told yet. */
        AFTER
    }

    /**
     * One moment at which the end of the process makes a difference.
     *
     * @param what what becomes durable, and the methods that lead there, outermost first
     * @param letGo gives up what would not outlive the process but that others could wait for; once, and only by a
     *     thread that never returns from there
     */
    public record Moment(String what, Side side, Runnable letGo) {}

    /** Sees every moment, in the thread that comes to it. */
    @FunctionalInterface
    public interface Watcher {
        /** Returns, or ends the process. */
        void reached(Moment moment);
    }

    /** What makes something durable. */
    @FunctionalInterface
    public interface Step<X extends Exception> {
        /** Does it. */
        void run() throws X;
    }

    /** Lets {@code next} watch from now on. */
    public static void watch(Watcher next) {
        watcher = next;
    }

    /** Nobody watches any more. */
    public static void unwatch() {
        watcher = null;
    }

    /** Whether anybody watches: what costs something to find out is found out only then. */
    public static boolean watched() {
        return watcher != null;
    }

    /**
     * Makes one thing durable.
     *
     * @param what a word or two for it, such as {@code commit}
     */
    public static <X extends Exception> void pass(String what, Step<X> step) throws X {
        before(what, () -> {});
        step.run();
        after(what);
    }

    /** Stands before a step whose other side is {@link #after}. */
    public static void before(String what, Runnable letGo) {
        tell(what, Side.BEFORE, letGo);
    }

    /** Stands after a step. */
    public static void after(String what) {
        tell(what, Side.AFTER, () -> {});
    }

    private static void tell(String what, Side side, Runnable letGo) {
        Watcher watching = watcher;
        if (watching != null) {
            watching.reached(new Moment(what + " " + way(), side, letGo));
        }
    }

    /**
     * The methods of this project on the stack and the lines that they are at, as {@code Deposits.run:140>Operations.finish:112}:
     * one that makes two steps of a kind makes them at two places.
     */
    private static String way() {
        List<StackWalker.StackFrame> way = new ArrayList<>(StackWalker.getInstance()
                .walk(frames -> frames.filter(f -> f.getClassName().startsWith(OURS))
                        .filter(f -> !f.getClassName().startsWith(DurableSteps.class.getPackageName()))
                        .filter(f -> !name(f).startsWith("Database."))
                        .collect(Collectors.toList())));
        Collections.reverse(way);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < way.size(); i++) {
            // a method and what it hands to another are one, and stand where the inner is
            if (i == way.size() - 1 || !name(way.get(i)).equals(name(way.get(i + 1)))) {
                text.append(text.isEmpty() ? "" : ">")
                        .append(name(way.get(i)))
                        .append(':')
                        .append(way.get(i).getLineNumber());
            }
        }
        return text.toString();
    }

    private static String name(StackWalker.StackFrame frame) {
        return simple(frame.getClassName()) + "." + method(frame.getMethodName());
    }

    private static String simple(String type) {
        return type.substring(type.lastIndexOf('.') + 1).replaceFirst("[$].*", "");
    }

    /** The compiler numbers lambdas: their number is no part of the name. */
    private static String method(String name) {
        return name.startsWith("lambda$") ? name.replaceFirst("^lambda[$](.*)[$][0-9]+$", "$1") : name;
    }
}
