package org.jiaozi.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jiaozi.cli.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Small benches on real servers: whatever time they take, nothing is lost, nothing credited twice, and the culprits alone are named. */
final class SettleCommandTest {
    /** Purses and notes of all benches here; of half of the notes something is redeemed. */
    @TempDir
    private static Path work = Path.of("");

    private static final List<String> STOCK =
            List.of("--notes", "10", "--payers", "5", "--merchants", "4", "--prefill", "40");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder = Path.of("");

    private int run(String... line) {
        out.getBuffer().setLength(0);
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), line);
    }

    private int settle(String... options) {
        List<String> all = new ArrayList<>(List.of("bench", "settle"));
        all.addAll(List.of(options));
        return run(all.toArray(String[]::new));
    }

    private static String[] ofStock(String command, String... options) {
        List<String> all = new ArrayList<>(List.of("bench", command));
        all.addAll(STOCK);
        all.addAll(List.of("--work", work.toString()));
        all.addAll(List.of(options));
        return all.toArray(String[]::new);
    }

    private JsonNode small(String... options) throws IOException {
        Path report = folder.resolve("report.json");
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--json", report.toString()));
        assertThat(run(ofStock("settle", all.toArray(String[]::new))))
                .as(out + " " + err)
                .isZero();
        assertThat(out.toString()).contains("depositsPerSecond").doesNotContain("{\n");
        JsonNode told = new ObjectMapper().readTree(report.toFile());
        assertThat(told.required("ok").asBoolean()).isTrue();
        for (String none : List.of("lost", "doubleCredited", "framed")) {
            assertThat(told.required(none).longValue()).as(none).isZero();
        }
        assertThat(told.required("convicted").longValue())
                .isEqualTo(told.required("doubleSpenders").longValue());
        assertThat(told.required("prefill").intValue()).isEqualTo(40);
        return told;
    }

    private void audited(Path data) {
        assertThat(run("audit", "--data", data.toString())).as(out + " " + err).isZero();
    }

    /** What was put on record ahead is for the auditor like anything else. */
    @Test
    void everyDepositIsCreditedOnce() throws IOException {
        Path data = folder.resolve("data");
        JsonNode told = small("--deposits", "90", "--hops", "2", "--batch", "16", "--data", data.toString());
        assertThat(told.required("workloadReused").asBoolean()).isFalse();
        assertThat(told.required("deposits").intValue()).isEqualTo(90);
        assertThat(told.required("databaseBytesPerDeposit").isIntegralNumber()).isTrue();
        JsonNode transfers = told.required("megabytesPerMillion").required("central.transfer");
        assertThat(transfers.required("tableMb").asDouble()).isPositive();
        assertThat(transfers.required("indexMb").asDouble()).isPositive();
        for (String durable : List.of("fsync", "synchronousCommit", "fullPageWrites")) {
            assertThat(told.required(durable).asText()).as(durable).isEqualTo("on");
        }
        for (String figure : List.of(
                "verifyBoundPerSecond",
                "depositsPerSecond",
                "ratioOfVerifyBound",
                "p50Ms",
                "p99Ms",
                "p999Ms",
                "generatorCpuSeconds",
                "clientCpuSeconds",
                "cores")) {
            assertThat(told.required(figure).doubleValue()).as(figure).isPositive();
        }
        audited(data);
    }

    /** With deposits that come again and money that is spent twice: nobody goes without. */
    @Test
    void whoeverSpendsTwiceIsConvictedAndNobodyElse() throws IOException {
        Path data = folder.resolve("data");
        JsonNode told = small(
                "--deposits",
                "100",
                "--batch",
                "8",
                "--hot-share",
                "50",
                "--duplicates",
                "25",
                "--double-spends",
                "3",
                "--data",
                data.toString());
        assertThat(told.required("deposits").intValue()).isEqualTo(103);
        // half of a hundred, and whatever of the three made twice comes to it
        assertThat(told.required("slicesOfFirstMerchant").intValue()).isBetween(50, 53);
        assertThat(told.required("paymentsMadeTwice").intValue()).isEqualTo(3);
        assertThat(told.required("doubleSpenders").intValue()).isBetween(1, 3);
        assertThat(told.required("batchesSentTwice").intValue()).isPositive();
        assertThat(told.required("othersP99Ms").doubleValue()).isPositive();
        audited(data);
    }

    /** The same one by one; what comes before the clock starts is checked with the rest, and is in no figure. */
    @Test
    void oneByOneComesToTheSame() throws IOException {
        Path data = folder.resolve("data");
        JsonNode told =
                small("--naive", "--deposits", "24", "--warm-up", "16", "--batch", "4", "--data", data.toString());
        assertThat(told.required("decided").asText()).contains("its own");
        assertThat(told.required("warmUp").intValue()
                        + told.required("deposits").intValue())
                .isEqualTo(40);
        assertThat(told.required("warmUp").intValue()).isGreaterThanOrEqualTo(16);
        audited(data);
    }

    /** All at once, where two find room: the others are told when to come again, and do. */
    @Test
    void whatIsRefusedForNowComesAgainAndNothingIsLost() throws IOException {
        Path data = folder.resolve("data");
        JsonNode told = small(
                "--deposits",
                "60",
                "--batch",
                "1",
                "--offer",
                "1000000",
                "--max-requests",
                "2",
                "--duplicates",
                "10",
                "--data",
                data.toString());
        assertThat(told.required("deposits").intValue()).isEqualTo(60);
        assertThat(told.required("refused").required("802").intValue()).isPositive();
        assertThat(told.required("refusedWithoutRetryAfter").intValue()).isZero();
        for (String figure : List.of("firstPerSecond", "firstP99Ms", "offeredPerSecond", "p99Ms")) {
            assertThat(told.required(figure).doubleValue()).as(figure).isPositive();
        }
        assertThat(told.required("ofPeak").doubleValue()).isNotNegative();
        audited(data);
    }

    @Test
    void whoAskWhatTheyMustNotAndWhoDripAreBorne() throws IOException {
        Path data = folder.resolve("data");
        JsonNode told = small(
                "--deposits",
                "60",
                "--batch",
                "2",
                "--warm-up",
                "4",
                "--bad-requests",
                "50",
                "--slow-connections",
                "9",
                "--data",
                data.toString());
        assertThat(told.required("warmUp").intValue()
                        + told.required("deposits").intValue())
                .isEqualTo(64);
        assertThat(told.required("warmUp").intValue()).isGreaterThanOrEqualTo(4);
        assertThat(told.required("badPerSecond").doubleValue()).isPositive();
        assertThat(told.required("ofClean").doubleValue()).isPositive();
        assertThat(told.required("badTaken").intValue()).isZero();
        assertThat(told.required("badUnanswered").intValue()).isZero();
        // malformed, too large, altered, without a certificate
        JsonNode refused = told.required("badRefused");
        for (String number : List.of("101", "109", "407", "806")) {
            assertThat(refused.path(number).intValue()).as(number).isPositive();
        }
        assertThat(told.required("slowConnections").intValue()).isEqualTo(9);
        assertThat(told.required("slowCutOff").intValue()).isNotNegative();
        audited(data);
    }

    private static long payments(Path letters) throws IOException {
        try (Letters.Reader reader = new Letters.Reader(letters)) {
            return reader.counters(9).payments();
        }
    }

    /** What was made before is taken; when it is through, more is made, of money that was not spent yet. */
    @Test
    void singleDepositsGoOnUntilTheTimeIsOver() throws IOException {
        String[] made = {"--deposits", "2", "--batch", "1", "--double-spends", "9.9"};
        assertThat(run(ofStock("workload", made))).as(err.toString()).isZero();
        Path first = work.resolve("letters");
        Path next = folder.resolve("letters");
        List<String> more = new ArrayList<>(List.of(made));
        more.addAll(List.of("--after", first.toString(), "--into", next.toString()));
        assertThat(run(ofStock("workload", more.toArray(String[]::new))))
                .as(err.toString())
                .isZero();
        assertThat(payments(first)).isEqualTo(2);
        assertThat(payments(next)).isEqualTo(4);

        List<String> options = new ArrayList<>(List.of(made));
        options.addAll(List.of("--clients", "64", "--minutes", "0.1"));
        JsonNode told = small(options.toArray(String[]::new));
        assertThat(told.required("workloadReused").asBoolean()).isTrue();
        assertThat(told.required("deposits").intValue()).isGreaterThanOrEqualTo(2);
    }

    private void refused(int status, String line) {
        assertThat(status).isPositive();
        assertThat(err.toString().strip()).contains(line).doesNotContain("\n");
    }

    @Test
    void aReportThatCannotBeWrittenIsSaidBeforeAnythingBegins() {
        refused(settle("--json", folder.resolve("none/report.json").toString()), "cannot write");
    }

    @Test
    void aFolderThatIsNoWorkloadsIsLeftAlone() throws IOException {
        Path mine = Files.writeString(folder.resolve("mine"), "mine");
        refused(settle("--work", folder.toString()), "holds something else");
        assertThat(mine).hasContent("mine");
    }

    @Test
    void serversBeginInANewFolder() {
        refused(settle("--data", folder.toString()), "--data is a new folder");
    }

    @Test
    void oneMerchantCannotGetTheSameMoneyTwice() {
        refused(settle("--merchants", "1", "--double-spends", "1"), "--double-spends takes two merchants");
    }

    @Test
    void oneNoteIsNotSpentMoreOftenThanItHolds() {
        refused(settle("--notes", "1", "--payers", "1"), "--notes is too small");
    }

    @ParameterizedTest
    @CsvSource({
        "--deposits,0",
        "--hops,6",
        "--notes,0",
        "--payers,100001",
        "--payers,20001",
        "--merchants,0",
        "--batch,1025",
        "--clients,0",
        "--hot-share,101",
        "--duplicates,100.5",
        "--double-spends,11",
        "--minutes,-1",
        "--offer,0",
        "--offer,x",
        "--offer,101x",
        "--offer,1000001",
        "--bad-requests,-1",
        "--slow-connections,901",
        "--max-requests,0",
        "--prefill,-1"
    })
    void anAbsurdOptionIsRefusedInOneLine(String option, String value) {
        assertThat(settle(option, value)).isEqualTo(2);
        assertThat(err.toString().strip()).contains(option + " is ").doesNotContain("\n");
    }

    @Test
    void thoseWhoDisturbLeaveConnectionsToThoseWhoDeposit() {
        refused(settle("--bad-requests", "1000", "--slow-connections", "773"), "take 901 connections");
    }
}
