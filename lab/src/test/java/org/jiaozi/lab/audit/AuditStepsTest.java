package org.jiaozi.lab.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jiaozi.lab.fuzz.CountedCode;
import org.jiaozi.lab.fuzz.Steps;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A record of twice the length takes twice the steps to audit, and not four times: they are counted, so on every machine alike. */
final class AuditStepsTest {
    private static final int MANY = 2_000;

    private static final Function<String, Consumer<byte[]>> COUNTED = CountedCode.of(LargeRecord.class);

    private static long steps(int many, String kind) {
        Consumer<byte[]> audit = COUNTED.apply(many + " " + kind);
        return Steps.of(() -> audit.accept(new byte[0]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"notes", "slices", "whole slices", "claimed slices", "honoured slices", "remittances"})
    void stepsGrowWithTheRecord(String kind) {
        long once = steps(MANY, kind);
        long twice = steps(2 * MANY, kind);
        assertThat(once).isGreaterThan(MANY);
        assertThat(10 * twice).as("%s: %s steps, then %s", kind, once, twice).isLessThan(22 * once);
    }
}
