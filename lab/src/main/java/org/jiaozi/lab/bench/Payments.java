package org.jiaozi.lab.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.Entropy;

/**
 * Payments out of a stock, and deposits of them: a note's payments go to many merchants, one after the other, and a merchant
 * deposits whenever it has a batch together. What is signed is settled in order and signed on all cores. Not thread-safe.
 */
final class Payments {
    /** A prime above any number of payments: its multiples meet every one of them, in an order that no note has. */
    private static final long SPREAD = 10_000_019;

    private static final int AT_ONCE = 8_192;

    /**
     * Money that was spent twice.
     *
     * @param number the same for both payments, and for no others
     */
    record Fork(long number, Thumbprint culprit) {}

    /**
     * A deposit, signed.
     *
     * @param merchant who deposits, by place among the merchants
     * @param id a fresh one for the message that it travels in
     */
    record Deposit(int merchant, int slices, Lineage lineage, List<Fork> forks, Nonce id) {}

    /** Takes deposits, as many as came together at once, in order. */
    @FunctionalInterface
    interface Taker {
        void take(List<Deposit> deposits);
    }

    /** One transfer that is going to be signed. */
    private record Step(int signer, Thumbprint payee, Nonce nonce, long seq, long spent) {}

    private record Plan(int note, Range range, List<Step> steps, int merchant, Optional<Fork> fork) {}

    private record Paid(Lineage lineage, Optional<Fork> fork) {}

    private record Bundle(int merchant, List<Paid> paid, Step step, Nonce id) {}

    private final Stock stock;
    private final Stock.Counters counters;
    private final WorkShape shape;
    private final boolean prefilling;
    private final Timestamp at;
    private final Entropy entropy;
    private final List<List<Paid>> waiting = new ArrayList<>();

    /** @param prefilling only out of the notes of which part is redeemed before anything is measured */
    Payments(Stock stock, WorkShape shape, boolean prefilling, Timestamp at) {
        this.stock = stock;
        this.counters = stock.counters();
        this.shape = shape;
        this.prefilling = prefilling;
        this.at = at;
        entropy = Stock.draws(stock.shape().seed(), prefilling ? "prefill" : "payments", counters.payments());
        for (int i = 0; i < stock.merchants(); i++) {
            waiting.add(new ArrayList<>());
        }
    }

    /** Makes all payments of the shape, and deposits of all of them. */
    void make(Taker taker) {
        List<Plan> plans = new ArrayList<>();
        for (int i = 0; i < shape.deposits(); i++) {
            plan(i, plans);
            if (plans.size() >= AT_ONCE) {
                hand(plans, taker);
            }
        }
        hand(plans, taker);
        List<Bundle> rest = new ArrayList<>();
        for (int m = 0; m < waiting.size(); m++) {
            if (!waiting.get(m).isEmpty()) {
                rest.add(bundle(m));
            }
        }
        taker.take(rest.parallelStream().map(this::deposit).toList());
    }

    private void hand(List<Plan> plans, Taker taker) {
        List<Paid> paid = plans.parallelStream().map(this::pay).toList();
        List<Bundle> full = new ArrayList<>();
        for (int i = 0; i < plans.size(); i++) {
            int merchant = plans.get(i).merchant();
            waiting.get(merchant).add(paid.get(i));
            if (waiting.get(merchant).size() == shape.batch()) {
                full.add(bundle(merchant));
            }
        }
        plans.clear();
        taker.take(full.parallelStream().map(this::deposit).toList());
    }

    private Bundle bundle(int merchant) {
        List<Paid> all = List.copyOf(waiting.get(merchant));
        waiting.get(merchant).clear();
        int place = stock.place(merchant);
        Thumbprint institution = stock.entry().currentKey().key().thumbprint();
        return new Bundle(merchant, all, step(place, institution, 0), nonce());
    }

    private void plan(int i, List<Plan> plans) {
        WorkShape.Stock of = stock.shape();
        long number = counters.nextPayment();
        int notes = prefilling ? of.prefilled() : of.notes();
        int note = (int) (number % notes);
        long before = !prefilling && note < of.prefilled() ? of.prefilledEach() : 0;
        long lo = (before + number / notes) * WorkShape.Stock.AMOUNT;
        Range range = new Range(lo, lo + WorkShape.Stock.AMOUNT);
        int merchant = merchant(number);
        boolean twice = i * SPREAD % shape.deposits() < shape.doubleSpends();
        int holder = note % of.payers();
        Optional<Fork> fork =
                twice ? Optional.of(new Fork(number, stock.purses().get(holder).thumbprint())) : Optional.empty();
        plans.add(new Plan(note, range, steps(holder, merchant), merchant, fork));
        if (twice) {
            int other = (merchant + 1) % stock.merchants();
            plans.add(new Plan(note, range, steps(holder, other), other, fork));
        }
    }

    private int merchant(long payment) {
        int all = stock.merchants();
        if (shape.hotShare() == 0 || all == 1) {
            return (int) (payment % all);
        }
        return WorkShape.chosen(payment % 100, shape.hotShare(), 100) ? 0 : 1 + (int) (payment % (all - 1));
    }

    private List<Step> steps(int holder, int merchant) {
        List<Step> steps = new ArrayList<>();
        int payers = stock.shape().payers();
        for (int hop = 1; hop <= shape.hops(); hop++) {
            int payee = hop == shape.hops() ? stock.place(merchant) : (holder + hop) % payers;
            steps.add(
                    step((holder + hop - 1) % payers, stock.purses().get(payee).thumbprint(), WorkShape.Stock.AMOUNT));
        }
        return steps;
    }

    private Step step(int signer, Thumbprint payee, long amount) {
        return new Step(signer, payee, nonce(), counters.sign(signer), counters.spend(signer, amount));
    }

    private Nonce nonce() {
        return new Nonce(entropy.next(Nonce.SIZE));
    }

    private Lineage.Link signed(Step step, List<TransferInput> inputs) {
        Stock.Purse purse = stock.purses().get(step.signer());
        Transfer transfer = new Transfer(inputs, step.payee(), step.nonce(), step.seq(), step.spent(), at);
        return new Lineage.Link(Signed.by(purse.signer(), transfer), purse.certificate());
    }

    private Paid pay(Plan plan) {
        Lineage lineage = Lineage.of(stock.notes().get(plan.note()));
        SliceRef source = new SliceRef(lineage.notes().getFirst().hash(), 0);
        for (Step step : plan.steps()) {
            lineage = lineage.plus(signed(step, List.of(new TransferInput(source, plan.range()))));
            source = new SliceRef(lineage.head().transfer().hash(), 0);
        }
        return new Paid(lineage, plan.fork());
    }

    private Deposit deposit(Bundle bundle) {
        Map<Hash, Signed<Note>> roots = new LinkedHashMap<>();
        List<Lineage.Link> links = new ArrayList<>();
        List<TransferInput> inputs = new ArrayList<>();
        for (Paid paid : bundle.paid()) {
            paid.lineage().notes().forEach(n -> roots.putIfAbsent(n.hash(), n));
            links.addAll(paid.lineage().links());
            Signed<Transfer> head = paid.lineage().head().transfer();
            inputs.add(new TransferInput(
                    new SliceRef(head.hash(), 0),
                    head.statement().inputs().getFirst().range()));
        }
        links.add(signed(bundle.step(), inputs));
        return new Deposit(
                bundle.merchant(),
                bundle.paid().size(),
                new Lineage(List.copyOf(roots.values()), links),
                bundle.paid().stream().flatMap(p -> p.fork().stream()).toList(),
                bundle.id());
    }
}
