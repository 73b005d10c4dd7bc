package org.jiaozi.lab.world;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.host.WalletStep;
import org.jiaozi.wallet.sync.Errands;
import org.jiaozi.wallet.sync.Sync;
import org.jiaozi.wallet.sync.SyncNext;
import org.jiaozi.wallet.sync.SyncRun;

/**
 * Devices and their institutions: one exchange at a time, so that syncs of many devices and taps run into each other.
 * Messages are lost, come twice, and are answered by servers that die. Not thread-safe.
 */
final class Online {
    private final World world;
    private final Letters letters;

    Online(World world) {
        this.world = world;
        this.letters = new Letters(world);
    }

    /** What carries its messages. */
    Letters letters() {
        return letters;
    }

    private Sync.Fresh fresh() {
        return new Sync.Fresh(world.dice().nonce(), world.dice().nonce());
    }

    /** Begins a sync unless one runs. */
    void begin(Device device, SyncRun.Options options) {
        if (device.syncing().isEmpty()) {
            device.syncing(Optional.of(SyncRun.start(options)));
        }
    }

    /** What an owner may want of a sync. */
    SyncRun.Options options(Device device) {
        Dice dice = world.dice();
        Optional<Amount> keep = dice.chance(50) ? Optional.empty() : Optional.of(new Amount(dice.between(0, 300_000)));
        return new SyncRun.Options(
                keep,
                dice.chance(15),
                dice.chance(15) ? List.of(world.newKey(device)) : List.of(),
                device.accountKeys().newest().map(Signer::publicKey));
    }

    /** One exchange of the sync that runs; whether it goes on. */
    boolean advance(Device device) {
        Optional<SyncRun> running = device.syncing();
        if (running.isEmpty() || device.lost()) {
            return false;
        }
        SyncNext next = Sync.next(device.disk(), running.get(), world.context(device), fresh());
        if (!device.write(next.state())) {
            return end(device);
        }
        if (!world.calm() && world.dice().chance(3)) {
            world.tally().count(Tally.Event.TEAR);
            return end(device);
        }
        return switch (next) {
            case SyncNext.Done done -> {
                told(device, done.run());
                yield end(device);
            }
            case SyncNext.FetchBulletin fetch -> took(device, bulletin(device, fetch));
            case SyncNext.Ask ask -> exchange(device, ask.run(), ask.message());
            case SyncNext.AskAccountKey ask -> {
                if (ask.message().body() instanceof WalletRequest.ReportLost) {
                    world.accidents().reports(device);
                }
                Signer accountKey = device.accountKeys().named(ask.message().sender());
                Signed<WalletMessage> signed = Signed.by(accountKey, ask.message());
                boolean goesOn = took(device, Sync.accountSigned(device.disk(), ask.run(), signed));
                world.accidents().getsWell(device, 60);
                yield goesOn;
            }
        };
    }

    private SyncNext bulletin(Device device, SyncNext.FetchBulletin fetch) {
        WalletState disk = device.disk();
        Offers offers = world.bank().offers();
        boolean delta = world.bank().bulletin().statement().epoch()
                        > disk.bulletin().statement().epoch()
                && world.dice().chance(70);
        Bytes offered = delta ? offers.since(disk.bulletin()) : offers.whole();
        if (!world.calm() && world.dice().oneIn(8)) {
            offered = offers.forged();
        }
        return Sync.bulletin(disk, fetch.run(), offered, world.context(device), fresh());
    }

    private boolean took(Device device, SyncNext next) {
        if (!device.write(next.state())) {
            return end(device);
        }
        world.judge()
                .expect(
                        world.bank().published(device.disk().bulletin()),
                        "a wallet took a bulletin that nobody signed");
        device.syncing(Optional.of(next.run()));
        if (next instanceof SyncNext.Done) {
            told(device, next.run());
            return end(device);
        }
        return true;
    }

    private void told(Device device, SyncRun run) {
        world.story()
                .tell(() -> device + " has synced: "
                        + run.progress().stream()
                                .map(p -> p.did() + " " + p.amount())
                                .toList()
                        + (run.refusals().isEmpty() ? "" : ", refused: " + run.refusals()));
    }

    private static boolean end(Device device) {
        device.forget();
        device.syncing(Optional.empty());
        return false;
    }

    private boolean exchange(Device device, SyncRun run, Signed<WalletMessage> message) {
        Optional<WalletAnswer> answer = letters.send(device, message);
        if (answer.isEmpty()) {
            return end(device);
        }
        Map<Nonce, WalletState.Payment> before = device.disk().payments();
        SyncNext next = Sync.answered(device.disk(), run, answer.get(), world.context(device), fresh());
        if (message.statement().body() instanceof WalletRequest.ReturnUnreceived denied
                && answer.get() instanceof WalletAnswer.Loaded loaded) {
            Nonce nonce = denied.nonReceipt().statement().nonce();
            Bytes note = world.witness().note(loaded.note());
            device.once(state -> returned(device, nonce, before, state, note));
        }
        if (message.statement().body() instanceof WalletRequest.Enrol enrol
                && answer.get() instanceof WalletAnswer.Enrolled) {
            Signer bound = world.crypto().signer(enrol.accountKey());
            device.once(state -> device.accountKeys().bound(bound));
        }
        return took(device, next);
    }

    private void returned(
            Device device, Nonce nonce, Map<Nonce, WalletState.Payment> before, WalletState now, Bytes note) {
        WalletState.Payment was = before.get(nonce);
        WalletState.Payment is = now.payments().get(nonce);
        if (was != null && is != null && !was.returned() && is.returned()) {
            world.judge().returned(device.purse(), is.sent().transfer().hex(), note);
        }
    }

    /** Puts a load under way; the next sync asks for it. */
    void load(Device device, Amount amount) {
        if (Errands.load(device.disk(), amount, world.context(device), fresh())
                instanceof WalletStep.Done<Signed<WalletMessage>> d) {
            device.write(d.state());
        }
    }
}
