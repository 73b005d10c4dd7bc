package org.jiaozi.cli;

import java.util.List;

/** A command that only holds others. It names them here, not in its annotation, so that a run describes just the one it needs. */
public interface CommandGroup {
    /** The commands it holds: classes annotated with picocli's {@code @Command}, in the order in which help lists them. */
    List<Class<?>> commands();
}
