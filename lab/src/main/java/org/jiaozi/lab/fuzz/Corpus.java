package org.jiaozi.lab.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.value.Bytes;

/**
 * Inputs of targets. What is committed is one text for each target: an input a line in hexadecimal, after {@code #} a
 * remark; inputs that once were findings stay in it for ever. On disk a corpus is a folder of one file an input, as
 * Jazzer wants it.
 */
public final class Corpus {
    private static final String COMMITTED = "corpus/";

    private Corpus() {}

    /** The committed inputs of a target, none if it has none. */
    public static List<byte[]> committed(String target) {
        try (InputStream in = Corpus.class.getResourceAsStream(COMMITTED + target + ".txt")) {
            return in == null ? List.of() : parse(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<byte[]> parse(String text) {
        return text.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> HexFormat.of().parseHex(line.strip()))
                .toList();
    }

    /** What lies in a folder, none if there is no folder. */
    static List<byte[]> in(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().map(Corpus::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts an input into a folder, under a name that says what it is; returns the file. */
    static Path put(Path folder, byte[] input) {
        try {
            Files.createDirectories(folder);
            String name = Sha256.hash(Bytes.of(input)).bytes().hex().substring(0, 16);
            return Files.write(folder.resolve(name), input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
