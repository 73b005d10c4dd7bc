package org.jiaozi.crypto.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.evidence.Evidence;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCheck;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.Envelope;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.tap.PaymentCheck;
import org.jiaozi.core.tap.TapContext;
import org.jiaozi.core.tap.TapMessage;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Period;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.HpkeSealer;
import org.jiaozi.crypto.fake.SeededEntropy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stranger might send to crash, to mislead or to wear out whoever reads it. */
final class HostileInputTest {
    private final Samples samples = new Samples();
    private final Chain chain = samples.chain;
    private final Sealer sealer = new HpkeSealer(new SeededEntropy(7));

    private static void refused(RefusalCode code, ThrowingCallable call) {
        assertThatExceptionOfType(DecodeException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.refusal().code()).isEqualTo(code));
    }

    private TapContext tap() {
        return new TapContext(Chain.NOW, "", new Es256Verifier(), sealer, samples.bulletin, samples.key("root"));
    }

    /** What nothing here spends could stand in it any number of times, and its packed form would still be its own. */
    @Test
    void aLineageHasEveryStatementOnce() {
        Lineage hop = chain.hops(2, 5);
        Signed<Note> note = chain.note("h5", 9, 5);
        Bytes noteTwice = LineageCodec.encode(new Lineage(List.of(hop.notes().getFirst(), note, note), hop.links()));
        refused(RefusalCode.NON_CANONICAL, () -> LineageCodec.decode(noteTwice, LineageBounds.TAP));
        Bytes headTwice = LineageCodec.encode(hop.plus(hop.head()));
        refused(RefusalCode.NON_CANONICAL, () -> LineageCodec.decode(headTwice, LineageBounds.DEPOSIT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "0000000000000000000000000000000000000000000000000000000000000080"
            })
    void aSealingKeyOfLowOrderIsRefusedBeforeAnythingIsSealedToIt(String hex) {
        Bytes low = Bytes.fromHex(hex);
        assertThatIllegalArgumentException().isThrownBy(() -> sealer.seal(low, Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY));
        assertThat(Sealer.isUsable(low)).isFalse();
        assertThat(Sealer.isUsable(Samples.sealingKey())).isTrue();
        refused(RefusalCode.OUT_OF_RANGE, () -> readRequest("tea", low));
        Sealer.KeyPair institution = sealer.newKeyPair();
        var message = Signed.by(
                chain.key("h0"),
                new WalletMessage(
                        Samples.SEVEN,
                        chain.thumb("h0"),
                        Chain.nonce("m"),
                        Chain.NOW,
                        new WalletRequest.ReadAccount(1)));
        Envelope envelope = Envelope.seal(sealer, institution.publicKey(), message, low);
        refused(RefusalCode.OUT_OF_RANGE, () -> envelope.open(sealer, institution));
    }

    /** Reads a request with these fields, which the record itself would not hold. */
    private static void readRequest(String reference, Bytes sealingKey) {
        Bytes payload = Cbor.map()
                .put(1, Cbor.of(5))
                .put(2, Cbor.of("CNY"))
                .put(3, Cbor.of(Chain.nonce("r").bytes()))
                .put(4, Cbor.of(Chain.NOW.seconds()))
                .put(5, Cbor.of(1))
                .put(6, Cbor.of(reference))
                .put(7, Cbor.of(sealingKey))
                .build()
                .encode();
        Cbor cose = Cbor.array(
                Cbor.of(Bytes.fromHex("a10126")),
                Cbor.map().build(),
                Cbor.of(payload),
                Cbor.of(new Chain().key("h1").sign(Bytes.EMPTY).bytes()));
        Signed.fromCose(cose, Request::read);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u001b[2Jpaid", "a\nb", "a\rb", "\u007f", "\u009b31m", "\u2028", "\u202egnp", "\u2066x"})
    void textThatCouldRewriteATerminalIsRefused(String text) {
        refused(RefusalCode.MALFORMED, () -> readRequest(text, Samples.sealingKey()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Request(
                        new Amount(1), Chain.CNY, Chain.nonce("r"), Chain.NOW, 1, text, Samples.sealingKey()));
        assertThat(new Refusal(RefusalCode.MALFORMED, "not a code: " + text).toString())
                .doesNotContainPattern("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u202e\\u2066]");
    }

    @Test
    void whatPeopleWriteIsPlain() {
        readRequest(
                "茶 two cups, \u00bd l, \ud83c\uddf3\ud83c\uddfa, \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
                Samples.sealingKey());
    }

    /** The detail is cut, and a cut through a surrogate pair has no UTF-8. */
    @Test
    void aLongDetailIsCutToSomethingThatCanBeWritten() {
        var refusal = new Refusal(RefusalCode.WITHHELD, "x".repeat(119) + "\ud83d\ude00");
        Bytes bytes = new WalletAnswer.Refused(refusal).cbor().encode();
        assertThat(WalletAnswer.read(Cbor.decode(bytes, 1000))).isInstanceOf(WalletAnswer.Refused.class);
        Bytes tap = new TapMessage.RefusalMessage(
                        new Refusal(RefusalCode.WITHHELD, "\ud83d\ude00".repeat(99)),
                        Chain.nonce("n"),
                        Optional.empty())
                .encode();
        assertThat(TapMessage.decode(tap).encode()).isEqualTo(tap);
    }

    /** Dates come from strangers; adding grace or validity to the last of them must not throw. */
    @Test
    void aDeadlineBeyondTheLastInstantNeverPasses() {
        Timestamp last = new Timestamp(Limit.UINT32);
        assertThat(last.plus(Period.ofDays(1))).isEqualTo(last);
        assertThat(new Timestamp(5).plus(new Period(Limit.UINT32))).isEqualTo(last);
        assertThat(last.isAfter(last.plus(Period.ofDays(1)))).isFalse();
    }

    @Test
    void overlapsAreFoundWhereverTheInputsStand() {
        Signed<Note> one = chain.note("h0", 1_000_000, 5);
        Signed<Note> two = chain.note("h0", 1_000_001, 5);
        List<TransferInput> inputs = new ArrayList<>();
        for (int i = 0; i < 511; i++) {
            inputs.add(Chain.input(one, 0, i * 10L, i * 10L + 10));
            inputs.add(Chain.input(two, 0, i * 10L, i * 10L + 10));
        }
        assertThat(chain.transfer("h1", 1, 1, inputs.toArray(TransferInput[]::new))
                        .inputs())
                .hasSize(1022);
        for (TransferInput spoilt :
                List.of(Chain.input(one, 0, 5_109, 6_000), Chain.input(two, 0, 0, 6_000), inputs.getFirst())) {
            List<TransferInput> more = new ArrayList<>(inputs);
            more.add(700, spoilt);
            refused(RefusalCode.INPUTS_OVERLAP, () -> chain.transfer("h1", 1, 1, more.toArray(TransferInput[]::new)));
        }
    }

    /**
     * The check stops at the fork, so the links after it may be forged: one that contradicts what an honest purse really
     * signed must not be kept as evidence against it.
     */
    @Test
    void aForgedLinkAfterAForkIsNoEvidence() {
        Lineage hop = chain.hops(1, 5);
        Signed<Note> note = hop.notes().getFirst();
        Signed<Transfer> honest = hop.head().transfer();
        Signed<Note> own = chain.note("m", 500, 5);
        Lineage.Link first = chain.link("m", chain.transfer("h0", 1, 300, Chain.input(own, 0, 0, 300)));
        Lineage.Link fork = chain.link("m", chain.transfer("h0", 2, 600, Chain.input(own, 0, 0, 300)));
        // the cheat signs with its own key what the certificate of h0 does not cover
        Lineage.Link forged = new Lineage.Link(
                Signed.by(chain.key("m"), chain.transfer("h2", 9, 9_000, Chain.input(note, 0, 0, 9_000))),
                chain.certificate("h0"));
        Lineage payment = new Lineage(List.of(own, note), List.of(first, fork, forged));
        var request = new TapMessage.RequestMessage(chain.certificate("h2"), samples.request("h2", payment));
        var forgery = new Evidence.OverlapEvidence(chain.certificate("h0"), honest, forged.transfer());
        assertThat(forgery.contradicts()).isTrue();
        assertThat(PaymentCheck.check(payment, request, tap(), l -> Optional.of(forgery)))
                .isInstanceOfSatisfying(PaymentCheck.Result.Unsound.class, no -> {
                    assertThat(no.evidence()).isEmpty();
                    assertThat(no.authentic()).isFalse();
                });
        var real = new Evidence.OverlapEvidence(chain.certificate("m"), first.transfer(), fork.transfer());
        assertThat(PaymentCheck.check(payment, request, tap(), l -> Optional.of(real)))
                .isInstanceOfSatisfying(
                        PaymentCheck.Result.Unsound.class,
                        no -> assertThat(no.evidence()).contains(real));
    }

    /** One label signs what institutions ask, what they answer wallets and what the central bank answers them. */
    @Test
    void noAnswerToAWalletReadsAsARequestToTheCentralBank() {
        for (Samples.Sample sample : samples.all()) {
            int readers = readBy(sample, BankRequest::read)
                    + readBy(sample, BankAnswer::read)
                    + readBy(sample, WalletAnswer::read);
            boolean body = sample.name().startsWith("bank ") || sample.name().startsWith("wallet hears");
            assertThat(readers).as(sample.name()).isEqualTo(body ? 1 : 0);
        }
    }

    private static int readBy(Samples.Sample sample, Consumer<Cbor> reader) {
        try {
            reader.accept(Cbor.decode(sample.bytes(), 1 << 20));
            return 1;
        } catch (DecodeException refused) {
            return 0;
        }
    }

    /** Every deposit key is hashed once for a check, not once for every link. */
    @Test
    void theBulletinKnowsEveryGenerationOfDepositKeys() {
        assertThat(samples.bulletin.statement().depositKeys())
                .containsExactlyInAnyOrder(chain.thumb("bank"), chain.thumb("bank two"));
        Lineage hop = chain.hops(1, 5);
        Lineage deposit = hop.plus(chain.link(
                "h1", chain.transfer("bank two", 1, 0, Chain.input(hop.head().transfer(), 0, 0, 9_000))));
        assertThat(LineageCheck.check(
                        deposit, LineageCheck.Context.deposit(samples.bulletin.statement(), new Es256Verifier())))
                .isInstanceOf(LineageCheck.Result.Sound.class);
    }
}
