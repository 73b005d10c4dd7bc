package org.jiaozi.cli.up;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jiaozi.cli.CommandFailure;

/**
 * What a start takes its settings from, decided before anything is made or changed: at the first start the file and the
 * options, later what the first start left, which the file must agree with and the databases must stay with.
 *
 * @param config the file, if one is given
 * @param portBase may be another at each start
 * @param profile a policy's name or file
 * @param databaseUrl a PostgreSQL that runs already, with %s for the database
 */
record Choice(
        Optional<Path> config, Optional<Integer> portBase, Optional<String> profile, Optional<String> databaseUrl) {
    private static final String SCHEME = "jdbc:postgresql:";

    /**
     * The settings for a start in this folder.
     *
     * @throws CommandFailure in one line where they are unsound or not those that the folder began with
     */
    Settings settle(DataFolder data) {
        Optional<String> policy = profile.map(PolicyFile::settled);
        databaseUrl.ifPresent(Choice::checkUrl);
        try {
            if (!Files.exists(data.settings())) {
                Settings first =
                        config.map(c -> SettingsFile.read(c).settings()).orElse(Settings.DEFAULT);
                checkDatabase(data, data.hasCluster(), data.hasServed());
                Settings chosen = first.with(portBase, Optional.of(policy.orElse(PolicyFile.settled(first.profile()))));
                return chosen.withDatabase(shown());
            }
            Settings stored = SettingsFile.stored(data);
            checkDatabase(data, stored.database().isEmpty(), !stored.database().isEmpty());
            if (policy.isPresent() && !policy.get().equals(stored.profile())) {
                throw new CommandFailure("the first start in " + data.root() + " was under the policy "
                        + stored.profile() + ": jiaozi central policy FILE publishes another");
            }
            config.ifPresent(file -> agree(data, file, stored));
            return stored.with(portBase, Optional.empty()).withDatabase(shown());
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()));
        }
    }

    private void agree(DataFolder data, Path file, Settings stored) {
        SettingsFile given = SettingsFile.read(file);
        Settings asked = given.settings()
                .with(portBase, Optional.of(PolicyFile.settled(given.settings().profile())));
        List<String> keys = new ArrayList<>(asked.differences(stored));
        if (portBase.isPresent() || !given.stated().contains("portBase")) {
            keys.remove("portBase");
        }
        if (!keys.isEmpty()) {
            throw new CommandFailure(file + " differs from what the first start left in " + data.settings() + " ("
                    + String.join(", ", keys) + "): start without --config");
        }
    }

    /** Databases that were served once stay: an empty one in their place would be a second registry under the same keys. */
    private void checkDatabase(DataFolder data, boolean own, boolean elsewhere) {
        if (databaseUrl.isPresent() && own) {
            throw new CommandFailure("the databases of " + data.root() + " are in its own PostgreSQL, "
                    + data.postgres() + ": start without --database-url");
        }
        if (databaseUrl.isEmpty() && !own && elsewhere) {
            String where =
                    Files.exists(data.settings()) ? SettingsFile.stored(data).database() : SCHEME;
            throw new CommandFailure(
                    "the databases of " + data.root() + " are not in the folder (" + where + "): give --database-url");
        }
    }

    private static void checkUrl(String url) {
        if (!url.startsWith(SCHEME)) {
            throw CommandFailure.usage("--database-url begins with " + SCHEME + "//HOST:PORT/");
        }
        if (!url.contains("%s")) {
            throw CommandFailure.usage("--database-url needs %s in the place of the database's name");
        }
    }

    /** The address without user, password and whatever else follows the name. */
    private String shown() {
        return databaseUrl
                .map(url -> url.replaceAll("[?].*", "").replaceAll("//[^/@]*@", "//"))
                .orElse("");
    }
}
