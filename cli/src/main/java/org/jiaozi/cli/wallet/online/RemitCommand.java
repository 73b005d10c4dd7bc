package org.jiaozi.cli.wallet.online;

import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.session.WalletAction;
import org.jiaozi.cli.wallet.store.Act;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.InstitutionId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Pays from account to account, online. */
@Command(name = "remit", description = "Pays from account to account, online.", mixinStandardHelpOptions = true)
public final class RemitCommand extends WalletAction.OnWallet {
    @Parameters(paramLabel = "AMOUNT", description = "As people write it: 12.50")
    private String amount = "";

    @Option(
            names = "--to",
            required = true,
            paramLabel = "INSTITUTION:ACCOUNT",
            description = "The receiver: the institution's number or code, and the account.")
    private String to = "";

    @Option(names = "--reference", paramLabel = "TEXT", description = "What it is for.")
    private String reference = "";

    @Override
    protected void run(Printer printer) {
        try (Session session = Session.withPin(options());
                BankClient bank = Errand.bankOf(session, printer)) {
            int colon = to.indexOf(':');
            if (colon < 1) {
                throw CommandFailure.usage("--to is INSTITUTION:ACCOUNT");
            }
            InstitutionId institution = institution(session, to.substring(0, colon));
            String account = to.substring(colon + 1);
            Amount due = session.amount(amount);
            Errand errand = new Errand(session, bank);
            Predicate<WalletRequest> same = body -> body instanceof WalletRequest.Remit r
                    && r.amount().equals(due)
                    && r.toAccount().equals(account)
                    && r.toInstitution().equals(institution)
                    && r.reference().equals(reference);
            Optional<WalletAnswer> before = errand.untold(same);
            WalletAnswer answer = before.orElseGet(() -> errand.finish(
                    Act.REMIT,
                    errand.underWay(same)
                            .orElseGet(() -> errand.store(
                                    Act.REMIT,
                                    session.state(),
                                    errand.sign(
                                            session.state(),
                                            new WalletRequest.Remit(
                                                    institution, account, due, reference, Errand.nonce()))))));
            if (!(answer instanceof WalletAnswer.Remitted remitted)) {
                throw Errand.odd(answer);
            }
            Map<String, Object> json = ok();
            json.put("amount", due.minor());
            json.put("balance", remitted.balance().minor());
            json.put("repeated", before.isPresent());
            printer.json(json);
            printer.human((before.isPresent() ? "The remittance that was cut off is done: " : "Sent ")
                    + session.shown(due) + " to " + to + "; balance " + session.shown(remitted.balance())
                    + (before.isPresent() ? "; run it again for another" : ""));
            errand.told();
        }
    }

    private static InstitutionId institution(Session session, String named) {
        return session.state().bulletin().statement().institutions().stream()
                .filter(i -> i.code().equals(named)
                        || Integer.toString(i.id().number()).equals(named))
                .map(InstitutionEntry::id)
                .findFirst()
                .orElseThrow(() -> CommandFailure.usage("the bulletin lists no institution '" + named + "'"));
    }
}
