package org.jiaozi.cli.wallet.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jiaozi.core.refusal.RefusalCode;

/** A small file for its owner alone, outside any wallet's directory. */
public final class OwnerFile {
    private static final String OWNER_ONLY = "rw-------";

    private OwnerFile() {}

    /**
     * Writes the file whole or not at all, readable by its owner alone from the first byte; when this returns it is on the
     * disk, name included.
     *
     * @throws StoreException 803 if there is no room
     * @throws IOException if it cannot be written for another reason; what was there is untouched
     */
    public static void write(Path file, byte[] content) throws IOException {
        Path target = file.toAbsolutePath();
        Path next = target.resolveSibling("." + target.getFileName() + ".new");
        try {
            Files.deleteIfExists(next);
            try (FileChannel out = FileChannel.open(
                    next,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)))) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(next, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            syncFolder(target);
        } catch (IOException e) {
            next.toFile().delete();
            StoreException said = StoreException.of(e);
            if (said.refusal().code() == RefusalCode.STORAGE_FULL) {
                throw said;
            }
            throw e;
        }
    }

    /** Removes it; when this returns it does not come back after a power cut. */
    public static void remove(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            syncFolder(file.toAbsolutePath());
        }
    }

    private static void syncFolder(Path file) throws IOException {
        try (FileChannel entry = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            entry.force(true);
        }
    }
}
