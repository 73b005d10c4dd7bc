package org.jiaozi.lab.judge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.lab.audit.Raw;
import org.jiaozi.lab.audit.RawStatement;

/**
 * What a bulletin lists, as far as a judge needs it.
 *
 * @param keys issuer keys, compressed, by institution and generation
 * @param deposits institutions by the name of their deposit key
 * @param grace seconds after a note's expiry
 * @param cap minor units that the fund bears for one culprit
 * @param reviewAbove what a flagged holder is made whole for waits above this
 * @param epoch its number
 * @param revoked names of purse keys
 * @param reliefs dated reliefs by region
 */
record Listed(
        Map<RawStatement.Kid, Bytes> keys,
        Map<String, Integer> deposits,
        long grace,
        long cap,
        long reviewAbove,
        long epoch,
        Set<String> revoked,
        List<Relief> reliefs) {
    /** More hops and wider limits in a region for a time. */
    record Relief(String region, long from, long until, long maxHops, long perMille) {
        boolean covers(String where, long now) {
            return now >= from && now <= until && (where.equals(region) || where.startsWith(region + "-"));
        }
    }

    static Listed of(Bytes signedBulletin) {
        Raw body = RawStatement.of("bulletin", signedBulletin).body();
        Map<RawStatement.Kid, Bytes> keys = new HashMap<>();
        Map<String, Integer> deposits = new HashMap<>();
        for (Raw institution : body.at(4).list()) {
            int number = (int) institution.at(1).integer();
            for (Raw key : institution.at(4).list()) {
                Bytes point = key.at(2).bytes();
                keys.put(new RawStatement.Kid(number, (int) key.at(1).integer()), point);
                deposits.put(RawStatement.thumbprint(point), number);
            }
        }
        Raw policy = body.at(7);
        List<Relief> reliefs = new ArrayList<>();
        for (Raw r : policy.at("overrides").list()) {
            reliefs.add(new Relief(
                    r.at("region").text(),
                    r.at("from").integer(),
                    r.at("until").integer(),
                    r.at("maxHops").integer(),
                    r.at("limitPerMille").integer()));
        }
        return new Listed(
                keys,
                deposits,
                policy.at("grace").integer(),
                policy.at("guaranteeCapPerCulprit").integer(),
                policy.at("reviewAbove").integer(),
                body.at(1).integer(),
                body.at(5).list().stream().map(key -> key.bytes().hex()).collect(Collectors.toSet()),
                List.copyOf(reliefs));
    }

    Optional<Bytes> key(RawStatement.Kid kid) {
        return Optional.ofNullable(keys.get(kid));
    }

    /** Most hops for a note that allows {@code own}. */
    long hops(long own, String region, long now) {
        return reliefs.stream()
                .filter(r -> r.covers(region, now))
                .mapToLong(Relief::maxHops)
                .reduce(own, Math::max);
    }

    /** By how many thousandths limits are wider. */
    long perMille(String region, long now) {
        return reliefs.stream()
                .filter(r -> r.covers(region, now))
                .mapToLong(Relief::perMille)
                .reduce(1000, Math::max);
    }
}
