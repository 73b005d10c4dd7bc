package org.jiaozi.cli.up;

import java.util.List;
import org.jiaozi.cli.CommandProvider;

/** The commands that run servers and operate them. */
public final class UpCommands implements CommandProvider {
    @Override
    public List<Class<?>> commands() {
        return List.of(UpCommand.class, DownCommand.class, ServeCommand.class, BankCommand.class, CentralCommand.class);
    }
}
