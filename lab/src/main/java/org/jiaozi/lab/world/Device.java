package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jiaozi.core.tap.PayeeTap;
import org.jiaozi.core.tap.PayerTap;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.wallet.host.PayerSession;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.sync.SyncRun;

/**
 * One device: what its disk holds, what its memory holds until it crashes, and its mark outside. Copies of one purse share
 * its name and account keys. Not thread-safe.
 */
final class Device {
    /** Who holds it. */
    enum Nature {
        /** Runs the wallet as it is. */
        HONEST,
        /** Has its keys outside, and signs what it likes besides. */
        BROKEN
    }

    /** So many states of a disk are kept of which it may forget the last ones. */
    private static final int UNMEANT = 16;

    private final String purse;
    private final House house;
    private final Account account;
    private final AccountKeys accountKeys;
    private final Nature nature;
    private final String region;
    private final Map<Nonce, PayerTap.State> paying = new HashMap<>();
    private final Map<Nonce, PayeeTap.State> asking = new HashMap<>();
    private final List<Consumer<WalletState>> unwritten = new ArrayList<>();
    private long skewSeconds;
    private WalletState disk;
    /** What was written since the disk stopped meaning it, the oldest first; before that the last that it meant. */
    private final List<WalletState> unmeant = new ArrayList<>();

    private Optional<SyncRun> syncing = Optional.empty();
    private long mark;
    private boolean lost;
    private boolean full;

    Device(
            String purse,
            House house,
            Account account,
            AccountKeys accountKeys,
            Nature nature,
            String region,
            long skewSeconds,
            WalletState disk) {
        this.purse = purse;
        this.house = house;
        this.account = account;
        this.accountKeys = accountKeys;
        this.nature = nature;
        this.region = region;
        this.skewSeconds = skewSeconds;
        this.disk = disk;
    }

    /** A second device with the same disk, keys and marks included. */
    Device copy() {
        Device copy = new Device(purse, house, account, accountKeys, nature, region, skewSeconds, disk);
        copy.mark = mark;
        return copy;
    }

    String purse() {
        return purse;
    }

    House house() {
        return house;
    }

    Account account() {
        return account;
    }

    AccountKeys accountKeys() {
        return accountKeys;
    }

    boolean broken() {
        return nature == Nature.BROKEN;
    }

    String region() {
        return region;
    }

    long skewSeconds() {
        return skewSeconds;
    }

    /** Its clock steps, forwards or back. */
    void skew(long seconds) {
        skewSeconds = seconds;
    }

    WalletState disk() {
        return disk;
    }

    /** What to tell of a step once it is written; forgotten if it never is. */
    void once(Consumer<WalletState> told) {
        unwritten.add(told);
    }

    /** Nothing of the step under way happened. */
    void forget() {
        unwritten.clear();
    }

    /** Writes; from now on what was signed may be out in the world. A full disk writes nothing. */
    boolean write(WalletState next) {
        return wrote(next, true);
    }

    /**
     * Writes, and dies before it moves the mark outside on. The disk means it: what is forgotten before its mark moved, and
     * before anything left the device, is as if it had never been written.
     */
    boolean tear(WalletState next) {
        boolean lies = believes();
        flush();
        boolean written = wrote(next, false);
        if (lies) {
            believe();
        }
        return written;
    }

    private boolean wrote(WalletState next, boolean markToo) {
        if (full) {
            forget();
            return false;
        }
        disk = next;
        if (believes()) {
            if (unmeant.size() >= UNMEANT) {
                unmeant.remove(unmeant.size() / 2);
            }
            unmeant.add(next);
        }
        if (markToo) {
            mark = next.purse().mark();
        }
        unwritten.forEach(told -> told.accept(next));
        unwritten.clear();
        return true;
    }

    /** From now on the disk says written and does not mean it. */
    void believe() {
        if (!believes()) {
            unmeant.add(disk);
        }
    }

    /** Whether its disk says that it wrote what it did not. */
    boolean believes() {
        return !unmeant.isEmpty();
    }

    /** What was said to be written is, from now on. */
    void flush() {
        unmeant.clear();
    }

    /** Loses what the disk did not mean, all of it or what came last; whether that was anything. */
    boolean powerCut(Dice dice) {
        crash();
        WalletState before = disk;
        if (believes()) {
            disk = unmeant.get(dice.chance(70) ? 0 : dice.below(Math.max(1, unmeant.size() - 1)));
        }
        unmeant.clear();
        return !disk.purse().equals(before.purse());
    }

    /** Puts back an older disk, the mark outside with it: nobody can tell. */
    void rollBack(WalletState older) {
        crash();
        unmeant.clear();
        disk = older;
        mark = older.purse().mark();
    }

    /** Whether the mark outside says that the disk is an old copy. */
    boolean behindItsMark() {
        return disk.purse().mark() < mark;
    }

    /** Forgets what was not written. */
    void crash() {
        paying.clear();
        asking.clear();
        unwritten.clear();
        syncing = Optional.empty();
    }

    boolean full() {
        return full;
    }

    void fill(boolean toTheBrim) {
        full = toTheBrim;
    }

    boolean lost() {
        return lost;
    }

    void lose(boolean gone) {
        lost = gone;
    }

    Optional<SyncRun> syncing() {
        return syncing;
    }

    void syncing(Optional<SyncRun> run) {
        syncing = run;
    }

    PayerTap.State payer(Nonce nonce) {
        return Optional.ofNullable(paying.get(nonce))
                .or(() -> PayerSession.resume(disk, nonce))
                .orElseGet(PayerTap::start);
    }

    void payer(Nonce nonce, PayerTap.State state) {
        paying.put(nonce, state);
    }

    PayeeTap.State payee(Nonce nonce) {
        return asking.getOrDefault(nonce, PayeeTap.start());
    }

    void payee(Nonce nonce, PayeeTap.State state) {
        asking.put(nonce, state);
    }

    boolean owns(Thumbprint key) {
        return disk.purse().pseudonym(key).isPresent();
    }

    @Override
    public String toString() {
        return purse;
    }
}
