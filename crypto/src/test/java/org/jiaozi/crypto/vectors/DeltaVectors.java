package org.jiaozi.crypto.vectors;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.BulletinDelta;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.policy.RegionalOverride;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Timestamp;

/** Makes {@code delta.json}: deltas, the bulletin in hand, and what results. */
final class DeltaVectors {
    private final BulletinVectors from = new BulletinVectors();
    /** In hand: epoch 12. */
    private final Signed<Bulletin> held = from.first();

    private final Cases cases = new Cases("03, clauses 9 and 10")
            .with("root", from.key("root").compressed())
            .with("held", held.encode());
    /** Institution 7 changed, 9 gone, 8 new; one purse revoked and one no longer; another registry key and policy. */
    private final Signed<Bulletin> next = Signed.by(
            from.chain.key("root"),
            from.statement(
                    13,
                    List.of(
                            from.institution(7, "Bank Seven", "bank", "bank two", "bank three"),
                            from.institution(8, "Bank 八", "bank eight")),
                    "registry two",
                    BulletinVectors.PROFILE.withOverride(new RegionalOverride(
                            "CN-51", Chain.NOW, new Timestamp(Chain.NOW.seconds() + 86_400), 8, 2000)),
                    "gone",
                    "cheat"));

    private final BulletinDelta all = BulletinDelta.between(held, next);

    Cases make() {
        applied("everything changed", all, next).set("fields", Shown.of(all));
        Signed<Bulletin> renewed = from.bulletin(13, from.two(), "gone", "lost");
        BulletinDelta nothing = BulletinDelta.between(held, renewed);
        applied("nothing changed but the dates", nothing, renewed).set("fields", Shown.of(nothing));
        Signed<Bulletin> emptied = from.bulletin(20, List.of());
        applied("everything taken away, eight epochs later", BulletinDelta.between(held, emptied), emptied);
        Signed<Bulletin> gone = from.bulletin(13, from.oneGone(), "gone", "lost");
        BulletinDelta going = BulletinDelta.between(held, gone);
        applied("an institution goes", going, gone).set("fields", Shown.of(going));
        Signed<Bulletin> other = from.bulletin(12, from.two(), "lost", "twin");
        applied(
                "made from another bulletin of the same epoch, with the same result",
                BulletinDelta.between(other, next),
                next);
        Signed<Bulletin> older = from.bulletin(11, from.two());
        unchanged(
                "leads to the epoch in hand", BulletinDelta.between(older, held).encode());
        unchanged(
                "leads to an epoch before the one in hand",
                BulletinDelta.between(from.bulletin(10, from.two()), older).encode());
        unchanged(
                "leads to another bulletin of the epoch in hand",
                BulletinDelta.between(older, from.bulletin(12, from.two())).encode());
        no(
                RefusalCode.BULLETIN_GAP,
                "starts before the one in hand",
                BulletinDelta.between(older, next).encode());
        no(
                RefusalCode.BULLETIN_GAP,
                "starts after the one in hand",
                BulletinDelta.between(next, from.bulletin(14, from.two())).encode());
        wrongRoot();
        malformed();
        return cases;
    }

    private void wrongRoot() {
        RefusalCode code = RefusalCode.WRONG_ROOT;
        bent(code, "keeps back a revocation", d -> Edit.set(d, Cbor.array(), 8));
        bent(
                code,
                "lifts another revocation",
                d -> Edit.set(d, Cbor.array(Cbor.of(from.chain.thumb("gone").bytes())), 9));
        bent(code, "another policy", d -> Edit.without(d, 11));
        bent(code, "the old registry key", d -> Edit.without(d, 10));
        bent(code, "fresh for longer", d -> Edit.set(d, Cbor.of(BulletinVectors.UNTIL.seconds() + 1), 5));
        bent(code, "a later epoch", d -> Edit.set(d, Cbor.of(14), 2));
        bent(code, "another generation of the root key", d -> Edit.set(d, Cbor.of(1), 3));
        bent(
                code,
                "the signature of the bulletin in hand",
                d -> Edit.set(d, Cbor.of(held.signature().bytes()), 12));
        Signed<Bulletin> twin = from.bulletin(12, from.two(), "cheat");
        no(
                code,
                "made from another bulletin of the same epoch",
                BulletinDelta.between(twin, next).encode());
        Signed<Bulletin> forged = Signed.by(from.chain.key("root two"), next.statement());
        no(
                code,
                "leads to what another root signed",
                BulletinDelta.between(held, forged).encode());
    }

    private void malformed() {
        bent(RefusalCode.OUT_OF_RANGE, "leads to where it starts", d -> Edit.set(d, Cbor.of(12), 2));
        bent(RefusalCode.OUT_OF_RANGE, "an epoch of 2^32", d -> Edit.set(d, Cbor.of(1L << 32), 2));
        bent(RefusalCode.OUT_OF_RANGE, "generation 256", d -> Edit.set(d, Cbor.of(256), 3));
        bent(RefusalCode.MALFORMED, "no signature", d -> Edit.without(d, 12));
        bent(RefusalCode.UNKNOWN_FIELD, "a field 13", d -> Edit.set(d, Cbor.of(1), 13));
        bent(
                RefusalCode.SIGNATURE_FORM,
                "a signature with s of all ones",
                d -> Edit.set(
                        d, Cbor.of(next.signature().bytes().slice(0, 32).concat(Bytes.fromHex("ff".repeat(32)))), 12));
        bent(RefusalCode.MALFORMED, "changed institutions that fall", d -> Edit.set(d, swap(Edit.get(d, 6)), 6));
        bent(RefusalCode.MALFORMED, "a removed institution twice", d -> Edit.set(d, Cbor.of(9), 7, 1));
        bent(RefusalCode.OUT_OF_RANGE, "removes 65,536", d -> Edit.set(d, Cbor.of(65_536), 7, 0));
        bent(RefusalCode.MALFORMED, "a revoked key twice", d -> Edit.set(d, Edit.get(d, 8, 0), 8, 1));
        bent(
                RefusalCode.UNKNOWN_PROFILE_KEY,
                "a policy with an unknown key",
                d -> Edit.set(d, Cbor.of(1), 11, "maxHop"));
        bent(RefusalCode.OUT_OF_RANGE, "gives one code to two", d -> Edit.set(d, Cbor.of("bank-7"), 6, 1, 2));
        no(RefusalCode.TRAILING_BYTES, "a byte after the end", all.encode().concat(Bytes.fromHex("00")));
    }

    private static Cbor swap(Cbor pair) {
        return Cbor.array(Edit.get(pair, 1), Edit.get(pair, 0));
    }

    private ObjectNode applied(String name, BulletinDelta delta, Signed<Bulletin> result) {
        return cases.ok(name, delta.encode())
                .put("outcome", "accepted")
                .put("result", result.encode().hex());
    }

    private void unchanged(String name, Bytes delta) {
        cases.ok(name, delta).put("outcome", "unchanged");
    }

    private void no(RefusalCode code, String name, Bytes delta) {
        cases.refused(code, name, delta);
    }

    private void bent(RefusalCode code, String name, UnaryOperator<Cbor> change) {
        no(code, name, change.apply(all.toCbor()).encode());
    }
}
