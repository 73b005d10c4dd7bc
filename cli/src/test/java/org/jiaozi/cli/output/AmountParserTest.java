package org.jiaozi.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AmountParserTest {
    @ParameterizedTest
    @CsvSource({
        "12.50, 2, 1250, 12.50",
        "12.5, 2, 1250, 12.50",
        "12, 2, 1200, 12.00",
        "0.05, 2, 5, 0.05",
        "0, 2, 0, 0.00",
        "007.10, 2, 710, 7.10",
        "12, 0, 12, 12",
        "1.005, 3, 1005, 1.005",
        "0000000000000000000001, 2, 100, 1.00",
        "2814749767106.55, 2, 281474976710655, 2814749767106.55",
        "281474976710655, 0, 281474976710655, 281474976710655"
    })
    void readsWhatPeopleWriteAndWritesItBack(String typed, int decimals, long minorUnits, String written) {
        assertThat(AmountParser.parse(typed, decimals)).isEqualTo(minorUnits);
        assertThat(AmountParser.format(minorUnits, decimals)).isEqualTo(written);
        assertThat(AmountParser.parse(written, decimals)).isEqualTo(minorUnits);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "12.505 | 2 | at most 2 decimals",
                "12.500 | 2 | at most 2 decimals",
                "12.5 | 0 | no decimals",
                "-1 | 2 | negative",
                "\u22121 | 2 | negative",
                "1,234.50 | 2 | without separators",
                "12,50 | 2 | without separators",
                "1.234,50 | 2 | without separators",
                "1 234 | 2 | without separators",
                "1\u00a0234 | 2 | without separators",
                "1'234 | 2 | without separators",
                "1.234.50 | 2 | one point",
                ".50 | 2 | one point",
                "12. | 2 | one point",
                "+5 | 2 | one point",
                "1e3 | 2 | one point",
                "\u0661\u0662 | 2 | one point",
                "x | 0 | digits only",
                "\"\" | 2 | write an amount",
                "2814749767106.56 | 2 | the most is 2814749767106.55",
                "281474976710656 | 0 | the most is 281474976710655",
                "9999999999999999999999999999 | 2 | the most is"
            })
    void refusesTheRestAndSaysWhatToWrite(String typed, int decimals, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AmountParser.parse(typed, decimals))
                .withMessageContaining(why)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @Test
    void writesWhatIsOwed() {
        assertThat(AmountParser.format(-5, 2)).isEqualTo("-0.05");
        assertThat(AmountParser.format(-1250, 2)).isEqualTo("-12.50");
        assertThat(AmountParser.format(-7, 0)).isEqualTo("-7");
    }
}
