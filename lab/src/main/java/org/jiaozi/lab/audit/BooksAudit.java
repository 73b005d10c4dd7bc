package org.jiaozi.lab.audit;

import java.util.Map;
import java.util.TreeMap;

/** The central bank's books against its registry: floats, advances and what is withheld. */
final class BooksAudit {
    private BooksAudit() {}

    static void run(CentralRecord record, Findings findings) {
        Ledgers.check("central bank", record.movements().sums(), record.balances(), findings);
        Map<Ledgers.Account, Long> due = new TreeMap<>();
        Map<String, CentralRecord.NoteRow> notes = new TreeMap<>();
        for (CentralRecord.NoteRow note : record.notes()) {
            notes.put(note.id(), note);
            due.merge(new Ledgers.Account("float:" + note.issuer(), note.currency()), note.value(), Math::addExact);
        }
        for (CentralRecord.SettledRow row : record.settled()) {
            CentralRecord.NoteRow note = notes.get(row.note());
            if (note != null) {
                due.merge(
                        new Ledgers.Account("float:" + note.issuer(), note.currency()),
                        Math.subtractExact(row.lo(), row.hi()),
                        Math::addExact);
            }
        }
        for (CentralRecord.WithheldRow row : record.withheld()) {
            Ledgers.Account held = new Ledgers.Account("held:" + row.institution(), row.currency());
            due.merge(held, row.released() ? 0 : row.amount(), Math::addExact);
            Findings.Supply supply = findings.supply(row.currency());
            supply.withheld = Math.addExact(supply.withheld, row.released() ? 0 : row.amount());
        }
        for (CentralRecord.ConvictionRow row : record.convictions()) {
            Ledgers.Account recovery = new Ledgers.Account("recovery:" + row.certifier(), row.currency());
            long borne = Math.addExact(Math.addExact(row.recovered(), row.fromFund()), row.fromInstitution());
            due.merge(recovery, Math.subtractExact(borne, row.owed()), Math::addExact);
        }
        Map<Ledgers.Account, Long> kept = record.balances();
        Map<Ledgers.Account, Long> both = new TreeMap<>(due);
        kept.forEach((account, balance) -> {
            String kind = account.name().replaceFirst(":.*", "");
            if (kind.equals("float") || kind.equals("held") || kind.equals("recovery")) {
                both.putIfAbsent(account, 0L);
            }
            findings.expect(
                    balance >= 0 || !(kind.equals("float") || kind.equals("held") || kind.equals("guarantee")),
                    "central bank: " + account + " stands below zero, at " + account.shown(balance));
        });
        both.forEach((account, balance) -> findings.expect(
                kept.getOrDefault(account, 0L) == balance.longValue(),
                "central bank: " + account + " stands at " + account.shown(kept.getOrDefault(account, 0L))
                        + " where the record says " + account.shown(balance)));
    }
}
