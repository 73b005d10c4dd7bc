package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jiaozi.bank.institution.AccountState;
import org.jiaozi.bank.institution.AccountState.Block;
import org.jiaozi.bank.institution.Debts;
import org.jiaozi.bank.institution.PurseKeyState;
import org.jiaozi.bank.institution.Sender;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.message.BoundKey;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Thumbprint;

/** A customer's account at an institution of the world, with the purses that were ever bound to it. Not thread-safe. */
final class Account {
    /** A key and its own word, and the account key whose enrolment bound it, which names the purse. */
    static final class Bound {
        final BoundKey word;
        final Thumbprint purse;
        PurseKeyState state;

        Bound(BoundKey word, Thumbprint purse, PurseKeyState state) {
            this.word = word;
            this.purse = purse;
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
    final Map<Thumbprint, PublicKey> holders = new HashMap<>();
    Block block = Block.NONE;
    boolean flagged;
    long balance;
    long issued;
    long deposited;
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

    /** Who signs with a key that is known here. */
    Sender sender(Thumbprint key) {
        return find(key)
                .<Sender>map(k -> new Sender.Purse(k.state))
                .orElseGet(() -> new Sender.Holder(java.util.Objects.requireNonNull(holders.get(key))));
    }

    /** The purse of a purse key or of the account key that bound it. */
    Thumbprint purse(Thumbprint key) {
        return find(key).map(k -> k.purse).orElse(key);
    }

    private Optional<Bound> find(Thumbprint key) {
        return keys.stream().filter(k -> k.state.thumbprint().equals(key)).findFirst();
    }

    /** All keys of a purse, also revoked ones. */
    List<Bound> bound(Thumbprint purse) {
        return keys.stream().filter(k -> k.purse.equals(purse)).toList();
    }

    /** The keys of a purse that are not revoked. */
    List<PurseKeyState> current(Thumbprint purse) {
        return bound(purse).stream()
                .map(k -> k.state)
                .filter(s -> s.status() != PurseKeyState.Status.REVOKED)
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
