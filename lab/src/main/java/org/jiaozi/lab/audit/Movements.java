package org.jiaozi.lab.audit;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the central bank's postings come to, read one after the other, as many as there are. Not thread-safe. */
final class Movements {
    private final Ledgers.Sums sums = new Ledgers.Sums();
    private final Map<Ledgers.Account, Long> honoured = new TreeMap<>();
    private final List<CentralRecord.RemitPosting> remits = new ArrayList<>();
    private final CyclesAudit cycles;

    Movements(CyclesAudit cycles) {
        this.cycles = cycles;
    }

    static Movements read(Rows rows, Findings findings) throws SQLException {
        Movements movements = new Movements(CyclesAudit.read(rows, findings));
        rows.each(
                "SELECT * FROM posting ORDER BY id",
                r -> new Ledgers.Posting(
                        r.number("id"),
                        r.text("debit"),
                        r.text("credit"),
                        r.text("currency"),
                        r.number("amount"),
                        r.text("reason"),
                        r.text("reference")),
                p -> findings.readable("posting " + p.id(), () -> movements.take(p)));
        return movements;
    }

    void take(Ledgers.Posting p) {
        sums.take(p);
        cycles.take(p);
        switch (p.reason()) {
            case "honour" ->
                honoured.merge(
                        new Ledgers.Account(p.debit() + " to " + p.credit(), p.currency()), p.amount(), Math::addExact);
            case "remit", "remit back" ->
                remits.add(new CentralRecord.RemitPosting(
                        p.debit(),
                        p.credit(),
                        p.currency(),
                        p.amount(),
                        p.reason().equals("remit back"),
                        p.reference()));
            default -> {}
        }
    }

    CyclesAudit cycles() {
        return cycles;
    }

    Ledgers.Sums sums() {
        return sums;
    }

    /** From which clearing account to which went what, of deposits that were honoured elsewhere. */
    Map<Ledgers.Account, Long> honoured() {
        return honoured;
    }

    List<CentralRecord.RemitPosting> remits() {
        return remits;
    }
}
