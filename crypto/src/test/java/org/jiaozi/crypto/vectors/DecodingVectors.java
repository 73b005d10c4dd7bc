package org.jiaozi.crypto.vectors;

import java.math.BigInteger;
import java.util.Optional;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Receipt;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.tap.TapMessage;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;

/** Makes {@code decoding.json}: what the statements' and tap messages' readers refuse, and the last that they take. */
final class DecodingVectors {
    private static final String ORDER = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    private static final long U32 = (1L << 32) - 1;
    private final Chain chain = new Chain();
    private final Cases cases = new Cases("02, clauses 1 to 7; 03, clause 1; 04; 05, clause 1; 06, clauses 1 and 2");
    private final Lineage hop = chain.hops(1, 5);
    private final Signed<Note> note = hop.notes().getFirst();
    private final Signed<Transfer> transfer = hop.head().transfer();

    Cases make() {
        signatures();
        frames();
        payloads();
        new FieldVectors(chain, cases).make();
        taps();
        large();
        return cases;
    }

    private void no(RefusalCode code, String type, String name, Bytes bytes) {
        cases.refused(code, type + ", " + name, bytes).put("type", type);
    }

    private void yes(String type, String name, Bytes bytes) {
        cases.ok(type + ", " + name, bytes).put("type", type);
    }

    private void signatures() {
        Bytes good = transfer.signature().bytes();
        Bytes r = good.slice(0, 32);
        Bytes s = good.slice(32, 64);
        Bytes zero = Bytes.of(new byte[32]);
        Bytes order = Bytes.fromHex(ORDER);
        BigInteger n = new BigInteger(ORDER, 16);
        Bytes otherS = wide(n.subtract(new BigInteger(1, s.toArray())));
        Bytes half = wide(n.shiftRight(1));
        signature(RefusalCode.SIGNATURE_FORM, "r of 0", zero.concat(s));
        signature(RefusalCode.SIGNATURE_FORM, "r of the group's order", order.concat(s));
        signature(RefusalCode.SIGNATURE_FORM, "s of 0", r.concat(zero));
        signature(RefusalCode.SIGNATURE_FORM, "s of the group's order", r.concat(order));
        signature(RefusalCode.SIGNATURE_FORM, "the other s, which verifies", r.concat(otherS));
        signature(
                RefusalCode.SIGNATURE_FORM,
                "s one above half the order",
                r.concat(wide(n.shiftRight(1).add(BigInteger.ONE))));
        signature(RefusalCode.MALFORMED, "63 bytes", good.slice(0, 63));
        signature(RefusalCode.FIELD_TOO_LONG, "65 bytes", good.concat(Bytes.fromHex("00")));
        signature(
                RefusalCode.FIELD_TOO_LONG,
                "in DER",
                Bytes.fromHex("30450221")
                        .concat(Bytes.fromHex("00"))
                        .concat(good)
                        .concat(Bytes.fromHex("0000")));
        yes(
                "transfer",
                "a signature with s of half the order, which need not verify",
                Edit.cose(Bytes.fromHex("a10126"), transfer.statement().payload(), r.concat(half))
                        .encode());
    }

    private void signature(RefusalCode code, String name, Bytes signature) {
        no(
                code,
                "transfer",
                "a signature of " + name,
                Edit.cose(Bytes.fromHex("a10126"), transfer.statement().payload(), signature)
                        .encode());
    }

    private static Bytes wide(BigInteger number) {
        String hex = number.toString(16);
        return Bytes.fromHex("0".repeat(64 - hex.length()) + hex);
    }

    private void frames() {
        Cbor cose = transfer.cose();
        no(
                RefusalCode.MALFORMED,
                "transfer",
                "in three parts",
                Edit.without(cose, 3).encode());
        no(
                RefusalCode.FIELD_TOO_LONG,
                "transfer",
                "in five parts",
                Edit.set(cose, Cbor.nil(), 4).encode());
        no(RefusalCode.MALFORMED, "transfer", "with tag 18", Bytes.fromHex("d2").concat(cose.encode()));
        no(
                RefusalCode.MALFORMED,
                "transfer",
                "a detached payload",
                Edit.set(cose, Cbor.nil(), 2).encode());
        header(RefusalCode.MALFORMED, note, "bank", "a20127" + "4443000701".substring(2), "algorithm -8");
        header(RefusalCode.MALFORMED, note, "bank", "a10126", "no kid");
        header(RefusalCode.MALFORMED, note, "bank", "a201260442" + "0007", "a kid of two bytes");
        header(RefusalCode.FIELD_TOO_LONG, note, "bank", "a201260444" + "00000701", "a kid of four bytes");
        header(RefusalCode.UNKNOWN_FIELD, note, "bank", "a3012603000443" + "000701", "a content type in the header");
        header(RefusalCode.NON_CANONICAL, note, "bank", "a20443" + "000701" + "0126", "a header out of order");
        header(RefusalCode.UNKNOWN_FIELD, transfer, "h0", "a201260443" + "000701", "a kid where a purse signs");
        header(RefusalCode.UNKNOWN_FIELD, transfer, "h0", "", "an empty header");
    }

    private void header(RefusalCode code, Signed<?> signed, String by, String header, String name) {
        String label = signed.statement().type().label();
        no(
                code,
                label,
                name,
                Edit.sign(
                        chain.key(by),
                        label,
                        Bytes.fromHex(header),
                        signed.statement().payload()));
    }

    /** Encodings of one payload that mean the same, or nothing. */
    private void payloads() {
        String good = transfer.statement().payload().hex();
        // the payload ends with the field 06 and the time in five bytes
        String head = good.substring(2, good.length() - 12);
        String time = good.substring(good.length() - 12);
        payload(RefusalCode.NON_CANONICAL, "a map's length in two bytes", "b806" + head + time);
        payload(RefusalCode.NON_CANONICAL, "a map of no definite length", "bf" + head + time + "ff");
        payload(RefusalCode.NON_CANONICAL, "the time before the rest", "a6" + time + head);
        payload(RefusalCode.NON_CANONICAL, "the time in nine bytes", "a6" + head + "061b00000000" + time.substring(4));
        payload(RefusalCode.DUPLICATE_KEY, "the time twice", "a7" + head + time + time);
        payload(RefusalCode.MALFORMED, "no time", "a5" + head);
        payload(RefusalCode.UNKNOWN_FIELD, "a field 7", "a7" + head + time + "0700");
        payload(RefusalCode.UNKNOWN_FIELD, "a field in words", "a7" + head + time + "6161f6");
        payload(RefusalCode.MALFORMED, "the time as a float", "a6" + head + "06fb41dad2b460000000");
        payload(RefusalCode.MALFORMED, "the time with tag 1", "a6" + head + "06c1" + time.substring(2));
        payload(RefusalCode.TRAILING_BYTES, "a byte after the payload", good + "00");
        payload(RefusalCode.MALFORMED, "a payload cut off", good.substring(0, good.length() - 2));
        payload(RefusalCode.MALFORMED, "an empty payload", "");
        payload(RefusalCode.MALFORMED, "an array for a payload", "80");
    }

    private void payload(RefusalCode code, String name, String hex) {
        no(code, "transfer", name, Edit.sign(chain.key("h0"), "transfer", Bytes.fromHex("a10126"), Bytes.fromHex(hex)));
    }

    private void taps() {
        Hash paid = transfer.hash();
        var receipt = Signed.by(chain.key("h1"), new Receipt(Chain.nonce("vector"), paid, Chain.NOW));
        Cbor refusal = Cbor.decode(
                new TapMessage.RefusalMessage(
                                new Refusal(RefusalCode.AMOUNT_MISMATCH, "d".repeat(128)),
                                Chain.nonce("vector"),
                                Optional.empty())
                        .encode(),
                1_000);
        String tap = "tap-message";
        yes(tap, "a detail of 128 bytes", refusal.encode());
        no(
                RefusalCode.FIELD_TOO_LONG,
                tap,
                "a detail of 129 bytes",
                Edit.set(refusal, Cbor.of("d".repeat(129)), 2).encode());
        no(
                RefusalCode.OUT_OF_RANGE,
                tap,
                "a number that is no refusal",
                Edit.set(refusal, Cbor.of(999), 1).encode());
        no(
                RefusalCode.OUT_OF_RANGE,
                tap,
                "refusal 1,000",
                Edit.set(refusal, Cbor.of(1_000), 1).encode());
        no(
                RefusalCode.MALFORMED,
                tap,
                "a refusal of six parts",
                Edit.set(refusal, Cbor.of(1), 5).encode());
        no(
                RefusalCode.MALFORMED,
                tap,
                "a receipt of three parts",
                Cbor.array(Cbor.of(3), receipt.cose(), Cbor.of(1)).encode());
        no(
                RefusalCode.MALFORMED,
                tap,
                "a receipt of one part",
                Cbor.array(Cbor.of(3)).encode());
        no(RefusalCode.UNKNOWN_TYPE, tap, "type 0", Cbor.array(Cbor.of(0)).encode());
        no(RefusalCode.UNKNOWN_TYPE, tap, "type 8", Cbor.array(Cbor.of(8)).encode());
        no(RefusalCode.UNKNOWN_TYPE, tap, "type 256", Cbor.array(Cbor.of(256)).encode());
        no(RefusalCode.MALFORMED, tap, "an empty array", Cbor.array().encode());
        no(
                RefusalCode.OUT_OF_RANGE,
                tap,
                "wants after epoch 2^32",
                Cbor.array(Cbor.of(7), Cbor.of(U32 + 1)).encode());
        yes(
                tap,
                "wants after epoch 2^32-1",
                Cbor.array(Cbor.of(7), Cbor.of(U32)).encode());
    }

    private void large() {
        then(RefusalCode.TOO_LARGE, "tap-message", "65,536 bytes", "81", 65_535, "");
        then(RefusalCode.FIELD_TOO_LONG, "tap-message", "a bulletin of 49,153 bytes", "820559c001", 49_153, "");
        then(RefusalCode.FIELD_TOO_LONG, "tap-message", "a lineage of 60,001 bytes", "830659ea61", 60_001, "f6");
        then(RefusalCode.TOO_LARGE, "cbor", "2^20+1 items", "9a00100000", 1 << 20, "");
        Bytes inputs = Edit.payload(
                transfer,
                chain.key("h0"),
                p -> Edit.set(p, Cbor.array(java.util.Collections.nCopies(1_025, Cbor.nil())), 1));
        no(RefusalCode.FIELD_TOO_LONG, "transfer", "1,025 inputs, whatever they are", inputs);
    }

    /** Bytes that go on with many zeros, and then end. */
    private void then(RefusalCode code, String type, String name, String head, int zeros, String end) {
        cases.refused(code, type + ", " + name, Bytes.fromHex(head))
                .put("type", type)
                .putArray("then")
                .add("00")
                .add(zeros)
                .add(end);
    }
}
