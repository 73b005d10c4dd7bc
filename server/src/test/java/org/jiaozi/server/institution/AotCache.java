package org.jiaozi.server.institution;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * What a virtual machine needs to start sooner: the classes that another one had loaded when it ended, linked. Killed servers
 * start dozens of times. A virtual machine takes such a cache for jars only, so folders of classes are packed first.
 */
final class AotCache {
    private final Path folder;
    private final Path cache;
    private final String classPath;
    private final boolean used;
    private boolean learnt;

    /** Packs the classes of this process. */
    AotCache(Path folder) {
        this(folder, true);
    }

    /** Without a cache: making one takes longer than a few starts save. */
    static AotCache none(Path folder) {
        return new AotCache(folder, false);
    }

    private AotCache(Path folder, boolean used) {
        this.used = used;
        this.folder = folder;
        this.cache = folder.resolve("servers.aot");
        List<String> packed = new ArrayList<>();
        for (String each : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(each);
            packed.add(Files.isDirectory(path) ? pack(path, packed.size()).toString() : each);
        }
        classPath = String.join(File.pathSeparator, packed);
    }

    private Path pack(Path classes, int number) {
        Path jar = folder.resolve("classes-" + number + ".jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream all = new JarOutputStream(out);
                Stream<Path> files = Files.walk(classes)) {
            // folders, too: migrations are found by theirs
            for (Path file : files.filter(f -> !f.equals(classes)).sorted().toList()) {
                boolean isFolder = Files.isDirectory(file);
                all.putNextEntry(new JarEntry(classes.relativize(file) + (isFolder ? "/" : "")));
                if (!isFolder) {
                    Files.copy(file, all);
                }
                all.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return jar;
    }

    /** Whether the next one is to be ended in order, so that others start by what it learnt. */
    boolean learns() {
        return used && !learnt;
    }

    /** The options of the next virtual machine. */
    List<String> options() {
        if (!used) {
            return List.of("-cp", classPath);
        }
        return List.of(learnt ? "-XX:AOTCache=" + cache : "-XX:AOTCacheOutput=" + cache, "-cp", classPath);
    }

    /** One that had to learn has ended. */
    void learnt() {
        if (!Files.exists(cache)) {
            throw new AssertionError("a virtual machine ended and left no cache");
        }
        learnt = true;
    }
}
