package org.jiaozi.core.policy;

import java.util.Optional;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.PurseCertificate.Limits;
import org.jiaozi.core.value.Limit;

/**
 * One wallet class (spec 08, clauses 3 and 4): what its account may do, and what its purses may do offline. Sums are
 * minor units of the profile's currency; 2^48-1 means no limit.
 *
 * @param number the tier named by certificates, 0 to 255
 * @param name 1 to 32 lower-case letters, digits and hyphens
 * @param identified whether the holder's identity was proved; going beyond a tier where it was not needs identity
 * @param offline what the tier's purse may do between two syncs, over all of its pseudonyms, before the factor of its
 *     secure element
 * @param account what the tier's account may do
 */
public record Tier(int number, String name, boolean identified, Limits offline, AccountLimits account) {
    public Tier {
        Limit.check("tier", number, Limit.UINT8);
    }

    /**
     * What an account may do, in minor units below 2^48.
     *
     * @param balance most it may hold
     * @param perPayment most one payment may move
     * @param daily most that payments of one day may move
     * @param yearly most that payments of one year may move
     */
    public record AccountLimits(long balance, long perPayment, long daily, long yearly) {
        public AccountLimits {
            Limit.check("balance", balance, Limit.UINT48);
            Limit.check("perPayment", perPayment, Limit.UINT48);
            Limit.check("daily", daily, Limit.UINT48);
            Limit.check("yearly", yearly, Limit.UINT48);
        }
    }

    /**
     * Whether the account may pay {@code amount}.
     *
     * @param dayTotal paid this day, {@code amount} included
     * @param yearTotal paid this year, {@code amount} included
     * @return 716 where proving identity would help, otherwise 501 or 502
     */
    public Optional<Refusal> refusesPayment(long amount, long dayTotal, long yearTotal) {
        if (amount > account.perPayment()) {
            return over(RefusalCode.OVER_PAYMENT_LIMIT, "one payment: at most " + account.perPayment());
        }
        if (dayTotal > account.daily()) {
            return over(RefusalCode.OVER_TOTAL_LIMIT, "one day: at most " + account.daily());
        }
        if (yearTotal > account.yearly()) {
            return over(RefusalCode.OVER_TOTAL_LIMIT, "one year: at most " + account.yearly());
        }
        return Optional.empty();
    }

    /** Whether the account may hold {@code balance}: 716 where proving identity would help, otherwise 504. */
    public Optional<Refusal> refusesBalance(long balance) {
        return balance > account.balance()
                ? over(RefusalCode.OVER_HOLDING_LIMIT, "balance: at most " + account.balance())
                : Optional.empty();
    }

    private Optional<Refusal> over(RefusalCode code, String detail) {
        return Optional.of(new Refusal(identified ? code : RefusalCode.IDENTITY_REQUIRED, detail));
    }

    static Tier read(Cbor item, String path) {
        TextFields f = TextFields.of(item, path);
        TextFields offline = f.map("offline");
        TextFields account = f.map("account");
        Tier tier = new Tier(
                (int) f.uint("number", Limit.UINT8),
                f.name("name"),
                f.bool("identified"),
                new Limits(
                        offline.uint("perPayment", Limit.UINT48),
                        offline.uint("total", Limit.UINT48),
                        offline.uint("count", Limit.UINT32),
                        offline.uint("holding", Limit.UINT48)),
                new AccountLimits(
                        account.uint("balance", Limit.UINT48),
                        account.uint("perPayment", Limit.UINT48),
                        account.uint("daily", Limit.UINT48),
                        account.uint("yearly", Limit.UINT48)));
        offline.end();
        account.end();
        f.end();
        return tier;
    }

    Cbor toCbor() {
        return Cbor.map()
                .put("number", Cbor.of(number))
                .put("name", Cbor.of(name))
                .put("identified", Cbor.of(identified))
                .put(
                        "offline",
                        Cbor.map()
                                .put("perPayment", Cbor.of(offline.perPayment()))
                                .put("total", Cbor.of(offline.total()))
                                .put("count", Cbor.of(offline.count()))
                                .put("holding", Cbor.of(offline.holding()))
                                .build())
                .put(
                        "account",
                        Cbor.map()
                                .put("balance", Cbor.of(account.balance()))
                                .put("perPayment", Cbor.of(account.perPayment()))
                                .put("daily", Cbor.of(account.daily()))
                                .put("yearly", Cbor.of(account.yearly()))
                                .build())
                .build();
    }
}
