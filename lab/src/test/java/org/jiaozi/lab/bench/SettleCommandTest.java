package org.jiaozi.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jiaozi.cli.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettleCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... line) {
        List<String> all = new ArrayList<>(List.of("bench", "settle"));
        all.addAll(List.of(line));
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    }

    /** A small one: everything that was deposited is credited once, whatever time it takes. */
    @Test
    void everyDepositIsCreditedOnce() throws IOException {
        assertThat(run("--deposits", "90", "--hops", "2", "--merchants", "3", "--batch", "16", "--json"))
                .as(err.toString())
                .isZero();
        JsonNode told = new ObjectMapper().readTree(out.toString());
        assertThat(told.required("ok").asBoolean()).isTrue();
        assertThat(told.required("notes").intValue()).isEqualTo(9);
        assertThat(told.required("lost").longValue()).isZero();
        assertThat(told.required("doubleCredited").longValue()).isZero();
        assertThat(told.required("convicted").longValue()).isZero();
        assertThat(told.required("framed").longValue()).isZero();
        assertThat(told.required("databaseBytesPerDeposit").isIntegralNumber()).isTrue();
        for (String durable : List.of("fsync", "synchronousCommit", "fullPageWrites")) {
            assertThat(told.required(durable).asText()).as(durable).isEqualTo("on");
        }
        for (String figure : List.of("verifyBoundPerSecond", "depositsPerSecond", "ratioOfVerifyBound", "p99Ms")) {
            assertThat(told.required(figure).doubleValue()).as(figure).isPositive();
        }
    }

    /** With deposits that come again and money that is spent twice: nobody goes without, and the culprits alone are named. */
    @Test
    void whoeverSpendsTwiceIsConvictedAndNobodyElse(@TempDir Path folder) throws IOException {
        Path report = folder.resolve("report.json");
        assertThat(run(
                        "--deposits",
                        "100",
                        "--merchants",
                        "4",
                        "--batch",
                        "8",
                        "--hot-share",
                        "50",
                        "--duplicates",
                        "25",
                        "--double-spends",
                        "3",
                        "--json",
                        report.toString()))
                .as(err.toString())
                .isZero();
        JsonNode told = new ObjectMapper().readTree(report.toFile());
        assertThat(told.required("ok").asBoolean()).isTrue();
        // half of a hundred, and whatever of the three made twice comes to it
        assertThat(told.required("slicesOfFirstMerchant").intValue()).isBetween(50, 53);
        assertThat(told.required("paymentsMadeTwice").intValue()).isEqualTo(3);
        assertThat(told.required("doubleSpenders").intValue()).isEqualTo(2);
        assertThat(told.required("convicted").intValue()).isEqualTo(2);
        assertThat(told.required("framed").longValue()).isZero();
        assertThat(told.required("batchesSentTwice").intValue()).isPositive();
        assertThat(told.required("lost").longValue()).isZero();
        assertThat(told.required("doubleCredited").longValue()).isZero();
        assertThat(out.toString()).contains("depositsPerSecond").doesNotContain("{");
    }

    @Test
    void aReportThatCannotBeWrittenIsSaidBeforeAnythingBegins(@TempDir Path folder) {
        assertThat(run("--json", folder.resolve("none/report.json").toString())).isEqualTo(1);
        assertThat(err.toString().strip()).contains("cannot write").doesNotContain("\n");
    }

    @Test
    void oneMerchantCannotGetTheSameMoneyTwice() {
        assertThat(run("--merchants", "1", "--double-spends", "1")).isEqualTo(2);
        assertThat(err.toString()).contains("--double-spends takes two merchants");
    }

    @ParameterizedTest
    @CsvSource({
        "--deposits,0",
        "--hops,6",
        "--merchants,0",
        "--batch,1025",
        "--clients,0",
        "--hot-share,101",
        "--duplicates,100.5",
        "--double-spends,11"
    })
    void anAbsurdOptionIsRefusedInOneLine(String option, String value) {
        assertThat(run(option, value)).isEqualTo(2);
        assertThat(err.toString().strip()).contains(option + " is ").doesNotContain("\n");
    }
}
