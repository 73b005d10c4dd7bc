package org.jiaozi.lab.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jiaozi.cli.CommandFailure;

/** A file system in memory that is small enough to be filled up. */
final class SmallDisk implements AutoCloseable {
    private static final int BLOCK = 1 << 20;

    private final Path root;
    private final Path filler;
    /** Whoever stops the bench cannot wait for those who still use it. */
    private final Thread end;

    private SmallDisk(Path root) {
        this.root = root;
        filler = root.resolve("filler");
        end = Thread.ofPlatform().unstarted(() -> unmount("-l"));
    }

    /** Mounts one in an empty folder; none where that is not permitted. */
    static Optional<SmallDisk> mount(Path at, long bytes) throws InterruptedException {
        if (!Programs.succeed(
                "mount", "-t", "tmpfs", "-o", "mode=0755,size=" + (bytes >> 10) + "k", "tmpfs", at.toString())) {
            return Optional.empty();
        }
        SmallDisk disk = new SmallDisk(at);
        Runtime.getRuntime().addShutdownHook(disk.end);
        return Optional.of(disk);
    }

    Path root() {
        return root;
    }

    /** Leaves so many bytes. */
    void fill(long left) {
        byte[] all = new byte[BLOCK];
        try (OutputStream out = Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (long more = room() - left; more > 0; more = room() - left) {
                out.write(all, 0, (int) Math.min(more, BLOCK));
            }
        } catch (IOException e) {
            // full, as intended, unless nothing was written at all
            if (!Files.exists(filler)) {
                throw new CommandFailure("cannot fill " + root + ": " + e.getMessage(), e);
            }
        }
    }

    private long room() throws IOException {
        return Files.getFileStore(root).getUsableSpace();
    }

    /** Makes room again. */
    void empty() {
        try {
            Files.deleteIfExists(filler);
        } catch (IOException e) {
            throw new CommandFailure("cannot make room on " + root + ": " + e.getMessage(), e);
        }
    }

    private boolean unmount(String... how) {
        List<String> line = new ArrayList<>(List.of("umount"));
        line.addAll(List.of(how));
        line.add(root.toString());
        try {
            return Programs.succeed(line.toArray(String[]::new));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(end);
        if (!unmount()) {
            throw new CommandFailure("cannot unmount " + root);
        }
    }
}
