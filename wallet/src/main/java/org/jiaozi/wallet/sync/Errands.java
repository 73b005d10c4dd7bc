package org.jiaozi.wallet.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletContext;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.host.WalletState.Outbox;
import org.jiaozi.wallet.host.WalletStep;
import org.jiaozi.wallet.purse.Pseudonym;
import org.jiaozi.wallet.purse.PurseAnswer;
import org.jiaozi.wallet.purse.PurseCommand;

/**
 * Single questions to the institution. Each is stored as the message under way before it is sent, so that a lost answer is
 * asked for again, by {@link #pending} or by the next sync.
 */
public final class Errands {
    private Errands() {}

    /**
     * What an answer led to.
     *
     * @param state to be durable
     * @param refusal if it was no
     */
    public record Outcome(WalletState state, Optional<Refusal> refusal) {}

    /** The message under way, to be sent again before anything else is asked. */
    public static Optional<Signed<WalletMessage>> pending(WalletState state) {
        return state.outbox().pending();
    }

    /**
     * The message that binds this purse's uncertified keys to an account. The account key signs it; then {@link #signed}.
     *
     * @param code the one-time code
     * @param accountKey kept outside the device
     */
    public static WalletStep<WalletMessage> enrol(
            WalletState state,
            String code,
            PublicKey accountKey,
            ElementClass element,
            WalletContext context,
            Sync.Fresh fresh) {
        List<KeyProof> proofs = new ArrayList<>();
        for (Pseudonym p : state.purse().pseudonyms()) {
            if (p.status() == Pseudonym.Status.ACTIVE && p.certificate().isEmpty()) {
                PurseCommand prove = new PurseCommand.ProveKey(
                        p.thumbprint(), state.settings().institution(), fresh.message());
                switch (Wallet.purse(state, prove, context)) {
                    case WalletStep.Refused<PurseAnswer> no -> {
                        return new WalletStep.Refused<>(no.refusal());
                    }
                    case WalletStep.Done<PurseAnswer> d -> {
                        if (d.result() instanceof PurseAnswer.Proved proved) {
                            proofs.add(proved.proof());
                        }
                    }
                }
            }
        }
        if (proofs.isEmpty()) {
            return WalletStep.no(RefusalCode.WRONG_STATE, "no key waits for a certificate");
        }
        WalletRequest body =
                new WalletRequest.Enrol(code, accountKey, state.settings().currency(), element, proofs);
        return new WalletStep.Done<>(
                state,
                new WalletMessage(
                        state.settings().institution(), accountKey.thumbprint(), fresh.message(), context.now(), body));
    }

    /** Puts a message under way that the account key signed. */
    public static WalletStep<Signed<WalletMessage>> signed(WalletState state, Signed<WalletMessage> message) {
        if (state.outbox().pending().isPresent()) {
            return busy();
        }
        return new WalletStep.Done<>(
                state.with(new Outbox(Optional.of(message), state.outbox().toLoad())), message);
    }

    /** Asks for account money as a note, under the fullest active key that has room; 504 if none has room for all of it. */
    public static WalletStep<Signed<WalletMessage>> load(
            WalletState state, Amount amount, WalletContext context, Sync.Fresh fresh) {
        Optional<Refusal> gone = Sync.gone(state);
        if (gone.isPresent()) {
            return new WalletStep.Refused<>(gone.get());
        }
        for (Thumbprint key : Wallet.fullestFirst(state)) {
            if (amount.compareTo(Wallet.room(state, key)) <= 0) {
                return Wallet.openLoad(state, key, fresh.other(), context).then((opened, nonce) -> {
                    WalletRequest body =
                            new WalletRequest.Load(amount, state.settings().currency(), key, nonce);
                    return ask(opened, body, context, fresh);
                });
            }
        }
        return Sync.speaker(state).isEmpty()
                ? WalletStep.no(RefusalCode.NOT_ENROLLED, "")
                : WalletStep.no(RefusalCode.OVER_HOLDING_LIMIT, "no key of this purse has room for it");
    }

    /** Asks anything else under a purse key: the account, a remittance, evidence carried for somebody. */
    public static WalletStep<Signed<WalletMessage>> ask(
            WalletState state, WalletRequest body, WalletContext context, Sync.Fresh fresh) {
        Optional<Refusal> gone = Sync.gone(state);
        if (gone.isPresent()) {
            return new WalletStep.Refused<>(gone.get());
        }
        if (state.outbox().pending().isPresent()) {
            return busy();
        }
        Optional<Thumbprint> sender = Sync.speaker(state);
        if (sender.isEmpty()) {
            return WalletStep.no(state.purse().rolledBack() ? RefusalCode.ROLLED_BACK : RefusalCode.NOT_ENROLLED, "");
        }
        WalletMessage message =
                new WalletMessage(state.settings().institution(), sender.get(), fresh.message(), context.now(), body);
        return Wallet.purse(state, new PurseCommand.SignMessage(message), context)
                .then((next, answer) -> {
                    if (!(answer instanceof PurseAnswer.MessageSigned m)) {
                        throw new IllegalStateException("a purse that signs nothing: " + answer);
                    }
                    return signed(next, m.message());
                });
    }

    /** Takes the answer to the message under way; what it says beyond that is the caller's to show. */
    public static Outcome answered(WalletState state, WalletAnswer answer, WalletContext context) {
        Answers.Taken taken = Answers.take(state, SyncRun.start(SyncRun.Options.DEFAULT), answer, context);
        return new Outcome(taken.state(), taken.run().refusals().stream().findFirst());
    }

    private static <T> WalletStep<T> busy() {
        return WalletStep.no(RefusalCode.WRONG_STATE, "a message is under way: its answer comes first");
    }
}
