package org.jiaozi.lab.audit;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jiaozi.core.value.Bytes;

/**
 * The central bank's database, read: signed bytes as they were signed, and the rows that must follow from them.
 *
 * @param notes by hash
 * @param certificates by hash
 * @param events by institution and number
 */
record CentralRecord(
        List<NoteRow> notes,
        Map<String, Bytes> certificates,
        List<TransferRow> transfers,
        Map<String, List<InputRow>> inputs,
        List<SettledRow> settled,
        List<DepositRow> deposits,
        List<ConvictionRow> convictions,
        List<RefundRow> refunds,
        List<WithheldRow> withheld,
        List<HonouredRow> honoured,
        List<RemitRow> remits,
        List<BoundKeyRow> boundKeys,
        List<SpokenRow> spoken,
        Movements movements,
        Map<Ledgers.Account, Long> balances,
        List<Bytes> bulletins,
        Map<Integer, Map<Long, Bytes>> events,
        Map<String, Integer> codes) {
    record NoteRow(String id, int issuer, String currency, long value, String holder, boolean late, Bytes cose) {}

    /**
     * A transfer's row.
     *
     * @param payee the first bytes of the payee's key
     * @param request the first bytes of the nonce, or nothing
     */
    record TransferRow(
            String hash, String signer, long seq, String payee, String request, String certificate, Bytes cose) {}

    record InputRow(int position, String parent, long index, long lo, long hi, String note) {}

    record SettledRow(String note, long lo, long hi, String kind, int paidTo, String parent, long index) {}

    record DepositRow(String hash, int institution, String depositor, Bytes settlement) {}

    record ConvictionRow(
            String culprit,
            int certifier,
            String currency,
            Bytes file,
            long owed,
            long recovered,
            long fromFund,
            long fromInstitution) {}

    record RefundRow(String transfer, long amount) {}

    record WithheldRow(String deposit, int institution, String currency, long amount, boolean released) {}

    record HonouredRow(String deposit, int from, int to, Bytes handover, String currency, long due, boolean released) {}

    record RemitRow(int from, String id, boolean returned) {}

    /** Clearing that moved because of a remittance, there or back. */
    record RemitPosting(String debit, String credit, String currency, long amount, boolean back, String id) {
        /** The same money the other way. */
        RemitPosting reversed() {
            return new RemitPosting(/* debit= */ credit, /* credit= */ debit, currency, amount, !back, id);
        }
    }

    record BoundKeyRow(String thumbprint, int institution, Bytes key, Bytes message, Bytes proof) {}

    /** Keys for which an institution claimed or which it revoked. */
    record SpokenRow(int institution, Bytes keys) {}

    private record NamedInput(String transfer, InputRow input) {}

    private record Event(int institution, long number, Bytes body) {}

    static CentralRecord read(Rows rows, Findings findings) throws SQLException {
        Movements movements = Movements.read(rows, findings);
        Map<String, Bytes> certificates = new HashMap<>();
        rows.all("SELECT hash, cose FROM certificate", r -> certificates.put(r.hex("hash"), r.bytes("cose")));
        Map<String, List<InputRow>> inputs = new HashMap<>();
        for (NamedInput named : rows.all(
                // no note where the columns that it is looked up by say otherwise than its transfer and the one before
                "SELECT i.transfer, i.position, i.parent, i.parent_index, i.lo, i.hi, coalesce(n.id, '') AS note"
                        + " FROM signed_input i JOIN signed_transfer t ON t.hash = i.transfer"
                        + " LEFT JOIN transfer p ON p.hash = i.parent LEFT JOIN note n ON n.serial = i.note"
                        + " AND n.id = substr(t.notes, i.position * 32 + 1, 32) "
                        + " AND i.via = CASE WHEN i.parent = n.id THEN 0 ELSE p.number END"
                        + " ORDER BY transfer, position",
                r -> new NamedInput(
                        r.hex("transfer"),
                        new InputRow(
                                (int) r.number("position"),
                                r.hex("parent"),
                                r.number("parent_index"),
                                r.number("lo"),
                                r.number("hi"),
                                r.hex("note"))))) {
            inputs.computeIfAbsent(named.transfer(), t -> new ArrayList<>()).add(named.input());
        }
        Map<Ledgers.Account, Long> balances = new TreeMap<>();
        rows.all(
                "SELECT * FROM balance",
                r -> balances.put(new Ledgers.Account(r.text("account"), r.text("currency")), r.number("minor")));
        Map<Integer, Map<Long, Bytes>> events = new HashMap<>();
        for (Event e : rows.all(
                "SELECT * FROM inbox_event",
                r -> new Event((int) r.number("institution"), r.number("number"), r.bytes("body")))) {
            events.computeIfAbsent(e.institution(), i -> new TreeMap<>()).put(e.number(), e.body());
        }
        Map<String, Integer> codes = new TreeMap<>();
        rows.all("SELECT code, id FROM institution", r -> codes.put(r.text("code"), (int) r.number("id")));
        return new CentralRecord(
                rows.all(
                        "SELECT * FROM note",
                        r -> new NoteRow(
                                r.hex("id"),
                                (int) r.number("issuer"),
                                r.text("currency"),
                                r.number("value"),
                                r.hex("holder"),
                                r.flag("late"),
                                r.bytes("cose"))),
                certificates,
                rows.all(
                        "SELECT hash, coalesce(signer, '') AS signer, seq, payee, coalesce(request, '') AS request,"
                                + " coalesce(certificate, '') AS certificate, cose"
                                + " FROM signed_transfer",
                        r -> new TransferRow(
                                r.hex("hash"),
                                r.hex("signer"),
                                r.number("seq"),
                                r.hex("payee"),
                                r.hex("request"),
                                r.hex("certificate"),
                                r.bytes("cose"))),
                inputs,
                rows.all(
                        "SELECT n.id, s.lo, s.hi, s.kind, s.paid_to, s.at_parent, s.at_index"
                                + " FROM settled s JOIN note n ON n.serial = s.note",
                        r -> new SettledRow(
                                r.hex("id"),
                                r.number("lo"),
                                r.number("hi"),
                                r.text("kind"),
                                (int) r.number("paid_to"),
                                r.hex("at_parent"),
                                r.number("at_index"))),
                rows.all(
                        "SELECT hash, institution, depositor, settlement FROM deposit",
                        r -> new DepositRow(
                                r.hex("hash"),
                                (int) r.number("institution"),
                                r.hex("depositor"),
                                r.bytes("settlement"))),
                rows.all(
                        "SELECT * FROM conviction",
                        r -> new ConvictionRow(
                                r.hex("culprit"),
                                (int) r.number("certifier"),
                                r.text("currency"),
                                r.bytes("file"),
                                r.number("owed"),
                                r.number("recovered"),
                                r.number("from_fund"),
                                r.number("from_institution"))),
                rows.all(
                        "SELECT transfer, amount FROM refund",
                        r -> new RefundRow(r.hex("transfer"), r.number("amount"))),
                rows.all(
                        "SELECT * FROM withheld",
                        r -> new WithheldRow(
                                r.hex("deposit"),
                                (int) r.number("institution"),
                                r.text("currency"),
                                r.number("amount"),
                                r.flag("released"))),
                rows.all(
                        "SELECT * FROM honoured",
                        r -> new HonouredRow(
                                r.hex("deposit"),
                                (int) r.number("from_institution"),
                                (int) r.number("to_institution"),
                                r.bytes("handover"),
                                r.text("currency"),
                                r.number("due"),
                                r.flag("released"))),
                rows.all(
                        "SELECT from_institution, id, returned IS NOT NULL AS back FROM remit",
                        r -> new RemitRow((int) r.number("from_institution"), r.hex("id"), r.flag("back"))),
                rows.all(
                        "SELECT * FROM bound_key",
                        r -> new BoundKeyRow(
                                r.hex("thumbprint"),
                                (int) r.number("institution"),
                                r.bytes("key"),
                                r.bytes("message"),
                                r.bytes("proof"))),
                rows.all(
                        "SELECT institution, keys FROM claim UNION ALL SELECT by, key FROM revocation WHERE by <> 0",
                        r -> new SpokenRow((int) r.number("institution"), r.bytes("keys"))),
                movements,
                balances,
                rows.all("SELECT cose FROM bulletin ORDER BY epoch", r -> r.bytes("cose")),
                events,
                codes);
    }
}
