package org.jiaozi.cli.wallet.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jiaozi.core.value.Bytes;

/**
 * Room on the disk for what must be written later, taken by a file before anything is begun. Of no meaning once its process
 * has ended: what a kill leaves is taken over.
 */
final class Room implements AutoCloseable {
    private static final String NAME = "room";

    private final Path file;

    private Room(Path file) {
        this.file = file;
    }

    /** Takes as much as this in a wallet's directory, or refuses 803; what can be packed smaller takes less. */
    static Room take(Path directory, Bytes random) {
        Room room = new Room(directory.resolve(NAME));
        try {
            Files.write(room.file, random.toArray());
            return room;
        } catch (IOException e) {
            room.give();
            throw StoreException.of(e);
        }
    }

    /** Gives it to whoever writes next. */
    void give() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // taken over next time
            return;
        }
    }

    @Override
    public void close() {
        give();
    }
}
