package org.jiaozi.server.central;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jiaozi.bank.registry.Effect.NoteKept;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.server.RememberedStatements;
import org.jiaozi.server.central.Actors.Purse;
import org.jiaozi.server.central.Known.KnownNote;
import org.jiaozi.server.db.Database;
import org.jiaozi.server.postgres.EmbeddedPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered is what would be read, and nothing is remembered of a database that may have gone back in time. */
final class RememberedTest {
    private static final IssuerKeyId ISSUER = new IssuerKeyId(new InstitutionId(1), 0);
    private static final Timestamp NOW = new Timestamp(1_900_000_000);

    private final Signer institution = Actors.signer();
    private final Purse holder = new Purse(ISSUER, institution, NOW);
    private final Signed<Note> note = Actors.note(ISSUER, institution, holder, 1000, new Timestamp(NOW.seconds() + 1));
    private final RememberedStatements memory = new RememberedStatements();

    private Lineage read(Lineage lineage) {
        return LineageCodec.decode(LineageCodec.encode(lineage), LineageBounds.DEPOSIT, memory);
    }

    private Lineage paid(Signed<Note> of) {
        return holder.pay(
                Lineage.of(of),
                new SliceRef(of.hash(), 0),
                institution.publicKey().thumbprint(),
                NOW,
                new Range(0, 300));
    }

    @Test
    void whatManyLineagesShareIsRebuiltOnce() {
        Lineage one = read(paid(note));
        Lineage other = read(paid(note));
        assertThat(other.notes().getFirst()).isSameAs(one.notes().getFirst());
        assertThat(other.head().certificate()).isSameAs(one.head().certificate());
        assertThat(other.head().transfer()).isNotEqualTo(one.head().transfer());
    }

    /** The same signature and fields for another holder or in another currency make another note. */
    @Test
    void whatDiffersInAnythingIsAnother() {
        Note n = note.statement();
        Purse another = new Purse(ISSUER, institution, NOW);
        for (Note differing : List.of(
                new Note(
                        n.issuer(),
                        n.quota(),
                        n.currency(),
                        n.value(),
                        n.expiry(),
                        n.maxHops(),
                        another.key(),
                        n.loadNonce()),
                new Note(
                        n.issuer(),
                        n.quota(),
                        new Currency("USD"),
                        n.value(),
                        n.expiry(),
                        n.maxHops(),
                        n.holder(),
                        n.loadNonce()),
                new Note(
                        n.issuer(),
                        n.quota(),
                        n.currency(),
                        new Amount(n.value().minor() + 1),
                        n.expiry(),
                        n.maxHops(),
                        n.holder(),
                        n.loadNonce()))) {
            Signed<Note> forged = new Signed<>(differing, note.signature());
            assertThat(read(Lineage.of(note)).notes()).containsExactly(note);
            assertThat(read(Lineage.of(forged)).notes()).containsExactly(forged);
        }
    }

    @Test
    void aDatabaseThatWasStartedSinceIsNotKnown(@TempDir Path folder) {
        Known known = new Known();
        on(folder, handle -> {
            known.sure(handle);
            known.found(List.of(new KnownNote(7, new NoteKept(note, false), false)));
            known.committed(Map.of(holder.certificate.hash(), 7L));
            known.counted(holder.key(), 9);
            known.taken(note.hash(), Taken.below(0));
        });
        // the cluster was stopped: what comes under its address may be older than it was
        assertThat(known.note(note.hash())).isPresent();
        on(folder, handle -> {
            known.sure(handle);
            assertThat(known.note(note.hash())).isEmpty();
            assertThat(known.certificate(holder.certificate.hash())).isEmpty();
            assertThat(known.counted(holder.key())).isEmpty();
            assertThat(known.taken(note.hash())).isEmpty();
            known.found(List.of(new KnownNote(8, new NoteKept(note, false), false)));
            known.committed(Map.of());
            known.sure(handle);
            assertThat(known.note(note.hash())).map(KnownNote::serial).contains(8L);
        });
    }

    /** Two servers of one record take turns: what one has put on record the other has not heard of. */
    @Test
    void whatSomebodyElseHasDecidedIsNotKnown(@TempDir Path folder) {
        Known one = new Known();
        Known other = new Known();
        on(folder, handle -> {
            one.sure(handle);
            one.counted(holder.key(), 9);
            one.committed(Map.of());
            one.sure(handle);
            assertThat(one.counted(holder.key())).hasValue(9);
            one.committed(Map.of());
            other.sure(handle);
            one.sure(handle);
            assertThat(one.counted(holder.key())).isEmpty();
        });
    }

    /** Nobody was kept from changing what a transaction read that came to nothing. */
    @Test
    void whatWasReadForNothingIsNotKnown(@TempDir Path folder) {
        Known known = new Known();
        on(folder, handle -> {
            known.sure(handle);
            known.counted(holder.key(), 9);
            known.sure(handle);
            assertThat(known.counted(holder.key())).isEmpty();
        });
    }

    /** A commit that gave no answer may be under way: what is found on record without it does not go together with it. */
    @Test
    void whatMayBeCommittedYetIsKeptApart(@TempDir Path folder) {
        Known known = new Known();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, OptionalInt.empty())) {
            Database.open(postgres.jdbcUrl("postgres"), CentralServer.MIGRATIONS, 1)
                    .close();
            Jdbi jdbi = Jdbi.create(postgres.jdbcUrl("postgres"));
            try (Handle unanswered = jdbi.open();
                    Handle next = jdbi.open()) {
                begin(unanswered, known);
                unanswered.commit();
                known.committed(Map.of());
                begin(unanswered, known);
                unanswered.execute(
                        "INSERT INTO transfer_input (transfer, position, parent, parent_index, lo, hi, note, via)"
                                + " VALUES ('', 0, '', 0, 0, 100, 1, 0)");
                begin(next, known);
                assertThat(next.createQuery("SELECT count(*) FROM transfer_input WHERE note = 1 AND via = 0")
                                .mapTo(Integer.class)
                                .one())
                        .isZero();
                next.commit();
                assertThatThrownBy(unanswered::commit).hasStackTraceContaining("could not serialize");
            }
        }
    }

    private static void begin(Handle handle, Known known) {
        handle.setTransactionIsolationLevel(TransactionIsolationLevel.SERIALIZABLE);
        handle.begin();
        known.sure(handle);
    }

    /** A record that was put back beside the running server: it says who decided last, and is another one. */
    @Test
    void aRecordThatWasRestoredIsNotKnown(@TempDir Path folder) {
        Known known = new Known();
        on(folder, handle -> {
            known.sure(handle);
            known.counted(holder.key(), 9);
            known.committed(Map.of());
            handle.execute("CREATE TABLE restored (LIKE last_writer INCLUDING ALL);"
                    + " INSERT INTO restored SELECT * FROM last_writer; DROP TABLE last_writer;"
                    + " ALTER TABLE restored RENAME TO last_writer");
            known.sure(handle);
            assertThat(known.counted(holder.key())).isEmpty();
        });
    }

    private static void on(Path folder, Consumer<Handle> work) {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, OptionalInt.empty());
                Database database = Database.open(postgres.jdbcUrl("postgres"), CentralServer.MIGRATIONS, 1)) {
            database.useSerializable(work);
        }
    }
}
