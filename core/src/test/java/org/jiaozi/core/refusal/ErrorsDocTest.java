package org.jiaozi.core.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jiaozi.core.refusal.RefusalCode.Retry;
import org.junit.jupiter.api.Test;

/** The list that people read is the list that the code answers with: same rows, same order, same words. */
final class ErrorsDocTest {
    private static final Path DOC =
            Path.of(Objects.requireNonNull(System.getProperty("jiaozi.root")), "spec", "errors.md");
    private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| (\\w+) \\| (.+) \\| (.+) \\|");
    private static final Pattern HEADING = Pattern.compile("## (\\d)xx .+");

    private record Row(int number, String name, String meaning, String retry) {}

    @Test
    void everyRefusalIsListedAsTheCodeHasIt() throws IOException {
        List<Row> listed = Files.readAllLines(DOC).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(m -> new Row(Integer.parseInt(m.group(1)), m.group(2), m.group(3), m.group(4)))
                .toList();
        List<Row> coded = Arrays.stream(RefusalCode.values())
                .map(c -> new Row(c.number(), c.name(), c.meaning(), words(c.retry())))
                .toList();
        assertThat(listed).isEqualTo(coded);
    }

    @Test
    void everyRowStandsUnderItsHundredAndNumbersRise() throws IOException {
        int hundred = 0;
        int last = 0;
        for (String line : Files.readAllLines(DOC)) {
            Matcher heading = HEADING.matcher(line);
            Matcher row = ROW.matcher(line);
            if (heading.matches()) {
                hundred = Integer.parseInt(heading.group(1));
            } else if (row.matches()) {
                int number = Integer.parseInt(row.group(1));
                assertThat(number / 100).as(line).isEqualTo(hundred);
                assertThat(number).as(line).isGreaterThan(last);
                last = number;
            }
        }
        assertThat(last).isPositive();
    }

    private static String words(Retry retry) {
        return switch (retry) {
            case NO -> "no";
            case YES -> "yes";
            case LATER -> "later";
            case AFTER_SYNC -> "after a sync";
            case NEW_REQUEST -> "with a new request";
            case DEPOSIT -> "no, but its holder can deposit";
        };
    }
}
