package org.jiaozi.lab.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is wrong with books is told as money, in the currency of the books. */
final class LedgersTest {
    private static List<String> breaches(String currency, long kept) {
        Findings findings = new Findings();
        Ledgers.Sums sums = new Ledgers.Sums();
        sums.take(new Ledgers.Posting(1, "cash", "user:x", currency, 1250, "paid in", ""));
        Ledgers.check(
                "bank-a",
                sums,
                Map.of(new Ledgers.Account("cash", currency), -1250L, new Ledgers.Account("user:x", currency), kept),
                findings);
        return findings.breaches();
    }

    @Test
    void soundBooksAreNoBreach() {
        assertThat(breaches("CNY", 1250)).isEmpty();
    }

    @Test
    void aPostingThatMovesNothingIsNamed() {
        Findings findings = new Findings();
        Ledgers.Sums sums = new Ledgers.Sums();
        sums.take(new Ledgers.Posting(7, "cash", "user:x", "CNY", 0, "paid in", ""));
        sums.take(new Ledgers.Posting(8, "cash", "cash", "CNY", 5, "paid in", ""));
        Ledgers.check("bank-a", sums, Map.of(), findings);
        assertThat(findings.breaches())
                .containsExactly("bank-a: posting 7 moves nothing", "bank-a: posting 8 moves nothing");
    }

    @Test
    void sumsAreMoney() {
        assertThat(breaches("CNY", 1200))
                .containsExactly(
                        "bank-a: user:x stands at 12.00 CNY, its postings say 12.50 CNY",
                        "bank-a: the books add up to -0.50 CNY, not to zero");
        assertThat(breaches("JPY", 1200)).contains("bank-a: the books add up to -50 JPY, not to zero");
        assertThat(breaches("", 1200)).contains("bank-a: the books add up to -50 minor units, not to zero");
    }
}
