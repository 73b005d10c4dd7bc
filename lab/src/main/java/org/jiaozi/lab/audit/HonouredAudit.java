package org.jiaozi.lab.audit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jiaozi.core.value.Bytes;

/** Deposits that were paid at another institution than they name: each by its depositor's own word. */
final class HonouredAudit {
    private final CentralRecord record;
    private final KeyCheck check;
    private final Findings findings;
    private final Map<String, String> certificates = new HashMap<>();

    HonouredAudit(CentralRecord record, KeyCheck check, Findings findings) {
        this.record = record;
        this.check = check;
        this.findings = findings;
        record.transfers().forEach(t -> certificates.put(t.hash(), t.certificate()));
    }

    void run(RawStatement bulletin, Map<String, RawTransfer> transfers) {
        Map<String, Integer> payees = new HashMap<>();
        for (Raw institution : bulletin.body().at(4).list()) {
            for (Raw key : institution.at(4).list()) {
                payees.put(RawStatement.thumbprint(key.at(2).bytes()), (int)
                        institution.at(1).integer());
            }
        }
        Map<String, CentralRecord.HonouredRow> honoured = new HashMap<>();
        record.honoured().forEach(h -> {
            honoured.put(h.deposit(), h);
            findings.readable("honoured deposit " + h.deposit(), () -> handover(h, transfers));
        });
        for (CentralRecord.DepositRow deposit : record.deposits()) {
            RawTransfer transfer = transfers.get(deposit.hash());
            Integer payee = transfer == null ? null : payees.get(transfer.payee());
            CentralRecord.HonouredRow row = honoured.get(deposit.hash());
            boolean here = payee != null && payee == deposit.institution();
            boolean elsewhere = row != null
                    && row.due() == 0
                    && payee != null
                    && payee == row.from()
                    && row.to() == deposit.institution();
            findings.expect(
                    here || elsewhere, "deposit " + deposit.hash() + " is settled for an institution it does not name");
            findings.expect(
                    row == null || row.due() == 0 || (here && payee == row.from()),
                    "deposit " + deposit.hash() + " was not settled for the institution that is to give it up");
        }
        moved();
    }

    /** The handover is the depositor's, of this deposit and to that institution. */
    private void handover(CentralRecord.HonouredRow row, Map<String, RawTransfer> transfers) {
        RawStatement handover = RawStatement.of("handover", row.handover());
        RawTransfer deposit = transfers.get(row.deposit());
        Bytes certificate = record.certificates().get(certificates.getOrDefault(row.deposit(), ""));
        findings.expect(
                deposit != null
                        && certificate != null
                        && handover.signedBy(
                                RawStatement.certifiedKey(RawStatement.of("certificate", certificate)), check)
                        && handover.body().at(3).bytes().hex().equals(row.deposit())
                        && handover.body().at(1).integer() == row.to(),
                "deposit " + row.deposit() + " was honoured without its depositor's word");
    }

    /** What was released has moved from clearing to clearing, and nothing else has for that reason. */
    private void moved() {
        Map<Ledgers.Account, Long> due = new TreeMap<>();
        for (CentralRecord.HonouredRow row : record.honoured()) {
            if (row.due() > 0) {
                due.merge(
                        new Ledgers.Account("clearing:" + row.from() + " to clearing:" + row.to(), row.currency()),
                        row.released() ? row.due() : 0,
                        Math::addExact);
                Findings.Supply supply = findings.supply(row.currency());
                supply.withheld = Math.addExact(supply.withheld, row.released() ? 0 : row.due());
            }
        }
        Map<Ledgers.Account, Long> posted = record.movements().honoured();
        due.values().removeIf(sum -> sum == 0);
        findings.expect(
                due.equals(posted),
                "honoured deposits moved " + shown(posted) + " where the record says " + shown(due));
    }

    private static List<String> shown(Map<Ledgers.Account, Long> moved) {
        return moved.entrySet().stream()
                .map(e -> e.getKey().shown(e.getValue()) + " from " + e.getKey())
                .toList();
    }
}
