package org.jiaozi.core.bulletin;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/**
 * What changed between two bulletins, with the root's signature of the newer one: its receiver rebuilds that one and
 * checks the signature, so anybody can make a delta and nobody can forge one (spec 03, clauses 9 and 10).
 *
 * @param fromEpoch the epoch it starts from
 * @param epoch the epoch it leads to, above {@code fromEpoch}
 * @param rootGeneration the generation of the root key that signed the newer bulletin, 0 to 255
 * @param issuedAt of the newer bulletin
 * @param nextUpdate of the newer bulletin
 * @param changed institutions added or changed, by rising id
 * @param removed institutions no longer listed, by rising number
 * @param revokedAdded purse keys revoked since
 * @param revokedRemoved purse keys no longer listed as revoked
 * @param registryKey if it changed
 * @param policy if it changed
 * @param signature of the newer bulletin, whole
 */
public record BulletinDelta(
        long fromEpoch,
        long epoch,
        int rootGeneration,
        Timestamp issuedAt,
        Timestamp nextUpdate,
        List<InstitutionEntry> changed,
        List<InstitutionId> removed,
        SortedSet<Thumbprint> revokedAdded,
        SortedSet<Thumbprint> revokedRemoved,
        Optional<PublicKey> registryKey,
        Optional<Profile> policy,
        Signature signature) {
    public BulletinDelta {
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
        revokedAdded = Collections.unmodifiableSortedSet(new TreeSet<>(revokedAdded));
        revokedRemoved = Collections.unmodifiableSortedSet(new TreeSet<>(revokedRemoved));
        Limit.check("fromEpoch", fromEpoch, Limit.UINT32);
        Limit.check("epoch", epoch, Limit.UINT32);
        Limit.check("root generation", rootGeneration, Limit.UINT8);
        if (epoch <= fromEpoch) {
            throw new IllegalArgumentException("a delta from epoch " + fromEpoch + " to " + epoch);
        }
    }

    /** What leads from {@code old} to {@code newer}. */
    public static BulletinDelta between(Signed<Bulletin> old, Signed<Bulletin> newer) {
        Bulletin a = old.statement();
        Bulletin b = newer.statement();
        Set<InstitutionEntry> known = new HashSet<>(a.institutions());
        Set<InstitutionId> listed =
                b.institutions().stream().map(InstitutionEntry::id).collect(Collectors.toSet());
        return new BulletinDelta(
                a.epoch(),
                b.epoch(),
                b.root().generation(),
                b.issuedAt(),
                b.nextUpdate(),
                b.institutions().stream().filter(i -> !known.contains(i)).toList(),
                a.institutions().stream()
                        .map(InstitutionEntry::id)
                        .filter(id -> !listed.contains(id))
                        .toList(),
                minus(b.revoked(), a.revoked()),
                minus(a.revoked(), b.revoked()),
                a.registryKey().equals(b.registryKey()) ? Optional.empty() : Optional.of(b.registryKey()),
                a.policy().equals(b.policy()) ? Optional.empty() : Optional.of(b.policy()),
                newer.signature());
    }

    /**
     * Rebuilds the newer bulletin. Its signature is not checked here: {@link BulletinChain#acceptDelta} does.
     *
     * @throws DecodeException 209 if {@code old} is not the epoch it starts from; 101 or 107 if nothing sound results
     */
    public Signed<Bulletin> apply(Bulletin old) {
        if (old.epoch() != fromEpoch) {
            throw new DecodeException(
                    RefusalCode.BULLETIN_GAP, "starts from epoch " + fromEpoch + ", in hand is " + old.epoch());
        }
        TreeMap<InstitutionId, InstitutionEntry> institutions = new TreeMap<>();
        old.institutions().forEach(i -> institutions.put(i.id(), i));
        removed.forEach(institutions::remove);
        changed.forEach(i -> institutions.put(i.id(), i));
        TreeSet<Thumbprint> revoked = new TreeSet<>(old.revoked());
        revoked.removeAll(revokedRemoved);
        revoked.addAll(revokedAdded);
        Bulletin newer = Fields.valid(() -> new Bulletin(
                new IssuerKeyId(InstitutionId.CENTRAL_BANK, rootGeneration),
                epoch,
                issuedAt,
                nextUpdate,
                List.copyOf(institutions.values()),
                revoked,
                registryKey.orElse(old.registryKey()),
                policy.orElse(old.policy())));
        return new Signed<>(newer, signature);
    }

    /** The map that a tap carries. */
    public Cbor toCbor() {
        Cbor.DictBuilder map = Cbor.map()
                .put(1, Cbor.of(fromEpoch))
                .put(2, Cbor.of(epoch))
                .put(3, Cbor.of(rootGeneration))
                .put(4, Cbor.of(issuedAt.seconds()))
                .put(5, Cbor.of(nextUpdate.seconds()))
                .put(
                        6,
                        Cbor.array(
                                changed.stream().map(InstitutionEntry::toCbor).toList()))
                .put(
                        7,
                        Cbor.array(
                                removed.stream().map(i -> Cbor.of(i.number())).toList()))
                .put(8, Bulletin.keys(revokedAdded))
                .put(9, Bulletin.keys(revokedRemoved))
                .put(12, Cbor.of(signature.bytes()));
        registryKey.ifPresent(key -> map.put(10, Cbor.of(key.compressed())));
        policy.ifPresent(profile -> map.put(11, profile.toCbor()));
        return map.build();
    }

    public Bytes encode() {
        return toCbor().encode();
    }

    /** Reads the map; refuses lists out of order, unknown fields and whatever is beyond a bound. */
    public static BulletinDelta fromCbor(Cbor item) {
        Fields f = Fields.of(item);
        BulletinDelta delta = Fields.valid(() -> new BulletinDelta(
                f.uint(1, Limit.UINT32),
                f.uint(2, Limit.UINT32),
                (int) f.uint(3, Limit.UINT8),
                f.time(4),
                f.time(5),
                rising(
                        f.array(6, Bulletin.MAX_INSTITUTIONS).stream()
                                .map(InstitutionEntry::read)
                                .toList(),
                        InstitutionEntry::id),
                rising(
                        f.array(7, Bulletin.MAX_INSTITUTIONS).stream()
                                .map(x -> new InstitutionId((int) Fields.asUint(x, Limit.UINT16)))
                                .toList(),
                        id -> id),
                Bulletin.keys(f.array(8, Bulletin.MAX_REVOKED)),
                Bulletin.keys(f.array(9, Bulletin.MAX_REVOKED)),
                f.optional(10, x -> x.publicKey(10)),
                f.optional(11, x -> Profile.fromCbor(x.item(11))),
                f.signature(12)));
        f.end();
        return delta;
    }

    /** Reads at most {@code maxBytes}. */
    public static BulletinDelta decode(Bytes bytes, int maxBytes) {
        return fromCbor(Cbor.decode(bytes, maxBytes));
    }

    private static SortedSet<Thumbprint> minus(SortedSet<Thumbprint> all, Collection<Thumbprint> without) {
        TreeSet<Thumbprint> rest = new TreeSet<>(all);
        rest.removeAll(without);
        return rest;
    }

    private static <T> List<T> rising(List<T> items, java.util.function.Function<T, InstitutionId> id) {
        Map<InstitutionId, T> seen = new TreeMap<>();
        items.forEach(item -> seen.put(id.apply(item), item));
        if (!List.copyOf(seen.values()).equals(new ArrayList<>(items))) {
            throw new DecodeException(RefusalCode.MALFORMED, "institutions do not rise");
        }
        return items;
    }
}
