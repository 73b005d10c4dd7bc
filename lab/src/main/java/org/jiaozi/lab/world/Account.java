package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jiaozi.bank.institution.AccountState;
import org.jiaozi.bank.institution.AccountState.Block;
import org.jiaozi.bank.institution.Debts;
import org.jiaozi.bank.institution.PurseKeyState;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.message.BoundKey;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Thumbprint;

/** A customer's account at an institution of the world, with the devices that were ever bound to it. Not thread-safe. */
final class Account {
    /** A key and its own word, and which of the account's devices it belongs to. */
    static final class Bound {
        final BoundKey word;
        final int device;
        PurseKeyState state;

        Bound(BoundKey word, int device, PurseKeyState state) {
            this.word = word;
            this.device = device;
            this.state = state;
        }
    }

    final String name;
    final int tier;
    final List<Bound> keys = new ArrayList<>();
    final Map<Bytes, Debts> debts = new TreeMap<>();
    final Map<Bytes, Debts> reported = new TreeMap<>();
    final Map<Bytes, Long> claimed = new TreeMap<>();
    final Map<Bytes, Long> borne = new TreeMap<>();
    Optional<PublicKey> holder = Optional.empty();
    Block block = Block.NONE;
    boolean flagged;
    long balance;
    long issued;
    long deposited;
    int devices;
    int losses;

    Account(String name, int tier) {
        this.name = name;
        this.tier = tier;
    }

    AccountState state() {
        return new AccountState(name, tier, WorldBank.CURRENCY, new Amount(balance), block, flagged);
    }

    List<PurseKeyState> states() {
        return keys.stream().map(k -> k.state).toList();
    }

    /** The keys of the device in use that are not revoked. */
    List<PurseKeyState> current() {
        return keys.stream()
                .filter(k -> k.device == devices && k.state.status() != PurseKeyState.Status.REVOKED)
                .map(k -> k.state)
                .toList();
    }

    void put(PurseKeyState state) {
        for (Bound key : keys) {
            if (key.state.thumbprint().equals(state.thumbprint())) {
                key.state = state;
            }
        }
    }

    void revoke(Thumbprint key) {
        for (Bound bound : keys) {
            if (bound.state.thumbprint().equals(key)) {
                bound.state = revoked(bound.state);
            }
        }
    }

    static PurseKeyState revoked(PurseKeyState s) {
        return new PurseKeyState(s.key(), s.element(), PurseKeyState.Status.REVOKED, s.seq(), s.spent());
    }

    /** Whether a debt can be taken from what is there, or the central bank has not heard what was taken. */
    boolean owesOrReports() {
        return debts.entrySet().stream()
                .anyMatch(d -> !d.getValue().seizable(new Amount(balance)).isZero()
                        || (d.getKey().size() == Thumbprint.SIZE
                                && !d.getValue().equals(reported.get(d.getKey()))));
    }

    long openDebts() {
        return debts.values().stream().mapToLong(d -> d.open().minor()).reduce(0, Math::addExact);
    }
}
