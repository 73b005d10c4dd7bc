package org.jiaozi.crypto.vectors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the specification's vectors are. */
final class VectorFiles {
    private VectorFiles() {}

    static Path folder() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(here.resolve("spec"))) {
            here = here.getParent();
            if (here == null) {
                throw new IllegalStateException("spec/ is not above the working directory");
            }
        }
        return here.resolve("spec/vectors");
    }

    static String read(String name) throws IOException {
        return Files.readString(folder().resolve(name));
    }
}
