package org.jiaozi.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Period;
import org.jiaozi.wallet.World.Device;
import org.jiaozi.wallet.host.LineageStore;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.sync.Sync;
import org.jiaozi.wallet.sync.SyncNext;
import org.jiaozi.wallet.sync.SyncRun;
import org.junit.jupiter.api.Test;

/** A payment out of two notes, one of which is past expiry and grace while the other still counts. */
final class LapsedLineageTest {
    private final World world = new World(11);
    private final Device payer = world.device("payer", 1);
    private final Device holder = world.device("holder", 1);
    private final Device next = world.device("next", 1);

    private Hash passedOn() {
        payer.load(1_000);
        world.now = world.now.plus(Period.ofDays(1));
        payer.load(2_000);
        Tap.pay(payer, holder, 3_000);
        Hash credited = holder.state.requests().values().stream()
                .flatMap(r -> r.own().answer().orElseThrow().accepted().stream())
                .findFirst()
                .orElseThrow();
        Tap.pay(holder, next, 3_000);
        Profile policy = world.bulletin.statement().policy();
        // half a day before the second note's grace ends
        world.now = world.now.plus(policy.noteValidity()).plus(policy.grace()).minus(new Period(12 * 3_600));
        return credited;
    }

    @Test
    void whatAWalletKeepsOfATransferItKeepsWhole() {
        Hash credited = passedOn();
        LineageStore kept = Wallet.tidy(holder.state, holder.context()).lineage();
        assertThat(kept.links()).containsKey(credited);
        Lineage whole = kept.lineageOf(Set.of(new SliceRef(credited, 0)));
        assertThat(whole.notes()).hasSize(2);
        world.now = world.now.plus(Period.ofDays(1));
        LineageStore none = Wallet.tidy(holder.state, holder.context()).lineage();
        assertThat(none.links()).isEmpty();
        assertThat(none.notes()).isEmpty();
    }

    @Test
    void aPaymentThatWasNeverUploadedIsUploadedAfterATidying() {
        passedOn();
        holder.state = Wallet.tidy(holder.state, holder.context());
        SyncRun run = SyncRun.start(SyncRun.Options.DEFAULT);
        SyncNext first = Sync.next(holder.state, run, holder.context(), new Sync.Fresh(world.nonce(), world.nonce()));
        SyncNext second = first instanceof SyncNext.FetchBulletin f
                ? Sync.bulletin(
                        holder.state,
                        f.run(),
                        world.bulletin.encode(),
                        holder.context(),
                        new Sync.Fresh(world.nonce(), world.nonce()))
                : first;
        assertThat(second).isInstanceOf(SyncNext.Ask.class);
        var asked = ((SyncNext.Ask) second).message().statement().body();
        assertThat(asked).isInstanceOf(WalletRequest.Upload.class);
        // the payment passed on, and the one that was credited: both whole
        assertThat(((WalletRequest.Upload) asked).lineages()).hasSize(2);
    }
}
