package org.jiaozi.cli;

import java.util.List;

/**
 * Contributes subcommands to {@code jiaozi}, so that a module can add a command without this module knowing of it.
 * Providers are found by {@link java.util.ServiceLoader}: name the class in
 * {@code META-INF/services/org.jiaozi.cli.CommandProvider}.
 */
public interface CommandProvider {
    /**
     * The commands: classes annotated with picocli's {@code @Command}, name and description included. A class rather
     * than an instance keeps start-up lazy: it is made only when its command runs, so that {@code --help} opens nothing.
     */
    List<Class<?>> commands();
}
