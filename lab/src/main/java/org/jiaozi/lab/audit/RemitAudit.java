package org.jiaozi.lab.audit;

import java.util.ArrayList;
import java.util.List;

/** Remittances moved once, and those that went back moved back once and whole. */
final class RemitAudit {
    private RemitAudit() {}

    static void run(CentralRecord record, Findings findings) {
        List<CentralRecord.RemitPosting> there = new ArrayList<>();
        List<CentralRecord.RemitPosting> back = new ArrayList<>();
        record.remitPostings().forEach(p -> (p.back() ? back : there).add(p));
        for (CentralRecord.RemitRow remit : record.remits()) {
            String name = "remittance " + remit.id() + " of institution " + remit.from();
            String sender = "clearing:" + remit.from();
            List<CentralRecord.RemitPosting> moved = there.stream()
                    .filter(p -> p.id().equals(remit.id()) && p.debit().equals(sender))
                    .toList();
            findings.expect(moved.size() == 1, name + " moved " + moved.size() + " times");
            there.removeAll(moved);
            if (remit.returned() && moved.size() == 1) {
                findings.expect(back.remove(moved.getFirst().reversed()), name + " is said to be back and is not");
            }
        }
        findings.expect(there.isEmpty(), "money was remitted that nobody asked to: " + there);
        findings.expect(back.isEmpty(), "money went back that was not due: " + back);
        findings.counted("remittances", record.remits().size());
    }
}
