package org.jiaozi.core.policy;

import java.util.Map;
import java.util.regex.Pattern;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Timestamp;

/**
 * A dated relief for one region while its networks are down (spec 08, clause 6): it can raise hops and limits, never
 * lower them.
 *
 * @param region an ISO 3166-1 or 3166-2 code of at most 16 characters; {@code CN} covers {@code CN-51} too
 * @param from first second
 * @param until last second
 * @param maxHops hops allowed on any note while it is in force, 1 to 16
 * @param limitPerMille factor on the limits in certificates, 1,000 to 10,000 thousandths
 */
public record RegionalOverride(String region, Timestamp from, Timestamp until, int maxHops, int limitPerMille) {
    private static final Pattern REGION = Pattern.compile("[A-Z0-9]{2,4}(-[A-Z0-9]{1,4}){0,2}");

    public RegionalOverride {
        if (!isRegion(region)) {
            throw new DecodeException(RefusalCode.MALFORMED, "not a region: " + region);
        }
        if (from.isAfter(until)) {
            throw new DecodeException(RefusalCode.OUT_OF_RANGE, "an override that ends before it begins");
        }
        if (maxHops < 1 || maxHops > Limit.HOPS) {
            throw new DecodeException(RefusalCode.OUT_OF_RANGE, "maxHops is " + maxHops);
        }
        if (limitPerMille < PerMille.ONE || limitPerMille > PerMille.MAX) {
            throw new DecodeException(RefusalCode.OUT_OF_RANGE, "limitPerMille is " + limitPerMille);
        }
    }

    /** Whether {@code text} can name a region. */
    public static boolean isRegion(String text) {
        return REGION.matcher(text).matches();
    }

    /** Whether it holds at {@code now} for a device in {@code where}; a device without a region gets no relief. */
    public boolean covers(Timestamp now, String where) {
        return !now.isBefore(from) && !now.isAfter(until) && (where.equals(region) || where.startsWith(region + "-"));
    }

    /** Reads the map a JSON parser makes of an override file; every key is required. */
    public static RegionalOverride fromMap(Map<String, ?> map) {
        return read(PlainData.toCbor(map), "override");
    }

    static RegionalOverride read(Cbor item, String path) {
        TextFields f = TextFields.of(item, path);
        RegionalOverride override = new RegionalOverride(
                f.text("region", 16), f.time("from"), f.time("until"), (int) f.between("maxHops", 1, Limit.HOPS), (int)
                        f.between("limitPerMille", PerMille.ONE, PerMille.MAX));
        f.end();
        return override;
    }

    Cbor toCbor() {
        return Cbor.map()
                .put("region", Cbor.of(region))
                .put("from", Cbor.of(from.seconds()))
                .put("until", Cbor.of(until.seconds()))
                .put("maxHops", Cbor.of(maxHops))
                .put("limitPerMille", Cbor.of(limitPerMille))
                .build();
    }
}
