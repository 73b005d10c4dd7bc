package org.jiaozi.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A disk after a power cut. It is given what a folder held, then every file operation that was traced, one after the other,
 * and says what the folder may hold if the power goes: all that was synced, and of the rest whatever the dice say. A file's
 * content is synced with the file, its name with its folder: nothing else counts. What was written and not synced is kept or
 * lost sector by sector; of names, what was done first in a folder is kept first.
 */
public final class SyncedDisk {
    private static final int SECTOR = 512;

    private final Path root;
    /** By path under the root, as processes see it. */
    private final Map<Path, Node> seen = new TreeMap<>();
    /** As it would be found. */
    private final Map<Path, Node> synced = new TreeMap<>();
    /** By folder: what was done to names in it and is not synced, in order. */
    private final Map<Path, List<Naming>> namings = new LinkedHashMap<>();

    /** A file, or a folder where there is no content. */
    private static final class Node {
        private final boolean folder;
        private byte[] content = new byte[0];
        private byte[] durable = new byte[0];
        private final List<Writing> unsynced = new ArrayList<>();

        Node(boolean folder) {
            this.folder = folder;
        }
    }

    /** Bytes at a place, or a length that a file is given. */
    private static final class Writing {
        private final long at;
        private final byte[] bytes;
        private final boolean length;

        Writing(long at, byte[] bytes, boolean length) {
            this.at = at;
            this.bytes = bytes;
            this.length = length;
        }
    }

    /** A name that comes to mean something, or nothing. */
    private record Naming(Path name, Node node) {}

    private static final Node NOTHING = new Node(false);

    /** A folder as it is now, all of it synced. */
    public SyncedDisk(Path root) throws IOException {
        this.root = root.toAbsolutePath();
        try (Stream<Path> all = Files.walk(this.root)) {
            for (Path path : all.sorted().toList()) {
                Node node = new Node(Files.isDirectory(path));
                if (!node.folder) {
                    node.content = Files.readAllBytes(path);
                    node.durable = node.content;
                }
                seen.put(path, node);
                synced.put(path, node);
            }
        }
    }

    /** A file is opened. */
    public void open(Path path, boolean create, boolean truncate) {
        if (create && !seen.containsKey(path)) {
            name(path, new Node(false));
        } else if (truncate) {
            truncate(path, 0);
        }
    }

    /** A folder is made. */
    public void makeFolder(Path path) {
        name(path, new Node(true));
    }

    /** Bytes are written. */
    public void write(Path path, long at, byte[] bytes) {
        apply(path, new Writing(at, bytes, false));
    }

    /** A file gets a length; what is added is zero. */
    public void truncate(Path path, long length) {
        apply(path, new Writing(length, new byte[0], true));
    }

    /** A file is given room, and is that long at least. */
    public void allocate(Path path, long length) {
        Node node = seen.get(path);
        if (node != null && node.content.length < length) {
            truncate(path, length);
        }
    }

    /** How long a file is, as processes see it. */
    public long length(Path path) {
        Node node = seen.get(path);
        return node == null ? 0 : node.content.length;
    }

    /** A file or folder gets another name, over what has it. */
    public void rename(Path from, Path to) {
        Node node = seen.get(from);
        if (node == null) {
            throw new IllegalStateException("nothing is named " + from);
        }
        if (node.folder) {
            throw new IllegalStateException("a folder is renamed: " + from);
        }
        name(to, node);
        name(from, NOTHING);
    }

    /** A name goes. */
    public void remove(Path path) {
        name(path, NOTHING);
    }

    /** A file with all its content, or the names in a folder. */
    public void sync(Path path) {
        Node node = seen.get(path);
        if (node == null) {
            return; // gone meanwhile, and synced by who had it open
        }
        if (node.folder) {
            namings.getOrDefault(path, new ArrayList<>()).forEach(this::settle);
            namings.remove(path);
        } else {
            node.durable = node.content;
            node.unsynced.clear();
        }
    }

    private void name(Path path, Node node) {
        namings.computeIfAbsent(path.getParent(), p -> new ArrayList<>()).add(new Naming(path, node));
        put(seen, path, node);
    }

    private void settle(Naming naming) {
        put(synced, naming.name(), naming.node());
    }

    private static void put(Map<Path, Node> names, Path path, Node node) {
        if (node == NOTHING) {
            names.remove(path);
        } else {
            names.put(path, node);
        }
    }

    private void apply(Path path, Writing writing) {
        Node node = seen.get(path);
        if (node == null) {
            return; // it has no name any more: nobody finds it again
        }
        node.content = written(node.content, writing);
        node.unsynced.add(writing);
    }

    private static byte[] written(byte[] before, Writing writing) {
        if (writing.length) {
            return Arrays.copyOf(before, Math.toIntExact(writing.at));
        }
        int end = Math.toIntExact(writing.at + writing.bytes.length);
        byte[] after = Arrays.copyOf(before, Math.max(before.length, end));
        System.arraycopy(writing.bytes, 0, after, Math.toIntExact(writing.at), writing.bytes.length);
        return after;
    }

    /**
     * Makes {@code folder}, which must not be there, what the disk is found with.
     *
     * @param dice which of what was not synced is there all the same; null for nothing of it
     */
    public void restore(Path folder, @Nullable Random dice) throws IOException {
        Map<Path, Node> found = new TreeMap<>(synced);
        for (List<Naming> done : namings.values()) {
            int kept = dice == null ? 0 : dice.nextInt(done.size() + 1);
            done.subList(0, kept).forEach(naming -> put(found, naming.name(), naming.node()));
        }
        for (Map.Entry<Path, Node> each : found.entrySet()) {
            Path to = folder.resolve(root.relativize(each.getKey()).toString());
            if (!each.getKey().equals(root) && !Files.isDirectory(to.getParent())) {
                continue; // its folder was not found, and nothing in it
            }
            if (each.getValue().folder) {
                Files.createDirectory(to);
            } else {
                Files.write(to, content(each.getValue(), dice));
            }
        }
    }

    private static byte[] content(Node node, @Nullable Random dice) {
        byte[] content = node.durable;
        if (dice == null) {
            return content;
        }
        for (Writing writing : node.unsynced) {
            switch (dice.nextInt(3)) {
                case 0 -> {} // lost
                case 1 -> content = written(content, writing);
                default -> content = writing.length ? content : torn(content, writing, dice);
            }
        }
        return content;
    }

    private static byte[] torn(byte[] before, Writing writing, Random dice) {
        byte[] content = before;
        byte[] bytes = writing.bytes;
        for (int from = 0; from < bytes.length; ) {
            int to = Math.toIntExact(Math.min(bytes.length, from + SECTOR - (writing.at + from) % SECTOR));
            if (dice.nextBoolean()) {
                content = written(content, new Writing(writing.at + from, Arrays.copyOfRange(bytes, from, to), false));
            }
            from = to;
        }
        return content;
    }
}
