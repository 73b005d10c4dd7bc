package org.jiaozi.lab.world;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jiaozi.bank.institution.AccountState.Block;
import org.jiaozi.bank.institution.Debts;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.BoundKey;
import org.jiaozi.core.message.Claim;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;

/** Events of the central bank, debts and lost devices. Not thread-safe. */
final class TellerInbox {
    private final Teller teller;
    private final Map<Nonce, Account> claimants = new HashMap<>();
    /** Claims that were asked, and whose answer is not booked. */
    private final Set<Nonce> claiming = new HashSet<>();

    private long last;

    TellerInbox(Teller teller) {
        this.teller = teller;
    }

    /** Reads and applies whatever is new, each event once. */
    void read() {
        while (teller.ask(new BankRequest.ReadInbox(last)) instanceof BankAnswer.Inbox inbox
                && !inbox.events().isEmpty()) {
            for (InboxEvent event : inbox.events()) {
                teller.world().judge().expect(event.number() == last + 1, "an inbox leaves an event out");
                apply(event);
                teller.durable(() -> last = event.number());
            }
        }
    }

    private void apply(InboxEvent event) {
        String reference = "event:" + event.number();
        Till till = teller.till();
        switch (event) {
            case InboxEvent.Conviction e -> conviction(e);
            case InboxEvent.Released e -> released(e, reference);
            case InboxEvent.Netted e ->
                teller.durable(() -> {
                    till.move(
                            reference + ":float",
                            "float",
                            "frozen",
                            e.floatRedeemed().minor());
                    till.move(
                            reference + ":in", "reserve", "clearing", e.netIn().minor());
                    till.move(
                            reference + ":out",
                            "clearing",
                            "reserve",
                            e.netOut().minor());
                });
            case InboxEvent.ClaimantDebt e -> claimantDebt(e, reference);
            case InboxEvent.RemitArrived _, InboxEvent.RemitReturned _, InboxEvent.HonouredElsewhere _ ->
                throw new IllegalStateException("no world does that: " + event);
        }
    }

    private void conviction(InboxEvent.Conviction e) {
        Account account = teller.debtor(e.culprit());
        if (!teller.knows(e.culprit())) {
            teller.world().tally().count(Tally.Event.NOBODYS_DEBT);
        }
        teller.durable(() -> {
            account.revoke(e.culprit());
            account.block = Block.CONVICTED;
            Debts before = account.debts.getOrDefault(e.culprit().bytes(), new Debts(Amount.ZERO, Amount.ZERO));
            account.debts.put(e.culprit().bytes(), before.raisedTo(e.owed()));
        });
        collect(account);
    }

    private void released(InboxEvent.Released e, String reference) {
        Account account = teller.deposits().owner(e.deposit());
        teller.durable(() -> {
            if (teller.till()
                    .move(
                            reference,
                            "clearing",
                            "customer:" + account.name,
                            e.amount().minor())) {
                account.balance += e.amount().minor();
            }
        });
        collect(account);
    }

    private void claimantDebt(InboxEvent.ClaimantDebt e, String reference) {
        Account account = java.util.Objects.requireNonNull(claimants.get(e.claimId()));
        teller.durable(() -> {
            if (teller.till()
                    .move(reference, "receivable", "clearing", e.amount().minor())) {
                teller.world().tally().count(Tally.Event.CLAIMANT_DEBT);
                Bytes cause = e.claimId().bytes();
                Debts before = account.debts.getOrDefault(cause, new Debts(Amount.ZERO, Amount.ZERO));
                account.debts.put(cause, before.raisedTo(before.owed().plus(e.amount())));
            }
        });
        collect(account);
    }

    /** Takes what the account's balance covers, and reports what a convicted key paid. */
    void collect(Account account) {
        for (Map.Entry<Bytes, Debts> debt : List.copyOf(account.debts.entrySet())) {
            Debts owed = debt.getValue();
            boolean conviction = debt.getKey().size() == Thumbprint.SIZE;
            Amount take = owed.seizable(new Amount(account.balance));
            if (!take.isZero()) {
                String to = conviction ? "clearing" : "receivable";
                teller.durable(() -> {
                    account.debts.put(debt.getKey(), owed.less(take));
                    account.balance -= take.minor();
                    teller.till()
                            .move(
                                    "debt:" + debt.getKey().hex() + ":" + owed.recovered(),
                                    "customer:" + account.name,
                                    to,
                                    take.minor());
                });
            }
            Debts left = java.util.Objects.requireNonNull(account.debts.get(debt.getKey()));
            teller.world()
                    .judge()
                    .expect(
                            left.open().isZero() || account.balance == 0,
                            "a culprit keeps " + account.balance + " while it owes " + left.open());
            if (conviction) {
                report(new Thumbprint(debt.getKey()), account);
            }
        }
    }

    private void report(Thumbprint culprit, Account account) {
        Debts debt = java.util.Objects.requireNonNull(account.debts.get(culprit.bytes()));
        if (teller.ask(new BankRequest.ReportRecovery(culprit, debt.recovered()))
                instanceof BankAnswer.RecoveryTaken taken) {
            teller.durable(() -> {
                Bytes cause = culprit.bytes();
                account.reported.put(cause, debt);
                long more = taken.fromInstitution().minor() - account.borne.getOrDefault(cause, 0L);
                if (more != 0) {
                    // what it bears is told as a total: the difference is booked
                    teller.till()
                            .move(
                                    "loss:" + culprit.hex() + ":" + account.losses++,
                                    more > 0 ? "loss" : "clearing",
                                    more > 0 ? "clearing" : "loss",
                                    Math.abs(more));
                    account.borne.put(cause, taken.fromInstitution().minor());
                }
            });
        }
    }

    /** Whether anything waits for the central bank's answer. */
    boolean halfway() {
        return !claiming.isEmpty() || teller.accounts().stream().anyMatch(Account::owesOrReports);
    }

    /** Blocks here first, so that nothing leaves the account even while the central bank is silent. */
    WalletAnswer reportLost(Account account, Thumbprint purse, WalletRequest.ReportLost report) {
        teller.durable(() -> {
            if (account.block == Block.NONE) {
                account.block = Block.LOST;
            }
            account.bound(purse).forEach(k -> k.state = Account.revoked(k.state));
        });
        List<BoundKey> keys = account.bound(purse).stream().map(k -> k.word).toList();
        return switch (teller.ask(new BankRequest.Revoke(keys, "reported lost: " + report.remark()))) {
            case BankAnswer.Revoked revoked -> new WalletAnswer.LostReported(revoked.epoch());
            case BankAnswer.Refused no -> new WalletAnswer.Refused(no.refusal());
            default -> Teller.refused(RefusalCode.INTERNAL, "an unexpected answer of the central bank");
        };
    }

    WalletAnswer claim(Account account, Thumbprint purse, WalletRequest.ClaimLost request) {
        Claim claim = request.claim().statement();
        List<BoundKey> lost = account.bound(purse).stream()
                .filter(k -> k.state.status() == org.jiaozi.bank.institution.PurseKeyState.Status.REVOKED)
                .map(k -> k.word)
                .toList();
        PublicKey holder = java.util.Objects.requireNonNull(account.holders.get(purse));
        if (lost.isEmpty() || !request.claim().verifies(teller.world().crypto().verifier(), holder)) {
            return Teller.refused(RefusalCode.UNKNOWN_PURSE, "no key of this purse was reported lost");
        }
        teller.durable(() -> {
            claimants.put(claim.id(), account);
            claiming.add(claim.id());
        });
        return switch (teller.ask(new BankRequest.RegisterClaim(lost, request.claim(), holder))) {
            case BankAnswer.ClaimRegistered registered -> {
                Bytes id = claim.id().bytes();
                long total = registered.returned().minor();
                long before = account.claimed.getOrDefault(id, 0L);
                teller.durable(() -> {
                    if (teller.till()
                            .move(
                                    "claim:" + id.hex() + ":" + total,
                                    "clearing",
                                    "customer:" + account.name,
                                    total - before)) {
                        account.balance += total - before;
                        account.claimed.put(id, total);
                    }
                    claiming.remove(claim.id());
                });
                collect(account);
                yield new WalletAnswer.Claimed(registered.returned(), registered.pending(), registered.due());
            }
            case BankAnswer.Refused no -> {
                if (!no.refusal().code().isFault()) {
                    teller.durable(() -> claiming.remove(claim.id()));
                }
                yield new WalletAnswer.Refused(no.refusal());
            }
            default -> Teller.refused(RefusalCode.INTERNAL, "an unexpected answer of the central bank");
        };
    }
}
