package org.jiaozi.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jiaozi.cli.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code up} is not going to start with is said in one line, before anything is made. */
@Timeout(120) // a start that should have been refused runs until it is ended
final class ChoiceTest {
    @TempDir
    private Path folder = Path.of("");

    private Path data() {
        return folder.resolve("data");
    }

    /** The one line that {@code up} refuses with. */
    private String refused(String... more) {
        StringWriter err = new StringWriter();
        List<String> line = new ArrayList<>(List.of("up", "--data", data().toString()));
        line.addAll(List.of(more));
        int code =
                Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), line.toArray(String[]::new));
        assertThat(code).as(err.toString()).isNotZero();
        assertThat(err.toString().lines()).as(err.toString()).hasSize(1);
        return err.toString();
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    /** A folder that a first start has left. */
    private void started(String database) throws IOException {
        Files.createDirectories(data());
        Settings.DEFAULT.withDatabase(database).store(new DataFolder(data()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | is not a JSON object",
                "{\"portBase\": 7400 | no JSON at line 1",
                "{} {} | no JSON at line 1",
                "{\"quota\": 1, \"quota\": 2} | a key twice at line 1",
                "{\"portbase\": 7400} | unknown key portbase",
                "{\"database\": \"x\"} | unknown key database",
                "{\"portBase\": \"7400\"} | portBase is no whole number",
                "{\"portBase\": 80} | portBase is 80, allowed 1024 to 65000",
                "{\"portBase\": 4294974696} | portBase is 4294974696",
                "{\"reserve\": -1} | reserve is -1, allowed 0 to 281474976710655",
                "{\"quota\": 1.5} | quota is no whole number",
                "{\"quota\": 281474976710656} | quota is 281474976710656",
                "{\"guarantee\": null} | guarantee is no whole number",
                "{\"reserve\": 10, \"guarantee\": 30} | more than they hold",
                "{\"profile\": 3} | profile is no text",
                "{\"profile\": \"nosuch\"} | there is no policy profile nosuch",
                "{\"institutions\": {}} | institutions is no list",
                "{\"institutions\": []} | 0 institutions, allowed 1 to 16",
                "{\"institutions\": [\"bank-a\"]} | institutions[0] is no object",
                "{\"institutions\": [{\"code\": \"bank-a\"}]} | institutions[0].name is due",
                "{\"institutions\": [{\"code\": \"bank-a\", \"name\": \"A\", \"url\": \"\"}]} | unknown key institutions[0].url",
                "{\"institutions\": [{\"code\": \"Bank_A\", \"name\": \"A\"}]} | 'Bank_A' is no code",
                "{\"institutions\": [{\"code\": \"central\", \"name\": \"A\"}]} | 'central' is no code",
                "{\"institutions\": [{\"code\": \"a\", \"name\": \"A\"}, {\"code\": \"a\", \"name\": \"B\"}]} | two institutions",
                "{\"institutions\": [{\"code\": \"a\", \"name\": \" \"}]} | the name of a is due",
                "{\"institutions\": [{\"code\": \"a\", \"name\": \"A\", \"webhook\": \"ftp://x\"}]} | the webhook of a",
            })
    void aConfigurationThatDoesNotHoldMakesNothing(String text, String said) throws IOException {
        Path config = write("config.json", text);
        assertThat(refused("--config", config.toString()))
                .contains(said, config.toString())
                .doesNotContain("Exception", "jackson", "StringReader");
        assertThat(data()).doesNotExist();
    }

    @Test
    void optionsThatDoNotHoldMakeNothing() {
        assertThat(refused("--profile", "nosuch")).contains("no policy profile nosuch");
        assertThat(refused("--port-base", "80")).contains("portBase is 80");
        assertThat(refused("--config", folder.resolve("none").toString())).contains("there is no file");
        assertThat(refused("--database-url", "postgresql://x/%s")).contains("begins with jdbc:postgresql:");
        assertThat(refused("--database-url", "jdbc:postgresql://x/all")).contains("needs %s");
        assertThat(data()).doesNotExist();
    }

    @Test
    void databasesThatWereElsewhereAreNotReplacedByEmptyOnes() throws IOException {
        started("jdbc:postgresql://db:5432/%s");
        assertThat(refused()).contains("give --database-url", "jdbc:postgresql://db:5432/%s");
        assertThat(data().resolve("postgres")).doesNotExist();
    }

    @Test
    void databasesInTheFolderAreNotReplacedByOthers() throws IOException {
        started("");
        assertThat(refused("--database-url", "jdbc:postgresql://db/%s")).contains("without --database-url");
        // also where the first start did not get so far as to write its settings
        Files.delete(data().resolve("up.json"));
        Files.createDirectories(data().resolve("postgres/pgdata"));
        assertThat(refused("--database-url", "jdbc:postgresql://db/%s")).contains("without --database-url");
    }

    @Test
    void aFirstStartThatDidNotEndIsNotTakenForNoneAtAll() throws IOException {
        Files.createDirectories(data().resolve("central"));
        Files.writeString(data().resolve("central/database.id"), "00\n");
        assertThat(refused()).contains("give --database-url");
        // nor is an own PostgreSQL that is gone
        started("");
        assertThat(refused()).contains("give --database-url");
    }

    @Test
    void thePasswordIsNotKept() {
        Settings settled = new Choice(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("jdbc:postgresql://me:word@db:5432/%s?user=u&password=secret"))
                .settle(new DataFolder(data()));
        assertThat(settled.database()).isEqualTo("jdbc:postgresql://db:5432/%s");
    }

    @Test
    void aLaterConfigurationHasToBeThatOfTheFirstStart() throws IOException {
        started("");
        String other = write("other.json", "{\"quota\": 5, \"institutions\": [{\"code\": \"a\", \"name\": \"A\"}]}")
                .toString();
        assertThat(refused("--config", other)).contains(other, "(quota, institutions)", "without --config");
        assertThat(refused("--profile", "dcep")).contains("under the policy circulating");
        Settings same = new Choice(
                        Optional.of(write("same.json", "{\"quota\": 5000000000}")),
                        Optional.of(8000),
                        Optional.of("circulating"),
                        Optional.empty())
                .settle(new DataFolder(data()));
        assertThat(same.portBase()).isEqualTo(8000);
    }
}
