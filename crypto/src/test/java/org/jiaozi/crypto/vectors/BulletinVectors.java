package org.jiaozi.crypto.vectors;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.bulletin.InstitutionKey;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/** Makes {@code bulletin.json}: whole bulletins and the device they are offered to. */
final class BulletinVectors {
    static final Timestamp UNTIL = new Timestamp(Chain.NOW.seconds() + 1_209_600);
    static final Profile PROFILE = PolicyVectors.small();
    final Chain chain = new Chain();
    private final Cases cases =
            new Cases("03, clauses 4 to 8").with("root", key("root").compressed());

    PublicKey key(String name) {
        return chain.key(name).publicKey();
    }

    Signed<Bulletin> bulletin(long epoch, List<InstitutionEntry> institutions, String... revoked) {
        return Signed.by(chain.key("root"), statement(epoch, institutions, "registry", PROFILE, revoked));
    }

    Bulletin statement(
            long epoch, List<InstitutionEntry> institutions, String registry, Profile policy, String... revoked) {
        TreeSet<Thumbprint> gone = new TreeSet<>();
        Stream.of(revoked).map(chain::thumb).forEach(gone::add);
        return new Bulletin(
                new IssuerKeyId(InstitutionId.CENTRAL_BANK, 0),
                epoch,
                new Timestamp(Chain.NOW.seconds() + Math.min(epoch, 1_000)),
                UNTIL,
                institutions,
                gone,
                key(registry),
                policy);
    }

    InstitutionEntry institution(int id, String name, String... keys) {
        return new InstitutionEntry(
                new InstitutionId(id),
                "bank-" + id,
                name,
                IntStream.range(0, keys.length)
                        .mapToObj(i -> new InstitutionKey(i + 1, key(keys[i]), Chain.NOW, UNTIL))
                        .toList(),
                Sha256.hash(("sealing " + id).getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .bytes(),
                "https://bank-" + id + ".example");
    }

    List<InstitutionEntry> two() {
        return List.of(institution(7, "Bank 七", "bank", "bank two"), institution(9, "", "bank nine"));
    }

    /** The second is gone. */
    List<InstitutionEntry> oneGone() {
        InstitutionEntry nine = two().getLast();
        return List.of(
                two().getFirst(),
                new InstitutionEntry(
                        nine.id(),
                        nine.code(),
                        nine.name(),
                        nine.keys(),
                        nine.sealingKey(),
                        nine.url(),
                        Optional.of(Chain.NOW)));
    }

    /** Epoch 12 with two institutions and two revoked purses. */
    Signed<Bulletin> first() {
        return bulletin(12, two(), "gone", "lost");
    }

    Cases make() {
        Signed<Bulletin> first = first();
        offered("the first one of a device", null, first, "accepted").set("fields", Shown.of(first));
        Signed<Bulletin> empty = bulletin(1, List.of());
        offered("no institution, nobody revoked", null, empty, "accepted").set("fields", Shown.of(empty));
        Signed<Bulletin> gone = bulletin(13, oneGone(), "gone");
        offered("with an institution that is gone", first, gone, "accepted").set("fields", Shown.of(gone));
        offered("a later one", first, bulletin(13, two(), "gone"), "accepted");
        offered("one many epochs later", first, bulletin(4_294_967_295L, two()), "accepted");
        offered("the same one", first, first, "unchanged");
        offered("the same one under another signature", first, Again.signed("root", first.statement()), "unchanged");
        no(
                RefusalCode.BULLETIN_ROLLBACK,
                "an older one",
                first,
                bulletin(11, two()).encode());
        no(
                RefusalCode.BULLETIN_ROLLBACK,
                "another one of the same epoch",
                first,
                bulletin(12, two()).encode());
        Bulletin later = statement(13, two(), "registry", PROFILE);
        no(
                RefusalCode.WRONG_ROOT,
                "signed by another root",
                first,
                Signed.by(chain.key("root two"), later).encode());
        no(
                RefusalCode.WRONG_ROOT,
                "signed by an institution",
                null,
                Signed.by(chain.bank, later).encode());
        Signed<Bulletin> altered =
                new Signed<>(later, bulletin(13, two(), "gone").signature());
        no(RefusalCode.WRONG_ROOT, "without a revocation that the root signed", first, altered.encode());
        fields();
        institutions();
        frame(first);
        return cases;
    }

    private void fields() {
        Cbor point = Cbor.of(Bytes.fromHex("04" + "11".repeat(32)));
        Bytes low = Sha256.hash(new byte[1]).bytes();
        Bytes high = Sha256.hash(new byte[0]).bytes();
        Cbor hashes = Cbor.array(Cbor.of(low), Cbor.of(high));
        bent(RefusalCode.MALFORMED, "no epoch", p -> Edit.without(p, 1));
        bent(RefusalCode.MALFORMED, "no policy", p -> Edit.without(p, 7));
        bent(RefusalCode.UNKNOWN_FIELD, "a field 8", p -> Edit.set(p, Cbor.of(1), 8));
        bent(RefusalCode.OUT_OF_RANGE, "an epoch of 2^32", p -> Edit.set(p, Cbor.of(1L << 32), 1));
        bent(RefusalCode.OUT_OF_RANGE, "stale when issued", p -> Edit.set(p, Edit.get(p, 2), 3));
        bent(RefusalCode.MALFORMED, "revoked keys that fall", p -> Edit.set(p, swap(hashes), 5));
        bent(RefusalCode.MALFORMED, "a revoked key twice", p -> Edit.set(p, Edit.set(hashes, Cbor.of(low), 1), 5));
        bent(RefusalCode.MALFORMED, "a revoked key of 31 bytes", p -> Edit.set(p, Cbor.of(low.slice(1, 32)), 5, 0));
        bent(RefusalCode.OUT_OF_RANGE, "a registry key that is no compressed point", p -> Edit.set(p, point, 6));
        bent(RefusalCode.MALFORMED, "a registry key of 32 bytes", p -> Edit.set(p, Cbor.of(low), 6));
        bent(
                RefusalCode.UNKNOWN_PROFILE_KEY,
                "a policy with an unknown key",
                p -> Edit.set(p, Cbor.of(1), 7, "maxHop"));
        bent(RefusalCode.OUT_OF_RANGE, "a policy of 17 hops", p -> Edit.set(p, Cbor.of(17), 7, "maxHops"));
    }

    private void institutions() {
        bent(RefusalCode.OUT_OF_RANGE, "institutions that fall", p -> Edit.set(p, swap(Edit.get(p, 4)), 4));
        bent(RefusalCode.OUT_OF_RANGE, "an institution twice", p -> Edit.set(p, Cbor.of(7), 4, 1, 1));
        bent(RefusalCode.OUT_OF_RANGE, "institution 0", p -> Edit.set(p, Cbor.of(0), 4, 0, 1));
        bent(RefusalCode.OUT_OF_RANGE, "institution 65,536", p -> Edit.set(p, Cbor.of(65_536), 4, 1, 1));
        bent(RefusalCode.OUT_OF_RANGE, "one code for two", p -> Edit.set(p, Cbor.of("bank-7"), 4, 1, 2));
        bent(RefusalCode.OUT_OF_RANGE, "a code in capitals", p -> Edit.set(p, Cbor.of("BANK"), 4, 0, 2));
        bent(RefusalCode.FIELD_TOO_LONG, "a code of 17", p -> Edit.set(p, Cbor.of("b".repeat(17)), 4, 0, 2));
        bent(RefusalCode.FIELD_TOO_LONG, "a name of 65 bytes", p -> Edit.set(p, Cbor.of("n".repeat(65)), 4, 0, 3));
        bent(RefusalCode.MALFORMED, "a name with a line feed", p -> Edit.set(p, Cbor.of("Bank\nseven"), 4, 0, 3));
        bent(RefusalCode.OUT_OF_RANGE, "no key", p -> Edit.set(p, Cbor.array(), 4, 0, 4));
        bent(RefusalCode.FIELD_TOO_LONG, "nine keys", p -> Edit.set(p, nine(), 4, 0, 4));
        bent(RefusalCode.OUT_OF_RANGE, "generations that fall", p -> Edit.set(p, swap(Edit.get(p, 4, 0, 4)), 4, 0, 4));
        bent(RefusalCode.OUT_OF_RANGE, "a generation of 256", p -> Edit.set(p, Cbor.of(256), 4, 0, 4, 1, 1));
        bent(
                RefusalCode.OUT_OF_RANGE,
                "one key for two institutions",
                p -> Edit.set(p, Edit.get(p, 4, 0, 4, 0, 2), 4, 1, 4, 0, 2));
        bent(RefusalCode.OUT_OF_RANGE, "a key that ends before it begins", p -> Edit.set(p, Cbor.of(1), 4, 0, 4, 0, 4));
        bent(RefusalCode.UNKNOWN_FIELD, "a key with a field 5", p -> Edit.set(p, Cbor.of(1), 4, 0, 4, 0, 5));
        bent(
                RefusalCode.OUT_OF_RANGE,
                "a sealing key of low order",
                p -> Edit.set(p, Cbor.of(Bytes.of(new byte[32])), 4, 0, 5));
        bent(
                RefusalCode.MALFORMED,
                "a sealing key of 31 bytes",
                p -> Edit.set(p, Cbor.of(Bytes.of(new byte[31])), 4, 0, 5));
        bent(RefusalCode.FIELD_TOO_LONG, "a url of 129 bytes", p -> Edit.set(p, Cbor.of("u".repeat(129)), 4, 0, 6));
        bent(RefusalCode.MALFORMED, "no url", p -> Edit.without(p, 4, 0, 6));
        bent(RefusalCode.UNKNOWN_FIELD, "an institution with a field 8", p -> Edit.set(p, Cbor.of(1), 4, 0, 8));
        bent(RefusalCode.OUT_OF_RANGE, "gone since 2^32", p -> Edit.set(p, Cbor.of(1L << 32), 4, 0, 7));
        bent(RefusalCode.MALFORMED, "gone in words", p -> Edit.set(p, Cbor.of("gone"), 4, 0, 7));
    }

    private void frame(Signed<Bulletin> first) {
        Bytes payload = first.statement().payload();
        Bytes seven = Bytes.fromHex("a201260443000700");
        no(
                RefusalCode.OUT_OF_RANGE,
                "a kid of institution 7",
                null,
                Edit.sign(chain.key("root"), "bulletin", seven, payload));
        no(
                RefusalCode.MALFORMED,
                "no kid",
                null,
                Edit.sign(chain.key("root"), "bulletin", Bytes.fromHex("a10126"), payload));
        no(
                RefusalCode.TRAILING_BYTES,
                "a byte after the end",
                null,
                first.encode().concat(Bytes.fromHex("00")));
        no(
                RefusalCode.MALFORMED,
                "cut off",
                null,
                first.encode().slice(0, first.encode().size() - 1));
    }

    private Cbor nine() {
        return Cbor.array(IntStream.range(0, 9)
                .mapToObj(i -> (Cbor) Cbor.map()
                        .put(1, Cbor.of(i))
                        .put(2, Cbor.of(key("nine " + i).compressed()))
                        .put(3, Cbor.of(1))
                        .put(4, Cbor.of(2))
                        .build())
                .toList());
    }

    private static Cbor swap(Cbor pair) {
        return Cbor.array(Edit.get(pair, 1), Edit.get(pair, 0));
    }

    private ObjectNode offered(
            String name,
            @org.jspecify.annotations.Nullable Signed<Bulletin> held,
            Signed<Bulletin> next,
            String outcome) {
        ObjectNode node = cases.ok(name, next.encode());
        if (held != null) {
            node.put("held", held.encode().hex());
        }
        return node.put("outcome", outcome);
    }

    private void no(
            RefusalCode code, String name, @org.jspecify.annotations.Nullable Signed<Bulletin> held, Bytes bytes) {
        ObjectNode node = cases.refused(code, name, bytes);
        if (held != null) {
            node.put("held", held.encode().hex());
        }
    }

    /** The first bulletin with one thing changed, under the root's signature. */
    private void bent(RefusalCode code, String name, UnaryOperator<Cbor> change) {
        no(code, name, null, Edit.payload(first(), chain.key("root"), change));
    }
}
