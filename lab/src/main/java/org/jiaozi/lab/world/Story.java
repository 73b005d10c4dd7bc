package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What happened, in words, where somebody wants to read it. Not thread-safe. */
final class Story {
    private final boolean kept;
    private final List<String> lines = new ArrayList<>();
    private String when = "";

    Story(boolean kept) {
        this.kept = kept;
    }

    void turn(int step, long now) {
        if (kept) {
            when = "step " + step + ", " + (now - World.START.seconds()) + " s: ";
        }
    }

    void founding() {
        when = "founding: ";
    }

    void closing() {
        when = "closing: ";
    }

    void tell(Supplier<String> what) {
        if (kept) {
            lines.add(when + what.get());
        }
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
