package org.jiaozi.lab.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jiaozi.cli.output.AmountParser;
import org.jiaozi.core.value.Currency;

/** What an audit found, for people: a line for each breach, each currency and what was looked at. */
final class AuditLines {
    private static final List<String> FIGURES = List.of("issued", "redeemed", "refunded", "outstanding", "withheld");

    private AuditLines() {}

    static List<String> of(Map<String, Object> report) {
        List<String> lines = new ArrayList<>();
        for (Object breach : (List<?>) report.getOrDefault("breaches", List.of())) {
            lines.add("breach   " + breach);
        }
        ((Map<?, ?>) report.getOrDefault("currencies", Map.of()))
                .forEach((currency, figures) -> lines.add(supply(String.valueOf(currency), (Map<?, ?>) figures)));
        List<String> counts = new ArrayList<>();
        ((Map<?, ?>) report.getOrDefault("counted", Map.of()))
                .forEach((what, number) -> counts.add(number + " " + what));
        lines.add("checked  " + (counts.isEmpty() ? "nothing: the record is empty" : String.join(", ", counts)));
        return lines;
    }

    private static String supply(String currency, Map<?, ?> figures) {
        int decimals = new Currency(currency).decimals();
        List<String> parts = new ArrayList<>();
        for (String figure : FIGURES) {
            if (figures.get(figure) instanceof Number minor) {
                parts.add(figure + " " + AmountParser.format(minor.longValue(), decimals));
            }
        }
        boolean balanced = Boolean.TRUE.equals(figures.get("balanced"));
        return "supply   " + currency + " " + String.join(", ", parts) + (balanced ? "; balanced" : "; NOT BALANCED");
    }
}
