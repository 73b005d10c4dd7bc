package org.jiaozi.server.institution;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.institution.AccountState;
import org.jiaozi.bank.institution.CoreBanking;
import org.jiaozi.bank.institution.Remitting;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Amount;

/**
 * Money from accounts elsewhere, and money of accounts here that came back (spec 07, clause 15). It is credited first and
 * acts once for each reference; the rest is booked together with the event.
 */
final class Arrivals {
    private static final Logger LOG = Logger.getLogger(Arrivals.class.getName());

    private final Office office;
    private final Suspense suspense;

    Arrivals(Office office, Suspense suspense) {
        this.office = office;
        this.suspense = suspense;
    }

    /**
     * What an event led to.
     *
     * @param account that it concerns, whether or not there is one
     * @param webhook what its receiver hears
     * @param booking what is stored in the event's transaction
     */
    record Outcome(String account, String webhook, Consumer<Handle> booking) {}

    /** Money from elsewhere; empty if the event must be read again. */
    Optional<Outcome> arrived(InboxEvent.RemitArrived e) {
        // an id is its sender's choice: those of two institutions may be alike
        String reference = "remit-in:" + e.from() + ":" + e.remitId().hex();
        String text = e.reference().isEmpty() ? "remittance" : "remittance: " + e.reference();
        Optional<Refusal> no = refuses(reference, e);
        if (no.isEmpty()) {
            no = credit(reference, e.account(), e.amount(), text);
        }
        if (no.isEmpty()) {
            return Optional.of(new Outcome(e.account(), "remitarrived", h -> {}));
        }
        RefusalCode reason = no.get().code();
        BankRequest.RemitAcross asked = new BankRequest.RemitAcross(
                office.membership().key().institution(),
                e.account(),
                e.amount(),
                e.currency(),
                e.reference(),
                e.remitId());
        return reason.isFault()
                ? Optional.empty()
                : Optional.of(new Outcome(
                        e.account(),
                        "remitrefused",
                        h -> suspense.take(h, reference, e.from(), Optional.of(asked), e.amount(), reason, text)));
    }

    /** Decides once, before anything moves: a credit that was made must not be too much when it is made again. */
    private Optional<Refusal> refuses(String reference, InboxEvent.RemitArrived e) {
        Optional<Refusal> before =
                office.db().snapshot(h -> Suspense.find(h, reference)).map(item -> Refusal.of(item.reason()));
        if (before.isPresent() || office.db().snapshot(h -> taken(h, reference))) {
            return before;
        }
        Optional<AccountState> to =
                office.db().snapshot(h -> Purses.account(h, e.account())).map(known -> office.account(known.name()));
        Optional<Refusal> no = Remitting.refusesReceiver(office.setting(), to, e.currency(), e.amount());
        if (no.isEmpty()) {
            office.db()
                    .useSerializable(h -> h.createUpdate(
                                    "INSERT INTO remittance_taken (reference, taken_at) VALUES (:ref, :now)")
                            .bind("ref", reference)
                            .bind("now", office.now().seconds())
                            .execute());
        }
        return no;
    }

    private static boolean taken(Handle h, String reference) {
        return h.createQuery("SELECT 1 FROM remittance_taken WHERE reference = :ref")
                .bind("ref", reference)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    private Optional<Refusal> credit(String reference, String account, Amount amount, String text) {
        return office.banking().credit(reference, account, amount, CoreBanking.Contra.CLEARING, text)
                        instanceof CoreBanking.Answer.Refused no
                ? Optional.of(no.refusal())
                : Optional.empty();
    }

    /**
     * Money that left an account here and that nobody took there: its own, so no limit and no block refuses it, and it
     * counts against no limit either. It goes back no further: what cannot be credited waits for a person.
     */
    Optional<Outcome> returned(InboxEvent.RemitReturned e) {
        String back = "remit-back:" + e.remitId().hex();
        Optional<Refusal> before =
                office.db().snapshot(h -> Suspense.find(h, back)).map(item -> Refusal.of(item.reason()));
        Optional<Operation> sent = office.db().snapshot(h -> Operations.find(h, Remittances.reference(e.remitId())));
        String account = sent.map(Operation::account).orElse("");
        String text = sent.map(Operation::request)
                .filter(WalletRequest.Remit.class::isInstance)
                .map(r -> Remitting.returned(e.reason(), ((WalletRequest.Remit) r).reference()))
                .orElseGet(() -> Remitting.returned(e.reason(), ""));
        Optional<Refusal> no = before.or(() -> sent.isPresent()
                ? credit(back, account, e.amount(), text)
                : Optional.of(new Refusal(RefusalCode.UNKNOWN_ACCOUNT, "nobody here sent it")));
        if (no.isEmpty()) {
            return Optional.of(new Outcome(
                    account,
                    "remitreturned",
                    h -> h.createUpdate("UPDATE operation SET amount = 0 WHERE reference = :reference")
                            .bind("reference", Remittances.reference(e.remitId()))
                            .execute()));
        }
        if (no.get().code().isFault()) {
            return Optional.empty();
        }
        LOG.log(Level.SEVERE, "{0} came back and stays in suspense: {1}", new Object[] {back, no.get()});
        return Optional.of(new Outcome(
                account,
                "remitinsuspense",
                h -> suspense.take(h, back, e.from(), Optional.empty(), e.amount(), e.reason(), text)));
    }
}
