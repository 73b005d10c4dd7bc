package org.jiaozi.lab.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jiaozi.cli.ExitCode;
import org.jiaozi.cli.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the audit says to people, and that it makes nothing. */
final class AuditCommandTest {
    @TempDir
    private Path folder = Path.of("");

    private String refused() {
        StringWriter err = new StringWriter();
        int code = Main.run(
                new PrintWriter(new StringWriter()), new PrintWriter(err, true), "audit", "--data", folder.toString());
        assertThat(code).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString().lines()).as(err.toString()).hasSize(1);
        return err.toString();
    }

    private void started(String database) throws IOException {
        Files.createDirectories(folder.resolve("central"));
        Files.writeString(folder.resolve("central/trust.json"), "{\"rootKey\": \"02\"}");
        Files.writeString(folder.resolve("up.json"), "{\"institutions\": [], \"database\": \"" + database + "\"}");
    }

    @Test
    void withoutDatabasesItSaysWhatToDoAndMakesNone() throws IOException {
        started("");
        assertThat(refused()).contains("no databases", "--database-url");
        assertThat(folder.resolve("postgres")).doesNotExist();
    }

    @Test
    void databasesElsewhereAreAskedFor() throws IOException {
        started("jdbc:postgresql://db/%s");
        assertThat(refused()).contains("give --database-url", "jdbc:postgresql://db/%s");
        assertThat(folder.resolve("postgres")).doesNotExist();
    }

    @Test
    void figuresAreMoneyAndWords() {
        Map<String, Object> supply = Map.of(
                "currency",
                "CNY",
                "issued",
                123_456L,
                "redeemed",
                5L,
                "refunded",
                0L,
                "outstanding",
                123_451L,
                "withheld",
                0L,
                "balanced",
                true);
        assertThat(AuditLines.of(Map.of(
                        "breaches", List.of("one"),
                        "currencies", Map.of("CNY", supply),
                        "counted", Map.of("notes", 3L))))
                .containsExactly(
                        "breach   one",
                        "supply   CNY issued 1234.56, redeemed 0.05, refunded 0.00, outstanding 1234.51, withheld 0.00;"
                                + " balanced",
                        "checked  3 notes");
    }
}
