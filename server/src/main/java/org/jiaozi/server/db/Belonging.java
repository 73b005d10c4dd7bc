package org.jiaozi.server.db;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.durable.DurableFile;

/**
 * Ties a database to the folder whose keys serve it, from the first start on: the database's table {@code belonging} holds
 * a fingerprint of the keys and an id, and the folder's file {@value #FILE} names that id. So keys that issued money are
 * not put before an empty database, nor a database before other keys; either would be a second registry.
 */
public final class Belonging {
    private static final String FILE = "database.id";

    /** An id has that many bytes. */
    public static final int ID_SIZE = 16;

    private Belonging() {}

    /** Both in hexadecimal. */
    private record Row(String id, String fingerprint) {}

    /**
     * Ties both at their first start; later holds one against the other. Nothing is served before this returns.
     *
     * @param folder holds the keys
     * @param fingerprint of whoever the database is served by, 32 bytes
     * @param freshId random; becomes the database's id if it has none yet
     * @param ours whether what lies in a database without an id fits the keys; true of an empty one
     * @throws StartFailure in one line where they do not belong together
     */
    public static void hold(
            Database database, Path folder, byte[] fingerprint, byte[] freshId, Predicate<Handle> ours) {
        Path file = folder.resolve(FILE);
        Optional<String> known = read(file);
        String id = database.serializable(handle -> {
            Optional<Row> row = handle.createQuery("SELECT id, fingerprint FROM belonging")
                    .map((r, context) -> new Row(hex(r.getBytes("id")), hex(r.getBytes("fingerprint"))))
                    .findOne();
            if (row.isPresent()) {
                if (!row.get().fingerprint().equals(hex(fingerprint))) {
                    throw otherKeys(folder);
                }
                return row.get().id();
            }
            // a folder that names a database has served it: this one is another
            if (known.isPresent()) {
                throw otherDatabase(folder);
            }
            if (!ours.test(handle)) {
                throw otherKeys(folder);
            }
            handle.createUpdate("INSERT INTO belonging (id, fingerprint) VALUES (?, ?)")
                    .bind(0, freshId)
                    .bind(1, fingerprint)
                    .execute();
            return hex(freshId);
        });
        if (known.isEmpty()) {
            write(file, id);
        } else if (!known.get().equals(id)) {
            throw otherDatabase(folder);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static StartFailure otherKeys(Path folder) {
        return new StartFailure("The database belongs to other keys than those in " + folder
                + ": give the database that was first served from there.");
    }

    private static StartFailure otherDatabase(Path folder) {
        return new StartFailure("The keys in " + folder + " belong to another database than the one given: give that"
                + " one, or begin anew in an empty folder.");
    }

    private static Optional<String> read(Path file) {
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
        } catch (IOException e) {
            throw new StartFailure("Cannot read " + file + ": " + e, e);
        }
    }

    private static void write(Path file, String hex) {
        try {
            DurableFile.write(file, (hex + "\n").getBytes(StandardCharsets.US_ASCII), DurableFile.Access.USUAL);
        } catch (IOException e) {
            throw new StartFailure("Cannot write " + file + ": " + e, e);
        }
    }
}
