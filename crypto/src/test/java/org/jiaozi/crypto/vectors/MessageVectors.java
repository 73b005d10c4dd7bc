package org.jiaozi.crypto.vectors;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;

/** Makes {@code messages.json}: the bodies of service messages, and the events of an inbox. */
final class MessageVectors {
    private final MessageSamples samples = new MessageSamples();
    private final Cases cases = new Cases("07, clauses 5 to 17");
    /** By kind and number; of two the last. */
    private final Map<String, Cbor> sound = new HashMap<>();

    Cases make() {
        samples.walletRequests().forEach(m -> body("wallet-request", m, m.cbor()));
        samples.walletAnswers().forEach(m -> body("wallet-answer", m, m.cbor()));
        samples.bankRequests().forEach(m -> body("bank-request", m, m.cbor()));
        samples.bankAnswers().forEach(m -> body("bank-answer", m, m.cbor()));
        types();
        walletFields();
        bankFields();
        events();
        return cases;
    }

    private void body(String type, Object message, Cbor cbor) {
        String name = type + " " + number(cbor) + " " + message.getClass().getSimpleName();
        cases.ok(name, cbor.encode()).put("type", type).set("fields", Shown.of(message));
        List<Cbor> parts = ((Cbor.Arr) cbor).items();
        no(RefusalCode.MALFORMED, name + ", the last field missing", type, Edit.without(cbor, parts.size() - 1));
        no(RefusalCode.UNKNOWN_FIELD, name + ", a field more", type, Edit.set(cbor, Cbor.of(1), parts.size()));
        sound.put(type + " " + number(cbor), cbor);
    }

    private static long number(Cbor body) {
        return ((Cbor.Int) Edit.get(body, 0)).value();
    }

    private void no(RefusalCode code, String name, String type, Cbor body) {
        cases.refused(code, name, body.encode()).put("type", type);
    }

    /** The sound message of that number with one change. */
    private void bent(RefusalCode code, String name, String message, UnaryOperator<Cbor> change) {
        Cbor body = sound.get(message);
        no(code, message + ", " + name, message.substring(0, message.indexOf(' ')), change.apply(body));
    }

    private void types() {
        Map<String, long[]> unknown = new java.util.TreeMap<>(Map.of(
                "wallet-request", new long[] {0, 13, 100, 255, 256, -1},
                "wallet-answer", new long[] {1, 99, 106, 112, 200, 256},
                "bank-request", new long[] {0, 13, 101, 201},
                "bank-answer", new long[] {1, 101, 199, 213}));
        unknown.forEach((type, numbers) -> {
            for (long number : numbers) {
                no(
                        RefusalCode.UNKNOWN_TYPE,
                        type + " of type " + number,
                        type,
                        Cbor.array(Cbor.of(number), Cbor.of(1)));
            }
            no(RefusalCode.MALFORMED, "an empty " + type, type, Cbor.array());
            no(
                    RefusalCode.MALFORMED,
                    type + " as a map",
                    type,
                    Cbor.map().put(1, Cbor.of(1)).build());
            no(RefusalCode.MALFORMED, type + " of a type in words", type, Cbor.array(Cbor.of("enrol")));
        });
    }

    private void walletFields() {
        String enrol = "wallet-request 1";
        bent(RefusalCode.FIELD_TOO_LONG, "a code of 257 bytes", enrol, m -> Edit.set(m, Cbor.of("c".repeat(257)), 1));
        bent(
                RefusalCode.MALFORMED,
                "a code with a control character",
                enrol,
                m -> Edit.set(m, Cbor.of("4\u001b[2J"), 1));
        bent(RefusalCode.OUT_OF_RANGE, "a key that is no compressed point", enrol, m -> Edit.set(m, uncompressed(), 2));
        bent(RefusalCode.OUT_OF_RANGE, "an unlisted currency", enrol, m -> Edit.set(m, Cbor.of("CNX"), 3));
        bent(RefusalCode.OUT_OF_RANGE, "element class 4", enrol, m -> Edit.set(m, Cbor.of(4), 4));
        bent(RefusalCode.SIGNATURE_FORM, "a proof of zeros", enrol, m -> Edit.set(m, zeros(64), 5, 0, 1));
        bent(RefusalCode.MALFORMED, "a proof without a signature", enrol, m -> Edit.without(m, 5, 0, 1));
        bent(RefusalCode.FIELD_TOO_LONG, "65 keys", enrol, m -> Edit.set(m, many(65, Edit.get(m, 5, 0)), 5));
        bent(RefusalCode.OUT_OF_RANGE, "an amount of 2^48", "wallet-request 2", m -> Edit.set(m, Cbor.of(1L << 48), 1));
        bent(RefusalCode.MALFORMED, "a nonce of 15 bytes", "wallet-request 2", m -> Edit.set(m, zeros(15), 4));
        bent(RefusalCode.FIELD_TOO_LONG, "a nonce of 17 bytes", "wallet-request 2", m -> Edit.set(m, zeros(17), 4));
        bent(
                RefusalCode.OUT_OF_RANGE,
                "a counter of 2^48",
                "wallet-request 3",
                m -> Edit.set(m, Cbor.of(1L << 48), 1, 0, 2));
        bent(
                RefusalCode.FIELD_TOO_LONG,
                "4,097 lineages",
                "wallet-request 5",
                m -> Edit.set(m, many(4_097, zeros(0)), 1));
        bent(RefusalCode.MALFORMED, "a non-receipt of null", "wallet-request 6", m -> Edit.set(m, Cbor.nil(), 2));
        bent(RefusalCode.OUT_OF_RANGE, "institution 65,536", "wallet-request 8", m -> Edit.set(m, Cbor.of(65_536), 1));
        bent(
                RefusalCode.SIGNATURE_FORM,
                "a claim signed with zeros",
                "wallet-request 10",
                m -> Edit.set(m, zeros(64), 1, 3));
        bent(
                RefusalCode.OUT_OF_RANGE,
                "a number that is no refusal",
                "wallet-answer 100",
                m -> Edit.set(m, Cbor.of(12), 1, 0));
        bent(
                RefusalCode.FIELD_TOO_LONG,
                "a detail of 513 bytes",
                "wallet-answer 100",
                m -> Edit.set(m, Cbor.of("d".repeat(513)), 1, 1));
        bent(RefusalCode.OUT_OF_RANGE, "a note of nothing", "wallet-answer 102", this::noteOfNothing);
        bent(RefusalCode.MALFORMED, "false for the refusal", "wallet-answer 104", m -> Edit.set(m, Cbor.of(false), 4));
        bent(RefusalCode.MALFORMED, "blocked as a number", "wallet-answer 107", m -> Edit.set(m, Cbor.of(1), 5));
        bent(
                RefusalCode.OUT_OF_RANGE,
                "an entry that is neither in nor out",
                "wallet-answer 107",
                m -> Edit.set(m, Cbor.of(2), 6, 0, 1));
    }

    private Cbor noteOfNothing(Cbor loaded) {
        Bytes payload = ((Cbor.Bin) Edit.get(loaded, 1, 2)).value();
        Bytes nothing = Edit.set(Cbor.decode(payload, 256), Cbor.of(0), 3).encode();
        Bytes header = ((Cbor.Bin) Edit.get(loaded, 1, 0)).value();
        return Edit.set(loaded, Cbor.decode(Edit.sign(new Chain().bank, "note", header, nothing), 512), 1);
    }

    private void bankFields() {
        bent(RefusalCode.OUT_OF_RANGE, "flagged 2", "bank-request 2", m -> Edit.set(m, Cbor.of(2), 1, 0, 1));
        bent(RefusalCode.FIELD_TOO_LONG, "4,097 changes", "bank-request 2", m -> Edit.set(m, many(4_097, zeros(0)), 1));
        bent(RefusalCode.MALFORMED, "a bare thumbprint", "bank-request 5", m -> Edit.set(m, zeros(32), 1, 0));
        bent(RefusalCode.MALFORMED, "a key without its message", "bank-request 5", m -> Edit.without(m, 1, 0, 2));
        bent(RefusalCode.SIGNATURE_FORM, "a proof of zeros", "bank-request 5", m -> Edit.set(m, zeros(64), 1, 0, 1));
        bent(
                RefusalCode.FIELD_TOO_LONG,
                "a reason of 257 bytes",
                "bank-request 5",
                m -> Edit.set(m, Cbor.of("r".repeat(257)), 2));
        bent(
                RefusalCode.OUT_OF_RANGE,
                "an account key that is no compressed point",
                "bank-request 6",
                m -> Edit.set(m, uncompressed(), 3));
        bent(
                RefusalCode.OUT_OF_RANGE,
                "a key that is no compressed point",
                "bank-request 6",
                m -> Edit.set(m, uncompressed(), 1, 0, 0));
        bent(
                RefusalCode.MALFORMED,
                "a return of something else",
                "bank-request 12",
                m -> Edit.set(m, sound.get("bank-request 9"), 2));
        bent(
                RefusalCode.OUT_OF_RANGE,
                "a reason that is no refusal",
                "bank-request 12",
                m -> Edit.set(m, Cbor.of(12), 3));
        bent(RefusalCode.MALFORMED, "false for the note", "bank-answer 211", m -> Edit.set(m, Cbor.of(false), 2));
        bent(RefusalCode.OUT_OF_RANGE, "a number of 2^48", "bank-request 9", m -> Edit.set(m, Cbor.of(1L << 48), 1));
        bent(
                RefusalCode.OUT_OF_RANGE,
                "a number that is no refusal",
                "bank-answer 200",
                m -> Edit.set(m, Cbor.of(999), 1, 0));
        bent(RefusalCode.OUT_OF_RANGE, "an epoch of 2^32", "bank-answer 205", m -> Edit.set(m, Cbor.of(1L << 32), 1));
        bent(RefusalCode.MALFORMED, "news as a number", "bank-answer 207", m -> Edit.set(m, Cbor.of(1), 2));
        String deposited = "wallet-answer 104";
        Cbor outcome = Cbor.array(Cbor.of(0), Cbor.of(5), Cbor.of(6), Cbor.of(1), Cbor.of(0));
        outcome(RefusalCode.OUT_OF_RANGE, "an outcome of kind 0", deposited, Edit.set(outcome, Cbor.of(0), 3));
        outcome(RefusalCode.OUT_OF_RANGE, "an outcome of kind 5", deposited, Edit.set(outcome, Cbor.of(5), 3));
        outcome(RefusalCode.OUT_OF_RANGE, "an outcome of input 1,024", deposited, Edit.set(outcome, Cbor.of(1_024), 0));
        outcome(
                RefusalCode.OUT_OF_RANGE,
                "an outcome with a code of 2^16",
                deposited,
                Edit.set(outcome, Cbor.of(65_536), 4));
        outcome(RefusalCode.RANGE_EMPTY, "an outcome of an empty range", deposited, Edit.set(outcome, Cbor.of(6), 1));
        outcome(RefusalCode.RANGE_EMPTY, "an outcome of a reversed range", deposited, Edit.set(outcome, Cbor.of(7), 1));
        outcome(RefusalCode.MALFORMED, "an outcome of four parts", deposited, Edit.without(outcome, 4));
        outcome(RefusalCode.FIELD_TOO_LONG, "an outcome of six parts", deposited, Edit.set(outcome, Cbor.of(0), 5));
    }

    private void outcome(RefusalCode code, String name, String message, Cbor outcome) {
        bent(code, name, message, m -> Edit.set(m, Cbor.array(outcome), 1));
    }

    private void events() {
        String inbox = "bank-answer 209";
        eventFields(inbox, 5, 1);
        bent(RefusalCode.UNKNOWN_TYPE, "event 0", inbox, m -> Edit.set(m, Cbor.of(0), 1, 3, 0));
        bent(RefusalCode.UNKNOWN_TYPE, "event 8", inbox, m -> Edit.set(m, Cbor.of(8), 1, 3, 0));
        bent(RefusalCode.OUT_OF_RANGE, "event number 2^48", inbox, m -> Edit.set(m, Cbor.of(1L << 48), 1, 3, 1));
        bent(
                RefusalCode.FIELD_TOO_LONG,
                "an account of 65 bytes",
                inbox,
                m -> Edit.set(m, Cbor.of("a".repeat(65)), 1, 1, 3));
        Cbor none = Cbor.array(Cbor.of(209), Cbor.array());
        cases.ok(inbox + " without an event", none.encode())
                .put("type", "bank-answer")
                .set("fields", Shown.of(BankAnswer.read(none)));
        Cbor later = new BankAnswer.Inbox(samples.laterEvents()).cbor();
        sound.put(inbox, later);
        cases.ok(inbox + " of events 6 and 7", later.encode())
                .put("type", "bank-answer")
                .set("fields", Shown.of(BankAnswer.read(later)));
        eventFields(inbox, 2, 6);
        bent(
                RefusalCode.OUT_OF_RANGE,
                "event 7, a reason that is no refusal",
                inbox,
                m -> Edit.set(m, Cbor.of(0), 1, 1, 6));
    }

    private void eventFields(String inbox, int count, int first) {
        for (int i = 0; i < count; i++) {
            int at = i;
            Cbor event = Edit.get(sound.get(inbox), 1, at);
            int size = ((Cbor.Arr) event).items().size();
            String name = "event " + (at + first);
            bent(
                    RefusalCode.MALFORMED,
                    name + ", the last field missing",
                    inbox,
                    m -> Edit.without(m, 1, at, size - 1));
            if (size < 8) {
                bent(
                        RefusalCode.UNKNOWN_FIELD,
                        name + ", a field more",
                        inbox,
                        m -> Edit.set(m, Cbor.of(1), 1, at, size));
            } else {
                bent(
                        RefusalCode.FIELD_TOO_LONG,
                        name + ", a field more",
                        inbox,
                        m -> Edit.set(m, Cbor.of(1), 1, at, size));
            }
        }
    }

    private static Cbor many(int count, Cbor item) {
        return Cbor.array(Collections.nCopies(count, item));
    }

    private static Cbor zeros(int length) {
        return Cbor.of(Bytes.of(new byte[length]));
    }

    private static Cbor uncompressed() {
        return Cbor.of(Bytes.fromHex("04" + "11".repeat(32)));
    }
}
