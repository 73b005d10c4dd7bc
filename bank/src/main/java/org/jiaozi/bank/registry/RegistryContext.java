package org.jiaozi.bank.registry;

import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.lineage.LineageCheck;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Timestamp;

/**
 * The world as a decision sees it.
 *
 * @param now the registry's clock
 * @param bulletin the one in force; a decision that revokes a key is followed by the next epoch
 * @param rootKey the central bank's root
 * @param verifier checks signatures
 * @param registryKey the registry's key by name
 * @param registry signs the registry's answers
 */
public record RegistryContext(
        Timestamp now,
        Signed<Bulletin> bulletin,
        PublicKey rootKey,
        SignatureVerifier verifier,
        IssuerKeyId registryKey,
        Signer registry) {

    public Profile policy() {
        return bulletin.statement().policy();
    }

    /** How the registry checks lineages: down to every signature, and nothing that only concerns an offline payee. */
    LineageCheck.Context lineages() {
        Bulletin b = bulletin.statement();
        java.util.Set<org.jiaozi.core.value.Thumbprint> depositKeys = b.institutions().stream()
                .flatMap(i -> i.keys().stream())
                .map(k -> k.key().thumbprint())
                .collect(java.util.stream.Collectors.toUnmodifiableSet());
        return new LineageCheck.Context(
                b::issuerKey, key -> false, verifier, note -> note.maxHops(), true, depositKeys::contains);
    }
}
