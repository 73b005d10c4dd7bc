package org.jiaozi.server.central;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.registry.Effect.NoteKept;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.crypto.BoundedCache;

/**
 * What is on record and stays as it is, remembered so that the database is not asked again: notes, of which many slices come in,
 * and certificates, under which many transfers do. Only what was found or committed is put here, and nothing is ever removed from
 * the record, so that what is here holds. What may change, whether a claim took something of a note, what transfers took of it, and
 * how far a key has counted, changes here before it does on record. For one writer; bounded.
 */
final class Known {
    /** Notes, what is taken of them, certificates and keys, each; some 70 MB in all, and 40 more where notes are in many parts. */
    private static final int CAPACITY = 1 << 16;

    /**
     * A note and its place in the record.
     *
     * @param claimed whether some of it may have been paid to a claim, for which no transfer need be on record
     */
    record KnownNote(long serial, NoteKept kept, boolean claimed) {
        /** Minor units. */
        long value() {
            return kept.note().statement().value().minor();
        }
    }

    private BoundedCache<Hash, KnownNote> notes = new BoundedCache<>(CAPACITY);
    private BoundedCache<Hash, Taken> taken = new BoundedCache<>(CAPACITY);
    private BoundedCache<Hash, Long> certificates = new BoundedCache<>(CAPACITY);
    private BoundedCache<Thumbprint, Long> counted = new BoundedCache<>(CAPACITY);
    private final String me = UUID.randomUUID().toString();
    private String server = "";
    /** Whether what was found may be of a transaction that came to nothing: then no other was kept from changing it. */
    private boolean open;

    /**
     * Forgets everything where the database was started or restored since: it may be another one, or have come back without what
     * it had. So it does where the last transaction was not committed, or somebody else has decided since, in another process
     * that serves the same record.
     *
     * @param handle of the serializable transaction in which this is used next
     */
    void sure(Handle handle) {
        String now = handle.createQuery(
                        "SELECT pg_postmaster_start_time() || ' ' || 'last_writer'::regclass::oid || ' '"
                                + " || (SELECT oid FROM pg_database WHERE datname = current_database()) AS server")
                .mapTo(String.class)
                .one();
        boolean last = handle.createQuery("SELECT EXISTS (SELECT 1 FROM last_writer WHERE who = :me)")
                .bind("me", me)
                .mapTo(Boolean.class)
                .one();
        boolean doubtful = open || !last || !now.equals(server);
        if (doubtful) {
            forget();
        }
        open = true;
        server = now;
        if (doubtful) {
            // also where it names this one: a transaction of its own that gave no answer may be committed yet. That one
            // has
            // read this row, so that the database does not let both be committed
            handle.createUpdate("INSERT INTO last_writer (who) VALUES (:me) ON CONFLICT (only_one)"
                            + " DO UPDATE SET who = EXCLUDED.who")
                    .bind("me", me)
                    .execute();
        }
    }

    private void forget() {
        notes = new BoundedCache<>(CAPACITY);
        taken = new BoundedCache<>(CAPACITY);
        certificates = new BoundedCache<>(CAPACITY);
        counted = new BoundedCache<>(CAPACITY);
    }

    Optional<KnownNote> note(Hash id) {
        return Optional.ofNullable(notes.get(id));
    }

    /** Found on record. */
    void found(Collection<KnownNote> found) {
        found.forEach(n -> notes.put(n.kept().note().hash(), n));
    }

    /** Some of it is about to be paid to a claim. */
    void claimed(Hash id) {
        note(id).ifPresent(n -> notes.put(id, new KnownNote(n.serial(), n.kept(), true)));
    }

    /** Where transfers on record take something of a note itself; nothing where that is not known. */
    Optional<Taken> taken(Hash note) {
        return Optional.ofNullable(taken.get(note));
    }

    /** Found on record: beyond it they take nothing of it. */
    void taken(Hash note, Taken found) {
        taken.put(note, found);
    }

    /** A transfer that takes this of it is about to be put on record. */
    void takes(Hash note, Range range) {
        taken(note).ifPresent(before -> taken.put(note, before.and(range)));
    }

    /** No transfer on record has a higher sequence number of this key; nothing where that is not known. */
    OptionalLong counted(Thumbprint signer) {
        Long number = counted.get(signer);
        return number == null ? OptionalLong.empty() : OptionalLong.of(number);
    }

    /** Found on record to be its highest. */
    void counted(Thumbprint signer, long number) {
        counted.put(signer, number);
    }

    /** A transfer with this number is about to be put on record. */
    void counts(Thumbprint signer, long number) {
        Long before = counted.get(signer);
        if (before != null && before < number) {
            counted.put(signer, number);
        }
    }

    /** The number of a certificate on record; nothing where that is not known. */
    Optional<Long> certificate(Hash hash) {
        return Optional.ofNullable(certificates.get(hash));
    }

    /** The transaction in which this was used is committed; these certificates are on record with it. */
    void committed(Map<Hash, Long> more) {
        open = false;
        more.forEach(certificates::put);
    }
}
