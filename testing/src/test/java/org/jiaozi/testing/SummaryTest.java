package org.jiaozi.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SummaryTest {
    private static final String PASSES = "<testcase name='adds' classname='a.MoneyTest'/>";
    private static final String FAILS =
            "<testcase name='caps' classname='a.MoneyTest'><failure message='expected 1&#10;but was 2' type='x'/></testcase>";
    private static final String BREAKS =
            "<testcase name='opens' classname='a.MoneyTest'><error type='java.io.IOException'/></testcase>";
    private static final String DISABLED =
            "<testcase name='later' classname='a.MoneyTest'><skipped message='not on this system'/></testcase>";
    private static final String NEEDS = "<testcase name='offline' classname='a.DemoTest'><skipped type='x'><![CDATA["
            + "org.opentest4j.TestAbortedException: Assumption failed: NOT RUN: apt-get install iproute2\n\tat a.b.c"
            + "]]></skipped></testcase>";

    @TempDir
    private Path root;

    private String printed = "";

    @BeforeEach
    void clear() {
        printed = "";
    }

    @Test
    void countsEverySuiteAndClosesWithTheTotals() throws IOException {
        report("core", "MoneyTest", PASSES + PASSES + DISABLED);
        report("bank", "BooksTest", PASSES);
        assertThat(print(false)).isTrue();
        assertThat(printed.lines().toList().getLast()).isEqualTo("3 passed, 0 failed, 1 skipped");
        assertThat(printed).containsPattern("bank BooksTest +1 +0 +0").containsPattern("core MoneyTest +2 +0 +1");
    }

    @Test
    void failuresAndErrorsFailTheRunAndAreNamedInOneLine() throws IOException {
        report("core", "MoneyTest", PASSES + FAILS + BREAKS);
        assertThat(print(false)).isFalse();
        assertThat(printed)
                .contains("FAILED   core MoneyTest.caps: expected 1 but was 2")
                .contains("FAILED   core MoneyTest.opens: java.io.IOException")
                .endsWith("1 passed, 2 failed, 0 skipped" + System.lineSeparator());
    }

    @Test
    void aRunWithoutAnyTestFails() throws IOException {
        report("core", "MoneyTest", DISABLED);
        assertThat(print(false)).isFalse();
        assertThat(Summary.print(List.of(), false, new PrintStream(new ByteArrayOutputStream(), true)))
                .isFalse();
    }

    @Test
    void whatCouldNotRunIsListedAndFailsOnlyABuildServer() throws IOException {
        report("core", "MoneyTest", PASSES);
        report("lab", "DemoTest", NEEDS);
        assertThat(print(false)).isTrue();
        assertThat(printed).contains("NOT RUN  lab DemoTest: apt-get install iproute2");
        assertThat(print(true)).isFalse();
    }

    @Test
    void aClassGivenUpBeforeItsFirstTestIsListedWithWhatItNoted() throws IOException {
        report("core", "MoneyTest", PASSES);
        report("lab", "DemoTest", "");
        report("lab", "OtherTest", "");
        report("lab", "OuterTest", "");
        report("lab", "OuterTest$Nested", PASSES);
        Files.writeString(
                root.resolve("lab/target/surefire-reports").resolve(Summary.NOTES),
                "a.DemoTest\tapt-get install iproute2\na.DemoTest\tapt-get install iproute2\na.NoReportTest\tapt-get"
                        + " install pcscd\n");
        assertThat(print(true)).isFalse();
        assertThat(printed.lines().filter(line -> line.startsWith("NOT RUN")))
                .containsExactly(
                        "NOT RUN  lab DemoTest: apt-get install iproute2",
                        "NOT RUN  lab OtherTest: the suite was given up before its first test",
                        "NOT RUN  lab NoReportTest: apt-get install pcscd");
    }

    @Test
    void aReportCutOffHalfWayIsNoReport() throws IOException {
        report("core", "MoneyTest", PASSES);
        Path file = root.resolve("core/target/surefire-reports/TEST-a.MoneyTest.xml");
        String whole = Files.readString(file);
        Files.writeString(file, whole.substring(0, whole.length() / 2));
        assertThatThrownBy(() -> Summary.read(root))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("TEST-a");
    }

    private void report(String module, String suite, String cases) throws IOException {
        Path folder = Files.createDirectories(root.resolve(module + "/target/surefire-reports"));
        Files.writeString(
                folder.resolve("TEST-a." + suite + ".xml"),
                "<?xml version='1.0'?><testsuite name='a." + suite + "'>" + cases + "</testsuite>");
    }

    private boolean print(boolean strict) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean passed = Summary.print(Summary.read(root), strict, new PrintStream(out, true, StandardCharsets.UTF_8));
        printed = out.toString(StandardCharsets.UTF_8);
        return passed;
    }
}
