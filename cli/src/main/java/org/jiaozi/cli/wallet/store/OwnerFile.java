package org.jiaozi.cli.wallet.store;

import java.io.IOException;
import java.nio.file.Path;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.server.durable.DurableFile;

/** A small file for its owner alone, outside any wallet's directory. */
public final class OwnerFile {
    private OwnerFile() {}

    /**
     * Writes the file whole or not at all, readable by its owner alone from the first byte; when this returns it is on the
     * disk, name included.
     *
     * @throws StoreException 803 if there is no room
     * @throws IOException if it cannot be written for another reason; what was there is untouched
     */
    public static void write(Path file, byte[] content) throws IOException {
        try {
            DurableFile.write(file.toAbsolutePath(), content, DurableFile.Access.OWNER);
        } catch (IOException e) {
            StoreException said = StoreException.of(e);
            if (said.refusal().code() == RefusalCode.STORAGE_FULL) {
                throw said;
            }
            throw e;
        }
    }

    /** Removes it; when this returns it does not come back after a power cut. */
    public static void remove(Path file) throws IOException {
        DurableFile.remove(file);
    }
}
