package org.jiaozi.server.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jiaozi.server.StartFailure;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/** The PostgreSQL programs, unpacked once per version into a cache folder. */
final class PostgresBinaries {
    private PostgresBinaries() {}

    /**
     * Returns the folder that holds {@code bin/postgres}, unpacking the archive first where it is not there yet. Several
     * processes may call this at once: each unpacks beside the target and the first rename wins.
     *
     * @throws StartFailure where no archive for this platform is on the class path, or the cache cannot be written
     */
    static Path unpack(Path cache, Consumer<String> report) {
        String archive = archiveName();
        URL resource = PostgresBinaries.class.getResource("/" + archive);
        if (resource == null) {
            throw new StartFailure("No embedded PostgreSQL for this platform (" + archive
                    + "); give an existing one with --database-url.");
        }
        try {
            Path home = cache.resolve("postgres-" + version(resource));
            if (Files.isExecutable(home.resolve("bin/postgres"))) {
                return home;
            }
            Files.createDirectories(cache);
            Path fresh = Files.createTempDirectory(cache, ".unpacking-");
            try {
                report.accept("Unpacking PostgreSQL into " + home + " (once).");
                Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
                extract(resource, fresh);
                publish(fresh, home);
            } finally {
                deleteTree(fresh);
            }
            return home;
        } catch (IOException e) {
            throw new StartFailure("Cannot unpack PostgreSQL into " + cache + ": " + e, e);
        }
    }

    private static void publish(Path fresh, Path home) throws IOException {
        try {
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // Renaming onto a folder that is not empty fails: another process was first, and its copy is as good.
            if (!Files.isExecutable(home.resolve("bin/postgres"))) {
                throw e;
            }
        }
    }

    private static String archiveName() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String system = os.contains("mac") ? "darwin" : os.contains("linux") ? "linux" : "windows";
        boolean arm = arch.equals("aarch64") || arch.equals("arm64");
        return "postgres-" + system + "-" + (arm ? "arm_64" : "x86_64") + ".txz";
    }

    /** Tells archives apart by the checksum and length that the enclosing jar records, without reading 15 MB. */
    private static String version(URL resource) throws IOException {
        URLConnection connection = resource.openConnection();
        if (connection instanceof JarURLConnection jar) {
            return HexFormat.of().toHexDigits((int) jar.getJarEntry().getCrc());
        }
        return HexFormat.of().toHexDigits(connection.getContentLengthLong());
    }

    private static void extract(URL resource, Path target) throws IOException {
        try (InputStream raw = new BufferedInputStream(resource.openStream(), 1 << 16);
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(raw))) {
            TarArchiveEntry entry;
            while ((entry = tar.getNextEntry()) != null) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("archive entry leaves its folder: " + entry.getName());
                }
                writeEntry(tar, entry, path);
            }
        }
    }

    private static void writeEntry(TarArchiveInputStream tar, TarArchiveEntry entry, Path path) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.resolveSibling(""));
        if (entry.isSymbolicLink()) {
            try {
                Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            } catch (FileAlreadyExistsException e) {
                throw new IOException("archive names a link twice: " + entry.getName(), e);
            }
            return;
        }
        Files.copy(tar, path);
        boolean runs = (entry.getMode() & 0100) != 0;
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(runs ? "rwxr-xr-x" : "rw-r--r--"));
    }

    /** Deletes a folder with all it holds; links are removed, never followed. Missing is fine. */
    static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException problem) throws IOException {
                if (problem != null) {
                    throw problem;
                }
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** The cache that suits this user: {@code $JIAOZI_CACHE}, else {@code $XDG_CACHE_HOME/jiaozi}, else in the home. */
    static Path defaultCache() {
        String own = System.getenv("JIAOZI_CACHE");
        if (own != null && !own.isBlank()) {
            return Path.of(own);
        }
        String xdg = System.getenv("XDG_CACHE_HOME");
        if (xdg != null && !xdg.isBlank()) {
            return Path.of(xdg, "jiaozi");
        }
        // what HOME says goes before the user's entry in the system, as in every other program
        String home = System.getenv("HOME");
        return Path.of(home == null || home.isBlank() ? System.getProperty("user.home") : home, ".cache", "jiaozi");
    }
}
