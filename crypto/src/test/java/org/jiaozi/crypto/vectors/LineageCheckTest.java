package org.jiaozi.crypto.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCheck;
import org.jiaozi.core.lineage.LineageCheck.Result.Sound;
import org.jiaozi.core.lineage.LineageCheck.Result.Unsound;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.PurseCertificate.Limits;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Timestamp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One sound lineage, and every way of spec 05, clause 7 in which it can be spoilt. */
final class LineageCheckTest {
    private final Chain chain = new Chain();

    record Spoilt(String what, RefusalCode code, Function<Chain, Lineage> make) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Spoilt> spoilt() {
        return Stream.of(
                new Spoilt("one hop too many", RefusalCode.TOO_MANY_HOPS, c -> c.hops(4, 3)),
                new Spoilt("payer's signature of another transfer", RefusalCode.BAD_SIGNATURE, c -> {
                    Lineage l = c.hops(2, 5);
                    Signature other = l.links().getFirst().transfer().signature();
                    Signed<Transfer> head = new Signed<>(l.head().transfer().statement(), other);
                    return Chain.withHead(l, new Lineage.Link(head, l.head().certificate()));
                }),
                new Spoilt("note signed by a purse", RefusalCode.BAD_SIGNATURE, c -> {
                    Lineage l = c.hops(1, 5);
                    return new Lineage(
                            List.of(Signed.by(c.key("h9"), l.notes().getFirst().statement())), l.links());
                }),
                new Spoilt("signed by a key that does not hold it", RefusalCode.WRONG_HOLDER, c -> {
                    Lineage l = c.hops(1, 5);
                    return l.plus(c.link(
                            "h7", c.transfer("h8", 1, 10, Chain.input(l.head().transfer(), 0, 0, 10))));
                }),
                new Spoilt("one unit beyond the parent's range", RefusalCode.RANGE_OUTSIDE_PARENT, c -> {
                    Lineage l = c.hops(1, 5);
                    return l.plus(c.link(
                            "h1",
                            c.transfer("h2", 1, 9_001, Chain.input(l.head().transfer(), 0, 0, 9_001))));
                }),
                new Spoilt("an output index the parent does not have", RefusalCode.UNKNOWN_PARENT, c -> {
                    Lineage l = c.hops(1, 5);
                    return l.plus(c.link(
                            "h1", c.transfer("h2", 1, 10, Chain.input(l.head().transfer(), 1, 0, 10))));
                }),
                new Spoilt("the same unit moved twice", RefusalCode.FORK_KNOWN, c -> {
                    Lineage l = c.hops(1, 5);
                    Signed<Transfer> p = l.head().transfer();
                    return l.plus(c.link("h1", c.transfer("h2", 1, 10, Chain.input(p, 0, 0, 10))))
                            .plus(c.link("h1", c.transfer("h3", 2, 11, Chain.input(p, 0, 9, 10))));
                }),
                new Spoilt(
                        "above one payment's limit", RefusalCode.OVER_PAYMENT_LIMIT, c -> over(c, 50_001, 1, 50_001)),
                new Spoilt("above the total", RefusalCode.OVER_TOTAL_LIMIT, c -> over(c, 50_000, 1, 200_001)),
                new Spoilt("a total below the amount", RefusalCode.OVER_TOTAL_LIMIT, c -> over(c, 50_000, 1, 49_999)),
                new Spoilt("above the count", RefusalCode.OVER_COUNT_LIMIT, c -> over(c, 10, 101, 10)),
                new Spoilt("a sequence number at the base", RefusalCode.OVER_COUNT_LIMIT, c -> over(c, 10, 0, 10)),
                new Spoilt("dated after the note's expiry", RefusalCode.NOTE_EXPIRED, c -> dated(c, 50_001)),
                new Spoilt("dated after the certificate", RefusalCode.CERTIFICATE_EXPIRED, c -> dated(c, 100_001)),
                new Spoilt(
                        "dated before the certificate", RefusalCode.CERTIFICATE_NOT_YET_VALID, c -> dated(c, -1_001)),
                new Spoilt("on after a deposit", RefusalCode.WRONG_HOLDER, c -> {
                    Lineage l = c.hops(1, 5);
                    l = l.plus(c.link(
                            "h1",
                            c.transfer("deposit", 1, 0, Chain.input(l.head().transfer(), 0, 0, 10))));
                    return l.plus(c.link(
                            "deposit",
                            c.transfer("h2", 1, 5, Chain.input(l.head().transfer(), 0, 0, 5))));
                }),
                new Spoilt("nine inputs", RefusalCode.TOO_MANY_INPUTS, c -> {
                    Lineage l = c.hops(1, 5);
                    Signed<Transfer> p = l.head().transfer();
                    return l.plus(c.link(
                            "h1",
                            c.transfer(
                                    "h2",
                                    1,
                                    9,
                                    java.util.stream.IntStream.range(0, 9)
                                            .mapToObj(i -> Chain.input(p, 0, i, i + 1))
                                            .toArray(org.jiaozi.core.statement.TransferInput[]::new))));
                }),
                new Spoilt("a certificate for another currency", RefusalCode.CURRENCY_MISMATCH, c -> {
                    Lineage l = c.hops(1, 5);
                    var eur = c.certificate("h0", Chain.LIMITS, new Currency("EUR"));
                    return Chain.withHead(l, new Lineage.Link(l.head().transfer(), eur));
                }));
    }

    private static Lineage over(Chain c, long amount, long seq, long spent) {
        Signed<org.jiaozi.core.statement.Note> note = c.note("h0", 1_000_000, 5);
        return Lineage.of(note).plus(c.link("h0", c.transfer("h1", seq, spent, Chain.input(note, 0, 0, amount))));
    }

    private static Lineage dated(Chain c, long offset) {
        Lineage l = c.hops(1, 5);
        Transfer t = l.head().transfer().statement();
        Timestamp at = new Timestamp(Chain.NOW.seconds() + offset);
        Transfer moved = new Transfer(t.inputs(), t.payee(), t.nonce(), t.seq(), t.spentTotal(), at);
        return Chain.withHead(l, c.link("h0", moved));
    }

    @ParameterizedTest
    @MethodSource("spoilt")
    void refusesWhatIsSpoilt(Spoilt spoilt) {
        LineageCheck.Result result = LineageCheck.check(spoilt.make().apply(chain), chain.context(false));
        assertThat(result).isInstanceOf(Unsound.class);
        assertThat(((Unsound) result).refusal().code()).isEqualTo(spoilt.code());
    }

    @Test
    void acceptsTheLastAllowedHopAndKeepsTheRange() {
        Lineage lineage = chain.hops(3, 3);
        Sound sound = (Sound) LineageCheck.check(lineage, chain.context(false));
        var slice = sound.outputsOf(lineage.head().transfer()).getFirst();
        assertThat(slice.hops()).isEqualTo(3);
        assertThat(slice.amount().minor()).isEqualTo(7_000);
        assertThat(slice.holder()).isEqualTo(chain.thumb("h3"));
    }

    @Test
    void aDepositIsNoHopAndFreeOfLimitsAndRevocation() {
        Lineage lineage = chain.hops(3, 3);
        lineage = lineage.plus(chain.link(
                "h3",
                chain.transfer("deposit", 900, 0, Chain.input(lineage.head().transfer(), 0, 0, 7_000))));
        assertThat(LineageCheck.check(lineage, chain.context(true, "h1", "h3"))).isInstanceOf(Sound.class);
        assertThat(LineageCheck.check(lineage, chain.context(false))).isInstanceOf(Sound.class);
    }

    @Test
    void aDepositMayCarryBothBranchesOfAFork() {
        Lineage l = chain.hops(1, 5);
        Signed<Transfer> p = l.head().transfer();
        Lineage forked = l.plus(chain.link("h1", chain.transfer("h2", 1, 10, Chain.input(p, 0, 0, 10))))
                .plus(chain.link("h1", chain.transfer("h2", 2, 20, Chain.input(p, 0, 5, 15))));
        Lineage deposit = forked.plus(chain.link(
                "h2",
                chain.transfer(
                        "deposit",
                        1,
                        0,
                        Chain.input(forked.links().get(1).transfer(), 0, 0, 10),
                        Chain.input(forked.links().get(2).transfer(), 0, 5, 15))));
        assertThat(LineageCheck.check(deposit, chain.context(true))).isInstanceOf(Sound.class);
        assertThat(LineageCheck.check(forked, chain.context(false))).isInstanceOf(Unsound.class);
    }

    @Test
    void refusesRevokedPayersAndAncestorsApart() {
        Lineage lineage = chain.hops(2, 5);
        assertThat(((Unsound) LineageCheck.check(lineage, chain.context(false, "h1")))
                        .refusal()
                        .code())
                .isEqualTo(RefusalCode.PURSE_REVOKED);
        assertThat(((Unsound) LineageCheck.check(lineage, chain.context(false, "h0")))
                        .refusal()
                        .code())
                .isEqualTo(RefusalCode.LINEAGE_REVOKED);
    }

    @Test
    void packsAndReadsBackTheSameStatements() {
        Lineage lineage = chain.hops(5, 5);
        Bytes packed = LineageCodec.encode(lineage);
        Lineage back = LineageCodec.decode(packed, LineageBounds.TAP);
        assertThat(back).isEqualTo(lineage);
        assertThat(LineageCodec.encode(back)).isEqualTo(packed);
    }

    @Test
    void everyFlippedByteIsRefusedOrBreaksASignature() {
        Lineage lineage = chain.hops(2, 5);
        Bytes packed = LineageCodec.encode(lineage);
        for (int i = 0; i < packed.size(); i++) {
            Bytes spoilt = Chain.flip(packed, i);
            Lineage read;
            try {
                read = LineageCodec.decode(spoilt, LineageBounds.TAP);
            } catch (DecodeException refused) {
                continue;
            }
            boolean payeeOnly = i >= packed.size() - 32;
            assertThat(LineageCheck.check(read, chain.context(false)))
                    .as("byte %d of %d, payee %s", i, packed.size(), payeeOnly)
                    .isInstanceOf(Unsound.class);
        }
    }

    @Test
    void refusesEveryTruncationAndTrailingByte() {
        Bytes packed = LineageCodec.encode(chain.hops(1, 5));
        for (int length = 0; length < packed.size(); length++) {
            Bytes cut = packed.slice(0, length);
            assertThatThrownBy(() -> LineageCodec.decode(cut, LineageBounds.TAP))
                    .isInstanceOf(DecodeException.class);
        }
        assertThatThrownBy(() -> LineageCodec.decode(packed.concat(Bytes.fromHex("00")), LineageBounds.TAP))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("TRAILING_BYTES");
    }

    @Test
    void aCertificateWithoutRoomForThePaymentIsSeenByThePayee() {
        Lineage l = chain.hops(1, 5);
        var tight = chain.certificate("h0", new Limits(8_999, 200_000, 100, 1_000_000), Chain.CNY);
        Lineage spoilt = Chain.withHead(l, new Lineage.Link(l.head().transfer(), tight));
        assertThat(((Unsound) LineageCheck.check(spoilt, chain.context(false)))
                        .refusal()
                        .code())
                .isEqualTo(RefusalCode.OVER_PAYMENT_LIMIT);
    }
}
