package org.jiaozi.server.central;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.TestCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One set of keys, one registry: a central bank starts on the database of its keys and on no other. */
final class BelongingTest {
    @TempDir
    private Path folder = Path.of("");

    private final String database = TestCluster.freshDatabase();

    private void serve(String keys, String url) {
        CentralServer.start(new CentralConfig(
                        folder.resolve(keys),
                        0,
                        url,
                        () -> CentralServerFixture.START,
                        CentralServerFixture.profile(),
                        List.of()))
                .close();
    }

    private void refused(String keys, String url, String why) {
        assertThatThrownBy(() -> serve(keys, url))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(why)
                .hasMessageContaining(folder.resolve(keys).toString())
                .satisfies(thrown -> assertThat(thrown.getMessage()).hasLineCount(1));
    }

    private void forget() throws SQLException {
        try (Connection connection = DriverManager.getConnection(database);
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE belonging DISABLE TRIGGER USER");
            statement.execute("DELETE FROM belonging");
        }
    }

    @Test
    void keysThatServedGetNoOtherDatabaseAndADatabaseNoOtherKeys() {
        serve("one", database);
        serve("one", database);
        String second = TestCluster.freshDatabase();
        refused("one", second, "belong to another database");
        refused("other", database, "belongs to other keys");
        // neither refusal has changed anything
        serve("one", database);
        serve("other", second);
        refused("one", second, "belongs to other keys");
    }

    @Test
    void whatWasServedBeforeItSaidSoIsJudgedByItsBulletin() throws Exception {
        serve("one", database);
        forget();
        Files.delete(folder.resolve("one/database.id"));
        refused("other", database, "belongs to other keys");
        serve("one", database);
        assertThat(folder.resolve("one/database.id")).exists();
        refused("one", TestCluster.freshDatabase(), "belong to another database");
    }

    @Test
    void aStartKilledBetweenTheTwoIsFinishedByTheNext() throws Exception {
        serve("one", database);
        Files.delete(folder.resolve("one/database.id"));
        serve("one", database);
        refused("one", TestCluster.freshDatabase(), "belong to another database");
    }
}
