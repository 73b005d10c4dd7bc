package org.jiaozi.server.central;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jiaozi.bank.registry.Effect;
import org.jiaozi.bank.registry.Effect.TransferRecorded;
import org.jiaozi.bank.registry.Reads;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.server.central.Actors.Purse;
import org.jiaozi.server.central.Known.KnownNote;
import org.junit.jupiter.api.Test;

/** What is fetched all at once is what the record says when it is asked one by one. */
final class FetchedTest extends CentralServerFixture {
    private final Map<Hash, Signed<Note>> notes = new LinkedHashMap<>();
    private final List<Lineage> lineages = new ArrayList<>();
    private final Set<Reads.Request> requests = new LinkedHashSet<>();

    /** A note that is spent in overlapping parts, which are deposited at both, some of them only in part. */
    private void story() {
        Purse cheat = purse(a);
        Signed<Note> note = a.load(cheat, 1000);
        notes.put(note.hash(), note);
        for (int i = 0; i < 5; i++) {
            Purse payee = purse(b);
            Range part = new Range(i * 150L, i * 150L + 200);
            Lineage paid = cheat.pay(Lineage.of(note), new SliceRef(note.hash(), 0), payee.key(), seconds(), part);
            Member at = i % 2 == 0 ? a : b;
            Range deposited = new Range(part.lo() + 10L * i, part.hi());
            Lineage deposit =
                    payee.pay(paid, Actors.head(paid), at.signer.publicKey().thumbprint(), seconds(), deposited);
            at.deposit(deposit);
            lineages.add(deposit);
        }
        severalOutputs();
        Signed<Note> unspent = a.load(purse(a), 500);
        notes.put(unspent.hash(), unspent);
        denied();
    }

    /** A payment of two outputs, of which the second is spent. */
    private void severalOutputs() {
        Purse payer = purse(a);
        Purse payee = purse(b);
        Signed<Note> note = a.load(payer, 1000);
        notes.put(note.hash(), note);
        Lineage paid = payer.pay(
                Lineage.of(note),
                new SliceRef(note.hash(), 0),
                payee.key(),
                seconds(),
                new Range(0, 300),
                new Range(400, 800));
        Lineage deposit = payee.pay(
                paid,
                new SliceRef(paid.head().transfer().hash(), 1),
                a.signer.publicKey().thumbprint(),
                seconds(),
                new Range(450, 700));
        a.deposit(deposit);
        lineages.add(deposit);
    }

    /** One payment that its payee has denied. */
    private void denied() {
        Purse payer = purse(a);
        Purse payee = purse(b);
        Signed<Note> note = a.load(payer, 100);
        Nonce nonce = Actors.nonce();
        Lineage paid = payer.answer(
                nonce,
                Lineage.of(note),
                payee.key(),
                seconds(),
                1,
                Actors.inputs(new SliceRef(note.hash(), 0), new Range(0, 100)));
        Signed<NonReceipt> denial = Signed.by(payee.signer, new NonReceipt(nonce, Optional.empty()));
        a.ask(new BankRequest.Refund(Actors.packed(paid), denial, payee.certificate));
        requests.add(new Reads.Request(payee.key(), nonce));
        requests.add(new Reads.Request(payer.key(), nonce));
        requests.add(new Reads.Request(payee.key(), Actors.nonce()));
    }

    /** Everything that is there, and of each kind something that is not. */
    private Reads everything() {
        Hash none = Hash.of(new byte[Hash.SIZE]);
        Map<Hash, List<TransferInput>> transfers = new LinkedHashMap<>(Map.of(none, List.of()));
        Set<Reads.Signing> signings = new LinkedHashSet<>();
        Set<Reads.Part> parts = new LinkedHashSet<>();
        for (Lineage lineage : lineages) {
            for (Lineage.Link link : lineage.links()) {
                transfers.put(
                        link.transfer().hash(), link.transfer().statement().inputs());
                signings.add(new Reads.Signing(
                        link.signer(), link.transfer().statement().seq()));
                signings.add(new Reads.Signing(link.signer(), 1_000_000));
                link.transfer().statement().inputs().forEach(i -> {
                    transfers.putIfAbsent(i.source().parent(), List.of());
                    for (long lo = 0; lo < 1000; lo += 70) {
                        never(transfers, new TransferInput(i.source(), new Range(lo, lo + 90)));
                    }
                    never(transfers, new TransferInput(new SliceRef(i.source().parent(), 7), i.range()));
                });
            }
        }
        for (Hash note : notes.keySet()) {
            for (long lo = 0; lo < 1000; lo += 55) {
                parts.add(new Reads.Part(note, new Range(lo, lo + 80)));
            }
        }
        parts.add(new Reads.Part(none, new Range(0, 1)));
        Map<Hash, Signed<Note>> known = new LinkedHashMap<>(notes);
        Signed<Note> never = Actors.note(a.key, a.signer, purse(a), 300, seconds());
        known.put(never.hash(), never);
        return new Reads(known, transfers, signings, requests, parts);
    }

    /** A transfer that is not on record, and one that takes of what it gives. */
    private static void never(Map<Hash, List<TransferInput>> transfers, TransferInput input) {
        Hash never = Sha256.hash(Bytes.of(Integer.toString(transfers.size()).getBytes(StandardCharsets.UTF_8)));
        transfers.put(never, List.of(input));
        transfers.put(Sha256.hash(never.bytes()), List.of(new TransferInput(new SliceRef(never, 0), new Range(0, 1))));
    }

    private static List<TransferInput> inputs(Reads reads) {
        return reads.transfers().values().stream().flatMap(List::stream).toList();
    }

    @Test
    void whatIsFetchedIsWhatIsAskedFor() {
        story();
        Reads reads = everything();
        Jdbi.create(database).useTransaction(handle -> {
            SqlRegistryView asked = new SqlRegistryView(handle);
            Fetched fetched = Fetched.of(handle, reads, new Known());
            assertThat(fetched.notes().keySet()).isEqualTo(reads.notes().keySet());
            assertThat(fetched.notes())
                    .allSatisfy(
                            (id, note) -> assertThat(note.map(KnownNote::kept)).isEqualTo(asked.note(id)));
            assertThat(fetched.transfers().keySet()).isEqualTo(reads.transfers().keySet());
            assertThat(fetched.transfers())
                    .allSatisfy((id, transfer) -> assertThat(transfer).isEqualTo(asked.transfer(id)));
            assertThat(inputs(reads))
                    .allSatisfy(input -> assertThat(fetched.unspent().contains(input))
                            .isEqualTo(asked.spending(input).isEmpty()))
                    .allSatisfy(input -> assertThat(asked.spending(input))
                            .extracting(t -> t.transfer().hash())
                            .containsExactlyInAnyOrderElementsOf(taking(input)));
            assertThat(reads.signings())
                    .allSatisfy(s -> assertThat(fetched.unsigned().contains(s))
                            .isEqualTo(asked.signed(s.signer(), s.seq()).isEmpty()));
            assertThat(reads.requests())
                    .allSatisfy(r -> assertThat(fetched.undenied().contains(r))
                            .isEqualTo(asked.denials(r.payee(), r.nonce()).isEmpty()));
            assertThat(fetched.settled().keySet()).isEqualTo(reads.parts());
            assertThat(fetched.settled())
                    .allSatisfy((part, found) -> assertThat(found).isEqualTo(asked.settled(part.note(), part.range())));
            // some there are, more than one of some, and some there are not
            assertThat(inputs(reads))
                    .anySatisfy(i -> assertThat(asked.spending(i)).hasSizeGreaterThan(1));
            assertThat(fetched.settled().values())
                    .anySatisfy(found -> assertThat(found).hasSizeGreaterThan(1));
            assertThat(fetched.unspent()).isNotEmpty();
            assertThat(fetched.unsigned()).isNotEmpty().isNotEqualTo(reads.signings());
            assertThat(fetched.undenied()).hasSize(reads.requests().size() - 1);
        });
    }

    /** Transfers of the story that take something of what an input takes. */
    private Set<Hash> taking(TransferInput input) {
        return lineages.stream()
                .flatMap(l -> l.links().stream())
                .filter(l -> l.transfer().statement().inputs().stream().anyMatch(input::conflictsWith))
                .map(l -> l.transfer().hash())
                .collect(Collectors.toSet());
    }

    /** Asked for again under another message's name, a deposit of the most inputs is no more to fetch than it was at first. */
    @Test
    void theLargestDepositIsAskedForAgain() {
        Purse holder = purse(a);
        Signed<Note> note = a.load(holder, 2000);
        Range[] ranges = IntStream.range(0, Limit.DEPOSIT_INPUTS)
                .mapToObj(i -> new Range(i, i + 1L))
                .toArray(Range[]::new);
        Lineage deposit = holder.pay(
                Lineage.of(note),
                new SliceRef(note.hash(), 0),
                a.signer.publicKey().thumbprint(),
                seconds(),
                ranges);
        var settled = a.deposit(deposit).getFirst();
        assertThat(settled.outcomes()).hasSize(ranges.length);
        assertThat(a.deposit(deposit).getFirst()).isEqualTo(settled);
        Set<TransferInput> inputs =
                Set.copyOf(deposit.head().transfer().statement().inputs());
        Reads reads = new Reads(
                Map.of(note.hash(), note),
                Map.of(deposit.head().transfer().hash(), List.copyOf(inputs)),
                Set.of(new Reads.Signing(
                        deposit.head().signer(),
                        deposit.head().transfer().statement().seq())),
                Set.of(),
                inputs.stream().map(i -> new Reads.Part(note.hash(), i.range())).collect(Collectors.toSet()));
        Jdbi.create(database).useTransaction(handle -> {
            long before = allocated();
            Fetched fetched = Fetched.of(handle, reads, new Known());
            assertThat(allocated() - before).isLessThan(64L << 20);
            assertThat(fetched.unspent()).isEmpty();
            assertThat(fetched.settled().values())
                    .allSatisfy(found -> assertThat(found).hasSize(1));
        });
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    /** Of a claim no transfer need be on record, whether it was paid before the note was known or after. */
    @Test
    void whatAClaimTookIsFetched() {
        Purse holder = purse(a);
        List<Signed<Note>> claimed = List.of(a.load(holder, 100), a.load(holder, 100));
        Reads reads = new Reads(
                claimed.stream().collect(Collectors.toMap(Signed::hash, n -> n)),
                claimed.stream()
                        .collect(Collectors.toMap(
                                n -> Sha256.hash(n.hash().bytes()),
                                n -> List.of(new TransferInput(new SliceRef(n.hash(), 0), new Range(0, 50))))),
                Set.of(),
                Set.of(),
                claimed.stream()
                        .map(n -> new Reads.Part(n.hash(), new Range(10, 40)))
                        .collect(Collectors.toSet()));
        Known known = new Known();
        Jdbi jdbi = Jdbi.create(database);
        Nonce id = Actors.nonce();
        jdbi.useTransaction(TransactionIsolationLevel.SERIALIZABLE, handle -> {
            claim(handle, known, id, claimed.getFirst());
            assertThat(Fetched.of(handle, reads, known).settled().values().stream()
                            .mapToInt(List::size))
                    .containsExactlyInAnyOrder(0, 1);
        });
        jdbi.useTransaction(TransactionIsolationLevel.SERIALIZABLE, handle -> {
            claim(handle, known, id, claimed.getLast());
            assertThat(Fetched.of(handle, reads, known).settled().values())
                    .allSatisfy(found -> assertThat(found).hasSize(1));
        });
    }

    private void claim(Handle handle, Known known, Nonce id, Signed<Note> note) {
        new EffectWriter(handle, seconds(), known)
                .write(List.of(
                        new Effect.ClaimKept(id, a.key.institution(), "x", List.of(), Bytes.EMPTY, Amount.ZERO),
                        new Effect.RangeSettled(
                                note.hash(),
                                new Range(30, 45),
                                Effect.RangeSettled.Kind.CLAIMED,
                                a.key.institution(),
                                new SliceRef(note.hash(), 0),
                                Optional.of(id))));
    }

    /** A key that has counted to some number signs lower ones, and higher ones. */
    @Test
    void howFarAKeyHasCountedIsRemembered() {
        Purse holder = purse(a);
        Signed<Note> note = a.load(holder, 100);
        Known known = new Known();
        Jdbi jdbi = Jdbi.create(database);
        jdbi.useHandle(handle -> assertThat(unsigned(handle, known, holder)).containsExactly(1L, 2L, 3L, 4L, 5L));
        for (long seq : List.of(2L, 4L)) {
            Lineage paid = holder.answer(
                    Actors.nonce(),
                    Lineage.of(note),
                    purse(b).key(),
                    seconds(),
                    seq,
                    Actors.inputs(new SliceRef(note.hash(), 0), new Range(seq, seq + 1)));
            jdbi.useTransaction(
                    TransactionIsolationLevel.SERIALIZABLE,
                    handle -> new EffectWriter(handle, seconds(), known)
                            .write(List.of(new TransferRecorded(paid.head(), List.of(note.hash())))));
        }
        jdbi.useHandle(handle -> {
            assertThat(unsigned(handle, known, holder)).containsExactly(1L, 3L, 5L);
            assertThat(unsigned(handle, new Known(), holder)).containsExactly(1L, 3L, 5L);
        });
    }

    /** Of a note that is taken from in any order, in parts that touch, overlap and lie apart. */
    @Test
    void whatIsTakenOfANoteIsRemembered() {
        long seed = Long.getLong("jiaozi.seed", System.nanoTime());
        Random dice = new Random(seed);
        Purse holder = purse(a);
        Signed<Note> note = a.load(holder, 1000);
        Known known = new Known();
        Jdbi jdbi = Jdbi.create(database);
        Hash never = Sha256.hash(note.hash().bytes());
        for (int taken = 0; taken < 60; taken++) {
            int i = taken;
            List<TransferInput> asked = LongStream.range(0, 60)
                    .mapToObj(j -> dice.nextInt(1000))
                    .map(lo -> new TransferInput(
                            new SliceRef(note.hash(), dice.nextInt(10) == 0 ? 1 : 0),
                            new Range(lo, Math.min(1000, lo + 1L + dice.nextInt(30)))))
                    .toList();
            Reads reads = new Reads(Map.of(note.hash(), note), Map.of(never, asked), Set.of(), Set.of(), Set.of());
            // one that has seen it all, and one that has just begun
            for (Known knows : List.of(known, new Known())) {
                jdbi.useHandle(handle -> {
                    Set<TransferInput> unspent =
                            Fetched.of(handle, reads, knows).unspent();
                    SqlRegistryView view = new SqlRegistryView(handle);
                    assertThat(asked)
                            .as("seed %d, after %d", seed, i)
                            .allSatisfy(input -> assertThat(unspent.contains(input))
                                    .isEqualTo(view.spending(input).isEmpty()));
                });
            }
            long lo = dice.nextInt(980);
            Lineage paid = holder.answer(
                    Actors.nonce(),
                    Lineage.of(note),
                    purse(b).key(),
                    seconds(),
                    i + 1L,
                    Actors.inputs(new SliceRef(note.hash(), 0), new Range(lo, lo + 1 + dice.nextInt(20))));
            jdbi.useTransaction(
                    TransactionIsolationLevel.SERIALIZABLE,
                    handle -> new EffectWriter(handle, seconds(), known)
                            .write(List.of(new TransferRecorded(paid.head(), List.of(note.hash())))));
        }
        assertThat(known.taken(note.hash())).isPresent();
    }

    /** Of the numbers 1 to 5 those that no transfer on record has. */
    static List<Long> unsigned(Handle handle, Known known, Purse holder) {
        Set<Reads.Signing> all = LongStream.rangeClosed(1, 5)
                .mapToObj(seq -> new Reads.Signing(holder.key(), seq))
                .collect(Collectors.toSet());
        return Fetched.of(handle, new Reads(Map.of(), Map.of(), all, Set.of(), Set.of()), known).unsigned().stream()
                .map(Reads.Signing::seq)
                .sorted()
                .toList();
    }

    @Test
    void nothingIsFetchedForNothing() {
        Fetched fetched = Jdbi.create(database)
                .withHandle(handle ->
                        Fetched.of(handle, new Reads(Map.of(), Map.of(), Set.of(), Set.of(), Set.of()), new Known()));
        assertThat((Object) fetched).isEqualTo(Fetched.NOTHING);
    }
}
