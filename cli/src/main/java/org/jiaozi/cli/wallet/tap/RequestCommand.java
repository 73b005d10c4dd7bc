package org.jiaozi.cli.wallet.tap;

import java.util.Map;
import java.util.Optional;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.session.WalletAction;
import org.jiaozi.cli.wallet.store.Act;
import org.jiaozi.cli.wallet.store.Change;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.tap.TapMessage.RequestMessage;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.host.WalletStep;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks to be paid; over a stream it also takes the payment. */
@Command(name = "request", description = "Asks to be paid.", mixinStandardHelpOptions = true)
public final class RequestCommand extends WalletAction.OnWallet {
    @Parameters(paramLabel = "AMOUNT", arity = "0..1", description = "As people write it: 12.50")
    private Optional<String> amount = Optional.empty();

    @Option(names = "--reference", paramLabel = "TEXT", description = "What it is for; at most 64 bytes.")
    private String reference = "";

    @Option(names = "--again", paramLabel = "NONCE", description = "Show an earlier request again, unchanged.")
    private Optional<String> again = Optional.empty();

    @Mixin
    private Carrier carrier = new Carrier();

    @Override
    protected void run(Printer printer) {
        carrier.check(false, true);
        if (amount.isPresent() == again.isPresent()) {
            throw CommandFailure.usage("say an AMOUNT, or which request to show --again");
        }
        try (Session session = Session.withPin(options())) {
            // over a stream nothing is asked before somebody is there to be asked
            if (carrier.isStream()) {
                try (Carrier.Line line = carrier.open(printer)) {
                    Bytes message = ask(session).encode();
                    line.transport().send(message.toArray());
                    Map<String, Object> json = new PayeeRun(session, printer)
                            .run(
                                    () -> Bytes.of(line.transport().receive(carrier.patience())),
                                    m -> line.transport().send(m.toArray()),
                                    false);
                    printer.json(json);
                }
                return;
            }
            RequestMessage asked = ask(session);
            Bytes message = asked.encode();
            carrier.write(printer, message);
            Request request = asked.request().statement();
            Map<String, Object> json = ok();
            json.put("nonce", request.nonce().hex());
            json.put("amount", request.amount().minor());
            json.put("currency", session.state().settings().currency().code());
            json.put("bytes", message.size());
            printer.json(json);
            printer.human("Asks for " + session.shown(request.amount()) + ", request "
                    + request.nonce().hex());
        }
    }

    private RequestMessage ask(Session session) {
        if (again.isPresent()) {
            return earlier(session.state(), again.get()).own().message();
        }
        Amount due = session.amount(amount.orElseThrow());
        WalletStep.Done<RequestMessage> done = Session.done(Wallet.ask(
                session.state(),
                due,
                reference,
                Session.nonce(),
                session.sealer().newKeyPair(),
                session.context()));
        session.commit(Act.REQUEST, Change.to(done.state()));
        return done.result();
    }

    private static WalletState.Received earlier(WalletState state, String nonce) {
        return Optional.ofNullable(state.requests().get(nonce(nonce)))
                .orElseThrow(() -> CommandFailure.refused(
                        new Refusal(RefusalCode.WRONG_REQUEST, "no request of this wallet: " + nonce)));
    }

    static Nonce nonce(String hex) {
        try {
            return Nonce.fromHex(hex);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("a nonce is 32 hexadecimal digits");
        }
    }
}
