package org.jiaozi.cli.wallet.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Limit;
import org.jiaozi.server.durable.DurableFile;
import org.jiaozi.wallet.host.WalletRows;
import org.jiaozi.wallet.host.WalletState;
import org.jspecify.annotations.Nullable;

/**
 * One wallet directory, owned by this process until closed. A change is durable in this order: one SQLite transaction,
 * then the mark outside; only then may the caller let anything out (spec 06, clause 10). A crash between the two leaves
 * the mark one behind, which the next opening catches up; a mark that is ahead, missing, or further behind says that the
 * directory or the mark is an old copy.
 */
public final class WalletStore implements AutoCloseable {
    private static final String ID = "wallet";
    private static final String COUNTER = "mark";

    private final Path directory;
    private final DirectoryLock lock;
    private final Database database;
    private final Mark mark;
    private final CrashPoint crash;
    private final Map<String, Bytes> meta;
    private @Nullable WalletState state;
    private long counter;

    private WalletStore(
            Path directory, DirectoryLock lock, Database database, Path marks, String id, CrashPoint crash) {
        this.directory = directory;
        this.lock = lock;
        this.database = database;
        this.crash = crash;
        this.meta = new HashMap<>(database.meta());
        this.mark = new Mark(marks, id);
    }

    /** Whether a wallet lies there; what a creation left that was cut off is none, and is created again. */
    public static boolean exists(Path directory) {
        if (!hasFile(directory)) {
            return false;
        }
        DirectoryLock held = DirectoryLock.take(directory);
        try (held;
                Database database = Database.open(directory)) {
            return database.meta().containsKey(ID);
        }
    }

    private static boolean hasFile(Path directory) {
        return Files.exists(directory.resolve(Database.FILE));
    }

    /**
     * Makes a directory with an empty wallet.
     *
     * @param id the wallet's id, the name of its mark
     * @param first what else is stored from the beginning
     */
    public static WalletStore create(Path directory, Path marks, String id, Change first, CrashPoint crash) {
        try {
            DurableFile.createFolders(directory);
            if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            }
        } catch (IOException e) {
            throw StoreException.of(e);
        }
        DirectoryLock lock = DirectoryLock.take(directory);
        try {
            Database database = Database.open(directory);
            try {
                if (database.meta().containsKey(ID)) {
                    throw new StoreException(RefusalCode.WRONG_STATE, "there is a wallet in " + directory);
                }
                WalletStore store = new WalletStore(directory, lock, database, marks, id, crash);
                store.commit(Act.CREATE, first.put(ID, Database.text(id)));
                return store;
            } catch (RuntimeException e) {
                database.close();
                throw e;
            }
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Opens a wallet; refuses 605 while another process has it. {@link #suspect} says whether it is an old copy. */
    public static WalletStore open(Path directory, Path marks, CrashPoint crash) {
        if (!hasFile(directory)) {
            throw new StoreException(RefusalCode.WRONG_STATE, "there is no wallet in " + directory + ": create one");
        }
        DirectoryLock lock = DirectoryLock.take(directory);
        try {
            Database database = Database.open(directory);
            try {
                Bytes id = database.meta().get(ID);
                if (id == null) {
                    throw new StoreException(
                            RefusalCode.WRONG_STATE,
                            "the wallet in " + directory + " was never finished: create again");
                }
                WalletStore store = new WalletStore(directory, lock, database, marks, Database.text(id), crash);
                store.load();
                return store;
            } catch (RuntimeException e) {
                database.close();
                throw e;
            }
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private void load() {
        SortedMap<WalletRows.Row, Bytes> rows = database.rows();
        if (!rows.isEmpty()) {
            state = WalletRows.load(rows);
        }
        counter = Optional.ofNullable(meta.get(COUNTER))
                .map(b -> Long.parseLong(Database.text(b)))
                .orElse(0L);
        OptionalLong outside = mark.read();
        if (outside.orElse(0) == counter - 1) {
            // the process died between the transaction and the mark
            mark.write(counter);
        }
    }

    /** Whether directory and mark disagree: one of them is an old copy. */
    public boolean suspect() {
        OptionalLong outside = mark.read();
        return outside.isEmpty() || outside.getAsLong() != counter;
    }

    /** Stores that the wallet is a copy, and lets the mark count on from where either stood. */
    public void acknowledgeSuspicion(Change change) {
        counter = Math.max(counter, mark.read().orElse(0));
        commit(Act.OPEN, change);
    }

    /** Makes a change durable, mark included; when this returns, what the act made may leave. */
    public void commit(Act act, Change change) {
        WalletState next = change.state == null ? state : change.state;
        List<WalletRows.Change> rows = new ArrayList<>();
        if (change.state != null && next != null) {
            if (state == null) {
                WalletRows.all(next).forEach((row, value) -> rows.add(new WalletRows.Change(row, Optional.of(value))));
            } else {
                rows.addAll(WalletRows.changes(state, next));
            }
        }
        long following = Math.addExact(counter, 1);
        change.put(COUNTER, Database.text(Long.toString(following)));
        crash.reached(act, DurableStep.BEFORE_COMMIT);
        database.write(rows, change);
        crash.reached(act, DurableStep.AFTER_COMMIT);
        remember(change, next);
        counter = following;
        mark.write(following);
        crash.reached(act, DurableStep.AFTER_MARK);
    }

    /** Stores what the mark need not count: tries of the PIN. */
    void commitUncounted(Change change) {
        database.write(List.of(), change);
        remember(change, state);
    }

    /** Drops a value that nothing rests on, so that the mark need not count it. */
    public void forget(String name) {
        if (meta.containsKey(name)) {
            commitUncounted(Change.only().drop(name));
        }
    }

    private void remember(Change change, @Nullable WalletState next) {
        state = next;
        change.meta.forEach((name, value) -> value.ifPresentOrElse(v -> meta.put(name, v), () -> meta.remove(name)));
    }

    /** For acts with a step of their own. */
    public void reached(Act act, DurableStep step) {
        crash.reached(act, step);
    }

    public String id() {
        return Database.text(Optional.ofNullable(meta.get(ID)).orElse(Bytes.EMPTY));
    }

    public Path directory() {
        return directory;
    }

    /** The wallet; empty before it is enrolled. */
    public Optional<WalletState> state() {
        return Optional.ofNullable(state);
    }

    /** A value beside the state. */
    public Optional<Bytes> get(String name) {
        return Optional.ofNullable(meta.get(name));
    }

    /** The same, as text. */
    public Optional<String> text(String name) {
        return get(name).map(Database::text);
    }

    /** Messages that were stored to be sent and are not answered yet, oldest first. */
    public List<Signed<WalletMessage>> outgoing() {
        return database.outgoing().stream()
                .map(b -> Signed.decode(b, Limit.SERVICE_MESSAGE_BYTES, WalletMessage::read))
                .toList();
    }

    /** Newest first. */
    public List<Change.Line> history() {
        return database.history();
    }

    @Override
    public void close() {
        database.close();
        lock.close();
    }
}
