package org.jiaozi.cli.wallet.session;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.output.AmountParser;
import org.jiaozi.cli.wallet.store.Act;
import org.jiaozi.cli.wallet.store.Change;
import org.jiaozi.cli.wallet.store.CrashPoint;
import org.jiaozi.cli.wallet.store.KeyRing;
import org.jiaozi.cli.wallet.store.PinGuard;
import org.jiaozi.cli.wallet.store.WalletStore;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.Entropy;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.HpkeSealer;
import org.jiaozi.crypto.SystemEntropy;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletContext;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.host.WalletStep;
import org.jiaozi.wallet.purse.SoftwarePurse;

/** An open wallet while one command runs. */
public final class Session implements AutoCloseable {
    private static final Entropy ENTROPY = new SystemEntropy();

    private final WalletStore store;
    private final long offset;
    private final Sealer sealer = new RefusingSealer(new HpkeSealer(ENTROPY));
    private final Es256Verifier verifier = new Es256Verifier();
    private final char[] pin;
    private final Optional<KeyRing> keys;

    private Session(WalletStore store, long offset, char[] pin, Optional<KeyRing> keys) {
        this.store = store;
        this.offset = offset;
        this.pin = pin;
        this.keys = keys;
    }

    /** Opens to look and to take in; signs nothing. */
    public static Session withoutPin(WalletOptions options) {
        WalletStore store = WalletStore.open(options.directory(), options.marks(), CrashPoint.fromEnvironment());
        return checked(new Session(store, options.offset(), new char[0], Optional.empty()));
    }

    /** Opens with the PIN: may sign. */
    public static Session withPin(WalletOptions options) {
        char[] pin = options.pin();
        WalletStore store = WalletStore.open(options.directory(), options.marks(), CrashPoint.fromEnvironment());
        try {
            KeyRing keys = guard(store).open(pin, Instant.now().getEpochSecond());
            return checked(new Session(store, options.offset(), pin, Optional.of(keys)));
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private static PinGuard guard(WalletStore store) {
        return new PinGuard(store, ENTROPY, WalletOptions.argon2());
    }

    /** An old copy signs nothing from here on, whatever happens to the mark afterwards. */
    private static Session checked(Session session) {
        try {
            if (session.store.suspect()) {
                // nothing in it could say from here on what it is
                WalletState state = session.store
                        .state()
                        .orElseThrow(() -> CommandFailure.refused(new Refusal(
                                RefusalCode.ROLLED_BACK,
                                "the directory is an old copy from before it was enrolled: create another wallet; what this"
                                        + " one held is reported lost under the account key that enroll wrote")));
                Change change = Change.to(
                        done(Wallet.rolledBack(state, session.context())).state());
                // what it was about to enrol may have been answered since: with certificates for dead keys
                session.store.outgoing().stream()
                        .map(Signed::statement)
                        .filter(m -> m.body() instanceof WalletRequest.Enrol)
                        .forEach(m -> change.answered(m.id()));
                session.store.acknowledgeSuspicion(change.line(
                        session.line("rolled-back", Amount.ZERO, "the directory is an old copy: sync to go on")));
            }
            return session;
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    public static Entropy entropy() {
        return ENTROPY;
    }

    public static Nonce nonce() {
        return new Nonce(ENTROPY.next(Nonce.SIZE));
    }

    public WalletStore store() {
        return store;
    }

    public Sealer sealer() {
        return sealer;
    }

    public Es256Verifier verifier() {
        return verifier;
    }

    /** The wallet; refuses 606 before it is enrolled. */
    public WalletState state() {
        return store.state()
                .orElseThrow(() -> CommandFailure.refused(new Refusal(RefusalCode.NOT_ENROLLED, "enroll first")));
    }

    /** What the wallet is told of the world. */
    public WalletContext context() {
        return new WalletContext(now(), keys.isPresent(), verifier, sealer, this::signer, new SoftwarePurse());
    }

    private Signer signer(PublicKey key) {
        return keys().signer(key);
    }

    /** The private keys; only with the PIN. */
    public KeyRing keys() {
        return keys.orElseThrow(() -> new IllegalStateException("opened without the PIN"));
    }

    /** The same keys, under the PIN this was opened with. */
    public Change seal(Change change) {
        return PinGuard.sealed(change, keys().seal(pin, store.id(), WalletOptions.argon2(), ENTROPY));
    }

    /** The wallet's clock. */
    public Timestamp now() {
        return new Timestamp(Math.addExact(Instant.now().getEpochSecond(), offset));
    }

    /** Makes it durable; afterwards what it made may leave. */
    public void commit(Act act, Change change) {
        store.commit(act, change);
    }

    /** A line of history, now. */
    public Change.Line line(String what, Amount amount, String text) {
        return new Change.Line(now().seconds(), what, amount.minor(), text);
    }

    /** The step's outcome, or the refusal it ended in. */
    public static <T> WalletStep.Done<T> done(WalletStep<T> step) {
        return switch (step) {
            case WalletStep.Done<T> d -> d;
            case WalletStep.Refused<T> r -> throw CommandFailure.refused(r.refusal());
        };
    }

    /** Reads an amount as a person typed it, in this wallet's currency. */
    public Amount amount(String typed) {
        return parse(typed, state().settings().currency());
    }

    static Amount parse(String typed, Currency currency) {
        try {
            return new Amount(AmountParser.parse(typed, currency.decimals()));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()));
        }
    }

    /** Writes an amount for a person. */
    public String shown(Amount amount) {
        Currency currency = state().settings().currency();
        return AmountParser.format(amount.minor(), currency.decimals()) + " " + currency;
    }

    /** Whom it trusts. */
    public Trust trust() {
        return new Trust(
                new PublicKey(store.get("root").orElseThrow()), store.text("ca").orElse(""));
    }

    @Override
    public void close() {
        Arrays.fill(pin, '\0');
        store.close();
    }
}
