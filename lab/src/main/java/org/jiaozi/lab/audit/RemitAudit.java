package org.jiaozi.lab.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Remittances moved once, and those that went back moved back once and whole. */
final class RemitAudit {
    private RemitAudit() {}

    static void run(CentralRecord record, Findings findings) {
        Map<String, List<CentralRecord.RemitPosting>> there = new TreeMap<>();
        Map<CentralRecord.RemitPosting, Integer> back = new LinkedHashMap<>();
        for (CentralRecord.RemitPosting p : record.movements().remits()) {
            if (p.back()) {
                back.merge(p, 1, Integer::sum);
            } else {
                there.computeIfAbsent(p.debit() + " " + p.id(), k -> new ArrayList<>())
                        .add(p);
            }
        }
        for (CentralRecord.RemitRow remit : record.remits()) {
            String name = "remittance " + remit.id() + " of institution " + remit.from();
            List<CentralRecord.RemitPosting> moved = Optional.ofNullable(
                            there.remove("clearing:" + remit.from() + " " + remit.id()))
                    .orElse(List.of());
            findings.expect(moved.size() == 1, name + " moved " + moved.size() + " times");
            if (remit.returned() && moved.size() == 1) {
                CentralRecord.RemitPosting due = moved.getFirst().reversed();
                findings.expect(back.containsKey(due), name + " is said to be back and is not");
                back.computeIfPresent(due, (p, times) -> times == 1 ? null : times - 1);
            }
        }
        findings.expect(there.isEmpty(), "money was remitted that nobody asked to: " + there.values());
        findings.expect(back.isEmpty(), "money went back that was not due: " + back.keySet());
        findings.counted("remittances", record.remits().size());
    }
}
