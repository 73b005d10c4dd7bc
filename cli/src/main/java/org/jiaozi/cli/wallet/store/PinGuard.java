package org.jiaozi.cli.wallet.store;

import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.Argon2Cost;
import org.jiaozi.crypto.Entropy;
import org.jiaozi.crypto.PinVault;

/**
 * Counts tries of the PIN. A try is on the disk before it is made, so that pulling the plug wins no guesses: after three
 * wrong ones the owner waits {@value #FIRST_WAIT} s, doubled each time, and after {@value #MOST} the PIN is blocked.
 */
public final class PinGuard {
    /** Wrong PINs in a row until it is blocked. */
    public static final int MOST = 10;

    private static final int FREE = 3;
    private static final int FIRST_WAIT = 15;
    private static final String VAULT = "vault";
    private static final String TRIES = "pin-tries";
    private static final String NOT_BEFORE = "pin-not-before";
    /** There while nobody may know yet that the PIN was changed. */
    private static final String UNTOLD = "pin-changed";

    private static final int LEAST_DIGITS = 6;
    /** More than SQLite's log grows by when the count is dropped: a few of its pages. */
    private static final int UNCOUNTING_BYTES = 1 << 15;

    private final WalletStore store;
    private final Entropy entropy;
    private final Argon2Cost cost;

    public PinGuard(WalletStore store, Entropy entropy, Argon2Cost cost) {
        this.store = store;
        this.entropy = entropy;
        this.cost = cost;
    }

    /** Refuses 607 what is too short or one character over and over. */
    public static void checkNew(char[] pin) {
        long different = new String(pin).chars().distinct().count();
        if (pin.length < LEAST_DIGITS || different < 2) {
            throw new StoreException(
                    RefusalCode.NEW_PIN_WEAK, "at least " + LEAST_DIGITS + " characters, not all the same");
        }
    }

    /**
     * Opens the keys, or refuses 601, 602 with the seconds to wait, or 603.
     *
     * @param nowSeconds the machine's clock, whatever offset the wallet runs under
     */
    public KeyRing open(char[] pin, long nowSeconds) {
        long tries = number(TRIES);
        if (tries >= MOST) {
            throw new StoreException(RefusalCode.PIN_BLOCKED, "report the wallet lost and enrol a new one");
        }
        long wait = number(NOT_BEFORE) - nowSeconds;
        if (wait > 0) {
            throw new StoreException(RefusalCode.PIN_BACKOFF, wait + " seconds");
        }
        long now = tries + 1;
        long until = now < FREE ? 0 : Math.addExact(nowSeconds, (long) FIRST_WAIT << (now - FREE));
        // a right PIN must not stay counted for want of room
        try (Room room = Room.take(store.directory(), entropy.next(UNCOUNTING_BYTES))) {
            store.commitUncounted(Change.only().put(TRIES, number(now)).put(NOT_BEFORE, number(until)));
            return switch (new PinVault(cost, entropy)
                    .open(pin, Database.text(store.id()), store.get(VAULT).orElse(Bytes.EMPTY))) {
                case PinVault.Content content -> {
                    room.give();
                    store.commitUncounted(
                            Change.only().drop(TRIES).drop(NOT_BEFORE).drop(UNTOLD));
                    yield KeyRing.read(content.bytes());
                }
                case PinVault.Refused ignored ->
                    throw new StoreException(
                            RefusalCode.WRONG_PIN,
                            (MOST - now) + " tries left"
                                    + (store.get(UNTOLD).isPresent()
                                            ? "; it was changed last time: give the new one"
                                            : ""));
                case PinVault.Unreadable no -> throw new StoreException(RefusalCode.MALFORMED, no.reason());
            };
        }
    }

    /** The change that stores these keys under a PIN. */
    public static Change sealed(Change change, Bytes vault) {
        return change.put(VAULT, vault);
    }

    /** The change that puts the keys under another PIN; until {@link #told}, a wrong one is told of it. */
    public static Change changed(Bytes vault) {
        return sealed(Change.only(), vault).put(UNTOLD, Database.text("yes"));
    }

    /** The owner knows that the PIN was changed. */
    public static void told(WalletStore store) {
        store.forget(UNTOLD);
    }

    private long number(String name) {
        return store.text(name).map(Long::parseLong).orElse(0L);
    }

    private static Bytes number(long value) {
        return Database.text(Long.toString(value));
    }
}
