package org.jiaozi.server.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.OptionalInt;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.durable.DurableFile;
import org.jspecify.annotations.Nullable;

/**
 * The files of one cluster: {@code pgdata/}, {@code postgres.log}, {@code postgres.port}, {@code postgres.password}
 * (owner only) and {@code postgres.lock}, which one process at a time holds.
 */
final class ClusterFolder implements AutoCloseable {
    private final Path root;
    private final FileChannel lockFile;

    private ClusterFolder(Path root, FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    /**
     * Opens the folder for this process alone, creating it where it is missing.
     *
     * @throws StartFailure where another process has it open
     */
    static ClusterFolder open(Path folder) throws IOException {
        DurableFile.createFolders(folder);
        Path root = folder.toRealPath();
        FileChannel channel =
                FileChannel.open(root.resolve("postgres.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        @Nullable FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by this very process: the answer below is the same.
        }
        if (lock == null) {
            channel.close();
            throw new StartFailure("The data folder " + root + " is in use by another process.");
        }
        return new ClusterFolder(root, channel);
    }

    Path root() {
        return root;
    }

    Path cluster() {
        return root.resolve("pgdata");
    }

    Path log() {
        return root.resolve("postgres.log");
    }

    /** The password of the cluster's only user, made on first use. */
    String password() throws IOException {
        Path file = root.resolve("postgres.password");
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            byte[] random = new byte[24];
            new SecureRandom().nextBytes(random);
            writePrivately(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
            return Files.readString(file).strip();
        }
    }

    /**
     * The port to listen on: the wanted one; else the one used last time, where it is free; else any free one.
     *
     * @throws StartFailure where the wanted port is taken
     */
    int choosePort(OptionalInt wanted) throws IOException {
        if (wanted.isPresent()) {
            if (!isFree(wanted.getAsInt())) {
                throw new StartFailure(
                        "Port " + wanted.getAsInt() + " on 127.0.0.1 is taken; PostgreSQL needs another.");
            }
            return wanted.getAsInt();
        }
        try {
            int last = Integer.parseInt(Files.readString(portFile()).strip());
            if (isFree(last)) {
                return last;
            }
        } catch (NoSuchFileException | NumberFormatException e) {
            // First start, or a file cut off by a crash: any port serves.
        }
        return freePort();
    }

    void rememberPort(int port) throws IOException {
        writePrivately(portFile(), Integer.toString(port));
    }

    private Path portFile() {
        return root.resolve("postgres.port");
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.isBound();
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Writes a file that only its owner reads, whole or not at all. */
    private static void writePrivately(Path file, String text) throws IOException {
        DurableFile.write(file, (text + "\n").getBytes(StandardCharsets.US_ASCII), DurableFile.Access.OWNER);
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
