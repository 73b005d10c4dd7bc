package org.jiaozi.server.durable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * Files that a power cut must not take. What a call did is on the disk when it returns, names included: a rename that its
 * folder was not synced after may be undone by the cut, and what was done since with the file's content is then without it.
 */
public final class DurableFile {
    private DurableFile() {}

    /** Who may read a file, from its first byte on. */
    public enum Access {
        /** As the system sets it for this user. */
        USUAL,
        /** Its owner alone. */
        OWNER,
        /** Everybody; its owner writes. */
        EVERYBODY;

        private FileAttribute<?>[] attributes() {
            return switch (this) {
                case USUAL -> new FileAttribute<?>[0];
                case OWNER -> permissions("rw-------");
                case EVERYBODY -> permissions("rw-r--r--");
            };
        }

        private static FileAttribute<?>[] permissions(String text) {
            return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text))};
        }
    }

    /**
     * Writes the file whole or not at all.
     *
     * @throws IOException if it cannot be written; what was there is untouched
     */
    public static void write(Path file, byte[] content, Access access) throws IOException {
        write(file, file.resolveSibling("." + file.getFileName() + ".new"), content, access);
    }

    /** The same, by way of {@code temporary}, which lies in the same folder; what a kill left there is overwritten. */
    public static void write(Path file, Path temporary, byte[] content, Access access) throws IOException {
        try {
            Files.deleteIfExists(temporary);
            DurableSteps.pass("write", () -> {
                try (FileChannel out = FileChannel.open(
                        temporary,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        access.attributes())) {
                    ByteBuffer bytes = ByteBuffer.wrap(content);
                    while (bytes.hasRemaining()) {
                        out.write(bytes);
                    }
                    out.force(true);
                }
            });
            rename(temporary, file);
        } catch (IOException e) {
            temporary.toFile().delete();
            throw e;
        }
    }

    /** Renames a file or folder within its folder, over what has that name. */
    public static void rename(Path from, Path to) throws IOException {
        DurableSteps.pass("rename", () -> {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            syncFolderOf(to);
        });
    }

    /** Removes a file, if it is there: it does not come back. */
    public static void remove(Path file) throws IOException {
        if (Files.exists(file)) {
            DurableSteps.pass("remove", () -> {
                Files.deleteIfExists(file);
                syncFolderOf(file);
            });
        }
    }

    /** Makes a folder with all that it lies in, as far as they are not there. */
    public static void createFolders(Path folder, FileAttribute<?>... attributes) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path at = folder.toAbsolutePath(); at != null && !Files.isDirectory(at); at = at.getParent()) {
            missing.push(at);
        }
        if (missing.isEmpty()) {
            return;
        }
        DurableSteps.pass("folder", () -> {
            Files.createDirectories(folder, attributes);
            for (Path made : missing) {
                syncFolderOf(made);
            }
        });
    }

    private static void syncFolderOf(Path file) throws IOException {
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
