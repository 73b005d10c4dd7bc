package org.jiaozi.cli.wallet;

import java.util.List;
import org.jiaozi.cli.CommandGroup;
import org.jiaozi.cli.NeedsSubcommand;
import org.jiaozi.cli.wallet.online.AccountCommand;
import org.jiaozi.cli.wallet.online.CarryCommand;
import org.jiaozi.cli.wallet.online.ClaimCommand;
import org.jiaozi.cli.wallet.online.DepositCommand;
import org.jiaozi.cli.wallet.online.EnrollCommand;
import org.jiaozi.cli.wallet.online.LoadCommand;
import org.jiaozi.cli.wallet.online.RemitCommand;
import org.jiaozi.cli.wallet.online.RenewCommand;
import org.jiaozi.cli.wallet.online.ReportLostCommand;
import org.jiaozi.cli.wallet.online.SyncCommand;
import org.jiaozi.cli.wallet.tap.PayCommand;
import org.jiaozi.cli.wallet.tap.ReceiptCommand;
import org.jiaozi.cli.wallet.tap.ReceiveCommand;
import org.jiaozi.cli.wallet.tap.RequestCommand;
import picocli.CommandLine.Command;

/** Offline cash and the account behind it. */
@Command(
        name = "wallet",
        description = "Holds offline cash: pay and be paid without a network, and settle when there is one.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class WalletCommand extends NeedsSubcommand implements CommandGroup {
    @Override
    public List<Class<?>> commands() {
        return List.of(
                CreateCommand.class,
                EnrollCommand.class,
                AccountCommand.class,
                RemitCommand.class,
                LoadCommand.class,
                RenewCommand.class,
                RequestCommand.class,
                PayCommand.class,
                ReceiveCommand.class,
                ReceiptCommand.class,
                ShowCommand.class,
                HistoryCommand.class,
                SyncCommand.class,
                DepositCommand.class,
                PinCommand.class,
                ReportLostCommand.class,
                ClaimCommand.class,
                CarryCommand.class);
    }
}
