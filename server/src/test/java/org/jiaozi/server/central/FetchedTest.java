package org.jiaozi.server.central;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jiaozi.bank.registry.Effect.TransferRecorded;
import org.jiaozi.bank.registry.Reads;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Range;
import org.jiaozi.server.central.Actors.Purse;
import org.junit.jupiter.api.Test;

/** What is fetched all at once is what the record says when it is asked one by one. */
final class FetchedTest extends CentralServerFixture {
    private final List<Hash> notes = new ArrayList<>();
    private final List<Lineage> lineages = new ArrayList<>();

    /** A note that is spent in overlapping parts, which are deposited at both, some of them only in part. */
    private void story() {
        Purse cheat = purse(a);
        Signed<Note> note = a.load(cheat, 1000);
        notes.add(note.hash());
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
        notes.add(a.load(purse(a), 500).hash());
    }

    /** Everything that is there, and of each kind something that is not. */
    private Reads everything() {
        Hash none = Hash.of(new byte[Hash.SIZE]);
        Set<Hash> transfers = new LinkedHashSet<>(Set.of(none));
        Set<TransferInput> inputs = new LinkedHashSet<>();
        Set<Reads.Signing> signings = new LinkedHashSet<>();
        Set<Reads.Part> parts = new LinkedHashSet<>();
        for (Lineage lineage : lineages) {
            for (Lineage.Link link : lineage.links()) {
                transfers.add(link.transfer().hash());
                signings.add(new Reads.Signing(
                        link.signer(), link.transfer().statement().seq()));
                signings.add(new Reads.Signing(link.signer(), 1_000_000));
                link.transfer().statement().inputs().forEach(i -> {
                    transfers.add(i.source().parent());
                    for (long lo = 0; lo < 1000; lo += 70) {
                        inputs.add(new TransferInput(i.source(), new Range(lo, lo + 90)));
                    }
                    inputs.add(new TransferInput(new SliceRef(i.source().parent(), 7), i.range()));
                });
            }
        }
        for (Hash note : notes) {
            for (long lo = 0; lo < 1000; lo += 55) {
                parts.add(new Reads.Part(note, new Range(lo, lo + 80)));
            }
        }
        parts.add(new Reads.Part(none, new Range(0, 1)));
        Set<Hash> known = new LinkedHashSet<>(notes);
        known.add(none);
        return new Reads(known, transfers, inputs, signings, parts);
    }

    @Test
    void whatIsFetchedIsWhatIsAskedFor() {
        story();
        Reads reads = everything();
        Jdbi.create(database).useTransaction(handle -> {
            SqlRegistryView asked = new SqlRegistryView(handle);
            Fetched fetched = Fetched.of(handle, reads);
            assertThat(fetched.notes().keySet()).isEqualTo(reads.notes());
            assertThat(fetched.notes())
                    .allSatisfy((id, note) -> assertThat(note).isEqualTo(asked.note(id)));
            assertThat(fetched.transfers().keySet()).isEqualTo(reads.transfers());
            assertThat(fetched.transfers())
                    .allSatisfy((id, transfer) -> assertThat(transfer).isEqualTo(asked.transfer(id)));
            assertThat(fetched.spending().keySet()).isEqualTo(reads.inputs());
            assertThat(fetched.spending())
                    .allSatisfy((input, found) -> assertThat(found).isEqualTo(asked.spending(input)))
                    // as whoever filters all that spend the output
                    .allSatisfy((input, found) -> assertThat(found).isEqualTo(overlapping(asked, input)));
            assertThat(fetched.signed().keySet()).isEqualTo(reads.signings());
            assertThat(fetched.signed())
                    .allSatisfy((s, found) -> assertThat(found).isEqualTo(asked.signed(s.signer(), s.seq())));
            assertThat(fetched.settled().keySet()).isEqualTo(reads.parts());
            assertThat(fetched.settled())
                    .allSatisfy((part, found) -> assertThat(found).isEqualTo(asked.settled(part.note(), part.range())));
            // there is something to find, and more than one
            assertThat(fetched.spending().values())
                    .anySatisfy(found -> assertThat(found).hasSizeGreaterThan(1));
            assertThat(fetched.settled().values())
                    .anySatisfy(found -> assertThat(found).hasSizeGreaterThan(1));
            assertThat(fetched.signed().values())
                    .anySatisfy(found -> assertThat(found).isNotEmpty());
        });
    }

    private static List<TransferRecorded> overlapping(SqlRegistryView asked, TransferInput input) {
        return asked.spending(input.source()).stream()
                .filter(t -> t.transfer().statement().inputs().stream().anyMatch(input::conflictsWith))
                .toList();
    }

    @Test
    void nothingIsFetchedForNothing() {
        Fetched fetched = Jdbi.create(database)
                .withHandle(handle -> Fetched.of(handle, new Reads(Set.of(), Set.of(), Set.of(), Set.of(), Set.of())));
        assertThat((Object) fetched).isEqualTo(Fetched.NOTHING);
    }
}
