package org.jiaozi.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.PurseCertificate.Limits;
import org.jiaozi.core.testing.TestKeys;
import org.jiaozi.core.testing.TestWorld;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Timestamp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileTest {
    private static final int FLOOD = 1_798_761_600;
    private static final int FLOOD_END = 1_801_353_600;

    @ParameterizedTest
    @ValueSource(strings = {"circulating", "icbc-staged", "dcep"})
    void aShippedProfileSurvivesTheBulletin(String name) {
        Profile profile = TestWorld.profile(name);
        assertThat(profile.name()).isEqualTo(name);
        assertThat(Profile.fromCbor(Cbor.decode(profile.toCbor().encode(), 1 << 16)))
                .isEqualTo(profile);
    }

    @ParameterizedTest
    @CsvSource({"circulating,5,false", "icbc-staged,1,false", "dcep,2,true"})
    void theShippedProfilesAreSettingsOfOneDial(String name, int maxHops, boolean relayed) {
        Profile profile = TestWorld.profile(name);
        assertThat(profile.maxHops()).isEqualTo(maxHops);
        assertThat(profile.relayedSync()).isEqualTo(relayed);
    }

    static Stream<Object[]> badFiles() {
        return Stream.of(
                new Object[] {"maxHop", 5, RefusalCode.UNKNOWN_PROFILE_KEY},
                new Object[] {"maxHops", 0, RefusalCode.OUT_OF_RANGE},
                new Object[] {"maxHops", 17, RefusalCode.OUT_OF_RANGE},
                new Object[] {"maxHops", "5", RefusalCode.MALFORMED},
                new Object[] {"maxHops", 1.5, RefusalCode.MALFORMED},
                new Object[] {"maxHops", null, RefusalCode.MALFORMED},
                new Object[] {"relayedSync", 1, RefusalCode.MALFORMED},
                new Object[] {"currency", "XXXX", RefusalCode.OUT_OF_RANGE},
                new Object[] {"name", "Not A Name", RefusalCode.MALFORMED},
                new Object[] {"maxPurseSlices", 1025, RefusalCode.OUT_OF_RANGE},
                new Object[] {"keepAmount", 1L << 48, RefusalCode.OUT_OF_RANGE},
                new Object[] {"keepAmount", -1, RefusalCode.OUT_OF_RANGE},
                new Object[] {"tiers", List.of(), RefusalCode.OUT_OF_RANGE},
                new Object[] {"elementPerMille", Map.of("software", 500), RefusalCode.MALFORMED},
                new Object[] {
                    "elementPerMille",
                    Map.of("software", 1001, "phone", 1, "card", 1, "hsm", 1),
                    RefusalCode.OUT_OF_RANGE
                });
    }

    @ParameterizedTest
    @MethodSource("badFiles")
    void oneBadSettingIsRefused(String key, Object value, RefusalCode code) {
        Map<String, Object> file = new HashMap<>(TestWorld.profileFile("circulating.json"));
        file.put(key, value);
        assertRefused(() -> Profile.fromMap(file), code);
    }

    @Test
    void everyKeyIsRequired() {
        Map<String, Object> file = TestWorld.profileFile("circulating.json");
        assertThat(file).hasSize(19);
        for (String key : file.keySet()) {
            Map<String, Object> without = new HashMap<>(file);
            without.remove(key);
            assertRefused(() -> Profile.fromMap(without), RefusalCode.MALFORMED);
        }
    }

    @Test
    void tierNumbersAreDistinct() {
        Map<String, Object> file = TestWorld.profileFile("circulating.json");
        List<?> tiers = (List<?>) file.get("tiers");
        file.put("tiers", List.of(tiers.get(0), tiers.get(0)));
        assertRefused(() -> Profile.fromMap(file), RefusalCode.MALFORMED);
    }

    @ParameterizedTest
    @EnumSource(ElementClass.class)
    void thePseudonymsAddUpToTheTier(ElementClass element) {
        Profile profile = TestWorld.profile("circulating");
        for (Tier tier : profile.tiers()) {
            Limits whole = profile.limitsFor(tier, element, 0, 1);
            for (int count = 1; count <= 7; count++) {
                int n = count;
                List<Limits> parts = IntStream.range(0, n)
                        .mapToObj(i -> profile.limitsFor(tier, element, i, n))
                        .toList();
                assertThat(parts.stream().mapToLong(Limits::total).sum()).isEqualTo(whole.total());
                assertThat(parts.stream().mapToLong(Limits::count).sum()).isEqualTo(whole.count());
                assertThat(parts.stream().mapToLong(Limits::holding).sum()).isEqualTo(whole.holding());
                assertThat(parts)
                        .allSatisfy(p -> assertThat(p.perPayment())
                                .isLessThanOrEqualTo(Math.min(whole.perPayment(), p.total())));
            }
        }
    }

    @Test
    void aSoftwarePurseGetsLessThanACard() {
        Profile profile = TestWorld.profile("circulating");
        for (Tier tier : profile.tiers()) {
            Limits card = profile.limitsFor(tier, ElementClass.CARD, 0, 1);
            Limits software = profile.limitsFor(tier, ElementClass.SOFTWARE, 0, 1);
            assertThat(card).isEqualTo(tier.offline());
            assertThat(software.total()).isEqualTo(card.total() / 2);
        }
    }

    @ParameterizedTest(name = "class {0}: {1} now, {2} today, {3} this year -> {4}")
    @CsvSource({
        "4, 200000, 200000, 200000, ",
        "4, 200001, 200001, 200001, IDENTITY_REQUIRED",
        "4, 100000, 500001, 500001, IDENTITY_REQUIRED",
        "4, 100000, 500000, 5000001, IDENTITY_REQUIRED",
        "3, 500000, 1000000, 9000000, ",
        "3, 500001, 500001, 500001, OVER_PAYMENT_LIMIT",
        "3, 500000, 1000001, 9000000, OVER_TOTAL_LIMIT",
        "2, 5000000, 10000000, 900000000, ",
        "2, 5000001, 5000001, 900000000, OVER_PAYMENT_LIMIT",
        "1, 281474976710655, 281474976710655, 281474976710655, "
    })
    void theFourWalletClassesLimitAccounts(int number, long amount, long day, long year, RefusalCode expected) {
        Tier tier = TestWorld.profile("circulating").tier(number).orElseThrow();
        assertThat(tier.refusesPayment(amount, day, year).map(Refusal::code).orElse(null))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "4, 1000000, ",
        "4, 1000001, IDENTITY_REQUIRED",
        "3, 2000001, OVER_HOLDING_LIMIT",
        "2, 50000000, ",
        "2, 50000001, OVER_HOLDING_LIMIT",
        "1, 281474976710655, "
    })
    void theFourWalletClassesLimitBalances(int number, long balance, RefusalCode expected) {
        Tier tier = TestWorld.profile("circulating").tier(number).orElseThrow();
        assertThat(tier.refusesBalance(balance).map(Refusal::code).orElse(null)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "at {0} in {1}: {2} hops, total {3}")
    @CsvSource({
        FLOOD + ",CN-51,12,2000",
        FLOOD_END + ",CN-51,12,2000",
        FLOOD - 1 + ",CN-51,5,1000",
        FLOOD_END + 1 + ",CN-51,5,1000",
        FLOOD + ",CN-51-01,12,2000",
        FLOOD + ",CN-510,5,1000",
        FLOOD + ",CN,5,1000",
        FLOOD + ",'',5,1000"
    })
    void anOverrideHoldsInItsTimeAndPlace(long now, String region, int hops, long total) {
        Profile profile = TestWorld.profile("circulating")
                .withOverride(RegionalOverride.fromMap(TestWorld.profileFile("disaster.override.json")));
        Timestamp at = new Timestamp(now);
        assertThat(profile.hopLimit(note(5), at, region)).isEqualTo(hops);
        assertThat(profile.effectiveLimits(new Limits(100, 1000, 10, 1000), at, region)
                        .total())
                .isEqualTo(total);
    }

    @Test
    void anOverrideNeverLowers() {
        Profile profile = TestWorld.profile("circulating")
                .withOverride(new RegionalOverride("CN", TestWorld.NOW, TestWorld.FAR, 2, 1000));
        assertThat(profile.hopLimit(note(5), TestWorld.NOW, "CN")).isEqualTo(5);
        Limits limits = new Limits(Limit.UINT48, 1, 1, 1);
        assertThat(profile.effectiveLimits(limits, TestWorld.NOW, "CN")).isEqualTo(limits);
    }

    @ParameterizedTest
    @CsvSource({"cn,0,1,5,1000", "CN,2,1,5,1000", "CN,0,1,0,1000", "CN,0,1,17,1000", "CN,0,1,5,999", "CN,0,1,5,10001"})
    void anOverrideKeepsItsBounds(String region, long from, long until, int hops, int perMille) {
        Map<String, Object> file =
                Map.of("region", region, "from", from, "until", until, "maxHops", hops, "limitPerMille", perMille);
        assertThatThrownBy(() -> RegionalOverride.fromMap(file)).isInstanceOf(DecodeException.class);
    }

    private static Note note(int maxHops) {
        return new Note(
                new IssuerKeyId(new InstitutionId(1), 0),
                1,
                new org.jiaozi.core.value.Currency("CNY"),
                new Amount(1000),
                TestWorld.FAR,
                maxHops,
                TestKeys.key("a").thumbprint(),
                TestWorld.nonce("load"));
    }

    private static void assertRefused(Runnable read, RefusalCode code) {
        assertThatThrownBy(read::run)
                .isInstanceOfSatisfying(
                        DecodeException.class,
                        e -> assertThat(e.refusal().code()).as(e.getMessage()).isEqualTo(code));
    }
}
