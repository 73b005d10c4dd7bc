package org.jiaozi.cli.wallet.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jiaozi.core.refusal.RefusalCode;
import org.jspecify.annotations.Nullable;

/** One process at a time owns a wallet directory. The system lets go of the lock however the process ends. */
final class DirectoryLock implements AutoCloseable {
    private static final String NAME = "lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the directory, or refuses 605 at once: waiting would hide a process that hangs. */
    static DirectoryLock take(Path directory) {
        try {
            FileChannel channel =
                    FileChannel.open(directory.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new StoreException(RefusalCode.WALLET_IN_USE, directory.toString());
            }
            return new DirectoryLock(channel);
        } catch (IOException e) {
            throw StoreException.of(e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // the lock goes with the process
            return;
        }
    }
}
