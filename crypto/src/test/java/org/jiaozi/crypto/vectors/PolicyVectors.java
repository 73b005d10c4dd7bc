package org.jiaozi.crypto.vectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.policy.RegionalOverride;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;

/** Makes {@code policy.json}: profiles as they ride in a bulletin, and profiles and overrides as files. */
final class PolicyVectors {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final long U48 = (1L << 48) - 1;
    private static final long U32 = (1L << 32) - 1;

    private static final String SMALL = """
            {"name": "small", "currency": "CNY", "maxHops": 3, "noteValidity": 1000, "grace": 2000,
             "certificateValidity": 3000, "requestValidity": 600, "clockSkew": 300, "bulletinValidity": 4000,
             "guaranteeCapPerCulprit": 5000, "reviewAbove": 6000, "maxPurseSlices": 64, "logSize": 32, "keepAmount": 700,
             "pseudonyms": 2, "relayedSync": true,
             "elementPerMille": {"software": 500, "phone": 750, "card": 1000, "hsm": 999},
             "tiers": [{"number": 3, "name": "class-3", "identified": false,
               "offline": {"perPayment": 101, "total": 102, "count": 103, "holding": 104},
               "account": {"balance": 201, "perPayment": 202, "daily": 203, "yearly": 204}}],
             "overrides": []}
            """;
    private static final String RELIEF = """
            {"region": "CN-51", "from": 1798761600, "until": 1801353600, "maxHops": 12, "limitPerMille": 2000}
            """;
    /** Settings of whole numbers with the least and the most that they may be. */
    private static final List<Object[]> BOUNDS = List.of(
            new Object[] {1L, 16L, "maxHops"},
            new Object[] {0L, U32, "noteValidity"},
            new Object[] {0L, U32, "grace"},
            new Object[] {0L, U32, "certificateValidity"},
            new Object[] {0L, U32, "requestValidity"},
            new Object[] {0L, U32, "clockSkew"},
            new Object[] {0L, U32, "bulletinValidity"},
            new Object[] {0L, U48, "guaranteeCapPerCulprit"},
            new Object[] {0L, U48, "reviewAbove"},
            new Object[] {1L, 1024L, "maxPurseSlices"},
            new Object[] {1L, 4096L, "logSize"},
            new Object[] {0L, U48, "keepAmount"},
            new Object[] {1L, 16L, "pseudonyms"},
            new Object[] {0L, 1000L, "elementPerMille", "software"},
            new Object[] {0L, 1000L, "elementPerMille", "phone"},
            new Object[] {0L, 1000L, "elementPerMille", "card"},
            new Object[] {0L, 1000L, "elementPerMille", "hsm"},
            new Object[] {0L, 255L, "tiers", 0, "number"},
            new Object[] {0L, U48, "tiers", 0, "offline", "perPayment"},
            new Object[] {0L, U48, "tiers", 0, "offline", "total"},
            new Object[] {0L, U32, "tiers", 0, "offline", "count"},
            new Object[] {0L, U48, "tiers", 0, "offline", "holding"},
            new Object[] {0L, U48, "tiers", 0, "account", "balance"},
            new Object[] {0L, U48, "tiers", 0, "account", "perPayment"},
            new Object[] {0L, U48, "tiers", 0, "account", "daily"},
            new Object[] {0L, U48, "tiers", 0, "account", "yearly"},
            new Object[] {0L, U32, "overrides", 0, "from"},
            new Object[] {0L, U32, "overrides", 0, "until"},
            new Object[] {1L, 16L, "overrides", 0, "maxHops"},
            new Object[] {1000L, 10_000L, "overrides", 0, "limitPerMille"});

    private final Cases cases = new Cases("08, clauses 1 to 6");
    /** The small profile with one override. */
    private final Cbor full =
            small().withOverride(RegionalOverride.fromMap(map(parse(RELIEF)))).toCbor();

    /** A profile in which every value is another one. */
    static Profile small() {
        return Profile.fromMap(map(parse(SMALL)));
    }

    static Map<String, Object> map(JsonNode json) {
        return JSON.convertValue(json, new TypeReference<Map<String, Object>>() {});
    }

    private static ObjectNode parse(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    Cases make() {
        sound();
        for (Object[] bound : BOUNDS) {
            beyond(bound);
        }
        for (Cbor key : ((Cbor.Dict) full).entries().keySet()) {
            lacking(((Cbor.Text) key).value());
        }
        lacking("elementPerMille", "hsm");
        lacking("tiers", 0, "identified");
        lacking("tiers", 0, "offline", "count");
        lacking("tiers", 0, "account", "daily");
        lacking("overrides", 0, "region");
        lacking("overrides", 0, "until");
        unknown("maxHop");
        unknown("elementPerMille", "watch");
        unknown("tiers", 0, "colour");
        unknown("tiers", 0, "offline", "daily");
        unknown("tiers", 0, "account", "count");
        unknown("overrides", 0, "name");
        bent(RefusalCode.UNKNOWN_PROFILE_KEY, "the number 1 as a key", p -> Edit.set(p, Cbor.of(1), 1));
        types();
        texts();
        lists();
        files();
        return cases;
    }

    private void sound() {
        shown("no override", small().toCbor());
        shown("one override", full);
        Cbor least = full;
        Cbor most = full;
        for (Object[] bound : BOUNDS) {
            least = Edit.set(least, Cbor.of((Long) bound[0]), path(bound));
            most = Edit.set(most, Cbor.of((Long) bound[1]), path(bound));
        }
        shown("every number the least", least);
        shown("every number the most", most);
        shown("an asset", Edit.set(full, Cbor.of("x-gold-mg.3"), "currency"));
        shown("a name of 32", Edit.set(full, Cbor.of("a-".repeat(16)), "name"));
        for (String region : List.of("CN", "CN-51-01", "WXYZ-9ABC-DEF0")) {
            shown("region " + region, Edit.set(full, Cbor.of(region), "overrides", 0, "region"));
        }
        shown("sixteen tiers and sixteen overrides", many(16));
    }

    private Cbor many(int count) {
        Cbor tier = Edit.get(full, "tiers", 0);
        Cbor relief = Edit.get(full, "overrides", 0);
        Cbor tiers = Cbor.array(IntStream.range(0, count)
                .mapToObj(i -> Edit.set(tier, Cbor.of(i), "number"))
                .toList());
        Cbor overrides = Cbor.array(IntStream.range(0, count)
                .mapToObj(i -> Edit.set(relief, Cbor.of(i + 1), "maxHops"))
                .toList());
        return Edit.set(Edit.set(full, tiers, "tiers"), count > 16 ? Cbor.array() : overrides, "overrides");
    }

    private void shown(String name, Cbor profile) {
        cases.ok(name, profile.encode())
                .put("form", "cbor")
                .put("of", "profile")
                .set("fields", Shown.of(Profile.fromCbor(profile)));
    }

    private static Object[] path(Object[] bound) {
        return List.of(bound).subList(2, bound.length).toArray();
    }

    private static String dotted(Object... path) {
        return String.join(".", List.of(path).stream().map(String::valueOf).toList());
    }

    private void beyond(Object[] bound) {
        Object[] path = path(bound);
        long least = (Long) bound[0];
        long most = (Long) bound[1];
        bent(RefusalCode.OUT_OF_RANGE, dotted(path) + " " + (most + 1), p -> Edit.set(p, Cbor.of(most + 1), path));
        bent(RefusalCode.OUT_OF_RANGE, dotted(path) + " " + (least - 1), p -> Edit.set(p, Cbor.of(least - 1), path));
    }

    private void lacking(Object... path) {
        bent(RefusalCode.MALFORMED, "no " + dotted(path), p -> Edit.without(p, path));
    }

    private void unknown(Object... path) {
        bent(RefusalCode.UNKNOWN_PROFILE_KEY, dotted(path), p -> Edit.set(p, Cbor.of(1), path));
    }

    private void types() {
        wrong("maxHops as text", Cbor.of("3"), "maxHops");
        wrong("maxHops null", Cbor.nil(), "maxHops");
        wrong("name as a number", Cbor.of(3), "name");
        wrong("currency as bytes", Cbor.of(Bytes.fromHex("434e59")), "currency");
        wrong("relayedSync as a number", Cbor.of(1), "relayedSync");
        wrong("elementPerMille as a list", Cbor.array(), "elementPerMille");
        wrong("tiers as a map", Cbor.map().build(), "tiers");
        wrong("a tier as a number", Cbor.of(1), "tiers", 0);
        wrong("overrides null", Cbor.nil(), "overrides");
        cases.refused(RefusalCode.MALFORMED, "a list for a profile", Bytes.fromHex("80"))
                .put("form", "cbor")
                .put("of", "profile");
    }

    private void wrong(String name, Cbor value, Object... path) {
        bent(RefusalCode.MALFORMED, name, p -> Edit.set(p, value, path));
    }

    private void texts() {
        wrong("an empty name", Cbor.of(""), "name");
        wrong("a name with a space", Cbor.of("not a name"), "name");
        wrong("a name that begins with a hyphen", Cbor.of("-small"), "name");
        wrong("a tier's name in capitals", Cbor.of("Class-3"), "tiers", 0, "name");
        wrong("a region in small letters", Cbor.of("cn-51"), "overrides", 0, "region");
        wrong("a region of four parts", Cbor.of("CN-5-1-0"), "overrides", 0, "region");
        RefusalCode longer = RefusalCode.FIELD_TOO_LONG;
        bent(longer, "a name of 33", p -> Edit.set(p, Cbor.of("a".repeat(33)), "name"));
        bent(longer, "a currency of 19", p -> Edit.set(p, Cbor.of("x-" + "a".repeat(15) + ".3"), "currency"));
        bent(longer, "a region of 17", p -> Edit.set(p, Cbor.of("CNCN-1234-1234-12"), "overrides", 0, "region"));
        RefusalCode range = RefusalCode.OUT_OF_RANGE;
        bent(range, "a currency that ISO 4217 does not list", p -> Edit.set(p, Cbor.of("CNX"), "currency"));
        bent(range, "a currency in small letters", p -> Edit.set(p, Cbor.of("cny"), "currency"));
        bent(range, "an asset of nine decimals", p -> Edit.set(p, Cbor.of("x-gold-mg.9"), "currency"));
    }

    private void lists() {
        bent(RefusalCode.OUT_OF_RANGE, "no tier", p -> Edit.set(p, Cbor.array(), "tiers"));
        bent(RefusalCode.FIELD_TOO_LONG, "seventeen tiers", p -> many(17));
        Cbor relief = Edit.get(full, "overrides", 0);
        Cbor reliefs = Cbor.array(java.util.Collections.nCopies(17, relief));
        bent(RefusalCode.FIELD_TOO_LONG, "seventeen overrides", p -> Edit.set(p, reliefs, "overrides"));
        bent(RefusalCode.MALFORMED, "two tiers of one number", p -> Edit.set(p, Edit.get(p, "tiers", 0), "tiers", 1));
        bent(
                RefusalCode.OUT_OF_RANGE,
                "an override that ends before it begins",
                p -> Edit.set(p, Cbor.of(1_798_761_599), "overrides", 0, "until"));
        cases.ok(
                        "an override of one second",
                        Edit.set(full, Cbor.of(1_798_761_600), "overrides", 0, "until")
                                .encode())
                .put("form", "cbor")
                .put("of", "profile");
    }

    private void bent(RefusalCode code, String name, UnaryOperator<Cbor> change) {
        cases.refused(code, name, change.apply(full).encode())
                .put("form", "cbor")
                .put("of", "profile");
    }

    private void files() {
        file("profile", SMALL, "a file", j -> {});
        file("override", RELIEF, "a file", j -> {});
        no(805, "profile", SMALL, "a misspelt key", j -> j.put("maxHop", 5));
        no(805, "profile", SMALL, "a comment", j -> j.put("_comment", "relief"));
        no(805, "override", RELIEF, "a key of a profile", j -> j.put("name", "flood"));
        no(101, "profile", SMALL, "no maxHops", j -> j.remove("maxHops"));
        no(101, "profile", SMALL, "no overrides", j -> j.remove("overrides"));
        no(101, "override", RELIEF, "no until", j -> j.remove("until"));
        no(101, "profile", SMALL, "maxHops 1.5", j -> j.put("maxHops", 1.5));
        no(101, "profile", SMALL, "maxHops 3.0", j -> j.put("maxHops", 3.0));
        no(101, "profile", SMALL, "maxHops as text", j -> j.put("maxHops", "3"));
        no(101, "profile", SMALL, "maxHops null", j -> j.putNull("maxHops"));
        no(
                107,
                "profile",
                SMALL,
                "keepAmount 2^64",
                j -> j.put("keepAmount", new java.math.BigInteger("18446744073709551616")));
        no(101, "profile", SMALL, "relayedSync as text", j -> j.put("relayedSync", "true"));
        no(101, "override", RELIEF, "from as a date", j -> j.put("from", "2027-01-01"));
        no(107, "profile", SMALL, "maxHops 0", j -> j.put("maxHops", 0));
        no(107, "profile", SMALL, "maxHops 17", j -> j.put("maxHops", 17));
        no(107, "profile", SMALL, "keepAmount 2^48", j -> j.put("keepAmount", U48 + 1));
        no(107, "profile", SMALL, "keepAmount -1", j -> j.put("keepAmount", -1));
        no(107, "profile", SMALL, "no tier", j -> j.set("tiers", NODES.arrayNode()));
        no(107, "override", RELIEF, "ends before it begins", j -> j.put("until", 1));
        no(107, "override", RELIEF, "lowers limits", j -> j.put("limitPerMille", 999));
        no(107, "override", RELIEF, "limits tenfold and more", j -> j.put("limitPerMille", 10_001));
        no(101, "override", RELIEF, "a region in small letters", j -> j.put("region", "cn-51"));
    }

    private void file(String of, String json, String name, java.util.function.Consumer<ObjectNode> change) {
        ObjectNode node = parse(json);
        change.accept(node);
        // an override's form in CBOR is the one that it has in a profile
        Cbor made = of.equals("profile")
                ? Profile.fromMap(map(node)).toCbor()
                : Edit.get(
                        small().withOverride(RegionalOverride.fromMap(map(node)))
                                .toCbor(),
                        "overrides",
                        0);
        cases.ok(of + " as " + name, made.encode())
                .put("form", "json")
                .put("of", of)
                .set("json", node);
    }

    private void no(int code, String of, String json, String name, java.util.function.Consumer<ObjectNode> change) {
        ObjectNode node = parse(json);
        change.accept(node);
        cases.add(of + " as a file, " + name)
                .put("expect", Integer.toString(code))
                .put("form", "json")
                .put("of", of)
                .set("json", node);
    }
}
