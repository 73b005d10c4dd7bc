package org.jiaozi.wallet.sync;

import java.util.Optional;
import java.util.Set;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.Handover;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletContext;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.host.WalletStep;
import org.jiaozi.wallet.purse.PurseAnswer;
import org.jiaozi.wallet.purse.PurseCommand;
import org.jiaozi.wallet.purse.PurseState;

/** Deposits that were signed and that nobody acknowledged. */
final class Unanswered {
    private Unanswered() {}

    /**
     * The same transfers again, or, where the wallet has moved since because their institution is gone, taken over (spec 07,
     * clause 10).
     */
    static Optional<SyncNext> next(WalletState state, SyncRun run, WalletContext context, Sync.Fresh fresh) {
        for (PurseState.LogEntry entry : state.purse().log().values()) {
            Hash hash = entry.transfer().hash();
            if (entry.isDeposit() && !entry.settled() && !run.skips(hash.bytes())) {
                Lineage lineage = state.lineage().lineageOf(Set.of(new SliceRef(hash, 0)));
                Bytes packed = LineageCodec.encode(lineage);
                if (isAtAnother(state, entry)) {
                    return takeOver(state, run, hash, packed, context, fresh);
                }
                WalletRequest body = new WalletRequest.Deposit(packed);
                return Sync.speaker(state).flatMap(key -> Sync.ask(state, run, body, key, context, fresh));
            }
        }
        return Optional.empty();
    }

    private static boolean isAtAnother(WalletState state, PurseState.LogEntry deposit) {
        return state.bulletin()
                .statement()
                .institutionByDepositKey(deposit.transfer().statement().payee())
                .filter(i -> !i.id().equals(state.settings().institution()))
                .isPresent();
    }

    private static Optional<SyncNext> takeOver(
            WalletState state, SyncRun run, Hash deposit, Bytes packed, WalletContext context, Sync.Fresh fresh) {
        if (run.options().account().isEmpty()) {
            Refusal no = new Refusal(RefusalCode.UNKNOWN_ACCOUNT, "a deposit waits to be taken over");
            return Optional.of(Sync.next(state, run.refused(deposit.bytes(), no), context, fresh));
        }
        Handover word = new Handover(
                state.settings().institution(), run.options().account().get(), deposit, context.now());
        return switch (Wallet.purse(state, new PurseCommand.HandOver(word), context)) {
            case WalletStep.Refused<PurseAnswer> no ->
                Optional.of(Sync.next(state, run.refused(deposit.bytes(), no.refusal()), context, fresh));
            case WalletStep.Done<PurseAnswer>(WalletState same, PurseAnswer answer)
            when answer instanceof PurseAnswer.HandedOver h ->
                Sync.speaker(same)
                        .flatMap(key -> Sync.ask(
                                same, run, new WalletRequest.TakeOver(packed, h.handover()), key, context, fresh));
            case WalletStep.Done<PurseAnswer> d -> throw new IllegalStateException("not handed over: " + d.result());
        };
    }
}
