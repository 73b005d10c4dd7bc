package org.jiaozi.cli.up;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.server.durable.DurableFile;
import org.jspecify.annotations.Nullable;

/**
 * Where everything of one running whole lies: a folder for each role, {@code postgres}, {@code operators}, {@code logs},
 * {@code run} (process ids), {@code up.json} (settings of the first start) and {@code trust.json} (for wallets).
 */
record DataFolder(Path root) {
    static final String CENTRAL = "central";

    /** The folder, absolute, made on demand. */
    static DataFolder open(Path root) {
        try {
            DurableFile.createFolders(
                    root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
            DataFolder folder = new DataFolder(root.toRealPath());
            for (Path sub : new Path[] {folder.logs(), folder.run(), folder.operators()}) {
                DurableFile.createFolders(
                        sub, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            return folder;
        } catch (IOException e) {
            throw new CommandFailure("cannot use the data folder " + root + ": " + e.getMessage(), e);
        }
    }

    /** The folder of a running whole or one that ran before; it must exist. */
    static DataFolder existing(Path root) {
        if (!Files.exists(root.resolve("up.json"))) {
            throw new CommandFailure("nothing was ever started in " + root + " (jiaozi up --data " + root + ")");
        }
        return at(root);
    }

    /** The folder as it is, if it is there at all. */
    static DataFolder at(Path root) {
        return new DataFolder(root.toAbsolutePath().normalize());
    }

    Path role(String name) {
        return root.resolve(name);
    }

    Path logs() {
        return root.resolve("logs");
    }

    Path run() {
        return root.resolve("run");
    }

    Path operators() {
        return root.resolve("operators");
    }

    /** TLS identity of a role's operator. */
    Path operator(String role) {
        return operators().resolve(role);
    }

    /** TLS identity of whoever watches a role. */
    Path monitor(String role) {
        return operator(role).resolve("monitor");
    }

    Path settings() {
        return root.resolve("up.json");
    }

    Path trust() {
        return root.resolve("trust.json");
    }

    Path postgres() {
        return root.resolve("postgres");
    }

    /** Whether databases of its own lie here. */
    boolean hasCluster() {
        return Files.exists(postgres().resolve("pgdata"));
    }

    /** Whether a central bank with the keys in here has had a database. */
    boolean hasServed() {
        return Files.exists(role(CENTRAL).resolve("database.id"));
    }

    /** Holds the folder for this process; whoever else starts here is told so. */
    FileChannel lock() {
        try {
            FileChannel channel =
                    FileChannel.open(root.resolve("up.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            @Nullable FileLock lock = null;
            try {
                lock = channel.tryLock();
            } catch (OverlappingFileLockException e) {
                // held by this very process: the answer is the same
            }
            if (lock == null) {
                channel.close();
                throw new CommandFailure(
                        "servers already run in " + root + " (jiaozi down --data " + root + " ends them)");
            }
            return channel;
        } catch (IOException e) {
            throw new CommandFailure("cannot use the data folder " + root + ": " + e.getMessage(), e);
        }
    }

    /** Writes a file whole or not at all. */
    static void write(Path file, String text) {
        try {
            DurableFile.write(file, text.getBytes(StandardCharsets.UTF_8), DurableFile.Access.USUAL);
        } catch (IOException e) {
            throw new CommandFailure("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
