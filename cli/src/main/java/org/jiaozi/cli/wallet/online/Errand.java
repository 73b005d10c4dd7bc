package org.jiaozi.cli.wallet.online;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.store.Act;
import org.jiaozi.cli.wallet.store.Change;
import org.jiaozi.cli.wallet.store.DurableStep;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.purse.PurseAnswer;
import org.jiaozi.wallet.purse.PurseCommand;
import org.jiaozi.wallet.sync.Move;
import org.jiaozi.wallet.sync.Sync;

/**
 * One request to the institution that acts once: the signed message is stored before it is sent and sent again, the same
 * bytes inside, until an answer is stored. A command that is run again finds its message and finishes it instead of
 * asking twice.
 */
final class Errand {
    /** Under these names the store keeps an errand that is done and that nobody was told of yet. */
    private static final String UNTOLD = "untold";

    private static final String UNTOLD_ANSWER = "untold-answer";

    private final Session session;
    private final BankClient bank;

    Errand(Session session, BankClient bank) {
        this.session = session;
        this.bank = bank;
    }

    /** The one at the address the wallet was enrolled at. */
    static BankClient bankOf(Session session, Printer printer) {
        return new BankClient(
                session.store()
                        .text(EnrollCommand.URL)
                        .orElseThrow(
                                () -> CommandFailure.refused(new Refusal(RefusalCode.NOT_ENROLLED, "enroll first"))),
                session.trust(),
                session.sealer(),
                session.verifier(),
                printer::human);
    }

    /** The message under way that {@code same} recognises. */
    Optional<Signed<WalletMessage>> underWay(Predicate<WalletRequest> same) {
        return session.store().outgoing().stream()
                .filter(m -> same.test(m.statement().body()))
                .findFirst();
    }

    /** Finishes what earlier commands left under way, except what {@code not} recognises. A no ends it. */
    void finishOthers(Act act, Predicate<WalletRequest> not) {
        List<Signed<WalletMessage>> left = session.store().outgoing();
        for (Signed<WalletMessage> message : left) {
            // to one that is gone it waits, until that one is back or the wallet goes elsewhere
            if (Sync.gone(session.state(), message.statement().institution()).isPresent()) {
                continue;
            }
            if (!not.test(message.statement().body())) {
                try {
                    finish(act, message, false);
                } catch (CommandFailure e) {
                    if (e.refusal()
                            .filter(r -> r.code() == RefusalCode.UNREACHABLE)
                            .isPresent()) {
                        throw e;
                    }
                }
            }
        }
    }

    /** Signs with the purse; nothing is stored. */
    Signed<WalletMessage> sign(WalletState state, WalletRequest body) {
        refuseGone(state.settings().institution());
        Thumbprint sender = Wallet.fullestFirst(state).stream()
                .findFirst()
                .orElseThrow(() -> CommandFailure.refused(
                        Refusal.of(state.purse().rolledBack() ? RefusalCode.ROLLED_BACK : RefusalCode.NOT_ENROLLED)));
        WalletMessage message =
                new WalletMessage(state.settings().institution(), sender, Session.nonce(), session.now(), body);
        PurseAnswer answer = Session.done(Wallet.purse(state, new PurseCommand.SignMessage(message), session.context()))
                .result();
        if (answer instanceof PurseAnswer.MessageSigned signed) {
            return signed.message();
        }
        throw new IllegalStateException("a purse that signs no message: " + answer);
    }

    /** Stores the signed message with the state it needs; from here on it will be finished. */
    Signed<WalletMessage> store(Act act, WalletState state, Signed<WalletMessage> message) {
        session.commit(act, Change.to(state).send(message));
        return message;
    }

    /** Asks what changes nothing, so that nothing need be stored. */
    WalletAnswer askOnly(WalletRequest body) {
        return granted(bank.ask(session.state().bulletin().statement(), sign(session.state(), body)));
    }

    /**
     * The answer to an errand that {@code same} recognises and whose end nobody was told of: the command was cut off
     * after it was done, and run again it does not do it twice.
     */
    Optional<WalletAnswer> untold(Predicate<WalletRequest> same) {
        return session.store()
                .get(UNTOLD)
                .map(b -> Signed.decode(b, Limit.SERVICE_MESSAGE_BYTES, WalletMessage::read))
                .filter(m -> same.test(m.statement().body()))
                .flatMap(m -> session.store().get(UNTOLD_ANSWER))
                .map(b -> WalletAnswer.read(Cbor.decode(b, Limit.SERVICE_MESSAGE_BYTES)));
    }

    /** The owner was told: the same command is a new errand from here on. */
    void told() {
        session.store().forget(UNTOLD);
        session.store().forget(UNTOLD_ANSWER);
    }

    /**
     * Sends, stores what the answer changes, and returns it. A refusal ends the errand, and the command run again begins
     * another; after a fault of the service nothing is decided, and the message stays to be sent again.
     */
    WalletAnswer finish(Act act, Signed<WalletMessage> message) {
        return finish(act, message, true);
    }

    /** One that the bulletin in hand lists as gone is asked nothing, and nothing is begun for it. */
    private void refuseGone(InstitutionId institution) {
        Sync.gone(session.state(), institution).ifPresent(no -> {
            throw CommandFailure.refused(no);
        });
    }

    private WalletAnswer finish(Act act, Signed<WalletMessage> message, boolean own) {
        refuseGone(message.statement().institution());
        WalletAnswer answer = bank.ask(session.state().bulletin().statement(), message);
        session.store().reached(act, DurableStep.SENT);
        if (answer instanceof WalletAnswer.Refused no && no.refusal().code().isFault()) {
            throw CommandFailure.refused(no.refusal());
        }
        Change change = taken(message, answer).answered(message.statement().id());
        if (own && !(answer instanceof WalletAnswer.Refused)) {
            change.put(UNTOLD, message.encode())
                    .put(UNTOLD_ANSWER, answer.cbor().encode());
        }
        session.commit(act, change);
        return granted(answer);
    }

    private Change taken(Signed<WalletMessage> message, WalletAnswer answer) {
        WalletState state = session.state();
        return switch (answer) {
            case WalletAnswer.Loaded a -> {
                Amount value = a.note().statement().value();
                yield Change.to(Session.done(Wallet.load(state, a.note(), session.context()))
                                .state())
                        .line(session.line("loaded", value, a.note().hash().hex()));
            }
            case WalletAnswer.Enrolled a -> enrolled(state, message.statement(), a);
            case WalletAnswer.Remitted ignored -> {
                WalletRequest.Remit remit =
                        (WalletRequest.Remit) message.statement().body();
                yield Change.only()
                        .line(session.line(
                                "remitted", remit.amount(), remit.toInstitution() + ":" + remit.toAccount()));
            }
            case WalletAnswer.Refused ignored
            when message.statement().body() instanceof WalletRequest.Load load ->
                Change.to(Session.done(
                                Wallet.purse(state, new PurseCommand.DropLoad(load.loadNonce()), session.context()))
                        .state());
            default -> Change.only();
        };
    }

    /** Where the wallet was at another institution, it is at this one now, and asks the other nothing more. */
    private Change enrolled(WalletState before, WalletMessage message, WalletAnswer.Enrolled answer) {
        InstitutionId institution = message.institution();
        boolean moved = !before.settings().institution().equals(institution);
        WalletState state = moved
                ? Session.done(Move.arrived(before, institution, answer.certificates(), session.context()))
                        .state()
                : Session.done(Wallet.purse(
                                before, new PurseCommand.InstallCertificates(answer.certificates()), session.context()))
                        .state();
        Change change = Change.to(state)
                .put("account", text(answer.account()))
                .put(EnrollCommand.URL, text(bank.address()))
                .line(session.line("enrolled", Amount.ZERO, answer.account()));
        session.store().outgoing().stream()
                .filter(m -> !m.statement().institution().equals(institution))
                .forEach(m -> change.answered(m.statement().id()));
        return change;
    }

    static WalletAnswer granted(WalletAnswer answer) {
        if (answer instanceof WalletAnswer.Refused no) {
            throw CommandFailure.refused(no.refusal());
        }
        return answer;
    }

    static Bytes text(String text) {
        return Bytes.of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    static Nonce nonce() {
        return Session.nonce();
    }

    static CommandFailure odd(WalletAnswer answer) {
        return CommandFailure.refused(new Refusal(
                RefusalCode.UNKNOWN_TYPE,
                "an unexpected answer: " + answer.getClass().getSimpleName()));
    }
}
