package org.jiaozi.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.wallet.choice.SliceChoice;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The choice as a table: slices are written {@code key:amount@hops*expiryDay}, and named by their place. */
final class SliceChoiceTest {
    private static final long DAY = 86_400;

    static Stream<Arguments> choices() {
        return Stream.of(
                Arguments.of("one slice that covers", "a:100@1*9 a:500@3*9", 80, "0:80"),
                Arguments.of("fewest inputs beat short lineage", "a:50@0*9 a:50@0*9 a:100@4*9", 90, "2:90"),
                Arguments.of("shorter lineage among singles", "a:900@4*9 a:300@1*9 a:200@2*9", 150, "1:150"),
                Arguments.of("earlier expiry among equals", "a:300@1*9 a:300@1*3", 150, "1:150"),
                Arguments.of("change from the one that expires last", "a:100@1*3 a:100@1*9", 150, "0:100 1:50"),
                Arguments.of("exchange for a shorter lineage", "a:100@4*9 a:90@4*9 a:80@0*9", 170, "1:90 2:80"),
                Arguments.of("keys do not mix", "a:100@1*9 b:100@1*9 b:60@1*9", 150, "1:100 2:50"),
                Arguments.of("limits choose the key", "x:100@0*9 a:100@3*9", 50, "1:50"),
                Arguments.of("frozen slices stay", "a:100@5*9 a:60@4*9", 50, "1:50"),
                Arguments.of("nothing at all", "", 50, "INSUFFICIENT_FUNDS"),
                Arguments.of("too little", "a:10@0*9", 50, "INSUFFICIENT_FUNDS"),
                Arguments.of("only both keys together", "a:40@0*9 b:40@0*9", 50, "SPLIT_ACROSS_KEYS"),
                Arguments.of("only frozen", "a:100@5*9", 50, "FROZEN_UNTIL_SYNC"),
                Arguments.of("only expired", "a:100@0*0", 50, "NOTE_EXPIRED"),
                Arguments.of("only through a revoked purse", "a:100@9*9", 50, "LINEAGE_REVOKED"),
                Arguments.of("more than eight inputs", "a:10@0*9 ".repeat(9).strip(), 85, "TOO_MANY_SLICES"),
                Arguments.of("eight inputs are enough", "a:10@0*9 ".repeat(8).strip(), 80, null),
                Arguments.of("a limit where there is money", "x:100@0*9 a:10@0*9", 50, "OVER_TOTAL_LIMIT"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("choices")
    void chooses(String name, String held, long amount, String expected) {
        List<Slice> slices = new ArrayList<>();
        for (String text : held.isEmpty() ? new String[0] : held.split(" ", -1)) {
            slices.add(slice(text, slices.size()));
        }
        List<Thumbprint> keys = slices.stream().map(Slice::holder).distinct().toList();
        SliceChoice.Choice choice = SliceChoice.choose(new SliceChoice.Question(
                new Amount(amount),
                new Timestamp(DAY),
                slices,
                keys,
                key -> key.equals(key("x")) ? Optional.of(Refusal.of(RefusalCode.OVER_TOTAL_LIMIT)) : Optional.empty(),
                slice -> slice.hops() == 9 ? 10 : 5,
                slice -> slice.hops() == 9));
        String shown = switch (choice) {
            case SliceChoice.Choice.Unable u -> u.refusal().code().name();
            case SliceChoice.Choice.Chosen c -> {
                List<String> parts = new ArrayList<>();
                c.inputs()
                        .forEach(i ->
                                parts.add(i.source().index() + ":" + i.range().amount()));
                yield String.join(" ", parts);
            }
        };
        if (expected == null) {
            assertThat(choice).isInstanceOf(SliceChoice.Choice.Chosen.class);
        } else {
            assertThat(shown).isEqualTo(expected);
        }
    }

    private static Thumbprint key(String name) {
        return new Thumbprint(Sha256.hash(Bytes.of(name.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .bytes());
    }

    private static Slice slice(String text, int place) {
        String[] parts = text.split("[:@*]", -1);
        Hash parent = Hash.of(new byte[Hash.SIZE]);
        return new Slice(
                new SliceRef(parent, place),
                new Range(7, 7 + Long.parseLong(parts[1])),
                parent,
                new Currency("CNY"),
                key(parts[0]),
                Integer.parseInt(parts[2]),
                5,
                new Timestamp(Long.parseLong(parts[3]) * DAY));
    }
}
