package org.jiaozi.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.jiaozi.cli.ExitCode;
import org.jiaozi.cli.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the demo does where it cannot play. */
final class DemoCommandTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void aPolicyThatIsNotThereIsSaidAtOnce() {
        StringWriter err = new StringWriter();
        Path data = folder.resolve("data");
        Path report = folder.resolve("report.json");
        int code = Main.run(
                new PrintWriter(new StringWriter()),
                new PrintWriter(err, true),
                "demo",
                "--profile",
                "nosuch",
                "--data",
                data.toString(),
                "--json",
                report.toString());
        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString().lines()).hasSize(1).first().asString().contains("no policy profile nosuch");
        assertThat(data).doesNotExist();
        assertThat(report).doesNotExist();
    }

    @Test
    void aReportHasEveryKeyHoweverFarTheDemoCame() {
        DemoReport report = new DemoReport();
        report.put("tears.injected", 0);
        JsonNode json = report.json();
        assertThat(json.required("ok").asBoolean(true)).isFalse();
        assertThat(json.required("tears").required("injected").asInt(-1)).isZero();
        assertThat(json.required("tears").required("recovered").isNull()).isTrue();
        for (String path : new String[] {
            "/seconds",
            "/failure",
            "/offline/maxHops",
            "/doubleSpend/convicted",
            "/doubleSpend/evidence",
            "/lost/returned",
            "/supply/balanced",
            "/bulletin/carriedByTap"
        }) {
            assertThat(json.at(path).isNull()).as(path).isTrue();
        }
        assertThat(json.at("/sizes/paymentBytes").isObject()).isTrue();
        assertThat(report.breaches())
                .contains("no payment was torn", "tears.recovered is -1 where 0 is due", "the supply does not balance");
    }
}
