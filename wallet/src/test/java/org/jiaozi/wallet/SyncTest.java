package org.jiaozi.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.message.Handover;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Period;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.wallet.World.Device;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletRows;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.host.WalletStep;
import org.jiaozi.wallet.purse.Pseudonym;
import org.jiaozi.wallet.purse.PurseCommand;
import org.jiaozi.wallet.sync.Errands;
import org.jiaozi.wallet.sync.Move;
import org.jiaozi.wallet.sync.Sync;
import org.jiaozi.wallet.sync.SyncNext;
import org.jiaozi.wallet.sync.SyncRun;
import org.junit.jupiter.api.Test;

/** A wallet and an institution, cut off wherever it hurts (spec 06, clause 12). */
final class SyncTest {
    private final World world = new World(3);
    private final Device a = world.device("a", 2);
    private final Device b = world.device("b", 2);
    private final FakeBank bankOfA = new FakeBank(world, a, 0);
    private final FakeBank bankOfB = new FakeBank(world, b, 0);

    private SyncRun sync(Device device, FakeBank bank, SyncRun.Options options, int loss) {
        return sync(world, device, bank, options, loss);
    }

    /** Syncs; every answer is lost with probability {@code loss} in hundredths, and then a new go begins from storage. */
    static SyncRun sync(World world, Device device, FakeBank bank, SyncRun.Options options, int loss) {
        Random luck = new Random(loss);
        SyncRun run = SyncRun.start(options);
        SyncNext next = Sync.next(device.state, run, device.context(), fresh(world));
        for (int step = 0; step < 200; step++) {
            device.state = stored(next.state());
            boolean lost = luck.nextInt(100) < loss;
            switch (next) {
                case SyncNext.FetchBulletin f ->
                    next = Sync.bulletin(
                            device.state, f.run(), world.bulletin.encode(), device.context(), fresh(world));
                case SyncNext.Ask ask -> {
                    var answer = bank.answer(ask.message());
                    next = lost
                            ? Sync.next(device.state, SyncRun.start(options), device.context(), fresh(world))
                            : Sync.answered(device.state, ask.run(), answer, device.context(), fresh(world));
                }
                case SyncNext.AskAccountKey ask ->
                    next = Sync.accountSigned(
                            device.state, ask.run(), Signed.by(world.crypto.signer("account"), ask.message()));
                case SyncNext.Done done -> {
                    return done.run();
                }
            }
        }
        throw new AssertionError("a sync without end");
    }

    private Sync.Fresh fresh() {
        return fresh(world);
    }

    static Sync.Fresh fresh(World world) {
        return new Sync.Fresh(world.nonce(), world.nonce());
    }

    /** What a restart finds on disk. */
    private static WalletState stored(WalletState state) {
        WalletState back = WalletRows.load(WalletRows.all(state));
        assertThat(back.purse()).isEqualTo(state.purse());
        assertThat(WalletRows.all(back)).isEqualTo(WalletRows.all(state));
        return back;
    }

    @Test
    void everythingAboveTheKeepAmountIsDepositedAndTheRestStays() {
        a.load(50_000);
        sync(a, bankOfA, SyncRun.Options.DEFAULT, 0);
        long keep = world.bulletin.statement().policy().keepAmount().minor();
        assertThat(a.balance()).isEqualTo(keep);
        assertThat(bankOfA.balance).isEqualTo(50_000 - keep);
        assertThat(a.state.purse().log().values()).allMatch(e -> e.settled());
    }

    @Test
    void uploadsReturnsEvidenceAndCountersSurviveAnyLossOfAnswers() {
        a.load(20_000);
        b.load(9_000);
        Tap.pay(a, b, 1_000);
        Device clone = a.copy();
        Tap.pay(a, b, 10);
        assertThat(Tap.refusal(Tap.deliver(b, Tap.payment(clone, b.ask(11))))).isEqualTo(RefusalCode.FORK_KNOWN);
        Bytes request = a.ask(77);
        Bytes mine = Tap.payment(b, request);
        Bytes theirs = Tap.payment(clone.world.device("x", 1), b.ask(1));
        assertThat(Tap.refusal(theirs)).isEqualTo(RefusalCode.INSUFFICIENT_FUNDS);
        Device c = world.device("c", 1);
        c.load(100);
        Tap.deliver(a, Tap.payment(c, request));
        Tap.acknowledge(b, request, Tap.deliver(a, mine));
        SyncRun.Options options = new SyncRun.Options(
                Optional.of(new Amount(5_000)),
                false,
                List.of(b.newKey("b-fresh-0"), b.newKey("b-fresh-1")),
                Optional.empty());
        sync(b, bankOfB, options, 60);
        assertThat(bankOfB.evidence).hasSize(1);
        assertThat(b.state.evidence().values()).allMatch(WalletState.FoundEvidence::submitted);
        assertThat(b.state.payments().values()).allMatch(p -> p.uploaded() && p.returned());
        assertThat(b.state.requests().values())
                .allMatch(r -> r.uploaded()
                        || r.own().answer().flatMap(x -> x.accepted()).isEmpty());
        // 9000 loaded, 1010 received, 77 paid and returned
        assertThat(b.balance()).isEqualTo(5_000);
        assertThat(bankOfB.balance).isEqualTo(5_010);
        assertThat(b.state.purse().pseudonyms().stream()
                        .filter(p -> p.status() == Pseudonym.Status.ACTIVE)
                        .map(p -> p.certificate().orElseThrow().statement()))
                .isNotEmpty();
    }

    @Test
    void frozenMoneyBecomesAFreshNote() {
        world.maxHops = 1;
        a.load(4_000);
        Tap.pay(a, b, 1_500);
        SyncRun.Options keepAll =
                new SyncRun.Options(Optional.of(new Amount(1_000_000)), false, List.of(), Optional.empty());
        sync(b, bankOfB, keepAll, 30);
        assertThat(b.balance()).isEqualTo(1_500);
        assertThat(bankOfB.balance).isZero();
        assertThat(b.state.purse().slices().values()).allMatch(s -> s.hops() == 0);
        Tap.pay(b, a, 100);
    }

    @Test
    void manySlicesBecomeOne() {
        a.load(50_000);
        for (int i = 0; i < 12; i++) {
            Tap.pay(a, b, 100);
        }
        assertThat(b.state.purse().slices()).hasSize(12);
        sync(b, bankOfB, SyncRun.Options.DEFAULT, 30);
        assertThat(b.balance()).isEqualTo(1_200);
        assertThat(b.state.purse().slices()).hasSize(1);
    }

    @Test
    void aRefusedDepositIsAskedAboutAgainAndNeverSignedAgain() {
        a.load(50_000);
        bankOfA.refuseDeposits = Optional.of(Refusal.of(RefusalCode.BUSY));
        SyncRun run = sync(a, bankOfA, SyncRun.Options.DEFAULT, 0);
        assertThat(run.refusals()).contains(Refusal.of(RefusalCode.BUSY));
        assertThat(a.state.purse().log()).hasSize(1);
        bankOfA.refuseDeposits = Optional.empty();
        sync(a, bankOfA, SyncRun.Options.DEFAULT, 0);
        assertThat(a.state.purse().log()).hasSize(1);
        assertThat(bankOfA.balance).isEqualTo(30_000);
        assertThat(bankOfA.deposits).hasSize(1);
    }

    /** Nobody took it while its notes lapsed: what proves it is kept until somebody does, and no longer. */
    @Test
    void aDepositThatNobodyAcknowledgedKeepsItsLineage() {
        b.load(50_000);
        Tap.pay(b, a, 2_000);
        bankOfA.refuseDeposits = Optional.of(Refusal.of(RefusalCode.ACCOUNT_BLOCKED));
        sync(a, bankOfA, NOTHING_KEPT, 0);
        Hash deposit =
                a.state.purse().log().values().iterator().next().transfer().hash();
        var policy = world.bulletin.statement().policy();
        world.now = world.now.plus(policy.noteValidity()).plus(policy.grace()).plus(Period.ofDays(1));
        world.nextBulletin(Set.of());
        sync(a, bankOfA, NOTHING_KEPT, 0);
        assertThat(a.state.lineage().lineageOf(Set.of(new SliceRef(deposit, 0))).links())
                .hasSize(2);
        bankOfA.refuseDeposits = Optional.empty();
        sync(a, bankOfA, NOTHING_KEPT, 0);
        assertThat(bankOfA.deposits).containsExactly(deposit);
        assertThat(bankOfA.balance).isEqualTo(2_000);
        assertThat(a.state.lineage().links()).isEmpty();
        assertThat(a.state.lineage().notes()).isEmpty();
    }

    @Test
    void aDepositIsTakenOverWhereTheWalletGoesWhenItsInstitutionIsGone() {
        a.load(50_000);
        bankOfA.refuseDeposits = Optional.of(Refusal.of(RefusalCode.BUSY));
        sync(a, bankOfA, SyncRun.Options.DEFAULT, 0);
        Signed<Transfer> deposit =
                a.state.purse().log().values().iterator().next().transfer();
        world.gone = true;
        world.nextBulletin(Set.of());
        FakeBank there = new FakeBank(world, a, 0);
        // where it is, it asks and signs nothing any more
        SyncRun idle = sync(a, there, SyncRun.Options.DEFAULT, 0);
        assertThat(idle.refusals()).extracting(Refusal::code).containsExactly(RefusalCode.INSTITUTION_GONE);
        Sync.Fresh unused = fresh();
        assertThat(Errands.load(a.state, new Amount(1), a.context(), unused))
                .isEqualTo(new WalletStep.Refused<>(idle.refusals().getFirst()));
        assertThat(Errands.ask(a.state, new WalletRequest.ReadAccount(1), a.context(), unused))
                .isEqualTo(new WalletStep.Refused<>(idle.refusals().getFirst()));
        assertThat(there.deposits).isEmpty();
        a.state = a.state.movedTo(World.OTHER);
        SyncRun nameless = sync(a, there, SyncRun.Options.DEFAULT, 0);
        assertThat(nameless.refusals()).extracting(Refusal::code).contains(RefusalCode.UNKNOWN_ACCOUNT);
        assertThat(there.handovers).isEmpty();
        SyncRun.Options named =
                new SyncRun.Options(Optional.empty(), false, List.of(), Optional.empty(), Optional.of("acc-1"));
        sync(a, there, named, 40);
        assertThat(there.handovers).isNotEmpty().allSatisfy(h -> {
            assertThat(h.statement().institution()).isEqualTo(World.OTHER);
            assertThat(h.statement().account()).isEqualTo("acc-1");
            assertThat(h.statement().deposit()).isEqualTo(deposit.hash());
            assertThat(h.verifies(
                            world.crypto,
                            a.state
                                    .purse()
                                    .pseudonyms()
                                    .getFirst()
                                    .certificate()
                                    .orElseThrow()
                                    .statement()
                                    .key()))
                    .isTrue();
        });
        assertThat(there.deposits).containsExactly(deposit.hash());
        assertThat(a.state.purse().log().values()).allMatch(e -> e.settled());
        int told = there.handovers.size();
        sync(a, there, named, 0);
        assertThat(there.handovers).hasSize(told);
    }

    /** {@code a} with 700 under a key that is retired and 300 under one that is not, at a new institution. */
    private FakeBank movedWithARetiredKey(int bound) {
        a.load(0, 700);
        a.load(1, 300);
        a.command(new PurseCommand.RetireKeys(Set.of(a.key(0))));
        world.gone = true;
        a.state = Wallet.takeBulletin(a.state, world.nextBulletin(Set.of()));
        List<PublicKey> keys = Move.keys(a.state, bound);
        a.done(Move.arrived(
                a.state,
                World.OTHER,
                keys.stream().map(world::certificateOfOther).toList(),
                a.context()));
        assertThat(a.state.settings().institution()).isEqualTo(World.OTHER);
        return new FakeBank(world, keys);
    }

    private static final SyncRun.Options NOTHING_KEPT =
            new SyncRun.Options(Optional.of(Amount.ZERO), false, List.of(), Optional.empty(), Optional.of("acc-1"));

    @Test
    void whatLiesUnderARetiredKeyGoesAlongToAnotherInstitution() {
        FakeBank there = movedWithARetiredKey(2);
        assertThat(a.state.purse().pseudonyms()).allMatch(p -> p.status() == Pseudonym.Status.ACTIVE);
        sync(a, there, NOTHING_KEPT, 30);
        assertThat(there.balance).isEqualTo(1_000);
        assertThat(a.balance()).isZero();
    }

    /** Keys that hold value go first; what did not go along is bound when there is room, and not spoken of before. */
    @Test
    void aKeyThatStayedBehindIsBoundAtTheNextRenewal() {
        FakeBank there = movedWithARetiredKey(1);
        Thumbprint bound = a.state.purse().pseudonyms().stream()
                .filter(p -> p.status() == Pseudonym.Status.ACTIVE)
                .map(Pseudonym::thumbprint)
                .findFirst()
                .orElseThrow();
        assertThat(a.state.purse().holding(bound).isZero()).isFalse();
        assertThat(a.state.purse().pseudonyms()).hasSize(2);
        sync(a, there, NOTHING_KEPT, 30);
        assertThat(there.balance).isEqualTo(1_000);
        assertThat(a.balance()).isZero();
    }

    @Test
    void anIdleKeyGivesWayToOneThatHoldsValue() {
        a.load(0, 700);
        a.command(new PurseCommand.RetireKeys(Set.of(a.key(0))));
        assertThat(Move.keys(a.state, 2).stream().map(PublicKey::thumbprint)).containsExactly(a.key(0), a.key(1));
        assertThat(Move.keys(a.state, 1).stream().map(PublicKey::thumbprint)).containsExactly(a.key(0));
    }

    @Test
    void aPurseHandsOverOnlyItsOwnDepositsThatWait() {
        a.load(50_000);
        sync(a, bankOfA, SyncRun.Options.DEFAULT, 0);
        b.load(1_000);
        Tap.pay(b, a, 500);
        Hash acknowledged =
                a.state.purse().log().values().iterator().next().transfer().hash();
        Hash payment =
                b.state.purse().log().values().iterator().next().transfer().hash();
        for (Hash hash : List.of(acknowledged, payment)) {
            Handover word = new Handover(World.OTHER, "acc-1", hash, world.now);
            for (Device device : List.of(a, b)) {
                assertThat(Wallet.purse(device.state, new PurseCommand.HandOver(word), device.context()))
                        .isInstanceOfSatisfying(
                                WalletStep.Refused.class,
                                no -> assertThat(no.refusal().code()).isEqualTo(RefusalCode.WRONG_STATE));
            }
        }
    }
}
