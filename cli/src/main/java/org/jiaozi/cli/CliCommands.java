package org.jiaozi.cli;

import java.util.List;

/** The commands of this module. */
public final class CliCommands implements CommandProvider {
    @Override
    public List<Class<?>> commands() {
        return List.of();
    }
}
