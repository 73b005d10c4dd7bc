package org.jiaozi.lab.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.tap.TapMessage.RequestMessage;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletContext;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.host.WalletStep;
import org.jiaozi.wallet.purse.PurseCommand;
import org.jiaozi.wallet.purse.SoftwarePurse;

/** A wallet in memory that holds notes of the bench's bank. */
final class BenchWallet {
    private final BenchMoney money;
    private final WalletContext context;
    private final BenchMoney.Purse purse;
    private WalletState state;

    BenchWallet(BenchMoney money, SignatureVerifier verifier) {
        this.money = money;
        this.purse = money.purse();
        Map<PublicKey, Signer> keys = new HashMap<>(Map.of(purse.signer().publicKey(), purse.signer()));
        context = new WalletContext(
                BenchMoney.NOW,
                true,
                verifier,
                money.sealer,
                key -> Objects.requireNonNull(keys.get(key)),
                new SoftwarePurse());
        state = WalletState.create(
                new WalletState.Settings(money.root.publicKey(), money.institution(), money.currency, ""),
                money.bulletin);
        done(Wallet.purse(state, new PurseCommand.AddKeys(List.of(purse.signer().publicKey())), context));
        done(Wallet.purse(state, new PurseCommand.InstallCertificates(List.of(purse.certificate())), context));
    }

    private <T> T done(WalletStep<T> step) {
        return switch (step) {
            case WalletStep.Done<T> d -> {
                state = d.state();
                yield d.result();
            }
            case WalletStep.Refused<T> no -> throw new IllegalStateException("the bench's wallet: " + no.refusal());
        };
    }

    /** Takes so many notes of {@code value} minor units each. */
    BenchWallet holding(int notes, long value) {
        for (int i = 0; i < notes; i++) {
            Nonce load = done(Wallet.openLoad(state, purse.key(), money.nonce(), context));
            done(Wallet.load(state, money.note(purse.key(), value, load), context));
        }
        return this;
    }

    /** A request for {@code amount} minor units. */
    RequestMessage ask(long amount) {
        return done(Wallet.ask(state, new Amount(amount), "bench", money.nonce(), money.sealer.newKeyPair(), context));
    }

    WalletState state() {
        return state;
    }

    WalletContext context() {
        return context;
    }
}
