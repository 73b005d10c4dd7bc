package org.jiaozi.lab.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders of this process for readers that want a file; gone when it ends. */
final class Scratch {
    private final Path folder;

    Scratch() {
        try {
            folder = Files.createTempDirectory("jiaozi-fuzz-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        folder.toFile().deleteOnExit();
    }

    Path folder() {
        return folder;
    }

    /** The file of that name, holding exactly these bytes. */
    Path file(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            Files.createDirectories(file.getParent());
            file.toFile().deleteOnExit();
        }
        return Files.write(file, content);
    }
}
