package org.jiaozi.lab.audit;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.core.value.Bytes;

/** One audit of a whole, from its databases. */
public final class Audit {
    private Audit() {}

    /**
     * Audits what lies in a folder of {@code jiaozi up}, of which servers may run meanwhile.
     *
     * @param template where {@code up} was told of another PostgreSQL: its address with %s for the database
     */
    public static Map<String, Object> run(Path data, Optional<String> template) throws SQLException {
        try (Sources sources = Sources.open(data, template)) {
            return run(sources.central(), sources.institutions(), sources.rootKey());
        }
    }

    /**
     * Audits; servers may run meanwhile.
     *
     * @param centralUrl JDBC address of the central bank's database
     * @param institutionUrls by institution code
     * @param rootKey the central bank's root key, compressed
     * @return {@code ok}, {@code breaches}, {@code supply}, {@code currencies}, and what was counted
     */
    public static Map<String, Object> run(String centralUrl, Map<String, String> institutionUrls, Bytes rootKey)
            throws SQLException {
        // institutions first: what they have booked is on the central bank's record by the time that is read
        Findings findings = new Findings();
        List<InstitutionAudit.Bank> institutions = new ArrayList<>();
        for (Map.Entry<String, String> e : institutionUrls.entrySet()) {
            try (Rows rows = Rows.open(e.getValue())) {
                institutions.add(InstitutionAudit.Bank.read(e.getKey(), rows, findings));
            }
        }
        CentralRecord central;
        try (Rows rows = Rows.open(centralUrl)) {
            central = CentralRecord.read(rows, findings);
        }
        new RegistryAudit(central, rootKey, new JdkP256(), findings).run();
        findings.readable("central bank's books", () -> BooksAudit.run(central, findings));
        CentralRecord read = central;
        findings.readable("netting", () -> read.movements().cycles().finish(read.events()));
        findings.readable("remittances", () -> RemitAudit.run(central, findings));
        for (InstitutionAudit.Bank institution : institutions) {
            findings.readable(
                    "institution " + institution.code(), () -> InstitutionAudit.run(institution, central, findings));
        }
        return report(findings);
    }

    private static Map<String, Object> report(Findings findings) {
        Map<String, Object> supplies = new LinkedHashMap<>();
        findings.supplies().forEach((currency, s) -> {
            boolean balanced = s.issued == Math.addExact(Math.addExact(s.redeemed, s.refunded), s.outstanding);
            findings.expect(
                    balanced,
                    "issued " + Ledgers.shown(s.issued, currency)
                            + " is not redeemed, refunded and outstanding together");
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("currency", currency);
            figures.put("issued", s.issued);
            figures.put("redeemed", s.redeemed);
            figures.put("refunded", s.refunded);
            figures.put("outstanding", s.outstanding);
            figures.put("withheld", s.withheld);
            figures.put("balanced", balanced && findings.breaches().isEmpty());
            supplies.put(currency, figures);
        });
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("ok", findings.breaches().isEmpty());
        // one whole has one profile and so one currency; others show up beside it
        report.put(
                "supply",
                supplies.isEmpty() ? Map.of() : supplies.values().iterator().next());
        report.put("currencies", supplies);
        report.put("counted", findings.counts());
        report.put("breaches", findings.breaches());
        return report;
    }
}
