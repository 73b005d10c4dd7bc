package org.jiaozi.server.institution;

import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jiaozi.core.value.Amount;

/** Accounts by the reference that their opener gave them: whoever asks again, for want of an answer, opens no second one. */
final class Openings {
    private final Office office;

    Openings(Office office) {
        this.office = office;
    }

    /** The reference of what an account is opened with. */
    static String posting(String account) {
        return "opening:" + account;
    }

    /** An account that is there; no {@code paid} where nothing was paid in at its opening, or not yet. */
    private record Opened(String name, String holder, int tier, String currency, Optional<Long> paid) {}

    /** The account of that reference, opened now or before; nothing where the reference has opened one that is not this. */
    Optional<String> account(String reference, String holder, int tier, Amount paid) {
        String currency = office.setting().policy().currency().code();
        // 40 random bits: an account's name need not be secret, only its own
        String fresh =
                office.membership().code() + "-" + office.entropy().next(5).hex();
        return office.db().serializable(h -> {
            Optional<Opened> before = opened(h, reference);
            if (before.isPresent()) {
                Opened it = before.get();
                boolean same = it.holder().equals(holder)
                        && it.tier() == tier
                        && it.currency().equals(currency)
                        && it.paid().orElse(paid.minor()) == paid.minor();
                return same ? Optional.of(it.name()) : Optional.empty();
            }
            h.createUpdate("INSERT INTO account (name, holder, tier, currency, opened_at, opened_under)"
                            + " VALUES (:name, :holder, :tier, :currency, :now, :reference)")
                    .bind("name", fresh)
                    .bind("holder", holder)
                    .bind("tier", tier)
                    .bind("currency", currency)
                    .bind("now", office.now().seconds())
                    .bind("reference", reference)
                    .execute();
            return Optional.of(fresh);
        });
    }

    private static Optional<Opened> opened(Handle h, String reference) {
        return h.createQuery("SELECT a.name, a.holder, a.tier, a.currency, p.amount FROM account a"
                        + " LEFT JOIN posting p ON p.reference = :opening || a.name"
                        + " WHERE a.opened_under = :reference")
                .bind("opening", posting(""))
                .bind("reference", reference)
                .map((row, context) -> new Opened(
                        row.getString("name"),
                        row.getString("holder"),
                        row.getInt("tier"),
                        row.getString("currency"),
                        Optional.ofNullable(row.getObject("amount", Long.class))))
                .findOne();
    }
}
