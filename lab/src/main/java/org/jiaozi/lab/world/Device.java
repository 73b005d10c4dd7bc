package org.jiaozi.lab.world;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.core.tap.PayeeTap;
import org.jiaozi.core.tap.PayerTap;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.wallet.host.PayerSession;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.purse.PurseState;

/**
 * One device: what its disk holds, and what its memory holds until it crashes. Copies of one purse share its name. Not
 * thread-safe.
 */
final class Device {
    private final String purse;
    private final House house;
    private final long skewSeconds;
    private final Map<Hash, PurseState.LogEntry> everSigned;
    private final Map<Nonce, PayerTap.State> paying = new HashMap<>();
    private final Map<Nonce, PayeeTap.State> asking = new HashMap<>();
    private WalletState disk;

    Device(String purse, House house, long skewSeconds, WalletState disk) {
        this(purse, house, skewSeconds, disk, new LinkedHashMap<>());
    }

    private Device(
            String purse, House house, long skewSeconds, WalletState disk, Map<Hash, PurseState.LogEntry> everSigned) {
        this.purse = purse;
        this.house = house;
        this.skewSeconds = skewSeconds;
        this.disk = disk;
        this.everSigned = everSigned;
    }

    /** A second device with the same disk, keys and marks included. */
    Device copy() {
        return new Device(purse, house, skewSeconds, disk, new LinkedHashMap<>(everSigned));
    }

    String purse() {
        return purse;
    }

    House house() {
        return house;
    }

    long skewSeconds() {
        return skewSeconds;
    }

    WalletState disk() {
        return disk;
    }

    /** Writes; from now on what was signed may be out in the world. */
    void write(WalletState next) {
        disk = next;
        next.purse()
                .log()
                .values()
                .forEach(e -> everSigned.putIfAbsent(e.transfer().hash(), e));
    }

    /** Forgets what was not written. */
    void crash() {
        paying.clear();
        asking.clear();
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

    /** Everything this device ever wrote down as signed, whatever its log holds now. */
    Map<Hash, PurseState.LogEntry> everSigned() {
        return everSigned;
    }

    boolean owns(Thumbprint key) {
        return disk.purse().pseudonym(key).isPresent();
    }

    @Override
    public String toString() {
        return purse;
    }
}
