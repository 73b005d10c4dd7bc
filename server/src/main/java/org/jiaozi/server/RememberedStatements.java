package org.jiaozi.server;

import java.util.function.Supplier;
import org.jiaozi.core.lineage.StatementMemory;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.BoundedCache;

/** The statements of which most lineages are made up, as many as there is room for. Thread-safe. */
public final class RememberedStatements implements StatementMemory {
    /** Bytes of memory for which one of each kind is kept, of which both take some 3,000. */
    private static final long ROOM = 16 << 10;

    private static final int FEWEST = 1 << 12;
    private static final int MOST = 1 << 16;

    private final BoundedCache<Bytes, Signed<PurseCertificate>> certificates;
    private final BoundedCache<Bytes, Signed<Note>> notes;

    /** As many as a part of this process's memory holds. */
    public RememberedStatements() {
        int capacity = Math.clamp(Runtime.getRuntime().maxMemory() / ROOM, FEWEST, MOST);
        certificates = new BoundedCache<>(capacity);
        notes = new BoundedCache<>(capacity);
    }

    @Override
    public Signed<PurseCertificate> certificate(Bytes packed, Supplier<Signed<PurseCertificate>> read) {
        return remembered(certificates, packed, read);
    }

    @Override
    public Signed<Note> note(Bytes packed, Supplier<Signed<Note>> read) {
        return remembered(notes, packed, read);
    }

    private static <T> T remembered(BoundedCache<Bytes, T> held, Bytes packed, Supplier<T> read) {
        T known = held.get(packed);
        if (known == null) {
            known = read.get();
            held.put(packed, known);
        }
        return known;
    }
}
