package org.jiaozi.lab.audit;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jiaozi.core.value.Bytes;

/**
 * One institution's books, and that they tell the same story as the central bank's: the float differs by nothing but
 * notes registered and not yet booked, and redemptions whose netting cycle it has not read yet.
 */
final class InstitutionAudit {
    private static final int NETTED = 3;

    private InstitutionAudit() {}

    /**
     * An institution's database, read before the central bank's: what it says must be on record there by then.
     *
     * @param code its name
     * @param currency what its accounts count; empty where it has none
     */
    record Bank(
            String code,
            String currency,
            Ledgers.Sums postings,
            Map<Ledgers.Account, Long> balances,
            List<NoteRow> notes,
            Map<Long, Bytes> inbox,
            List<SuspenseRow> suspense,
            long withheld,
            long lost) {
        static Bank read(String code, Rows rows, Findings findings) throws SQLException {
            String currency =
                    rows.all("SELECT currency FROM account ORDER BY name LIMIT 1", r -> r.text("currency")).stream()
                            .findFirst()
                            .orElse("");
            Map<Ledgers.Account, Long> balances = new TreeMap<>();
            rows.all(
                    "SELECT * FROM book",
                    r -> balances.put(new Ledgers.Account(r.text("name"), currency), r.number("balance")));
            Ledgers.Sums postings = new Ledgers.Sums();
            rows.each(
                    "SELECT * FROM posting ORDER BY id",
                    r -> new Ledgers.Posting(
                            r.number("id"),
                            r.text("debit"),
                            r.text("credit"),
                            currency,
                            r.number("amount"),
                            r.text("text"),
                            ""),
                    p -> findings.readable("institution " + code + ": posting " + p.id(), () -> postings.take(p)));
            Map<Long, Bytes> inbox = new TreeMap<>();
            rows.all("SELECT number, event FROM inbox", r -> inbox.put(r.number("number"), r.bytes("event")));
            return new Bank(
                    code,
                    currency,
                    postings,
                    balances,
                    rows.all(
                            "SELECT * FROM note",
                            r -> new NoteRow(r.hex("hash"), r.number("value"), r.text("currency"))),
                    inbox,
                    rows.all(
                            "SELECT state, amount FROM suspense WHERE state NOT IN ('RETURNED', 'PAID', 'WITHDRAWN')",
                            r -> new SuspenseRow(r.text("state"), r.number("amount"))),
                    rows.all(
                                    "SELECT coalesce(sum(withheld - released), 0)::bigint AS open FROM deposit",
                                    r -> r.number("open"))
                            .getFirst(),
                    balances.getOrDefault(new Ledgers.Account("loss", currency), 0L));
        }

        private long balance(String book) {
            return balances.getOrDefault(new Ledgers.Account(book, currency), 0L);
        }

        private String shown(long minor) {
            return Ledgers.shown(minor, currency);
        }
    }

    record SuspenseRow(String state, long amount) {}

    record NoteRow(String hash, long value, String currency) {}

    static void run(Bank own, CentralRecord central, Findings findings) {
        String name = "institution " + own.code();
        Ledgers.check(name, own.postings(), own.balances(), findings);
        own.balances().forEach((book, balance) -> {
            boolean customers = book.name().startsWith("user:") || book.name().startsWith("held:");
            findings.expect(
                    !customers || balance >= 0, name + ": " + book + " stands below zero, at " + own.shown(balance));
        });
        suspense(name, own, findings);
        Integer id = central.codes().get(own.code());
        if (id == null) {
            findings.breach(name + " is not on the central bank's record");
            return;
        }
        inbox(name, own, central.events().getOrDefault(id, Map.of()), findings);
        floats(name, own, central, id, findings);
    }

    /** What lies in suspense is accounted for sum by sum; one that is being paid may have left already. */
    private static void suspense(String name, Bank own, Findings findings) {
        long paying = 0;
        long staying = 0;
        for (SuspenseRow row : own.suspense()) {
            paying = Math.addExact(paying, row.state().equals("PAYING") ? row.amount() : 0);
            staying = Math.addExact(staying, row.state().equals("PAYING") ? 0 : row.amount());
        }
        long balance = own.balance("suspense");
        findings.expect(
                balance >= staying && balance <= Math.addExact(staying, paying),
                name + ": in suspense are " + own.shown(balance) + " where its sums are " + own.shown(staying) + " and "
                        + own.shown(paying));
        findings.counted("suspense." + own.code(), balance);
    }

    /** It read what the central bank wrote, from the first event on and without a gap. */
    private static void inbox(String name, Bank own, Map<Long, Bytes> written, Findings findings) {
        long next = 1;
        for (Map.Entry<Long, Bytes> read : own.inbox().entrySet()) {
            findings.expect(
                    read.getKey() == next && read.getValue().equals(written.get(next)),
                    name + ": event " + read.getKey() + " is not what the central bank told it");
            next = read.getKey() + 1;
        }
    }

    private static void floats(String name, Bank own, CentralRecord central, int id, Findings findings) {
        Map<String, CentralRecord.NoteRow> registered = new TreeMap<>();
        long value = 0;
        for (CentralRecord.NoteRow note : central.notes()) {
            if (note.issuer() == id) {
                registered.put(note.id(), note);
                value = Math.addExact(value, note.value());
            }
        }
        long booked = 0;
        for (NoteRow note : own.notes()) {
            CentralRecord.NoteRow there = registered.get(note.hash());
            findings.expect(
                    there != null && there.value() == note.value(),
                    name + ": note " + note.hash() + " is not on the central bank's record");
            booked = Math.addExact(booked, note.value());
        }
        long settled = central.settled().stream()
                .filter(s -> registered.containsKey(s.note()))
                .mapToLong(s -> Math.subtractExact(s.hi(), s.lo()))
                .reduce(0, Math::addExact);
        long told = 0;
        for (Bytes event : own.inbox().values()) {
            List<Raw> fields = Raw.read(event).list();
            if (fields.getFirst().integer() == NETTED) {
                told = Math.addExact(told, fields.get(4).integer());
            }
        }
        long balance = own.balance("float");
        findings.expect(
                balance == booked - told,
                name + ": its float stands at " + own.shown(balance) + " where its notes less what was redeemed are "
                        + own.shown(booked - told));
        findings.expect(
                booked <= value && told <= settled, name + ": it booked more than the central bank has on record");
        findings.counted("unbooked." + own.code(), value - booked);
        findings.counted("unread." + own.code(), settled - told);
        findings.counted("loss." + own.code(), -own.lost());
    }
}
