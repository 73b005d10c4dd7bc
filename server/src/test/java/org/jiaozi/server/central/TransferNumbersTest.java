package org.jiaozi.server.central;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Range;
import org.jiaozi.server.central.Actors.Purse;
import org.junit.jupiter.api.Test;

/** Each transfer on record has a number of its own, and each input is on record via that of the transfer that it takes from. */
final class TransferNumbersTest extends CentralServerFixture {
    /** More than one stretch of numbers has. */
    private static final int MANY = 4100;

    private void put(List<Lineage> lineages, Hash note) {
        Jdbi.create(database)
                .useTransaction(
                        TransactionIsolationLevel.SERIALIZABLE,
                        handle -> new EffectWriter(handle, seconds(), new Known())
                                .write(lineages.stream()
                                        .<Effect>map(l -> new TransferRecorded(l.head(), List.of(note)))
                                        .toList()));
    }

    private static long count(Handle handle, String of) {
        return handle.createQuery("SELECT count(*) FROM " + of)
                .mapTo(Long.class)
                .one();
    }

    @Test
    void transfersOfOneLotAndOfSeveralHaveNumbersOfTheirOwn() {
        Purse payer = purse(a);
        Purse payee = purse(b);
        Purse last = purse(a);
        Signed<Note> note = a.load(payer, 2 * MANY);
        List<Lineage> paid = new ArrayList<>();
        List<Lineage> inOneLot = new ArrayList<>();
        List<Lineage> later = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            Range range = new Range(2L * i, 2L * i + 2);
            Lineage payment = payer.pay(Lineage.of(note), new SliceRef(note.hash(), 0), payee.key(), seconds(), range);
            Lineage onward = payee.pay(payment, Actors.head(payment), last.key(), seconds(), range);
            paid.add(payment);
            (i % 2 == 0 ? inOneLot : later).add(onward);
        }
        List<Lineage> first = new ArrayList<>(paid);
        first.addAll(inOneLot);
        put(first, note.hash());
        put(later, note.hash());
        Jdbi.create(database).useHandle(handle -> {
            assertThat(count(handle, "transfer")).isEqualTo(2L * MANY);
            assertThat(count(handle, "(SELECT DISTINCT number FROM transfer) AS each"))
                    .isEqualTo(2L * MANY);
            assertThat(count(handle, "transfer WHERE via = 0")).isEqualTo(MANY);
            assertThat(count(
                            handle,
                            "signed_input i JOIN transfer p ON p.hash = i.parent AND p.number = i.via"
                                    + " WHERE i.via > 0"))
                    .isEqualTo(MANY);
        });
    }
}
