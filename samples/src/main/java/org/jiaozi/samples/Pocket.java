package org.jiaozi.samples;

import java.util.List;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletContext;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.host.WalletStep;
import org.jiaozi.wallet.purse.PurseCommand;
import org.jiaozi.wallet.purse.SoftwarePurse;

/** A wallet with one key, kept in memory. An application stores {@link #state} where it survives a crash. */
final class Pocket {
    private final ToyBank bank;
    private final Signer key;
    WalletState state;

    Pocket(ToyBank bank) {
        this.bank = bank;
        this.key = bank.newSigner();
        this.state = WalletState.create(
                new WalletState.Settings(bank.rootKey(), new InstitutionId(1), ToyBank.CURRENCY, ""), bank.bulletin);
        keep(Wallet.purse(state, new PurseCommand.AddKeys(List.of(key.publicKey())), context()));
        keep(Wallet.purse(
                state, new PurseCommand.InstallCertificates(List.of(bank.certificate(key.publicKey()))), context()));
    }

    /** Takes a new note from the bank. */
    void load(long minor) {
        Thumbprint holder = key.publicKey().thumbprint();
        Nonce nonce = keep(Wallet.openLoad(state, holder, bank.nonce(), context()));
        keep(Wallet.load(state, bank.note(holder, minor, nonce), context()));
    }

    /** Clock, providers and purse for one call; the owner's PIN counts as given. */
    WalletContext context() {
        return new WalletContext(bank.now(), true, bank.verifier, bank.sealer, asked -> key, new SoftwarePurse());
    }

    /** Keeps the new state, then hands out the result. A refusal ends the sample. */
    <T> T keep(WalletStep<T> step) {
        return switch (step) {
            case WalletStep.Done<T> done -> {
                state = done.state();
                yield done.result();
            }
            case WalletStep.Refused<T> no ->
                throw new IllegalStateException(no.refusal().toString());
        };
    }
}
