package org.jiaozi.core.bulletin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jiaozi.core.testing.TestWorld.bulletin;
import static org.jiaozi.core.testing.TestWorld.institution;
import static org.jiaozi.core.testing.TestWorld.signed;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jiaozi.core.bulletin.BulletinChain.Outcome;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.testing.TestKeys;
import org.jiaozi.core.testing.TestWorld;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BulletinTest {
    private static final PublicKey ROOT = TestKeys.key("root");
    private static final Thumbprint A = TestKeys.key("a").thumbprint();
    private static final Thumbprint B = TestKeys.key("b").thumbprint();
    private static final Signed<Bulletin> SEVEN = signed(bulletin(7, Set.of(A), institution(1, 0), institution(2, 0)));

    @Test
    void itSurvivesItsEncoding() {
        Signed<Bulletin> read = Signed.decode(SEVEN.encode(), Bulletin.MAX_BYTES, Bulletin::read);
        assertThat(read).isEqualTo(SEVEN);
        assertThat(read.verifies(TestKeys.VERIFIER, ROOT)).isTrue();
    }

    @Test
    void itAnswersForKeysAndPurses() {
        Bulletin bulletin = bulletin(1, Set.of(A), institution(1, 0, 3), institution(2, 1));
        InstitutionEntry first = bulletin.institution(new InstitutionId(1)).orElseThrow();
        assertThat(bulletin.issuerKey(id(1, 3))).contains(TestKeys.key("bank-1-3"));
        assertThat(bulletin.issuerKey(id(1, 1))).isEmpty();
        assertThat(bulletin.issuerKey(id(3, 0))).isEmpty();
        assertThat(bulletin.isRevoked(A)).isTrue();
        assertThat(bulletin.isRevoked(B)).isFalse();
        assertThat(first.depositThumbprint()).isEqualTo(TestKeys.key("bank-1-3").thumbprint());
        assertThat(bulletin.institutionByDepositKey(TestKeys.key("bank-1-0").thumbprint()))
                .contains(first);
        assertThat(bulletin.institutionByDepositKey(A)).isEmpty();
        assertThat(bulletin.isStale(TestWorld.FAR)).isFalse();
        assertThat(bulletin.isStale(new Timestamp(TestWorld.FAR.seconds() + 1))).isTrue();
    }

    static Stream<Runnable> badBulletins() {
        return Stream.of(
                () -> bulletin(1, Set.of(), institution(2, 0), institution(1, 0)),
                () -> bulletin(1, Set.of(), institution(1, 0), institution(1, 1)),
                () -> bulletin(1L << 32, Set.of()),
                () -> institution(0, 0),
                () -> institution(1),
                () -> institution(1, 2, 1),
                () -> institution(1, 0, 1, 2, 3, 4, 5, 6, 7, 8),
                () -> entry("UPPER", "n", "u"),
                () -> entry("seventeen-letters", "n", "u"),
                () -> entry("c", "é".repeat(33), "u"),
                () -> entry("c", "n", "u".repeat(129)),
                () -> bulletin(1, Set.of(), institution(1, 0), twinOfFirst()));
    }

    @ParameterizedTest
    @MethodSource("badBulletins")
    void itKeepsItsBounds(Runnable bad) {
        assertThatThrownBy(bad::run).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void revokedKeysOutOfOrderAreRefused() {
        Cbor.Dict map = (Cbor.Dict)
                Cbor.decode(bulletin(7, Set.of(A, B), institution(1, 0)).payload(), Bulletin.MAX_BYTES);
        Cbor.Arr revoked = (Cbor.Arr) map.get(Cbor.of(5));
        assertThat(revoked).isNotNull();
        Bytes reversed = with(map, 5, Cbor.array(revoked.items().reversed()));
        assertRefused(() -> Bulletin.read(SEVEN.statement().protectedHeader(), reversed), RefusalCode.MALFORMED);
        Bytes unknown = with(map, 9, Cbor.of(1));
        assertRefused(() -> Bulletin.read(SEVEN.statement().protectedHeader(), unknown), RefusalCode.UNKNOWN_FIELD);
    }

    static Stream<Object[]> offers() {
        Signed<Bulletin> eight = signed(bulletin(8, Set.of(A, B), institution(1, 0)));
        return Stream.of(
                new Object[] {"newer", eight, null, true},
                new Object[] {"the same", SEVEN, null, false},
                new Object[] {
                    "the same, signed again",
                    Signed.by(TestKeys.signer("root", "again"), SEVEN.statement()),
                    null,
                    false
                },
                new Object[] {"older", signed(bulletin(6, Set.of())), RefusalCode.BULLETIN_ROLLBACK, false},
                new Object[] {
                    "same epoch, other content", signed(bulletin(7, Set.of())), RefusalCode.BULLETIN_ROLLBACK, false
                },
                new Object[] {
                    "by another root",
                    Signed.by(TestKeys.signer("other-root"), eight.statement()),
                    RefusalCode.WRONG_ROOT,
                    false
                },
                new Object[] {
                    "altered",
                    new Signed<>(bulletin(8, Set.of(), institution(1, 0)), eight.signature()),
                    RefusalCode.WRONG_ROOT,
                    false
                });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("offers")
    void itOnlyMovesForwardOnTheRootsWord(String name, Signed<Bulletin> offer, RefusalCode refused, boolean accepted) {
        Outcome outcome = BulletinChain.accept(Optional.of(SEVEN), offer, ROOT, TestKeys.VERIFIER);
        assertThat(outcome instanceof Outcome.Accepted).isEqualTo(accepted);
        assertThat(outcome instanceof Outcome.Refused r ? r.refusal().code() : null)
                .isEqualTo(refused);
    }

    static Stream<Bulletin> successors() {
        InstitutionEntry renamed = new InstitutionEntry(
                new InstitutionId(2),
                "bank-2",
                "Renamed",
                institution(2, 0, 1).keys(),
                institution(2, 0).sealingKey(),
                "");
        Bulletin policyChanged = bulletin(12, Set.of(), institution(1, 0));
        return Stream.of(
                bulletin(8, Set.of(A), institution(1, 0), institution(2, 0)),
                bulletin(9, Set.of(A, B), institution(1, 0), institution(2, 0), institution(3, 0)),
                bulletin(10, Set.of(B), institution(2, 0)),
                bulletin(11, Set.of(), institution(1, 0), renamed),
                bulletin(13, Set.of(), gone(institution(1, 0)), institution(2, 0)),
                new Bulletin(
                        new IssuerKeyId(InstitutionId.CENTRAL_BANK, 4),
                        12,
                        policyChanged.issuedAt(),
                        policyChanged.nextUpdate(),
                        policyChanged.institutions(),
                        policyChanged.revoked(),
                        TestKeys.key("registry-2"),
                        TestWorld.profile("dcep")));
    }

    @ParameterizedTest
    @MethodSource("successors")
    void aDeltaLeadsToExactlyWhatTheRootSigned(Bulletin successor) {
        Signed<Bulletin> target = signed(successor);
        BulletinDelta delta = BulletinDelta.between(SEVEN, target);
        BulletinDelta read = BulletinDelta.decode(delta.encode(), 65_535);
        assertThat(read).isEqualTo(delta);
        Outcome outcome = BulletinChain.acceptDelta(SEVEN, read, ROOT, TestKeys.VERIFIER);
        assertThat(outcome).isEqualTo(new Outcome.Accepted(target));
        assertThat(delta.encode().size()).isLessThan(target.encode().size());
    }

    @Test
    void aDeltaFromElsewhereOrTamperedIsRefused() {
        Signed<Bulletin> nine = signed(bulletin(9, Set.of(A, B), institution(1, 0), institution(2, 0)));
        Signed<Bulletin> eight = signed(bulletin(8, Set.of(), institution(1, 0)));
        BulletinDelta delta = BulletinDelta.between(eight, nine);
        assertOutcome(SEVEN, delta, RefusalCode.BULLETIN_GAP);
        BulletinDelta forged = BulletinDelta.between(
                SEVEN, new Signed<>(bulletin(9, Set.of(), institution(1, 0), institution(2, 0)), nine.signature()));
        assertOutcome(SEVEN, forged, RefusalCode.WRONG_ROOT);
        assertThat(BulletinChain.acceptDelta(nine, delta, ROOT, TestKeys.VERIFIER))
                .isEqualTo(new Outcome.Unchanged());
    }

    private static void assertOutcome(Signed<Bulletin> current, BulletinDelta delta, RefusalCode code) {
        assertThat(BulletinChain.acceptDelta(current, delta, ROOT, TestKeys.VERIFIER))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        r -> assertThat(r.refusal().code()).isEqualTo(code));
    }

    private static Bytes with(Cbor.Dict map, long key, Cbor value) {
        java.util.Map<Cbor, Cbor> entries = new java.util.HashMap<>(map.entries());
        entries.put(Cbor.of(key), value);
        return Cbor.Dict.of(entries).encode();
    }

    private static InstitutionEntry entry(String code, String name, String url) {
        return new InstitutionEntry(
                new InstitutionId(1),
                code,
                name,
                institution(1, 0).keys(),
                institution(1, 0).sealingKey(),
                url);
    }

    private static InstitutionEntry gone(InstitutionEntry e) {
        return new InstitutionEntry(
                e.id(),
                e.code(),
                e.name(),
                e.keys(),
                e.sealingKey(),
                e.url(),
                Optional.of(new Timestamp(1_800_000_000L)));
    }

    private static InstitutionEntry twinOfFirst() {
        return new InstitutionEntry(
                new InstitutionId(2),
                "twin",
                "",
                List.copyOf(institution(1, 0).keys()),
                institution(1, 0).sealingKey(),
                "");
    }

    private static IssuerKeyId id(int institution, int generation) {
        return new IssuerKeyId(new InstitutionId(institution), generation);
    }

    private static void assertRefused(Runnable read, RefusalCode code) {
        assertThatThrownBy(read::run)
                .isInstanceOfSatisfying(
                        DecodeException.class,
                        e -> assertThat(e.refusal().code()).isEqualTo(code));
    }
}
