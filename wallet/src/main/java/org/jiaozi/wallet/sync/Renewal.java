package org.jiaozi.wallet.sync;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.message.Counters;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletContext;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.host.WalletStep;
import org.jiaozi.wallet.purse.Pseudonym;
import org.jiaozi.wallet.purse.PurseAnswer;
import org.jiaozi.wallet.purse.PurseCommand;

/** Fresh certificates against the counters, and fresh keys in the place of idle ones. */
final class Renewal {
    private Renewal() {}

    static Optional<SyncNext> next(WalletState state, SyncRun run, WalletContext context, Sync.Fresh fresh) {
        if (run.renewed() || run.skips(Sync.RENEWAL)) {
            return Optional.empty();
        }
        List<Thumbprint> idle = idleKeys(state);
        List<PublicKey> taken = Stream.concat(
                        Move.leftBehind(state).stream(),
                        run.options().fresh().stream()
                                .filter(k -> state.purse()
                                        .pseudonym(k.thumbprint())
                                        .flatMap(Pseudonym::certificate)
                                        .isEmpty()))
                .limit(Math.max(idle.size(), missingKeys(state)))
                .toList();
        int rotated = Math.max(0, Math.min(idle.size(), taken.size() - missingKeys(state)));
        Set<Thumbprint> retire = new HashSet<>(idle.subList(0, rotated));
        return switch (proofs(state, taken, context, fresh.message())) {
            case WalletStep.Refused<List<KeyProof>> no ->
                Optional.of(Sync.next(state, run.refused(Sync.RENEWAL, no.refusal()), context, fresh));
            case WalletStep.Done<List<KeyProof>> d -> {
                WalletRequest body = new WalletRequest.Renew(counters(d.state()), List.copyOf(retire), d.result());
                yield Sync.speaker(d.state()).flatMap(key -> Sync.ask(d.state(), run, body, key, context, fresh));
            }
        };
    }

    private static WalletStep<List<KeyProof>> proofs(
            WalletState state, List<PublicKey> keys, WalletContext context, Nonce message) {
        WalletStep<PurseAnswer> added = Wallet.purse(state, new PurseCommand.AddKeys(keys), context);
        return added.then((next, ignored) -> {
            List<KeyProof> proofs = new ArrayList<>();
            for (PublicKey key : keys) {
                PurseCommand prove = new PurseCommand.ProveKey(
                        key.thumbprint(), state.settings().institution(), message);
                switch (Wallet.purse(next, prove, context)) {
                    case WalletStep.Refused<PurseAnswer> no -> {
                        return new WalletStep.Refused<>(no.refusal());
                    }
                    case WalletStep.Done<PurseAnswer> d -> {
                        if (d.result() instanceof PurseAnswer.Proved p) {
                            proofs.add(p.proof());
                        }
                    }
                }
            }
            return new WalletStep.Done<>(next, proofs);
        });
    }

    /** Active keys that hold nothing and wait for nothing: fresh ones can take their place. */
    private static List<Thumbprint> idleKeys(WalletState state) {
        Set<Thumbprint> busy = new HashSet<>();
        state.purse().requests().values().forEach(r -> busy.add(r.key()));
        busy.addAll(state.purse().loads().values());
        return state.purse().pseudonyms().stream()
                .filter(p ->
                        p.status() == Pseudonym.Status.ACTIVE && p.certificate().isPresent())
                .map(Pseudonym::thumbprint)
                .filter(key -> state.purse().holding(key).isZero() && !busy.contains(key))
                .toList();
    }

    private static int missingKeys(WalletState state) {
        long certified = state.purse().pseudonyms().stream()
                .filter(p ->
                        p.status() == Pseudonym.Status.ACTIVE && p.certificate().isPresent())
                .count();
        return (int) Math.max(0, state.bulletin().statement().policy().pseudonyms() - certified);
    }

    private static List<Counters> counters(WalletState state) {
        return state.purse().pseudonyms().stream()
                // a retired key that holds nothing has nothing new to tell
                .filter(p -> p.certificate().isPresent()
                        && (p.status() == Pseudonym.Status.ACTIVE
                                || (p.status() == Pseudonym.Status.RETIRED
                                        && Move.boundHere(state, p)
                                        && !state.purse()
                                                .holding(p.thumbprint())
                                                .isZero())))
                .map(p -> new Counters(
                        p.thumbprint(),
                        p.seq(),
                        p.spentTotal(),
                        state.purse().holding(p.thumbprint()).minor()))
                .toList();
    }
}
