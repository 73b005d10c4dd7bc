package org.jiaozi.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Currency;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LedgerTest {
    private static final Currency CNY = new Currency("CNY");

    private static Posting posting(String debit, String credit, long amount) {
        return new Posting(
                AccountName.parse(debit), AccountName.parse(credit), CNY, new Amount(amount), "test", "reference");
    }

    /** Postings in the order they are made, then what every account holds. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "funding a reserve      | issue>reserve:1=900                                        | issue=-900 reserve:1=900",
                "registering notes      | issue>reserve:1=900 reserve:1>float:1=300                  | issue=-900 reserve:1=600 float:1=300",
                "redeeming elsewhere    | issue>reserve:1=9 reserve:1>float:1=9 float:1>clearing:2=4 | issue=-9 reserve:1=0 float:1=5 clearing:2=4",
                "an overdrawn reserve   | reserve:1>float:1=300                                      | reserve:1=-300 float:1=300",
                "an advance             | recovery:1>clearing:2=50 clearing:1>recovery:1=50          | recovery:1=0 clearing:1=-50 clearing:2=50",
                "loading a purse        | outside>customer:7=80 customer:7>float:1=30                | outside=-80 customer:7=50 float:1=30",
            })
    void balancesFollowFromPostings(String name, String postings, String expected) {
        Balances balances = new Balances();
        for (String text : postings.split(" ", -1)) {
            String[] p = text.split("[>=]", -1);
            balances.post(posting(p[0], p[1], Long.parseLong(p[2])));
            assertThat(balances.sum(CNY)).isZero();
        }
        assertThat(balances.accounts(CNY)).isEqualTo(wanted(expected));
    }

    private static Map<AccountName, Long> wanted(String text) {
        Map<AccountName, Long> wanted = new java.util.TreeMap<>();
        for (String part : text.split(" ", -1)) {
            String[] p = part.split("=", -1);
            wanted.put(AccountName.parse(p[0]), Long.parseLong(p[1]));
        }
        return wanted;
    }

    /** Every kind, and whether an account of it may stand below or above zero. */
    @ParameterizedTest
    @CsvSource({
        "ISSUE, true, false",
        "RESERVE, true, true",
        "FLOAT, false, true",
        "CLEARING, true, true",
        "RECOVERY, true, false",
        "HELD, false, true",
        "GUARANTEE, false, true",
        "CUSTOMER, false, true",
        "DEBT, true, false",
        "LOSS, true, false",
        "OUTSIDE, true, true",
    })
    void everyKindHasItsSide(AccountKind kind, boolean below, boolean above) {
        AccountName account = AccountName.of(kind);
        AccountName other = new AccountName(AccountKind.CLEARING, "other");
        assertThat(new Balances()
                        .refuses(new Posting(account, other, CNY, new Amount(1), "test", ""))
                        .isEmpty())
                .isEqualTo(below);
        assertThat(kind.allows(-1)).isEqualTo(below);
        assertThat(kind.allows(1)).isEqualTo(above);
        assertThat(kind.allows(0)).isTrue();
    }

    @Test
    void anOverdrawingPostingIsNamedAndNotBooked() {
        Balances balances = Balances.of(List.of(posting("reserve:1", "float:1", 10)));
        Posting tooMuch = posting("float:1", "clearing:2", 11);
        assertThat(balances.refuses(tooMuch)).contains(AccountName.parse("float:1"));
        assertThatThrownBy(() -> balances.post(tooMuch)).isInstanceOf(IllegalStateException.class);
        assertThat(balances.balance(AccountName.parse("float:1"), CNY)).isEqualTo(10);
        assertThat(balances.balance(AccountName.parse("clearing:2"), CNY)).isZero();
    }

    @Test
    void aPostingNamesTwoAccountsAndAnAmount() {
        assertThatThrownBy(() -> posting("float:1", "float:1", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> posting("float:1", "float:2", 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AccountName.parse("pocket:1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AccountName.parse("float:a b")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void currenciesAreSeparateBooks() {
        Balances balances = Balances.of(List.of(posting("reserve:1", "float:1", 10)));
        assertThat(balances.balance(AccountName.parse("float:1"), new Currency("EUR")))
                .isZero();
    }
}
