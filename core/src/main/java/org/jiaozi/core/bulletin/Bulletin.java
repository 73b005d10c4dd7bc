package org.jiaozi.core.bulletin;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Headers;
import org.jiaozi.core.statement.Statement;
import org.jiaozi.core.statement.StatementType;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/**
 * What the central bank says under its root key (spec 03, clause 4): who may issue, which purses are revoked, which
 * policy holds.
 *
 * @param root the root key that signs it: institution 0 and the key's generation
 * @param epoch rises with every bulletin, below 2^32
 * @param issuedAt when it was signed
 * @param nextUpdate last second at which it is fresh; after it a payee calls it stale
 * @param institutions at most 1,000, by rising id; no code and no key occurs twice
 * @param revoked purse keys that no longer pay, at most 100,000
 * @param registryKey under which the registry answers
 * @param policy the profile in force
 */
public record Bulletin(
        IssuerKeyId root,
        long epoch,
        Timestamp issuedAt,
        Timestamp nextUpdate,
        List<InstitutionEntry> institutions,
        SortedSet<Thumbprint> revoked,
        PublicKey registryKey,
        Profile policy)
        implements Statement {
    /** The longest payload, in bytes. */
    public static final int MAX_BYTES = 6 << 20;

    static final int MAX_INSTITUTIONS = 1000;
    static final int MAX_REVOKED = 100_000;

    public Bulletin {
        institutions = List.copyOf(institutions);
        revoked = Collections.unmodifiableSortedSet(new TreeSet<>(revoked));
        Limit.check("epoch", epoch, Limit.UINT32);
        if (!root.institution().equals(InstitutionId.CENTRAL_BANK)) {
            throw new IllegalArgumentException("a bulletin signed by institution " + root.institution());
        }
        if (!issuedAt.isBefore(nextUpdate)) {
            throw new IllegalArgumentException("a bulletin that is stale when issued");
        }
        if (institutions.size() > MAX_INSTITUTIONS || revoked.size() > MAX_REVOKED) {
            throw new IllegalArgumentException("more institutions or revocations than the bound");
        }
        Set<String> codes = new HashSet<>();
        Set<PublicKey> keys = new HashSet<>();
        int last = 0;
        for (InstitutionEntry entry : institutions) {
            if (entry.id().number() <= last) {
                throw new IllegalArgumentException("institution ids do not rise");
            }
            last = entry.id().number();
            if (!codes.add(entry.code())) {
                throw new IllegalArgumentException("two institutions called " + entry.code());
            }
            for (InstitutionKey key : entry.keys()) {
                if (!keys.add(key.key())) {
                    throw new IllegalArgumentException("one key listed twice");
                }
            }
        }
    }

    /** The key that {@code id} names, if this bulletin lists it. */
    public Optional<PublicKey> issuerKey(IssuerKeyId id) {
        return institution(id.institution()).flatMap(i -> i.key(id.generation()));
    }

    public Optional<InstitutionEntry> institution(InstitutionId id) {
        return institutions.stream().filter(i -> i.id().equals(id)).findFirst();
    }

    /** The institution one of whose listed keys, of any generation, has that thumbprint: the payee of a deposit. */
    public Optional<InstitutionEntry> institutionByDepositKey(Thumbprint payee) {
        return institutions.stream()
                .filter(i ->
                        i.keys().stream().anyMatch(k -> k.key().thumbprint().equals(payee)))
                .findFirst();
    }

    /** The thumbprints of all listed keys, of every generation: the payees of deposits. */
    public Set<Thumbprint> depositKeys() {
        return institutions.stream()
                .flatMap(i -> i.keys().stream())
                .map(k -> k.key().thumbprint())
                .collect(Collectors.toUnmodifiableSet());
    }

    public boolean isRevoked(Thumbprint purse) {
        return revoked.contains(purse);
    }

    public boolean isStale(Timestamp now) {
        return now.isAfter(nextUpdate);
    }

    @Override
    public StatementType type() {
        return StatementType.BULLETIN;
    }

    @Override
    public Bytes protectedHeader() {
        return Statement.headerFor(root);
    }

    @Override
    public Bytes payload() {
        return Cbor.map()
                .put(1, Cbor.of(epoch))
                .put(2, Cbor.of(issuedAt.seconds()))
                .put(3, Cbor.of(nextUpdate.seconds()))
                .put(
                        4,
                        Cbor.array(institutions.stream()
                                .map(InstitutionEntry::toCbor)
                                .toList()))
                .put(5, keys(revoked))
                .put(6, Cbor.of(registryKey.compressed()))
                .put(7, policy.toCbor())
                .build()
                .encode();
    }

    /** Reads header and payload. */
    public static Bulletin read(Bytes header, Bytes payload) {
        Fields f = Fields.decode(payload, MAX_BYTES);
        IssuerKeyId root = Headers.issuer(header);
        Bulletin bulletin = Fields.valid(() -> new Bulletin(
                root,
                f.uint(1, Limit.UINT32),
                f.time(2),
                f.time(3),
                f.array(4, MAX_INSTITUTIONS).stream()
                        .map(InstitutionEntry::read)
                        .toList(),
                keys(f.array(5, MAX_REVOKED)),
                f.publicKey(6),
                Profile.fromCbor(f.item(7))));
        f.end();
        return bulletin;
    }

    static Cbor keys(Collection<Thumbprint> keys) {
        return Cbor.array(keys.stream().map(k -> Cbor.of(k.bytes())).toList());
    }

    /** Thumbprints in rising order, none twice. */
    static SortedSet<Thumbprint> keys(List<Cbor> items) {
        TreeSet<Thumbprint> keys = new TreeSet<>();
        for (Cbor item : items) {
            Thumbprint key = new Thumbprint(Fields.exactly(item, Thumbprint.SIZE));
            if (!keys.isEmpty() && keys.last().compareTo(key) >= 0) {
                throw new DecodeException(RefusalCode.MALFORMED, "revoked keys do not rise");
            }
            keys.add(key);
        }
        return keys;
    }
}
