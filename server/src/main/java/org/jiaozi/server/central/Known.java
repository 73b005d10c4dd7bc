package org.jiaozi.server.central;

import java.util.Collection;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.registry.Effect.NoteKept;
import org.jiaozi.core.value.Hash;
import org.jiaozi.crypto.BoundedCache;

/**
 * What is on record and stays as it is, remembered so that the database is not asked again: notes, of which many slices come in,
 * and certificates, under which many transfers do. Only what was found or committed is put here, and nothing is ever removed from
 * the record, so that what is here holds. For one writer; bounded.
 */
final class Known {
    /** Notes and certificates, each; some 60 MB in all. */
    private static final int CAPACITY = 1 << 16;

    /** A note and its place in the record. */
    record KnownNote(long serial, NoteKept kept) {}

    private BoundedCache<Hash, KnownNote> notes = new BoundedCache<>(CAPACITY);
    private BoundedCache<Hash, Boolean> certificates = new BoundedCache<>(CAPACITY);
    private String server = "";

    /**
     * Forgets everything where the database was started since: it may be another one, or have come back without what it had.
     *
     * @param handle of the transaction in which this is used next
     */
    void sure(Handle handle) {
        String now = handle.createQuery("SELECT pg_postmaster_start_time()::text")
                .mapTo(String.class)
                .one();
        if (!now.equals(server)) {
            notes = new BoundedCache<>(CAPACITY);
            certificates = new BoundedCache<>(CAPACITY);
            server = now;
        }
    }

    Optional<KnownNote> note(Hash id) {
        return Optional.ofNullable(notes.get(id));
    }

    /** Found on record. */
    void found(Collection<KnownNote> found) {
        found.forEach(n -> notes.put(n.kept().note().hash(), n));
    }

    boolean certificate(Hash hash) {
        return certificates.get(hash) != null;
    }

    /** Their transaction is committed. */
    void committed(Collection<Hash> more) {
        more.forEach(hash -> certificates.put(hash, true));
    }
}
