package org.jiaozi.server.institution;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.institution.AccountState;
import org.jiaozi.bank.institution.Decision;
import org.jiaozi.bank.institution.Depositing;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.Outcome;
import org.jiaozi.core.message.OwnerChange;
import org.jiaozi.core.message.RegistryAnswer.Settlement;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.server.lot.LotWorker;

/**
 * Deposits that come at the same time, put on record together, handed to the registry in one request and booked together: three
 * steps for as many as there are, each as durable before the next as those of one deposit. Only what is new and ends in a credit
 * is finished here; whatever turns out otherwise is left as a crash would have left it, to be worked on by itself.
 */
final class DepositLots implements AutoCloseable {
    /**
     * Four workers, so that the registry verifies one lot while it writes another and two are booked or gather: with two of twice the
     * size the cores had nothing to do for a tenth of the time. More of them, or larger ones, and whoever is taken at twice the capacity
     * waits for longer than two seconds. By slices and, since one slice may come with a long lineage, by kilobytes.
     */
    private static final LotWorker.Bounds BOUNDS = new LotWorker.Bounds(4, 512, 1024, 24 << 10);

    private static final int APART = 64;

    private final Office office;
    private final Operations operations;
    private final Messages messages;
    private final DebtCollector debts;
    private final OperationCounts counts;
    private final DepositRows rows;
    private final LotWorker<Handed, Optional<Booked>> lots;
    /** Spares the database conflicts between lots, which all move the same clearing. */
    private final ReentrantLock writing = new ReentrantLock();

    DepositLots(
            Office office,
            Operations operations,
            Outbox outbox,
            Messages messages,
            DebtCollector debts,
            OperationCounts counts) {
        this.counts = counts;
        this.office = office;
        this.operations = operations;
        this.messages = messages;
        this.debts = debts;
        this.rows = new DepositRows(office, outbox);
        this.lots = new LotWorker<>("deposits", BOUNDS.orAsSet(APART), this::work);
    }

    /**
     * A deposit whose form and depositor were judged.
     *
     * @param message it came in, its signature verified; empty for one that a crash left open
     * @param head the deposit itself
     */
    record Handed(
            Optional<Signed<WalletMessage>> message, String account, WalletRequest.Deposit request, Lineage.Link head) {
        Hash deposit() {
            return head.transfer().hash();
        }

        String reference() {
            return Deposits.reference(deposit());
        }

        /** Slices, or kilobytes of lineage where these are more. */
        int weight() {
            return Math.max(
                    head.transfer().statement().inputs().size(),
                    request.lineage().size() >> 10);
        }
    }

    /**
     * What became of it.
     *
     * @param answer for whoever waits for one
     * @param owes whether something is to be taken from the account now
     * @param plain whether nothing but the float paid for it
     */
    record Booked(Optional<Signed<BankMessage>> answer, boolean owes, boolean plain) {}

    /** Whether so much waits that whoever comes is refused: known before anything is looked up or read. */
    boolean full() {
        return lots.full();
    }

    /** Waits until it is booked; empty if it must be worked on by itself. */
    Optional<Booked> hand(Handed handed) {
        Optional<Booked> booked = lots.ask(handed, handed.weight());
        collect(handed, booked);
        return booked;
    }

    /** Finishes what a crash or a silent central bank left open of these operations, as far as it ends here. */
    void finish(List<String> references) {
        List<Handed> lot = new ArrayList<>();
        int weight = 0;
        for (String reference : references) {
            Optional<Handed> left = left(reference);
            int more = left.map(Handed::weight).orElse(0);
            if (!lot.isEmpty() && (weight + more > BOUNDS.weight() || lot.size() == BOUNDS.together())) {
                finished(lot);
                lot.clear();
                weight = 0;
            }
            left.ifPresent(lot::add);
            weight += more;
        }
        finished(lot);
    }

    private void finished(List<Handed> lot) {
        List<Optional<Booked>> booked = work(List.copyOf(lot));
        for (int i = 0; i < lot.size(); i++) {
            collect(lot.get(i), booked.get(i));
        }
    }

    private Optional<Handed> left(String reference) {
        return office.db()
                .snapshot(h -> Operations.find(h, reference))
                .filter(Operation::untouched)
                .filter(o -> o.request() instanceof WalletRequest.Deposit)
                .map(o -> {
                    WalletRequest.Deposit request = (WalletRequest.Deposit) o.request();
                    Lineage lineage = LineageCodec.decode(request.lineage(), LineageBounds.DEPOSIT);
                    return new Handed(Optional.empty(), o.account(), request, lineage.head());
                });
    }

    private void collect(Handed handed, Optional<Booked> booked) {
        if (booked.filter(Booked::owes).isPresent()) {
            debts.collect(handed.account());
        }
    }

    private record MessageKey(Thumbprint sender, Nonce id) {}

    private List<Optional<Booked>> work(List<Handed> lot) {
        if (lot.isEmpty()) {
            return List.of();
        }
        // of the same deposit, or the same message, only the first one goes along
        Map<Integer, Handed> first = new LinkedHashMap<>();
        Set<String> references = new HashSet<>();
        Set<MessageKey> keys = new HashSet<>();
        for (int i = 0; i < lot.size(); i++) {
            Optional<MessageKey> key = lot.get(i)
                    .message()
                    .map(m ->
                            new MessageKey(m.statement().sender(), m.statement().id()));
            if (references.add(lot.get(i).reference()) && key.map(keys::add).orElse(true)) {
                first.put(i, lot.get(i));
            }
        }
        Map<Integer, Booked> booked = operations.alone(references, () -> together(first));
        List<Optional<Booked>> answers = new ArrayList<>(Collections.nCopies(lot.size(), Optional.empty()));
        booked.forEach((place, b) -> answers.set(place, Optional.of(b)));
        return answers;
    }

    private <T> T written(Function<Handle, T> work) {
        writing.lock();
        try {
            return office.db().serializable(Operation.Kind.DEPOSIT.name(), work);
        } finally {
            writing.unlock();
        }
    }

    private Map<Integer, Booked> together(Map<Integer, Handed> lot) {
        Map<Integer, Handed> open = written(h -> rows.open(h, lot));
        if (open.isEmpty()) {
            return Map.of();
        }
        Map<String, AccountState> accounts = office.db().snapshot(h -> rows.accounts(h, open.values()));
        List<OwnerChange> changes = open.values().stream()
                .map(d -> new OwnerChange(d.request().lineage(), Deposits.flagged(rows.account(accounts, d))))
                .toList();
        return switch (office.ask(new BankRequest.ChangeOwners(changes))) {
            case BankAnswer.OwnersChanged changed -> settled(open, changed);
            // an answer that cannot be read may be so for one of them: each is asked about by itself
            case BankAnswer.Refused(Refusal no)
            when no.code().isFault() && no.code() != RefusalCode.INTERNAL -> waiting(open, no);
            default -> Map.of();
        };
    }

    /** Nothing is decided: each is told so, and asks again or is finished in the background. */
    private Map<Integer, Booked> waiting(Map<Integer, Handed> open, Refusal fault) {
        Map<Integer, Booked> told = new HashMap<>();
        open.forEach((place, d) -> told.put(
                place, new Booked(signed(d, new WalletAnswer.Refused(fault)), /* owes= */ false, /* plain= */ true)));
        return told;
    }

    private Optional<Signed<BankMessage>> signed(Handed deposit, WalletAnswer answer) {
        return deposit.message().map(m -> messages.sign(m.statement(), answer));
    }

    private Map<Integer, Booked> settled(Map<Integer, Handed> open, BankAnswer.OwnersChanged changed) {
        if (!(Depositing.settlements(office.setting(), changed.answer())
                instanceof Decision.Granted<Map<Hash, Settlement>>(Map<Hash, Settlement> settlements))) {
            return Map.of();
        }
        Map<Integer, Booked> booked = written(h -> book(h, open, settlements));
        counts.done(Operation.Kind.DEPOSIT, booked.size());
        return booked;
    }

    private Map<Integer, Booked> book(Handle h, Map<Integer, Handed> open, Map<Hash, Settlement> settlements) {
        Map<String, AccountState> accounts = rows.accounts(h, open.values());
        Set<String> debtors = rows.debtors(h, accounts.keySet());
        Set<String> stillOpen = rows.stillOpen(h, open.values());
        List<DepositRows.Credit> credits = new ArrayList<>();
        Map<Integer, Booked> booked = new HashMap<>();
        open.forEach((place, deposit) -> {
            Settlement settlement = settlements.get(deposit.deposit());
            AccountState account = rows.account(accounts, deposit);
            if (settlement == null || !stillOpen.contains(deposit.reference()) || !credits(account, settlement)) {
                return;
            }
            Amount paid = Depositing.paid(settlement);
            AccountState after = account.credited(paid);
            accounts.put(after.name(), after);
            WalletAnswer.Deposited answer = new WalletAnswer.Deposited(
                    settlement.outcomes(), paid, after.balance(), Optional.empty(), Optional.empty());
            Optional<Signed<BankMessage>> signed = signed(deposit, answer);
            credits.add(new DepositRows.Credit(deposit, paid, answer, signed));
            booked.put(
                    place,
                    new Booked(
                            signed,
                            debtors.contains(account.name()),
                            settlement.outcomes().stream().allMatch(o -> o.kind() == Outcome.Kind.REDEEMED)));
        });
        rows.book(h, credits);
        return booked;
    }

    /** Whether what it pays is credited now: it was not refused as a whole, nothing is held back, nothing comes back as a note. */
    private boolean credits(AccountState account, Settlement settlement) {
        return settlement.refusals().isEmpty()
                && Depositing.withheld(settlement).isZero()
                && Deposits.refusesCredit(office.setting(), account, Depositing.paid(settlement))
                        .isEmpty();
    }

    @Override
    public void close() {
        lots.close();
    }
}
