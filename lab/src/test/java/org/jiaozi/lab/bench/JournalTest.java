package org.jiaozi.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.value.Hash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a killed client finds of what it wrote. */
final class JournalTest {
    private static final int ENTRIES = 3;

    @TempDir
    private Path folder = Path.of("");

    private static Hash answer(int place) {
        return Sha256.hash(new byte[] {(byte) place});
    }

    private Path written() throws IOException {
        Path file = folder.resolve("journal");
        try (Journal journal = Journal.open(file)) {
            for (int i = 0; i < ENTRIES; i++) {
                journal.add(i, answer(i));
            }
        }
        return file;
    }

    private static void holds(Path file, int entries) throws IOException {
        try (Journal journal = Journal.open(file)) {
            assertThat(journal.size()).isEqualTo(entries);
            for (int i = 0; i < entries; i++) {
                assertThat(journal.answer(i)).contains(answer(i));
            }
        }
    }

    /** Wherever the last entry is cut off, those before it are there, and the next one is written after them. */
    @Test
    void whatIsCutOffAtAnyByteIsAsIfItHadNotBeenWritten() throws IOException {
        byte[] whole = Files.readAllBytes(written());
        int entry = whole.length / ENTRIES;
        for (int length = whole.length - entry; length < whole.length; length++) {
            Path file = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, length));
            holds(file, ENTRIES - 1);
            try (Journal journal = Journal.open(file)) {
                journal.add(ENTRIES - 1, answer(ENTRIES - 1));
            }
            holds(file, ENTRIES);
        }
    }

    @Test
    void anEntryOfWhichOneBitDiffersIsNone() throws IOException {
        byte[] whole = Files.readAllBytes(written());
        int entry = whole.length / ENTRIES;
        for (int at = whole.length - entry; at < whole.length; at++) {
            byte[] bent = whole.clone();
            bent[at] ^= 1;
            holds(Files.write(folder.resolve("bent"), bent), ENTRIES - 1);
        }
    }
}
