package org.jiaozi.server.central;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jiaozi.bank.registry.Effect;
import org.jiaozi.bank.registry.Effect.TransferRecorded;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.server.central.Actors.Purse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a row of the record says for another one, or by less than what it stands for. */
final class NarrowRowsTest extends CentralServerFixture {
    private static long count(Handle handle, String of) {
        return handle.createQuery("SELECT count(*) FROM " + of)
                .mapTo(Long.class)
                .one();
    }

    private Lineage deposit(Purse holder, Lineage paid, Range... ranges) {
        return holder.pay(paid, Actors.head(paid), a.signer.publicKey().thumbprint(), seconds(), ranges);
    }

    private Lineage paid(Purse payer, Purse payee, Signed<Note> note, Range... ranges) {
        return payer.pay(Lineage.of(note), new SliceRef(note.hash(), 0), payee.key(), seconds(), ranges);
    }

    private static List<String> asSigned(Lineage lineage) {
        List<String> inputs = new ArrayList<>();
        for (Lineage.Link link : lineage.links()) {
            List<TransferInput> all = link.transfer().statement().inputs();
            for (int i = 0; i < all.size(); i++) {
                TransferInput input = all.get(i);
                inputs.add(link.transfer().hash().hex() + " " + i + " "
                        + input.source().parent().hex() + " " + input.source().index() + " "
                        + input.range().lo() + " "
                        + input.range().hi());
            }
        }
        return inputs;
    }

    private static List<String> onRecord(Handle handle) {
        return handle.createQuery(
                        "SELECT concat_ws(' ', encode(i.transfer, 'hex'), i.position, encode(i.parent, 'hex'),"
                                + " i.parent_index, i.lo, i.hi) FROM signed_input i")
                .mapTo(String.class)
                .list();
    }

    /** A payment of one part that is handed in whole: the payment says its input, and what is settled says that of the deposit. */
    @Test
    void anInputIsInTheRowOfWhatItIsOf() {
        Purse payer = purse(a);
        Purse payee = purse(b);
        Lineage deposit = deposit(payee, paid(payer, payee, a.load(payer, 1000), new Range(0, 300)), new Range(0, 300));
        a.deposit(deposit);
        Jdbi.create(database).useHandle(handle -> {
            assertThat(count(handle, "transfer_input")).isZero();
            assertThat(count(handle, "transfer WHERE note = 1 AND via = 0 AND notes IS NULL"))
                    .isEqualTo(1);
            assertThat(count(handle, "settled s JOIN transfer p ON p.number = s.via"))
                    .isEqualTo(1);
            assertThat(onRecord(handle)).containsExactlyInAnyOrderElementsOf(asSigned(deposit));
        });
    }

    /** Of two branches that overlap only the first is settled whole; a deposit of several inputs may have both kinds. */
    @Test
    void whatIsSettledInPartHasAnInputOfItsOwn() {
        Purse cheat = purse(a);
        Purse payee = purse(b);
        Signed<Note> note = a.load(cheat, 1000);
        Lineage one = deposit(payee, paid(cheat, payee, note, new Range(0, 300)), new Range(0, 300));
        Lineage other =
                deposit(payee, paid(cheat, payee, note, new Range(200, 600)), new Range(200, 400), new Range(400, 600));
        a.deposit(one);
        a.deposit(other);
        List<String> signed = asSigned(one);
        signed.addAll(asSigned(other));
        Jdbi.create(database).useHandle(handle -> {
            assertThat(count(handle, "transfer_input")).isEqualTo(1);
            assertThat(count(handle, "settled WHERE via IS NOT NULL")).isEqualTo(2);
            assertThat(count(handle, "settled WHERE via IS NULL")).isEqualTo(1);
            assertThat(onRecord(handle)).containsExactlyInAnyOrderElementsOf(signed);
        });
    }

    /** A payment that was on record before it is handed in is found by its hash. */
    @Test
    void whatWasOnRecordBeforeIsReferredTo() {
        Purse payer = purse(a);
        Purse payee = purse(b);
        Lineage paid = paid(payer, payee, a.load(payer, 1000), new Range(0, 300), new Range(300, 500));
        a.deposit(deposit(payee, paid, new Range(0, 100)));
        Lineage onward = payee.pay(paid, Actors.head(paid), purse(a).key(), seconds(), new Range(100, 200));
        put(onward.head(), onward.notes().getFirst().hash());
        Lineage second = payee.pay(
                paid,
                new SliceRef(paid.head().transfer().hash(), 1),
                a.signer.publicKey().thumbprint(),
                seconds(),
                new Range(300, 500));
        a.deposit(second);
        Jdbi.create(database).useHandle(handle -> {
            assertThat(count(handle, "settled s JOIN transfer p ON p.number = s.via WHERE s.via_index = 1"))
                    .isEqualTo(1);
            assertThat(onRecord(handle))
                    .containsAll(asSigned(onward))
                    .containsAll(asSigned(second))
                    .doesNotHaveDuplicates();
            SqlRegistryView view = new SqlRegistryView(handle);
            SliceRef second1 = new SliceRef(paid.head().transfer().hash(), 1);
            assertThat(view.spending(new TransferInput(second1, new Range(499, 500))))
                    .extracting(t -> t.transfer().hash())
                    .containsExactly(second.head().transfer().hash());
            // the other output of the same transfer, in the same place
            assertThat(view.spending(new TransferInput(Actors.head(paid), new Range(499, 500))))
                    .isEmpty();
        });
    }

    private void put(Lineage.Link link, Hash note) {
        Jdbi.create(database)
                .useTransaction(
                        TransactionIsolationLevel.SERIALIZABLE,
                        handle -> new EffectWriter(handle, seconds())
                                .write(List.<Effect>of(new TransferRecorded(link, List.of(note)))));
    }

    @Test
    void whoeverHasTheSameFirstBytesIsPassedOver() {
        Purse payer = purse(a);
        List<Purse> payees = List.of(purse(b), purse(b));
        Signed<Note> note = a.load(payer, 1000);
        Nonce request = Actors.nonce();
        List<Lineage> all = new ArrayList<>();
        for (Purse payee : payees) {
            Range range = new Range(100L * all.size(), 100L * all.size() + 100);
            Lineage paid = payer.answer(
                    request,
                    Lineage.of(note),
                    payee.key(),
                    seconds(),
                    1 + all.size(),
                    Actors.inputs(new SliceRef(note.hash(), 0), range));
            a.deposit(deposit(payee, paid, range));
            all.add(paid);
        }
        Jdbi.create(database).useHandle(handle -> {
            handle.execute("ALTER TABLE transfer DISABLE TRIGGER transfer_only_grows");
            handle.execute(
                    "UPDATE transfer SET (payee, request) = (SELECT payee, request FROM transfer WHERE hash = ?)"
                            + " WHERE note IS NOT NULL",
                    (Object) hash(all.getFirst()).bytes().toArray());
            SqlRegistryView view = new SqlRegistryView(handle);
            Purse first = payees.getFirst();
            assertThat(view.paidTo(first.key()))
                    .extracting(t -> t.transfer().hash())
                    .containsExactly(hash(all.getFirst()));
            assertThat(view.answering(first.key(), request))
                    .extracting(t -> t.transfer().hash())
                    .containsExactly(hash(all.getFirst()));
        });
    }

    private static Hash hash(Lineage lineage) {
        return lineage.head().transfer().hash();
    }

    /** What a key signed is found under whichever of its certificates it signed. */
    @Test
    void aKeyThatWasCertifiedAgainIsTheSameKey() {
        Purse payer = purse(a);
        Purse renewed =
                new Purse(payer.signer, a.key, a.signer, new Timestamp(seconds().seconds() + 3600));
        Signed<Note> note = a.load(payer, 1000);
        SliceRef source = new SliceRef(note.hash(), 0);
        Lineage before = payer.answer(
                Actors.nonce(), Lineage.of(note), purse(b).key(), seconds(), 5, Actors.inputs(source, new Range(0, 1)));
        Lineage after = renewed.answer(
                Actors.nonce(), Lineage.of(note), purse(b).key(), seconds(), 3, Actors.inputs(source, new Range(1, 2)));
        put(before.head(), note.hash());
        put(after.head(), note.hash());
        assertThat(before.head().certificate().hash())
                .isNotEqualTo(after.head().certificate().hash());
        Jdbi.create(database).useHandle(handle -> {
            SqlRegistryView view = new SqlRegistryView(handle);
            assertThat(view.signed(payer.key(), 5)).hasSize(1);
            assertThat(view.signed(payer.key(), 3)).hasSize(1);
            assertThat(view.signed(payer.key(), 4)).isEmpty();
            assertThat(FetchedTest.unsigned(handle, new Known(), payer)).containsExactly(1L, 2L, 4L);
            assertThat(view.transfer(hash(after)).orElseThrow().link()).isEqualTo(after.head());
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "note = NULL",
                "via = NULL",
                "via_index = NULL",
                "lo = NULL",
                "hi = NULL",
                "hi = lo",
                "notes = hash",
                "notes = NULL, note = NULL, via = NULL, via_index = NULL, lo = NULL, hi = NULL",
                "notes = '', note = NULL, via = NULL, via_index = NULL, lo = NULL, hi = NULL",
                "notes = substr(hash, 1, 31), note = NULL, via = NULL, via_index = NULL, lo = NULL, hi = NULL"
            })
    void aTransferSaysItsOnlyInputOrItsNotes(String set) {
        Purse payer = purse(a);
        Lineage paid = paid(payer, purse(b), a.load(payer, 1000), new Range(0, 300));
        put(paid.head(), paid.notes().getFirst().hash());
        Jdbi.create(database).useHandle(handle -> {
            handle.execute("ALTER TABLE transfer DISABLE TRIGGER transfer_only_grows");
            assertThatThrownBy(() -> handle.execute("UPDATE transfer SET " + set))
                    .hasMessageContaining("transfer_of_notes");
        });
    }
}
