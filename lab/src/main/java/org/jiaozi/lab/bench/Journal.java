package org.jiaozi.lab.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;

/**
 * What was acknowledged: of each deposit its place and the hash of its answer. What is in it is on the disk, and whoever is
 * killed in the midst of writing finds all but what was being written. Thread-safe.
 */
final class Journal implements AutoCloseable {
    private static final int HASH_BYTES = 32;
    private static final int ENTRY_BYTES = Integer.BYTES + HASH_BYTES + Long.BYTES;

    private final FileChannel file;
    private final Map<Integer, Hash> answers = new HashMap<>();

    private Journal(FileChannel file) {
        this.file = file;
    }

    /** Opens it, or makes an empty one. */
    static Journal open(Path path) throws IOException {
        FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Journal journal = new Journal(file);
        long whole = 0;
        for (ByteBuffer entry = read(file, 0); entry.remaining() == ENTRY_BYTES; entry = read(file, whole)) {
            int place = entry.getInt();
            byte[] hash = new byte[HASH_BYTES];
            entry.get(hash);
            if (entry.getLong() != check(entry)) {
                break;
            }
            journal.answers.put(place, new Hash(Bytes.of(hash)));
            whole += ENTRY_BYTES;
        }
        // what a kill cut off was acknowledged to nobody
        file.truncate(whole);
        file.position(whole);
        return journal;
    }

    private static ByteBuffer read(FileChannel file, long at) throws IOException {
        ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);
        while (entry.hasRemaining() && file.read(entry, at + entry.position()) >= 0) {
            // on to the end
        }
        return entry.flip();
    }

    private static long check(ByteBuffer entry) {
        CRC32 check = new CRC32();
        check.update(entry.duplicate().position(0).limit(Integer.BYTES + HASH_BYTES));
        return check.getValue();
    }

    /** What the deposit at that place was answered with, if it was. */
    synchronized Optional<Hash> answer(int place) {
        return Optional.ofNullable(answers.get(place));
    }

    synchronized int size() {
        return answers.size();
    }

    /** Adds one that is acknowledged from now on. */
    synchronized void add(int place, Hash answer) {
        ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES)
                .putInt(place)
                .put(answer.bytes().toArray());
        entry.putLong(check(entry)).flip();
        try {
            while (entry.hasRemaining()) {
                file.write(entry);
            }
            file.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        answers.put(place, answer);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
