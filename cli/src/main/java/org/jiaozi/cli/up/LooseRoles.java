package org.jiaozi.cli.up;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jiaozi.server.postgres.EmbeddedPostgres;

/**
 * The roles of a folder in which {@code jiaozi up} has run, for whoever starts and ends them one by one. While this is open
 * nobody else starts anything there.
 */
public final class LooseRoles implements AutoCloseable {
    private final DataFolder data;
    private final Settings settings;
    private final FileChannel lock;

    private LooseRoles(DataFolder data, Settings settings, FileChannel lock) {
        this.data = data;
        this.settings = settings;
        this.lock = lock;
    }

    /**
     * Takes the folder.
     *
     * @param portBase where the central bank listens; institutions follow
     */
    public static LooseRoles in(Path root, int portBase) {
        DataFolder data = DataFolder.existing(root);
        Settings settings = SettingsFile.stored(data).with(Optional.of(portBase), Optional.empty());
        return new LooseRoles(data, settings, data.lock());
    }

    /** The central bank, then the institutions. */
    public List<String> names() {
        return Stream.concat(
                        Stream.of(DataFolder.CENTRAL),
                        settings.institutions().stream().map(Settings.Institution::code))
                .toList();
    }

    public String url(String role) {
        return settings.url(role);
    }

    /** Starts one as {@code up} does, and does not wait until it serves. */
    public ProcessHandle start(String role, EmbeddedPostgres postgres) {
        List<String> arguments = settings.institutions().stream()
                .filter(i -> i.code().equals(role))
                .findFirst()
                .map(i -> RoleLines.institution(data, settings, i, 0))
                .orElseGet(() -> RoleLines.central(data, settings, 0));
        return ChildProcess.start(
                        data,
                        role,
                        arguments,
                        Map.of("JIAOZI_DATABASE_URL", postgres.jdbcUrl(RoleLines.database(role))))
                .handle();
    }

    /** Whether it answers. */
    public boolean serves(String role) {
        try (Caller caller = Caller.at(data.operator(role), url(role))) {
            return caller.healthy();
        }
    }

    /** What it says, all its starts one after the other. */
    public Path log(String role) {
        return data.logs().resolve(role + ".log");
    }

    @Override
    public void close() {
        Whole.release(lock);
    }
}
