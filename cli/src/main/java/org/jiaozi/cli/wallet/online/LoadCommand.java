package org.jiaozi.cli.wallet.online;

import java.util.Map;
import java.util.Optional;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.session.WalletAction;
import org.jiaozi.cli.wallet.store.Act;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.host.WalletStep;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Turns account money into offline cash. */
@Command(name = "load", description = "Loads offline cash from the account.", mixinStandardHelpOptions = true)
public final class LoadCommand extends WalletAction.OnWallet {
    @Parameters(paramLabel = "AMOUNT", description = "As people write it: 12.50")
    private String amount = "";

    @Override
    protected void run(Printer printer) {
        try (Session session = Session.withPin(options());
                BankClient bank = Errand.bankOf(session, printer)) {
            Amount due = session.amount(amount);
            Errand errand = new Errand(session, bank);
            Optional<WalletAnswer> before = errand.untold(body -> isThis(body, due));
            WalletAnswer answer = before.orElseGet(() -> load(session, errand, due));
            if (!(answer instanceof WalletAnswer.Loaded loaded)) {
                throw Errand.odd(answer);
            }
            Map<String, Object> json = ok();
            json.put("loaded", due.minor());
            json.put("note", loaded.note().hash().hex());
            json.put("repeated", before.isPresent());
            json.put("holding", session.state().purse().holding().minor());
            printer.json(json);
            printer.human((before.isPresent() ? "The load that was cut off is done: " : "Loaded ")
                    + session.shown(due) + "; now holding "
                    + session.shown(session.state().purse().holding())
                    + (before.isPresent() ? "; run it again for another" : ""));
            errand.told();
        }
    }

    private static WalletAnswer load(Session session, Errand errand, Amount due) {
        errand.finishOthers(Act.LOAD, body -> isThis(body, due));
        return errand.finish(
                Act.LOAD, errand.underWay(body -> isThis(body, due)).orElseGet(() -> prepare(session, errand, due)));
    }

    private static boolean isThis(WalletRequest body, Amount due) {
        return body instanceof WalletRequest.Load load && load.amount().equals(due);
    }

    private static Signed<WalletMessage> prepare(Session session, Errand errand, Amount due) {
        WalletState state = session.state();
        Thumbprint holder = Wallet.fullestFirst(state).stream()
                .filter(key -> due.compareTo(Wallet.room(state, key)) <= 0)
                .findFirst()
                // no key has room for it: the institution says so
                .or(() -> Wallet.fullestFirst(state).stream().findFirst())
                .orElseThrow(() -> CommandFailure.refused(
                        Refusal.of(state.purse().rolledBack() ? RefusalCode.ROLLED_BACK : RefusalCode.NOT_ENROLLED)));
        WalletStep.Done<Nonce> opened =
                Session.done(Wallet.openLoad(state, holder, Session.nonce(), session.context()));
        WalletRequest body = new WalletRequest.Load(due, state.settings().currency(), holder, opened.result());
        return errand.store(Act.LOAD, opened.state(), errand.sign(opened.state(), body));
    }
}
