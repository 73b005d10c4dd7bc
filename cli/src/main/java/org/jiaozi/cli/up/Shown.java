package org.jiaozi.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.function.Consumer;
import org.jiaozi.cli.output.AmountParser;
import org.jiaozi.core.value.Currency;

/** A server's answer as lines for people: sums and times as people write them, one line for each value. */
final class Shown {
    private static final Set<String> SUMS = Set.of(
            "balance",
            "owed",
            "amount",
            "allowed",
            "outstanding",
            "recovered",
            "fromFund",
            "fromInstitution",
            "spent",
            "sum",
            "grossIn",
            "grossOut",
            "floatRedeemed",
            "net");
    private static final Set<String> INSTANTS = Set.of("at", "expires", "closedAt");

    /** Maps that hold nothing but sums. */
    private static final Set<String> MAPS_OF_SUMS = Set.of("books");

    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

    private final Consumer<String> out;

    private Shown(Consumer<String> out) {
        this.out = out;
    }

    /** Says it line by line; {@code currency} is that of sums which name none. */
    static void say(JsonNode answer, Currency currency, Consumer<String> out) {
        new Shown(out).show("", answer, currency, false);
    }

    /** A sum as people write it. */
    static String money(long minor, Currency currency) {
        return AmountParser.format(minor, currency.decimals());
    }

    private void show(String indent, JsonNode node, Currency currency, boolean sums) {
        if (node.isEmpty()) {
            out.accept(indent + "none");
        } else if (node.isObject()) {
            Currency own = node.path("currency").isTextual()
                    ? new Currency(node.path("currency").textValue())
                    : currency;
            node.properties().forEach(field -> field(indent, field.getKey(), field.getValue(), own, sums));
        } else {
            for (JsonNode item : node) {
                if (item.isContainerNode()) {
                    out.accept(indent + "-");
                    show(indent + "  ", item, currency, sums);
                } else {
                    out.accept(indent + "- " + item.asText());
                }
            }
        }
    }

    private void field(String indent, String key, JsonNode value, Currency currency, boolean sums) {
        if (value.isContainerNode() && !value.isEmpty()) {
            out.accept(indent + key + ":");
            show(indent + "  ", value, currency, MAPS_OF_SUMS.contains(key));
        } else {
            out.accept(indent + key + ": " + text(key, value, currency, sums));
        }
    }

    private static String text(String key, JsonNode value, Currency currency, boolean sums) {
        if (value.isContainerNode() || value.isNull() || value.asText().isEmpty()) {
            return "none";
        }
        if ((sums || SUMS.contains(key)) && value.isIntegralNumber()) {
            return money(value.longValue(), currency);
        }
        return INSTANTS.contains(key) && value.isIntegralNumber()
                ? UTC.format(Instant.ofEpochSecond(value.longValue()))
                : value.asText();
    }
}
