package org.jiaozi.cli;

import java.util.List;
import org.jiaozi.cli.evidence.EvidenceCommand;
import org.jiaozi.cli.wallet.WalletCommand;

/** The commands of this module. */
public final class CliCommands implements CommandProvider {
    @Override
    public List<Class<?>> commands() {
        return List.of(WalletCommand.class, EvidenceCommand.class, ShellCommand.class);
    }
}
