package org.jiaozi.lab.bench;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCheck;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.tap.PayerTap;
import org.jiaozi.core.tap.TapMessage.RequestMessage;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.wallet.choice.SliceChoice;
import org.jiaozi.wallet.host.PayerSession;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a payment and a deposit are made of, one piece at a time, with real keys: microseconds each. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PiecesBenchmark {
    private static final long SEED = 20260101;
    private static final int KEYS = 512;
    private static final int SLICES = 64;
    private static final long EACH = 1_000;

    /** Verifies each signature anew, as if it had never been seen. */
    private static SignatureVerifier fresh() {
        return new Es256Verifier();
    }

    /** A lineage of some hops, and what it comes to as bytes. */
    @State(Scope.Benchmark)
    public static class OneLineage {
        @Param({"1", "3", "5"})
        int hops = 1;

        private Lineage lineage = new Lineage(List.of(), List.of());
        private Bytes packed = Bytes.EMPTY;
        private Optional<LineageCheck.Context> context = Optional.empty();

        @Setup
        public void make() {
            BenchMoney money = new BenchMoney(SEED);
            lineage = money.lineage(hops);
            packed = LineageCodec.encode(lineage);
            context = Optional.of(
                    LineageCheck.Context.tap(money.bulletin.statement(), money.profile, BenchMoney.NOW, "", fresh()));
        }
    }

    @Benchmark
    public Lineage decode(OneLineage it) {
        Lineage read = LineageCodec.decode(it.packed, LineageBounds.DEPOSIT);
        if (read.links().size() != it.lineage.links().size()) {
            throw new IllegalStateException("another lineage was read");
        }
        return read;
    }

    @Benchmark
    public LineageCheck.Result checkLineage(OneLineage it) {
        LineageCheck.Result result = LineageCheck.check(it.lineage, it.context.orElseThrow());
        if (!(result instanceof LineageCheck.Result.Sound)) {
            throw new IllegalStateException("an unsound lineage: " + result);
        }
        return result;
    }

    /** Transfers of many keys, so that no key's preparation is found in a cache more often than in life. */
    @State(Scope.Benchmark)
    public static class Transfers {
        private List<Lineage.Link> links = List.of();
        private final SignatureVerifier verifier = fresh();
        private int next;

        @Setup
        public void make() {
            BenchMoney money = new BenchMoney(SEED);
            links = IntStream.range(0, KEYS)
                    .mapToObj(i -> money.lineage(1).head())
                    .toList();
        }
    }

    @Benchmark
    public boolean verifyTransfer(Transfers it) {
        it.next = (it.next + 1) % KEYS;
        Lineage.Link link = it.links.get(it.next);
        if (!link.transfer()
                .verifies(it.verifier, link.certificate().statement().key())) {
            throw new IllegalStateException("a signature that does not verify");
        }
        return true;
    }

    /** A wallet with as many slices as a card holds, and somebody's request for most of it. */
    @State(Scope.Benchmark)
    public static class Payer {
        private Optional<BenchWallet> wallet = Optional.empty();
        private Optional<RequestMessage> request = Optional.empty();
        private Optional<PayerTap.State> tap = Optional.empty();
        private Optional<SliceChoice.Question> question = Optional.empty();

        @Setup
        public void make() {
            BenchMoney money = new BenchMoney(SEED);
            BenchWallet payer = new BenchWallet(money, fresh()).holding(SLICES, EACH);
            RequestMessage asked = new BenchWallet(money, fresh()).ask(3 * EACH + EACH / 2);
            PayerSession.Turn turn =
                    PayerSession.received(payer.state(), PayerTap.start(), asked.encode(), false, payer.context());
            wallet = Optional.of(payer);
            request = turn.decide();
            tap = Optional.of(turn.tap());
            List<Slice> slices = List.copyOf(payer.state().purse().slices().values());
            List<Thumbprint> keys = payer.state().purse().pseudonyms().stream()
                    .map(p -> p.thumbprint())
                    .toList();
            question = Optional.of(new SliceChoice.Question(
                    new Amount(3 * EACH + EACH / 2),
                    BenchMoney.NOW,
                    slices,
                    keys,
                    key -> Optional.empty(),
                    slice -> slice.maxHops(),
                    slice -> false));
        }
    }

    @Benchmark
    public SliceChoice.Choice chooseSlices(Payer it) {
        SliceChoice.Choice choice = SliceChoice.choose(it.question.orElseThrow());
        if (!(choice instanceof SliceChoice.Choice.Chosen)) {
            throw new IllegalStateException("nothing is chosen: " + choice);
        }
        return choice;
    }

    /** From the owner's yes to the bytes that are sent, once they are stored: choice, signature, sealing. */
    @Benchmark
    public PayerSession.Turn pay(Payer it) {
        BenchWallet wallet = it.wallet.orElseThrow();
        PayerSession.Turn turn =
                PayerSession.approve(wallet.state(), it.tap.orElseThrow(), it.request.orElseThrow(), wallet.context());
        if (turn.wallet().payments().isEmpty()) {
            throw new IllegalStateException("the bench's wallet does not pay");
        }
        return turn;
    }
}
