package org.jiaozi.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The file operations of processes as {@code strace} wrote them down, one after the other. */
public final class FileTrace {
    /** What a process does to files; anything that could make one durable and is not named here would be missed. */
    private static final String CALLS =
            "open,openat,creat,write,pwrite64,writev,pwritev,pwritev2,fsync,fdatasync,sync,syncfs,"
                    + "msync,truncate,ftruncate,fallocate,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,link,linkat,"
                    + "symlink,symlinkat,lseek,copy_file_range,sendfile,access,stat,newfstatat,statx,io_uring_setup";

    private static final Pattern LINE = Pattern.compile("(\\d+) +(\\w+)\\((.*)\\) += (-?\\d+)(.*)");
    private static final Pattern OPEN_END = Pattern.compile("(\\d+) +(.*) <unfinished \\.\\.\\.>");
    private static final Pattern RESUMED = Pattern.compile("(\\d+) +<\\.\\.\\. \\w+ resumed>(.*)");
    private static final Pattern DESCRIPTOR = Pattern.compile("(-?\\d+|AT_FDCWD)(?:<([^>]*)>)?");
    private static final Pattern TEXT = Pattern.compile("\"((?:\\\\x[0-9a-f]{2})*)\"(\\.\\.\\.)?");

    private FileTrace() {}

    /** One call that succeeded, or a look for a name that is not there. */
    private record Call(String name, String arguments, long result, String rest) {}

    /** The same for processes that run already: {@code -p} and a number follow for each. */
    public static List<String> attachedInto(Path to) {
        return into(to).stream().filter(word -> !word.equals("--seccomp-bpf")).toList();
    }

    /** Puts the program on a command line that is traced into {@code to}. */
    public static List<String> into(Path to) {
        return List.of(
                "strace",
                "-f",
                "-y",
                "-xx",
                "-s",
                "2000000",
                "--seccomp-bpf",
                "-e",
                "signal=none",
                "-e",
                "trace=" + CALLS,
                "-o",
                to.toString());
    }

    /** What was done to one folder, in order. */
    public static final class History {
        private final List<Consumer<SyncedDisk>> done = new ArrayList<>();
        private final List<Integer> signs = new ArrayList<>();
        private final Map<Integer, Path> syncs = new TreeMap<>();

        /** How many operations there were. */
        public int size() {
            return done.size();
        }

        /** How many there were before each sign. */
        public List<Integer> signs() {
            return List.copyOf(signs);
        }

        /** How many there were before each time that something under a folder was made durable. */
        public List<Integer> syncs(Path under) {
            return syncs.entrySet().stream()
                    .filter(e -> e.getValue().startsWith(under))
                    .map(Map.Entry::getKey)
                    .toList();
        }

        /** How many there were before the last sign. */
        public int sign() {
            return signs.getLast();
        }

        /** Does them to a disk, from one to before another. */
        public void replay(SyncedDisk disk, int from, int to) {
            done.subList(from, to).forEach(each -> each.accept(disk));
        }
    }

    /**
     * Reads what was done to each of the folders.
     *
     * @param signs the beginning of a name that is looked for and not there, by which the process says that it comes to
     *     something with the folder whose number follows
     * @param here where processes look for a name that says nothing of where
     */
    public static List<History> read(Path trace, List<Path> folders, String signs, Path here) throws IOException {
        Map<Path, History> histories = new HashMap<>();
        List<History> all = new ArrayList<>();
        for (Path folder : folders) {
            all.add(new History());
            histories.put(folder.toAbsolutePath(), all.getLast());
        }
        Map<String, String> begun = new HashMap<>();
        Replay replay = new Replay(histories, here);
        try (BufferedReader lines = Files.newBufferedReader(trace, StandardCharsets.US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher unfinished = OPEN_END.matcher(line);
                if (unfinished.matches()) {
                    begun.put(unfinished.group(1), unfinished.group(2));
                    continue;
                }
                Matcher resumed = RESUMED.matcher(line);
                if (resumed.matches()) {
                    line = resumed.group(1) + " " + begun.remove(resumed.group(1)) + resumed.group(2);
                }
                Matcher whole = LINE.matcher(line);
                if (whole.matches()) {
                    Call call =
                            new Call(whole.group(2), whole.group(3), Long.parseLong(whole.group(4)), whole.group(5));
                    if (call.result() >= 0) {
                        replay.call(call);
                    } else if (call.rest().contains("ENOENT")) {
                        texts(call.arguments()).stream()
                                .filter(t -> t.startsWith(signs))
                                .forEach(t -> {
                                    History history = all.get(Integer.parseInt(t.substring(signs.length())));
                                    history.signs.add(history.done.size());
                                });
                    }
                }
            }
        }
        return all;
    }

    private static List<String> texts(String arguments) {
        List<String> texts = new ArrayList<>();
        Matcher text = TEXT.matcher(arguments);
        while (text.find()) {
            texts.add(new String(bytes(text.group(1)), StandardCharsets.UTF_8));
        }
        return texts;
    }

    private static byte[] bytes(String escaped) {
        return HexFormat.of().parseHex(escaped.replace("\\x", ""));
    }

    private static final class Replay {
        private final Map<Path, History> histories;
        private final Path here;
        /** Where the next plain write of a descriptor goes. */
        private final Map<String, Long> positions = new HashMap<>();

        Replay(Map<Path, History> histories, Path here) {
            this.histories = histories;
            this.here = here;
        }

        private void call(Call call) {
            String a = call.arguments();
            switch (call.name()) {
                case "open", "openat", "creat" -> {
                    Matcher made = DESCRIPTOR.matcher(call.result() + call.rest());
                    Path path = made.lookingAt() ? path(made.group(2)) : null;
                    if (of(path)) {
                        if (a.contains("O_SYNC") || a.contains("O_DSYNC")) {
                            throw new IllegalStateException("opened to be synced at every write: " + path);
                        }
                        if (!a.contains("O_DIRECTORY")) {
                            boolean create = a.contains("O_CREAT");
                            boolean truncate = a.contains("O_TRUNC");
                            note(path, d -> d.open(path, create, truncate));
                        }
                        positions.put(call.result() + " " + path, a.contains("O_APPEND") ? -1L : 0L);
                    }
                }
                case "write" ->
                    file(a, path -> {
                        String key = a.replaceFirst("<.*", "") + " " + path;
                        long at = positions.getOrDefault(key, 0L);
                        byte[] bytes = data(a, call.result());
                        note(path, d -> d.write(path, at < 0 ? d.length(path) : at, bytes));
                        positions.put(key, at < 0 ? at : at + bytes.length);
                    });
                case "lseek" ->
                    file(
                            a,
                            path -> positions.computeIfPresent(
                                    a.replaceFirst("<.*", "") + " " + path, (k, at) -> at < 0 ? at : call.result()));
                case "pwrite64", "pwritev", "pwritev2" ->
                    file(a, path -> {
                        long at = offset(call);
                        byte[] bytes = data(a, call.result());
                        note(path, d -> d.write(path, at, bytes));
                    });
                case "fsync", "fdatasync" ->
                    file(a, path -> {
                        History history = Objects.requireNonNull(history(path));
                        history.syncs.put(history.size(), path);
                        note(path, d -> d.sync(path));
                    });
                case "ftruncate" -> file(a, path -> note(path, d -> d.truncate(path, number(a, 1))));
                case "fallocate" -> file(a, path -> note(path, d -> d.allocate(path, number(a, 2) + number(a, 3))));
                case "truncate" -> named(call, 0, path -> note(path, d -> d.truncate(path, number(a, 1))));
                case "unlink", "unlinkat", "rmdir" -> named(call, 0, path -> note(path, d -> d.remove(path)));
                case "mkdir", "mkdirat" -> named(call, 0, path -> note(path, d -> d.makeFolder(path)));
                case "rename", "renameat", "renameat2" -> {
                    Path from = named(call, 0);
                    Path to = named(call, 1);
                    if (of(from) || of(to)) {
                        note(to, d -> d.rename(from, to));
                    }
                }
                case "writev", "copy_file_range", "sendfile", "msync" ->
                    file(a, path -> {
                        throw new IllegalStateException(call.name() + " of " + path);
                    });
                case "link", "linkat", "symlink", "symlinkat" ->
                    named(call, 1, path -> {
                        throw new IllegalStateException(call.name() + " to " + path);
                    });
                case "sync", "syncfs", "io_uring_setup" -> throw new IllegalStateException(call.name());
                default -> {} // a look
            }
        }

        private interface Act {
            void on(Path path);
        }

        private boolean of(@Nullable Path path) {
            return path != null && history(path) != null;
        }

        private @Nullable History history(Path path) {
            for (Path at = path; at != null; at = at.getParent()) {
                History found = histories.get(at);
                if (found != null) {
                    return found;
                }
            }
            return null;
        }

        private void note(Path path, Consumer<SyncedDisk> done) {
            Objects.requireNonNull(history(path)).done.add(done);
        }

        /** A call whose first argument is an open file. */
        private void file(String arguments, Act act) {
            Matcher descriptor = DESCRIPTOR.matcher(arguments);
            if (descriptor.lookingAt()) {
                Path path = path(descriptor.group(2));
                if (of(path)) {
                    act.on(path);
                }
            }
        }

        private void named(Call call, int index, Act act) {
            Path path = named(call, index);
            if (of(path)) {
                act.on(path);
            }
        }

        /** The name that is given {@code index}th, beside the folder it is looked for in. */
        private Path named(Call call, int index) {
            Path name = Path.of(texts(call.arguments()).get(index));
            if (name.isAbsolute()) {
                return name.normalize();
            }
            Matcher at = DESCRIPTOR.matcher(call.arguments());
            for (int i = 0; at.find(); i++) {
                if (at.group(2) != null && i >= index) {
                    return path(at.group(2)).resolve(name).normalize();
                }
            }
            return here.resolve(name).normalize();
        }

        private static @Nullable Path path(@Nullable String escaped) {
            if (escaped == null || !escaped.startsWith("\\x2f")) {
                return null;
            }
            try {
                return Path.of(new String(bytes(escaped.replaceFirst("[^\\\\x0-9a-f].*", "")), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                return null; // no file
            }
        }

        private static byte[] data(String arguments, long result) {
            java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
            Matcher text = TEXT.matcher(arguments);
            while (text.find()) {
                if (text.group(2) != null) {
                    throw new IllegalStateException("a write that is longer than what is traced of it");
                }
                all.writeBytes(bytes(text.group(1)));
            }
            byte[] data = all.toByteArray();
            if (data.length < result) {
                throw new UncheckedIOException(new IOException(data.length + " bytes traced of " + result));
            }
            return java.util.Arrays.copyOf(data, Math.toIntExact(result));
        }

        private static long offset(Call call) {
            String[] parts = call.arguments().split(", ", -1);
            int last = parts.length - 1;
            return Long.decode(parts[call.name().equals("pwritev2") ? last - 1 : last]);
        }

        private static long number(String arguments, int index) {
            return Long.decode(arguments.split(", ", -1)[index]);
        }
    }
}
