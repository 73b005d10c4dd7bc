package org.jiaozi.wallet.sync;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletContext;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.host.WalletStep;
import org.jiaozi.wallet.purse.Pseudonym;
import org.jiaozi.wallet.purse.PurseCommand;

/**
 * A wallet goes to another institution, its own being gone (spec 07, clause 10). Only a key that is bound there can deposit
 * there, and only what lies under such a key can be claimed there; so the keys that hold value go first, retired or not.
 */
public final class Move {
    private Move() {}

    /** The keys that are to be bound there, at most {@code most}. */
    public static List<PublicKey> keys(WalletState state, int most) {
        return Stream.concat(
                        state.purse().pseudonyms().stream().filter(p -> holds(state, p)),
                        state.purse().pseudonyms().stream()
                                .filter(p -> p.status() == Pseudonym.Status.ACTIVE && !holds(state, p)))
                .map(Pseudonym::key)
                .limit(most)
                .toList();
    }

    private static boolean holds(WalletState state, Pseudonym p) {
        return (p.status() == Pseudonym.Status.ACTIVE || p.status() == Pseudonym.Status.RETIRED)
                && !state.purse().holding(p.thumbprint()).isZero();
    }

    /** The wallet at its new institution. A key that this one did not certify is retired; a later renewal binds it. */
    public static WalletStep<InstitutionId> arrived(
            WalletState state, InstitutionId to, List<Signed<PurseCertificate>> certificates, WalletContext context) {
        Set<Thumbprint> left = state.purse().pseudonyms().stream()
                .filter(p -> p.status() == Pseudonym.Status.ACTIVE)
                .map(Pseudonym::thumbprint)
                .collect(Collectors.toCollection(HashSet::new));
        certificates.forEach(c -> left.remove(c.statement().thumbprint()));
        return Wallet.purse(state, new PurseCommand.InstallCertificates(certificates), context)
                .then((installed, ignored) ->
                        Wallet.purse(installed.movedTo(to), new PurseCommand.RetireKeys(left), context))
                .then((moved, ignored) -> new WalletStep.Done<>(moved, to));
    }

    /** Whether the institution where the wallet is has certified the key. */
    static boolean boundHere(WalletState state, Pseudonym key) {
        return key.certificate()
                .filter(c -> c.statement()
                        .issuer()
                        .institution()
                        .equals(state.settings().institution()))
                .isPresent();
    }

    /** Keys with value that stayed behind, because there was no room for them. */
    static List<PublicKey> leftBehind(WalletState state) {
        return state.purse().pseudonyms().stream()
                .filter(p -> p.status() == Pseudonym.Status.RETIRED && holds(state, p) && !boundHere(state, p))
                .map(Pseudonym::key)
                .toList();
    }
}
