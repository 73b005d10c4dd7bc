package org.jiaozi.server.central;

import java.util.Collection;
import java.util.Optional;
import org.jiaozi.bank.registry.Effect.NoteKept;
import org.jiaozi.core.value.Hash;
import org.jiaozi.crypto.BoundedCache;

/**
 * What is on record and stays as it is, remembered so that the database is not asked again: notes, of which many slices come in,
 * and certificates, under which many transfers do. Only what was found or committed is put here, and nothing is ever removed from
 * the record, so that what is here holds. Thread-safe, bounded.
 */
final class Known {
    /** Notes and certificates, each; some 60 MB in all. */
    private static final int CAPACITY = 1 << 16;

    /** A note and its place in the record. */
    record KnownNote(long serial, NoteKept kept) {}

    private final BoundedCache<Hash, KnownNote> notes = new BoundedCache<>(CAPACITY);
    private final BoundedCache<Hash, Boolean> certificates = new BoundedCache<>(CAPACITY);

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
