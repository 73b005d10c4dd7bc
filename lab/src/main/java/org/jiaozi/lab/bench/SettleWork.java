package org.jiaozi.lab.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.crypto.Entropy;

/** Real keys, certificates, notes and payments, made before anything is measured: payers pay merchants, who deposit in batches. */
final class SettleWork {
    /** What one payment moves, in minor units. */
    static final long AMOUNT = 10;
    /** Payments that a note is spent in. */
    private static final int PER_NOTE = 10;

    private static final int NOTES_EACH = 4;
    /** A prime above any number of payments: its multiples meet every one of them, in an order that no note has. */
    private static final long SPREAD = 1_000_003;

    /**
     * One deposit transfer of many slices.
     *
     * @param merchant who deposits, by place
     */
    record Batch(int merchant, int slices, SettleDesk.Letter letter) {}

    /**
     * What is made of what was loaded.
     *
     * @param hotShare how many of a hundred payments the first merchant gets; 0 where all take turns
     * @param doubleSpends how many payments are made again with the same money, beyond {@code payments}
     */
    record Shape(int payments, int hops, int size, int hotShare, int doubleSpends) {}

    private final SettleDesk desk;
    private final Set<String> doubleSpenders = new HashSet<>();
    private final List<SettlePurse> merchants = new ArrayList<>();
    private final List<SettlePurse> payers = new ArrayList<>();
    private final List<Lineage> notes = new ArrayList<>();

    /** Has merchants and payers enrolled, and notes loaded, over the API: enough for that many payments. */
    SettleWork(SettleDesk desk, Entropy entropy, int payments, int merchants, Consumer<String> report) {
        this.desk = desk;
        int loads = Math.ceilDiv(payments, PER_NOTE);
        int most = Math.ceilDiv(loads, NOTES_EACH);
        for (int i = 0; i < merchants; i++) {
            this.merchants.add(SettlePurse.enrolled(desk, entropy, 0));
        }
        report.accept(merchants + " merchants enrolled");
        for (int i = 0; i < most; i++) {
            payers.add(SettlePurse.enrolled(desk, entropy, NOTES_EACH * PER_NOTE * AMOUNT));
            for (int n = 0; n < NOTES_EACH && notes.size() < loads; n++) {
                notes.add(payers.get(i).load(PER_NOTE * AMOUNT));
            }
            if ((i + 1) % 250 == 0) {
                report.accept((i + 1) + " of " + most + " payers enrolled and loaded");
            }
        }
    }

    int payers() {
        return payers.size();
    }

    int notes() {
        return notes.size();
    }

    String account(int merchant) {
        return merchants.get(merchant).account();
    }

    int merchants() {
        return merchants.size();
    }

    /** The keys that signed one range over twice. */
    Set<String> doubleSpenders() {
        return Set.copyOf(doubleSpenders);
    }

    /** Signs all payments and deposits. Merchants take turns; each deposits so many slices at a time. */
    Deque<Batch> batches(Shape shape) {
        List<List<Lineage>> received = new ArrayList<>();
        merchants.forEach(m -> received.add(new ArrayList<>()));
        for (int i = 0; i < shape.payments(); i++) {
            // one note's payments go to many merchants, one after the other
            int note = i % notes.size();
            int place = i / notes.size();
            int merchant = merchant(i, shape.hotShare());
            Range range = new Range(place * AMOUNT, (place + 1) * AMOUNT);
            received.get(merchant).add(payment(note, range, shape.hops(), merchants.get(merchant)));
            if (i * SPREAD % shape.payments() < shape.doubleSpends()) {
                int other = (merchant + 1) % merchants.size();
                received.get(other).add(payment(note, range, shape.hops(), merchants.get(other)));
                doubleSpenders.add(payers.get(note / NOTES_EACH).thumbprint().hex());
            }
        }
        List<Queued> all = new ArrayList<>();
        for (int m = 0; m < merchants.size(); m++) {
            List<Batch> mine = deposits(m, received.get(m), shape.size());
            for (int i = 0; i < mine.size(); i++) {
                all.add(new Queued(mine.get(i), (2L * i + 1) * SPREAD / mine.size()));
            }
        }
        // each merchant's deposits are spread over the whole run, however many they are
        all.sort(Comparator.comparingLong(Queued::place));
        return all.stream().map(Queued::batch).collect(Collectors.toCollection(ArrayDeque::new));
    }

    private record Queued(Batch batch, long place) {}

    private int merchant(int payment, int hotShare) {
        if (hotShare == 0 || merchants.size() == 1) {
            return payment % merchants.size();
        }
        return chosen(payment % 100, hotShare, 100) ? 0 : 1 + payment % (merchants.size() - 1);
    }

    /** Whether the {@code i}th of {@code of} is among {@code some} that are spread evenly. */
    static boolean chosen(int i, int some, int of) {
        return (i + 1L) * some / of > (long) i * some / of;
    }

    private Lineage payment(int note, Range range, int hops, SettlePurse merchant) {
        Lineage lineage = notes.get(note);
        int holder = note / NOTES_EACH;
        SliceRef source = new SliceRef(lineage.notes().getFirst().hash(), 0);
        for (int hop = 1; hop <= hops; hop++) {
            SettlePurse payer = payers.get((holder + hop - 1) % payers.size());
            Thumbprint payee = hop == hops
                    ? merchant.thumbprint()
                    : payers.get((holder + hop) % payers.size()).thumbprint();
            lineage = lineage.plus(payer.move(List.of(new TransferInput(source, range)), payee, true));
            source = new SliceRef(lineage.head().transfer().hash(), 0);
        }
        return lineage;
    }

    private List<Batch> deposits(int merchant, List<Lineage> received, int size) {
        List<Batch> batches = new ArrayList<>();
        for (int from = 0; from < received.size(); from += size) {
            List<Lineage> part = received.subList(from, Math.min(received.size(), from + size));
            batches.add(deposit(merchant, part));
        }
        return batches;
    }

    private Batch deposit(int merchant, List<Lineage> part) {
        Map<Hash, Signed<Note>> roots = new LinkedHashMap<>();
        Map<Hash, Lineage.Link> links = new LinkedHashMap<>();
        List<TransferInput> inputs = new ArrayList<>();
        for (Lineage lineage : part) {
            lineage.notes().forEach(n -> roots.putIfAbsent(n.hash(), n));
            lineage.links().forEach(l -> links.putIfAbsent(l.transfer().hash(), l));
            Signed<Transfer> head = lineage.head().transfer();
            inputs.add(new TransferInput(
                    new SliceRef(head.hash(), 0),
                    head.statement().inputs().getFirst().range()));
        }
        SettlePurse owner = merchants.get(merchant);
        Lineage whole = new Lineage(List.copyOf(roots.values()), List.copyOf(links.values()))
                .plus(owner.move(inputs, desk.institution().currentKey().key().thumbprint(), false));
        return new Batch(merchant, part.size(), owner.letter(new WalletRequest.Deposit(LineageCodec.encode(whole))));
    }
}
