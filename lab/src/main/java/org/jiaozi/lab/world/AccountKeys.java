package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.value.Thumbprint;

/**
 * The account keys that the owner of a device keeps outside of it, one for each enrolment: they are not lost with the device,
 * and no image of it holds them. Not thread-safe.
 */
final class AccountKeys {
    private final Optional<AccountKeys> before;
    private final List<Signer> drawn = new ArrayList<>();
    private final Set<Signer> bound = new LinkedHashSet<>();

    private AccountKeys(Optional<AccountKeys> before) {
        this.before = before;
    }

    /** Of somebody's first device. */
    static AccountKeys first() {
        return new AccountKeys(Optional.empty());
    }

    /** Of the device that takes the place of this one; its owner keeps these as well. */
    AccountKeys next() {
        return new AccountKeys(Optional.of(this));
    }

    /** A new key goes to the institution. */
    void draw(Signer fresh) {
        drawn.add(fresh);
    }

    /** The institution says that it bound this key. */
    void bound(Signer key) {
        bound.add(key);
    }

    /** The newest of which the owner knows that it is bound; of the device before, where this one has none. */
    Optional<Signer> newest() {
        return bound.isEmpty()
                ? before.flatMap(AccountKeys::newest)
                : bound.stream().reduce((older, newer) -> newer);
    }

    /** All that were ever drawn, the oldest first. */
    List<Signer> all() {
        return Stream.concat(before.stream().flatMap(b -> b.all().stream()), drawn.stream())
                .toList();
    }

    /** The one of this name. */
    Signer named(Thumbprint name) {
        return all().stream()
                .filter(k -> k.publicKey().thumbprint().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
