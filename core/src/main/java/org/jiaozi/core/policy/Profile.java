package org.jiaozi.core.policy;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.PurseCertificate.Limits;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Period;
import org.jiaozi.core.value.Timestamp;

/**
 * One setting of the dial, as data (spec 08, clauses 1 and 2). It rides in the bulletin; files under
 * {@code spec/profiles} have the same keys. Every key is required and an unknown one is refused.
 *
 * @param name for people and reports; nothing depends on it
 * @param currency what its sums count
 * @param maxHops stamped on new notes, 1 to 16; 1 means that received value is frozen until a sync
 * @param noteValidity from issue to expiry of a note
 * @param grace after a note's expiry, in which it can still be deposited
 * @param certificateValidity of a purse certificate
 * @param requestValidity how long a request may be paid
 * @param clockSkew how far two honest clocks may differ
 * @param bulletinValidity from a bulletin's issue to its next update, after which it is stale
 * @param guaranteeCapPerCulprit most that the guarantee fund pays for one convicted purse, minor units
 * @param reviewAbove compensation above this to a linked or flagged recipient waits for a person, minor units
 * @param maxPurseSlices slices a purse holds, 1 to 1,024
 * @param logSize unacknowledged payments a purse remembers, 1 to 4,096
 * @param keepAmount what a sync leaves in the purse unless its owner says otherwise, minor units
 * @param pseudonyms purse keys certified at a sync, 1 to 16
 * @param relayedSync whether counters may be renewed through somebody else's terminal
 * @param elementPerMille factor on a tier's offline limits by secure element, 0 to 1,000 thousandths each
 * @param tiers 1 to 16 wallet classes with distinct numbers
 * @param overrides at most 16 dated reliefs
 */
public record Profile(
        String name,
        Currency currency,
        int maxHops,
        Period noteValidity,
        Period grace,
        Period certificateValidity,
        Period requestValidity,
        Period clockSkew,
        Period bulletinValidity,
        Amount guaranteeCapPerCulprit,
        Amount reviewAbove,
        int maxPurseSlices,
        int logSize,
        Amount keepAmount,
        int pseudonyms,
        boolean relayedSync,
        Map<ElementClass, Integer> elementPerMille,
        List<Tier> tiers,
        List<RegionalOverride> overrides) {
    private static final int MAX_TIERS = 16;
    private static final int MAX_OVERRIDES = 16;

    public Profile {
        elementPerMille = Map.copyOf(elementPerMille);
        tiers = List.copyOf(tiers);
        overrides = List.copyOf(overrides);
        Set<Integer> numbers = new HashSet<>();
        for (Tier tier : tiers) {
            if (!numbers.add(tier.number())) {
                throw new DecodeException(RefusalCode.MALFORMED, "two tiers with number " + tier.number());
            }
        }
        if (tiers.isEmpty() || tiers.size() > MAX_TIERS || overrides.size() > MAX_OVERRIDES) {
            throw new DecodeException(RefusalCode.OUT_OF_RANGE, "1 to 16 tiers and at most 16 overrides");
        }
        if (elementPerMille.size() != ElementClass.values().length) {
            throw new DecodeException(RefusalCode.MALFORMED, "a factor for every element class is due");
        }
    }

    /** The tier with that number. */
    public Optional<Tier> tier(int number) {
        return tiers.stream().filter(t -> t.number() == number).findFirst();
    }

    /**
     * What one pseudonym's certificate allows (spec 08, clause 5): total, count and holding of a purse's pseudonyms add
     * up to the tier's, scaled by the element's factor; no payment exceeds the tier's nor the pseudonym's own total.
     *
     * @param index which pseudonym, from 0
     * @param count how many pseudonyms the purse has
     */
    public Limits limitsFor(Tier tier, ElementClass element, int index, int count) {
        if (count < 1 || index < 0 || index >= count) {
            throw new IllegalArgumentException("pseudonym " + index + " of " + count);
        }
        Limits whole = PerMille.of(tier.offline(), elementPerMille.getOrDefault(element, 0));
        long total = share(whole.total(), index, count);
        return new Limits(
                Math.min(whole.perPayment(), total),
                total,
                share(whole.count(), index, count),
                share(whole.holding(), index, count));
    }

    private static long share(long whole, int index, int count) {
        return whole / count + (index < whole % count ? 1 : 0);
    }

    /**
     * Most hops a lineage of {@code note} may have for a device in {@code region}, {@code ""} if it has none: what the
     * note says, or more while an override is in force (spec 08, clause 6).
     */
    public int hopLimit(Note note, Timestamp now, String region) {
        return active(now, region).mapToInt(RegionalOverride::maxHops).reduce(note.maxHops(), Math::max);
    }

    /** A certificate's limits, raised while an override is in force. */
    public Limits effectiveLimits(Limits certified, Timestamp now, String region) {
        int factor =
                active(now, region).mapToInt(RegionalOverride::limitPerMille).reduce(PerMille.ONE, Math::max);
        return PerMille.of(certified, factor);
    }

    private java.util.stream.Stream<RegionalOverride> active(Timestamp now, String region) {
        return overrides.stream().filter(o -> o.covers(now, region));
    }

    /** The same profile with {@code more} added to its overrides. */
    public Profile withOverride(RegionalOverride more) {
        return withOverrides(java.util.stream.Stream.concat(overrides.stream(), java.util.stream.Stream.of(more))
                .toList());
    }

    /** The same profile with other overrides. */
    public Profile withOverrides(List<RegionalOverride> others) {
        return new Profile(
                name,
                currency,
                maxHops,
                noteValidity,
                grace,
                certificateValidity,
                requestValidity,
                clockSkew,
                bulletinValidity,
                guaranteeCapPerCulprit,
                reviewAbove,
                maxPurseSlices,
                logSize,
                keepAmount,
                pseudonyms,
                relayedSync,
                elementPerMille,
                tiers,
                others);
    }

    /**
     * Reads the map a JSON parser makes of a profile file.
     *
     * @throws DecodeException 805 for an unknown key, 101 for a missing one, 107 for a value out of its bound
     */
    public static Profile fromMap(Map<String, ?> map) {
        return fromCbor(PlainData.toCbor(map));
    }

    /** Reads the map that rides in a bulletin; refuses as {@link #fromMap} does. */
    public static Profile fromCbor(Cbor item) {
        TextFields f = TextFields.of(item, "profile");
        Profile profile = new Profile(
                f.name("name"),
                Fields.valid(() -> new Currency(f.text("currency", Currency.MAX_LENGTH))),
                (int) f.between("maxHops", 1, Limit.HOPS),
                f.period("noteValidity"),
                f.period("grace"),
                f.period("certificateValidity"),
                f.period("requestValidity"),
                f.period("clockSkew"),
                f.period("bulletinValidity"),
                new Amount(f.uint("guaranteeCapPerCulprit", Limit.UINT48)),
                new Amount(f.uint("reviewAbove", Limit.UINT48)),
                (int) f.between("maxPurseSlices", 1, 1024),
                (int) f.between("logSize", 1, 4096),
                new Amount(f.uint("keepAmount", Limit.UINT48)),
                (int) f.between("pseudonyms", 1, 16),
                f.bool("relayedSync"),
                factors(f.map("elementPerMille")),
                each(f.array("tiers", MAX_TIERS), "profile.tiers", Tier::read),
                each(f.array("overrides", MAX_OVERRIDES), "profile.overrides", RegionalOverride::read));
        f.end();
        return profile;
    }

    private static <T> List<T> each(
            List<Cbor> items, String path, java.util.function.BiFunction<Cbor, String, T> reader) {
        return IntStream.range(0, items.size())
                .mapToObj(i -> reader.apply(items.get(i), path + "[" + i + "]"))
                .toList();
    }

    private static Map<ElementClass, Integer> factors(TextFields f) {
        Map<ElementClass, Integer> factors = new EnumMap<>(ElementClass.class);
        for (ElementClass element : ElementClass.values()) {
            factors.put(element, (int) f.uint(key(element), PerMille.ONE));
        }
        f.end();
        return factors;
    }

    private static String key(ElementClass element) {
        return element.name().toLowerCase(Locale.ROOT);
    }

    /** The map that rides in a bulletin. */
    public Cbor toCbor() {
        Cbor.DictBuilder factors = Cbor.map();
        elementPerMille.forEach((element, perMille) -> factors.put(key(element), Cbor.of(perMille)));
        return Cbor.map()
                .put("name", Cbor.of(name))
                .put("currency", Cbor.of(currency.code()))
                .put("maxHops", Cbor.of(maxHops))
                .put("noteValidity", Cbor.of(noteValidity.seconds()))
                .put("grace", Cbor.of(grace.seconds()))
                .put("certificateValidity", Cbor.of(certificateValidity.seconds()))
                .put("requestValidity", Cbor.of(requestValidity.seconds()))
                .put("clockSkew", Cbor.of(clockSkew.seconds()))
                .put("bulletinValidity", Cbor.of(bulletinValidity.seconds()))
                .put("guaranteeCapPerCulprit", Cbor.of(guaranteeCapPerCulprit.minor()))
                .put("reviewAbove", Cbor.of(reviewAbove.minor()))
                .put("maxPurseSlices", Cbor.of(maxPurseSlices))
                .put("logSize", Cbor.of(logSize))
                .put("keepAmount", Cbor.of(keepAmount.minor()))
                .put("pseudonyms", Cbor.of(pseudonyms))
                .put("relayedSync", Cbor.of(relayedSync))
                .put("elementPerMille", factors.build())
                .put("tiers", Cbor.array(tiers.stream().map(Tier::toCbor).toList()))
                .put(
                        "overrides",
                        Cbor.array(
                                overrides.stream().map(RegionalOverride::toCbor).toList()))
                .build();
    }
}
