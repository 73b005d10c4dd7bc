package org.jiaozi.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The sample runs, on real keys, and says what its reader expects. */
final class HandOverTest {
    @Test
    void theMoneyIsInTheOtherPocketAndTheReceiptInThis() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        HandOver.run(new PrintStream(said, true, StandardCharsets.UTF_8));
        assertThat(said.toString(StandardCharsets.UTF_8).lines())
                .hasSize(4)
                .contains("Alice holds 750", "Bob holds 250")
                .anyMatch(line -> line.matches("receipt for transfer .*[0-9a-f]{16}.*"));
    }
}
