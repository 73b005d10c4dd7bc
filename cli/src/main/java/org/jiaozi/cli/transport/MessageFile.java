package org.jiaozi.cli.transport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jiaozi.cli.output.Reason;
import org.jiaozi.cli.transport.TransportException.Kind;
import org.jiaozi.server.durable.DurableFile;

/**
 * A message as a plain file: exactly its bytes, nothing around them, so that whatever reads files can carry it.
 * Truncation is for the protocol to notice: every message is signed.
 */
public final class MessageFile {
    private MessageFile() {}

    /**
     * Writes the message so that, after a crash at any moment, the file is the old one or the new one and whole.
     *
     * @throws TransportException if it cannot be written; what was there is untouched
     */
    public static void write(Path file, byte[] message) {
        writeAtomically(file, Transport.checkSize(message), true);
    }

    /**
     * Reads one message.
     *
     * @throws TransportException if there is no such file, it is empty, or over {@link Transport#MAX_MESSAGE_BYTES}
     */
    public static byte[] read(Path file) {
        byte[] message = readBounded(file, Transport.MAX_MESSAGE_BYTES);
        if (message.length == 0) {
            throw new TransportException(Kind.UNREADABLE, file + " is empty: have it written again");
        }
        return message;
    }

    static byte[] readBounded(Path file, int maxBytes) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new TransportException(
                        Kind.TOO_LARGE, file + " has over " + maxBytes + " bytes: it is not what this expects");
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new TransportException(Kind.CLOSED, "there is no file " + file + ": check the name", e);
        } catch (IOException e) {
            throw new TransportException(Kind.IO, "cannot read " + file + ": " + Reason.of(e), e);
        }
    }

    /** Without {@code durable} a power cut may lose the file, though a reader still never sees half of one. */
    static void writeAtomically(Path file, byte[] bytes, boolean durable) {
        Path target = file.toAbsolutePath();
        Path folder = target.getParent();
        if (folder == null || Files.isDirectory(target)) {
            throw new TransportException(Kind.IO, file + " is a folder: name a file");
        }
        // In the same folder, because a rename is atomic only within one file system.
        Path temporary = folder.resolve(
                "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
        try {
            if (durable) {
                DurableFile.createFolders(folder);
                DurableFile.write(target, temporary, bytes, DurableFile.Access.USUAL);
            } else {
                Files.createDirectories(folder);
                Files.write(temporary, bytes);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            deleteQuietly(temporary);
            throw new TransportException(
                    Kind.IO, "cannot write " + file + " (" + Reason.of(e) + "): check the disk and try again", e);
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The failure that led here is the one worth telling.
            return;
        }
    }
}
