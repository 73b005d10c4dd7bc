package org.jiaozi.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jiaozi.core.value.Currency;
import org.junit.jupiter.api.Test;

final class ShownTest {
    private static final Currency CNY = new Currency("CNY");

    private static List<String> shown(String json) throws IOException {
        List<String> lines = new ArrayList<>();
        Shown.say(new ObjectMapper().readTree(json), CNY, lines::add);
        return lines;
    }

    @Test
    void moneyIsWrittenWithItsDecimalsBelowZeroToo() throws IOException {
        assertThat(shown("{\"balance\": -5, \"books\": {\"cash\": -123456, \"user:a\": 123456}, \"sum\": 0}"))
                .containsExactly("balance: -0.05", "books:", "  cash: -1234.56", "  user:a: 1234.56", "sum: 0.00");
    }

    @Test
    void aSumIsInTheCurrencyBesideIt() throws IOException {
        assertThat(shown("[{\"currency\": \"JPY\", \"owed\": 12}, {\"currency\": \"x-gold-mg.3\", \"owed\": -12}]"))
                .containsExactly(
                        "-", "  currency: JPY", "  owed: 12", "-", "  currency: x-gold-mg.3", "  owed: -0.012");
    }

    @Test
    void aCycleIsMoneyAndATime() throws IOException {
        assertThat(
                        shown(
                                "{\"cycle\": 100, \"closedAt\": 0, \"afterPosting\": 500, \"toPosting\": 700, \"positions\":"
                                        + " [{\"currency\": \"CNY\", \"grossIn\": 300, \"grossOut\": 370, \"floatRedeemed\": 5, \"net\": -70}]}"))
                .containsExactly(
                        "cycle: 100",
                        "closedAt: 1970-01-01 00:00:00 UTC",
                        "afterPosting: 500",
                        "toPosting: 700",
                        "positions:",
                        "  -",
                        "    currency: CNY",
                        "    grossIn: 3.00",
                        "    grossOut: 3.70",
                        "    floatRedeemed: 0.05",
                        "    net: -0.70");
    }

    @Test
    void timesAreReadableAndNumbersThatAreNoMoneyStay() throws IOException {
        assertThat(shown("{\"expires\": 1798761600, \"seq\": 1500, \"entries\": [{\"at\": 0}]}"))
                .containsExactly(
                        "expires: 2027-01-01 00:00:00 UTC",
                        "seq: 1500",
                        "entries:",
                        "  -",
                        "    at: 1970-01-01 00:00:00 UTC");
    }

    @Test
    void whatIsEmptySaysSo() throws IOException {
        assertThat(shown("[]")).containsExactly("none");
        assertThat(shown("{\"keys\": [], \"cycle\": null, \"blockReason\": \"\"}"))
                .containsExactly("keys: none", "cycle: none", "blockReason: none");
    }
}
