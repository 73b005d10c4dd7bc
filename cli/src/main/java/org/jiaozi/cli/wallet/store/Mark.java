package org.jiaozi.cli.wallet.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jiaozi.server.durable.DurableFile;

/**
 * The anti-rollback mark of one wallet: a counter in a file outside the wallet's directory, so that a directory restored
 * from an old copy is found out. A copy of both is a clone, which evidence convicts.
 */
public final class Mark {
    private static final int LONGEST = 32;

    private final Path file;

    /**
     * @param folder where marks lie
     * @param wallet the wallet's id
     */
    public Mark(Path folder, String wallet) {
        this.file = folder.toAbsolutePath().resolve(wallet);
    }

    /** The counter; empty if there is none, or none that can be read: both unmask a copy. */
    OptionalLong read() {
        try (InputStream in = Files.newInputStream(file)) {
            // what is no ASCII comes out as something that is no digit
            String text = new String(in.readNBytes(LONGEST + 1), StandardCharsets.US_ASCII).strip();
            return text.length() <= LONGEST && text.matches("[0-9]{1,18}")
                    ? OptionalLong.of(Long.parseLong(text))
                    : OptionalLong.empty();
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        } catch (IOException e) {
            throw StoreException.of(e);
        }
    }

    /** Makes {@code value} durable: after a crash the file holds the old value or the new one. */
    void write(long value) {
        try {
            DurableFile.createFolders(file.getParent());
            DurableFile.write(file, (value + "\n").getBytes(StandardCharsets.US_ASCII), DurableFile.Access.USUAL);
        } catch (IOException e) {
            throw StoreException.of(e);
        }
    }
}
