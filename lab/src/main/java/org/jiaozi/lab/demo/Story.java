package org.jiaozi.lab.demo;

import java.io.PrintWriter;
import java.time.Duration;

/** Says what happens, in short sentences with the time since the start. */
final class Story {
    private final PrintWriter out;
    private final long start = System.nanoTime();

    Story(PrintWriter out) {
        this.out = out;
    }

    void chapter(String title) {
        out.println();
        out.println(title);
        out.flush();
    }

    /** One sentence; each {@code {}} stands for the next value. */
    void line(String template, Object... values) {
        StringBuilder text = new StringBuilder();
        int from = 0;
        for (Object value : values) {
            int hole = template.indexOf("{}", from);
            text.append(template, from, hole).append(value);
            from = hole + 2;
        }
        text.append(template, from, template.length());
        out.printf("  %5.1f s  %s%n", seconds(), text);
        out.flush();
    }

    double seconds() {
        return Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0;
    }

    /** Minor units as people write them. */
    static String money(long minor) {
        return String.format("%d.%02d", minor / 100, minor % 100);
    }
}
