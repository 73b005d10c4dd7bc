package org.jiaozi.core.lineage;

import java.util.function.Supplier;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;

/**
 * Remembers certificates and notes by their packed bytes, for a reader of many lineages: the same ones come again and again, and
 * rebuilding what was signed is most of the work of reading. What is remembered follows from the bytes alone, so that a memory
 * changes nothing but how long it takes. Implementations are thread-safe and bounded.
 */
public interface StatementMemory {
    /** Remembers nothing. */
    StatementMemory NONE = new StatementMemory() {
        @Override
        public Signed<PurseCertificate> certificate(Bytes packed, Supplier<Signed<PurseCertificate>> read) {
            return read.get();
        }

        @Override
        public Signed<Note> note(Bytes packed, Supplier<Signed<Note>> read) {
            return read.get();
        }
    };

    /**
     * The certificate that these bytes make.
     *
     * @param packed all that it follows from
     * @param read makes it where it is not remembered; what it throws is passed on
     */
    Signed<PurseCertificate> certificate(Bytes packed, Supplier<Signed<PurseCertificate>> read);

    /** The note that these bytes make, likewise. */
    Signed<Note> note(Bytes packed, Supplier<Signed<Note>> read);
}
