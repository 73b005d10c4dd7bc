package org.jiaozi.lab.audit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer by sums is sound where there are more parts than an answer names, and where the sums are right. */
final class PartsTest {
    private static void audited(String record) {
        new LargeRecord().apply(record).accept(new byte[0]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4097 parts", "4097 parts, one claimed"})
    void whatIsOfTooManyPartsIsAnsweredBySums(String record) {
        assertThatCode(() -> audited(record)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"4096 parts", "4097 parts, one answered otherwise"})
    void anotherAnswerBySumsIsABreach(String record) {
        assertThatThrownBy(() -> audited(record)).hasMessageContaining("was answered otherwise than it was settled");
    }
}
