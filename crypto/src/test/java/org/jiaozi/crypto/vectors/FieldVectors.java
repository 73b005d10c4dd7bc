package org.jiaozi.crypto.vectors;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.Receipt;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Timestamp;

/** The part of {@code decoding.json} that is about fields: what is beyond a bound, and the last within it. */
final class FieldVectors {
    private static final long U48 = (1L << 48) - 1;
    private static final long U32 = (1L << 32) - 1;
    private final Chain chain;
    private final Cases cases;
    private final Signed<Note> note;
    private final Signed<PurseCertificate> certificate;
    private final Signed<Transfer> transfer;
    private final Signed<Request> request;

    FieldVectors(Chain chain, Cases cases) {
        this.chain = chain;
        this.cases = cases;
        Lineage hop = chain.hops(1, 5);
        this.note = hop.notes().getFirst();
        this.certificate = chain.certificate("h0");
        this.transfer = hop.head().transfer();
        this.request = Signed.by(
                chain.key("h1"),
                new Request(
                        new Amount(9_000),
                        Chain.CNY,
                        Chain.nonce("vector"),
                        Chain.NOW,
                        12,
                        "tea",
                        Samples.sealingKey()));
    }

    void make() {
        notes();
        certificates();
        transfers();
        requests();
        others();
    }

    private void no(RefusalCode code, String type, String name, Bytes bytes) {
        cases.refused(code, type + ", " + name, bytes).put("type", type);
    }

    private void yes(String type, String name, Bytes bytes) {
        cases.ok(type + ", " + name, bytes).put("type", type).set("fields", Shown.of(Decoders.statement(type, bytes)));
    }

    private void bent(RefusalCode code, Signed<?> signed, String by, String name, UnaryOperator<Cbor> change) {
        no(code, signed.statement().type().label(), name, Edit.payload(signed, chain.key(by), change));
    }

    private void notes() {
        var large = new Note(
                new IssuerKeyId(new InstitutionId(65_535), 255),
                U32,
                new org.jiaozi.core.value.Currency("x-abcdefghijklmn.8"),
                new Amount(U48),
                new Timestamp(U32),
                16,
                chain.thumb("h0"),
                Chain.nonce("load"));
        yes("note", "every number at its most", Signed.by(chain.bank, large).encode());
        bent(RefusalCode.OUT_OF_RANGE, note, "bank", "a quota of 2^32", p -> Edit.set(p, Cbor.of(U32 + 1), 1));
        bent(RefusalCode.OUT_OF_RANGE, note, "bank", "value 0", p -> Edit.set(p, Cbor.of(0), 3));
        bent(RefusalCode.OUT_OF_RANGE, note, "bank", "value 2^48", p -> Edit.set(p, Cbor.of(U48 + 1), 3));
        bent(RefusalCode.OUT_OF_RANGE, note, "bank", "value -1", p -> Edit.set(p, Cbor.of(-1), 3));
        bent(RefusalCode.OUT_OF_RANGE, note, "bank", "an expiry of 2^32", p -> Edit.set(p, Cbor.of(U32 + 1), 4));
        bent(RefusalCode.OUT_OF_RANGE, note, "bank", "no hop", p -> Edit.set(p, Cbor.of(0), 5));
        bent(RefusalCode.OUT_OF_RANGE, note, "bank", "17 hops", p -> Edit.set(p, Cbor.of(17), 5));
        bent(RefusalCode.MALFORMED, note, "bank", "a holder of 31 bytes", p -> Edit.set(p, zeros(31), 6));
        bent(RefusalCode.FIELD_TOO_LONG, note, "bank", "a load nonce of 17 bytes", p -> Edit.set(p, zeros(17), 7));
        bent(
                RefusalCode.MALFORMED,
                note,
                "bank",
                "a load nonce in words",
                p -> Edit.set(p, Cbor.of("0123456789abcdef"), 7));
        bent(RefusalCode.TOO_LARGE, note, "bank", "a payload of more than 256 bytes", p -> Edit.set(p, zeros(256), 8));
        currency(RefusalCode.OUT_OF_RANGE, "CNX");
        currency(RefusalCode.OUT_OF_RANGE, "cny");
        currency(RefusalCode.OUT_OF_RANGE, "");
        currency(RefusalCode.OUT_OF_RANGE, "x--gold.3");
        currency(RefusalCode.OUT_OF_RANGE, "x-gold");
        currency(RefusalCode.OUT_OF_RANGE, "x-gold.9");
        currency(RefusalCode.OUT_OF_RANGE, "x-abcdefghijklmno.");
        currency(RefusalCode.FIELD_TOO_LONG, "x-abcdefghijklmno.8");
    }

    private void currency(RefusalCode code, String text) {
        bent(code, note, "bank", "currency '" + text + "'", p -> Edit.set(p, Cbor.of(text), 2));
    }

    private void certificates() {
        var large = new PurseCertificate(
                new IssuerKeyId(new InstitutionId(65_535), 255),
                chain.key("h0").publicKey(),
                255,
                ElementClass.HSM,
                Chain.CNY,
                new PurseCertificate.Limits(U48, U48, U32, U48),
                new Timestamp(U32),
                new Timestamp(U32),
                U48,
                U48);
        yes(
                "certificate",
                "every number at its most",
                Signed.by(chain.bank, large).encode());
        certificate(RefusalCode.MALFORMED, "iss of another institution", p -> Edit.set(p, Cbor.of("8"), 1));
        certificate(RefusalCode.MALFORMED, "iss with a leading zero", p -> Edit.set(p, Cbor.of("07"), 1));
        certificate(RefusalCode.MALFORMED, "iss as a number", p -> Edit.set(p, Cbor.of(7), 1));
        certificate(RefusalCode.OUT_OF_RANGE, "that ends before it begins", p -> Edit.set(p, Cbor.of(1), 4));
        certificate(RefusalCode.MALFORMED, "without cnf", p -> Edit.without(p, 8));
        certificate(RefusalCode.UNKNOWN_FIELD, "a second key in cnf", p -> Edit.set(p, zeros(8), 8, 3));
        certificate(RefusalCode.MALFORMED, "a key on P-384", p -> Edit.set(p, Cbor.of(2), 8, 1, -1));
        certificate(RefusalCode.MALFORMED, "a key with y in full", p -> Edit.set(p, zeros(32), 8, 1, -3));
        certificate(RefusalCode.MALFORMED, "a key whose x has 31 bytes", p -> Edit.set(p, zeros(31), 8, 1, -2));
        certificate(RefusalCode.UNKNOWN_FIELD, "a key with a kid", p -> Edit.set(p, zeros(2), 8, 1, 2));
        certificate(RefusalCode.OUT_OF_RANGE, "tier 256", p -> Edit.set(p, Cbor.of(256), -65537));
        certificate(RefusalCode.OUT_OF_RANGE, "element class 4", p -> Edit.set(p, Cbor.of(4), -65538));
        for (long key = -65539; key >= -65544; key--) {
            long name = key;
            long over = key == -65541 ? U32 + 1 : U48 + 1;
            certificate(
                    RefusalCode.OUT_OF_RANGE,
                    "field " + key + " beyond its bound",
                    p -> Edit.set(p, Cbor.of(over), name));
        }
        certificate(RefusalCode.MALFORMED, "without a currency", p -> Edit.without(p, -65545));
        certificate(RefusalCode.UNKNOWN_FIELD, "with a sub", p -> Edit.set(p, Cbor.of("alice"), 2));
        certificate(RefusalCode.TOO_LARGE, "a payload of more than 512 bytes", p -> Edit.set(p, zeros(512), 2));
    }

    private void certificate(RefusalCode code, String name, UnaryOperator<Cbor> change) {
        bent(code, certificate, "bank", name, change);
    }

    private void transfers() {
        TransferInput[] eight = IntStream.range(0, 8)
                .mapToObj(i -> Chain.input(note, 1_023, i * 10L, i * 10L + 10))
                .toArray(TransferInput[]::new);
        Transfer wide = new Transfer(
                Arrays.asList(eight), chain.thumb("h1"), Chain.nonce("vector"), U48, U48, new Timestamp(U32));
        yes(
                "transfer",
                "eight inputs that touch, numbers at their most",
                Signed.by(chain.key("h0"), wide).encode());
        input(RefusalCode.RANGE_EMPTY, "an empty range", 5, 5);
        input(RefusalCode.RANGE_EMPTY, "a reversed range", 6, 5);
        input(RefusalCode.OUT_OF_RANGE, "a range to 2^48", 5, U48 + 1);
        input(RefusalCode.OUT_OF_RANGE, "a range from -1", -1, 5);
        moved(RefusalCode.OUT_OF_RANGE, "index 1,024", p -> Edit.set(p, Cbor.of(1_024), 1, 0, 1));
        moved(RefusalCode.MALFORMED, "an input of three parts", p -> Edit.without(p, 1, 0, 3));
        moved(RefusalCode.FIELD_TOO_LONG, "an input of five parts", p -> Edit.set(p, Cbor.of(0), 1, 0, 4));
        moved(RefusalCode.MALFORMED, "a parent of 31 bytes", p -> Edit.set(p, zeros(31), 1, 0, 0));
        moved(RefusalCode.TOO_MANY_INPUTS, "no input", p -> Edit.set(p, Cbor.array(), 1));
        moved(RefusalCode.INPUTS_OVERLAP, "one input twice", p -> Edit.set(p, Edit.get(p, 1, 0), 1, 1));
        moved(RefusalCode.INPUTS_OVERLAP, "two inputs with one unit in both", p -> second(p, 0, 8_999, 9_500));
        moved(RefusalCode.OUT_OF_RANGE, "2^48 in all", p -> second(Edit.set(p, Cbor.of(U48), 1, 0, 3), 1, 0, 1));
        Bytes apart = Edit.payload(transfer, chain.key("h0"), p -> second(p, 1, 0, 9_000));
        yes("transfer", "one range of two outputs", apart);
        moved(RefusalCode.MALFORMED, "a payee of 31 bytes", p -> Edit.set(p, zeros(31), 2));
        moved(RefusalCode.OUT_OF_RANGE, "seq 2^48", p -> Edit.set(p, Cbor.of(U48 + 1), 4));
        moved(RefusalCode.OUT_OF_RANGE, "spentTotal 2^48", p -> Edit.set(p, Cbor.of(U48 + 1), 5));
        moved(RefusalCode.OUT_OF_RANGE, "at 2^32", p -> Edit.set(p, Cbor.of(U32 + 1), 6));
    }

    private static Cbor second(Cbor payload, int index, long lo, long hi) {
        Cbor parent = Edit.get(payload, 1, 0, 0);
        return Edit.set(payload, Cbor.array(parent, Cbor.of(index), Cbor.of(lo), Cbor.of(hi)), 1, 1);
    }

    private void input(RefusalCode code, String name, long lo, long hi) {
        moved(code, name, p -> Edit.set(Edit.set(p, Cbor.of(lo), 1, 0, 2), Cbor.of(hi), 1, 0, 3));
    }

    private void moved(RefusalCode code, String name, UnaryOperator<Cbor> change) {
        bent(code, transfer, "h0", name, change);
    }

    private void requests() {
        yes("request", "a reference of 64 bytes", requested(p -> Edit.set(p, Cbor.of("é".repeat(32)), 6)));
        yes("request", "no reference", requested(p -> Edit.set(p, Cbor.of(""), 6)));
        yes(
                "request",
                "a reference of many scripts",
                requested(p -> Edit.set(p, Cbor.of("茶 \u00bd \ud83c\uddf3\ud83c\uddfa \u0645\u06cc\u200c"), 6)));
        asked(
                RefusalCode.FIELD_TOO_LONG,
                "a reference of 65 bytes",
                p -> Edit.set(p, Cbor.of("é".repeat(32) + "e"), 6));
        for (String text : List.of("\u0000", "a\nb", "\u001b[2J", "\u007f", "\u009b", "\u2028", "\u202e", "\u2066")) {
            int point = text.codePoints()
                    .filter(c -> c < 0x20 || c > 0x7e)
                    .findFirst()
                    .orElseThrow();
            asked(
                    RefusalCode.MALFORMED,
                    String.format("U+%04X in the reference", point),
                    p -> Edit.set(p, Cbor.of(text), 6));
        }
        asked(RefusalCode.OUT_OF_RANGE, "for nothing", p -> Edit.set(p, Cbor.of(0), 1));
        asked(RefusalCode.OUT_OF_RANGE, "for 2^48", p -> Edit.set(p, Cbor.of(U48 + 1), 1));
        asked(RefusalCode.OUT_OF_RANGE, "epoch 2^32", p -> Edit.set(p, Cbor.of(U32 + 1), 5));
        asked(RefusalCode.MALFORMED, "a sealing key of 31 bytes", p -> Edit.set(p, zeros(31), 7));
        for (String low : List.of(
                "00".repeat(32),
                "01" + "00".repeat(31),
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                "ec" + "ff".repeat(30) + "7f",
                "ed" + "ff".repeat(30) + "7f",
                "ee" + "ff".repeat(30) + "7f",
                "ec" + "ff".repeat(31),
                "00".repeat(31) + "80")) {
            asked(
                    RefusalCode.OUT_OF_RANGE,
                    "low-order sealing key " + low,
                    p -> Edit.set(p, Cbor.of(Bytes.fromHex(low)), 7));
        }
    }

    private Bytes requested(UnaryOperator<Cbor> change) {
        return Edit.payload(request, chain.key("h1"), change);
    }

    private void asked(RefusalCode code, String name, UnaryOperator<Cbor> change) {
        no(code, "request", name, requested(change));
    }

    private void others() {
        var receipt = Signed.by(chain.key("h1"), new Receipt(Chain.nonce("vector"), transfer.hash(), Chain.NOW));
        bent(RefusalCode.MALFORMED, receipt, "h1", "of null", p -> Edit.set(p, Cbor.nil(), 2));
        bent(RefusalCode.UNKNOWN_FIELD, receipt, "h1", "a field 4", p -> Edit.set(p, Cbor.of(1), 4));
        var no = Signed.by(chain.key("h1"), new NonReceipt(Chain.nonce("vector"), Optional.empty()));
        bent(RefusalCode.MALFORMED, no, "h1", "without a second field", p -> Edit.without(p, 2));
        bent(RefusalCode.MALFORMED, no, "h1", "of an empty hash", p -> Edit.set(p, zeros(0), 2));
    }

    private static Cbor zeros(int length) {
        return Cbor.of(Bytes.of(new byte[length]));
    }
}
