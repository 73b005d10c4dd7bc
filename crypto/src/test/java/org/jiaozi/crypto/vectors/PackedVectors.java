package org.jiaozi.crypto.vectors;

import java.util.List;
import java.util.stream.IntStream;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Bytes;

/** Makes {@code packed.json}: packed lineages that are not the one form, or beyond what a tap or a deposit takes. */
final class PackedVectors {
    // where things are in the packed form of one hop: part 2, clause 9
    private static final int CERTIFICATES = 5;
    private static final int CERTIFICATE = 6;
    private static final int NOTES = CERTIFICATE + 144;
    private static final int NOTE_HOPS = NOTES + 1 + 17;
    private static final int TRANSFERS = NOTES + 1 + 98;
    private static final int INPUTS = TRANSFERS + 2;
    private static final int PARENT = TRANSFERS + 3;
    private static final int INDEX = TRANSFERS + 4;
    private static final int RANGE = TRANSFERS + 5;
    private static final int INPUT = 14;

    private final Chain chain = new Chain();
    private final Cases cases = new Cases("02, clause 9; 05, clause 8");
    private final Lineage hop = chain.hops(1, 5);
    private final Bytes one = LineageCodec.encode(hop);
    private final Signed<Note> note = hop.notes().getFirst();

    Cases make() {
        notTheOneForm();
        malformed();
        inputs();
        bounds();
        return cases;
    }

    private static Bytes splice(Bytes bytes, int from, int to, String hex) {
        return bytes.slice(0, from).concat(Bytes.fromHex(hex)).concat(bytes.slice(to, bytes.size()));
    }

    private void tap(RefusalCode code, String name, Bytes bytes) {
        cases.refused(code, name, bytes).put("type", "lineage-tap");
    }

    private void tap(RefusalCode code, String name, int from, int to, String hex) {
        tap(code, name, splice(one, from, to, hex));
    }

    private void notTheOneForm() {
        RefusalCode code = RefusalCode.NON_CANONICAL;
        String certificate = one.slice(CERTIFICATE, NOTES).hex();
        tap(code, "a count in two bytes", CERTIFICATES, CERTIFICATE, "8100");
        tap(code, "an index in two bytes", INDEX, RANGE, "8000");
        tap(code, "a certificate twice", CERTIFICATES, CERTIFICATE, "02" + certificate);
        String stranger = LineageCodec.encode(Lineage.of(chain.note("h9", 10, 5))
                        .plus(chain.link(
                                "h9", chain.transfer("h8", 1, 1, Chain.input(chain.note("h9", 10, 5), 0, 0, 1)))))
                .slice(CERTIFICATE, NOTES)
                .hex();
        tap(code, "a certificate that nothing uses", splice(splice(one, NOTES, NOTES, stranger), 5, 6, "02"));
        tap(code, "certificates not in the order of use", disordered());
        tap(
                code,
                "a holder where a transfer tells",
                splice(
                        splice(
                                one,
                                TRANSFERS,
                                TRANSFERS,
                                chain.thumb("h0").bytes().hex()),
                        NOTE_HOPS,
                        NOTE_HOPS + 1,
                        "85"));
        Signed<Note> unspent = chain.note("h5", 9, 5);
        tap(code, "a note twice", LineageCodec.encode(new Lineage(List.of(note, unspent, unspent), hop.links())));
        tap(code, "a transfer twice", LineageCodec.encode(hop.plus(hop.head())));
    }

    private Bytes disordered() {
        Bytes two = LineageCodec.encode(chain.hops(2, 5));
        String first = two.slice(CERTIFICATE, NOTES).hex();
        String second = two.slice(NOTES, NOTES + 144).hex();
        Bytes swapped = splice(two, CERTIFICATE, NOTES + 144, second + first);
        int transfer = TRANSFERS + 144 + 1;
        // without its payee a transfer of one input has 112 bytes
        return splice(splice(swapped, transfer, transfer + 1, "01"), transfer + 112, transfer + 113, "00");
    }

    private void malformed() {
        tap(
                RefusalCode.MALFORMED,
                "neither spent nor given a payee",
                splice(one.slice(0, one.size() - 32), INPUTS, PARENT, "02"));
        tap(RefusalCode.MALFORMED, "no certificate for a transfer", splice(one, CERTIFICATES, NOTES, "00"));
        tap(RefusalCode.MALFORMED, "a count of six bytes", CERTIFICATES, CERTIFICATE, "818080808000");
        tap(RefusalCode.OUT_OF_RANGE, "a certificate that is not there", TRANSFERS + 1, INPUTS, "01");
        tap(RefusalCode.OUT_OF_RANGE, "a currency that ISO 4217 does not list", 2, 5, "434e58");
        tap(RefusalCode.FIELD_TOO_LONG, "a currency of 19", 1, 5, "13" + "782d6162636465666768696a6b6c6d6e6f2e33");
        tap(RefusalCode.OUT_OF_RANGE, "element class 4", CERTIFICATE + 37, CERTIFICATE + 38, "04");
        tap(RefusalCode.OUT_OF_RANGE, "a key that is no compressed point", CERTIFICATE + 3, CERTIFICATE + 4, "04");
        tap(RefusalCode.SIGNATURE_FORM, "a certificate signed with zeros", NOTES - 64, NOTES, "00".repeat(64));
        tap(RefusalCode.OUT_OF_RANGE, "a note of nothing", NOTES + 8, NOTES + 14, "00".repeat(6));
        tap(RefusalCode.OUT_OF_RANGE, "a note of no hop", NOTE_HOPS, NOTE_HOPS + 1, "00");
        tap(RefusalCode.OUT_OF_RANGE, "a note of 17 hops", NOTE_HOPS, NOTE_HOPS + 1, "11");
        tap(RefusalCode.SIGNATURE_FORM, "a note signed with zeros", TRANSFERS - 64, TRANSFERS, "00".repeat(64));
        tap(
                RefusalCode.SIGNATURE_FORM,
                "a transfer signed with zeros",
                one.size() - 96,
                one.size() - 32,
                "00".repeat(64));
    }

    private void inputs() {
        tap(RefusalCode.UNKNOWN_PARENT, "a transfer that is its own parent", PARENT, INDEX, "01");
        tap(RefusalCode.UNKNOWN_PARENT, "a parent that is not there", PARENT, INDEX, "7f");
        tap(RefusalCode.OUT_OF_RANGE, "index 1,024", INDEX, RANGE, "8008");
        tap(RefusalCode.RANGE_EMPTY, "an empty range", RANGE, RANGE + 12, "000000000005000000000005");
        tap(RefusalCode.RANGE_EMPTY, "a reversed range", RANGE, RANGE + 12, "000000000006000000000005");
        String input = one.slice(PARENT, PARENT + INPUT).hex();
        tap(RefusalCode.INPUTS_OVERLAP, "one input twice", INPUTS, PARENT, "05" + input);
        tap(RefusalCode.TOO_MANY_INPUTS, "no input", INPUTS, PARENT + INPUT, "01");
        Lineage nine = hop.plus(chain.link("h1", chain.transfer("bank", 1, 0, slices(9))));
        tap(RefusalCode.TOO_MANY_INPUTS, "nine inputs", LineageCodec.encode(nine));
        cases.ok("nine inputs of a deposit", LineageCodec.encode(nine)).put("type", "lineage-deposit");
        Signed<?> before = nine.head().transfer();
        Lineage after = nine.plus(chain.link("bank", chain.transfer("h2", 1, 0, Chain.input(before, 0, 0, 1))));
        deposit(RefusalCode.TOO_MANY_INPUTS, "nine inputs before the last transfer", LineageCodec.encode(after));
        // 2,051 = 2 × 1,025 + 1
        deposit(
                RefusalCode.TOO_MANY_INPUTS,
                "1,025 inputs, whatever they are",
                one.slice(0, INPUTS).concat(Bytes.fromHex("8310")));
    }

    private TransferInput[] slices(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Chain.input(hop.head().transfer(), 0, i, i + 1))
                .toArray(TransferInput[]::new);
    }

    private void deposit(RefusalCode code, String name, Bytes bytes) {
        cases.refused(code, name, bytes).put("type", "lineage-deposit");
    }

    private void bounds() {
        RefusalCode code = RefusalCode.LINEAGE_TOO_LARGE;
        Lineage eight = hop.plus(chain.link("h1", chain.transfer("h2", 1, 8, slices(8))));
        cases.ok("eight inputs", LineageCodec.encode(eight)).put("type", "lineage-tap");
        Lineage full = new Lineage(
                IntStream.range(0, 64)
                        .mapToObj(i -> chain.note("h0", 100 + i, 16))
                        .toList(),
                List.of());
        cases.ok("64 notes", LineageCodec.encode(full)).put("type", "lineage-tap");
        tap(code, "65 notes, whatever they are", one.slice(0, NOTES).concat(Bytes.fromHex("41")));
        tap(code, "129 transfers, whatever they are", one.slice(0, TRANSFERS).concat(Bytes.fromHex("8101")));
        tap(
                code,
                "129 certificates, whatever they are",
                one.slice(0, CERTIFICATES).concat(Bytes.fromHex("8101")));
        deposit(code, "4,097 notes, whatever they are", one.slice(0, NOTES).concat(Bytes.fromHex("8120")));
        deposit(
                code,
                "16,385 transfers, whatever they are",
                one.slice(0, TRANSFERS).concat(Bytes.fromHex("818001")));
        then(code, "60,001 bytes, whatever they are", "lineage-tap", 60_001);
        then(code, "6 MiB and a byte, whatever they are", "lineage-deposit", (6 << 20) + 1);
    }

    private void then(RefusalCode code, String name, String type, int zeros) {
        cases.refused(code, name, Bytes.EMPTY)
                .put("type", type)
                .putArray("then")
                .add("00")
                .add(zeros)
                .add("");
    }
}
