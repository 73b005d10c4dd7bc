package org.jiaozi.lab.world;

import java.util.List;
import java.util.Optional;
import org.jiaozi.bank.institution.PurseKeyState;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.message.Claim;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.wallet.host.WalletStep;
import org.jiaozi.wallet.sync.Errands;
import org.jiaozi.wallet.sync.Sync;
import org.jiaozi.wallet.sync.SyncRun;

/** What owners say under their account keys: that a device is theirs, that one is lost, what they claim. Not thread-safe. */
final class Owners {
    private final World world;

    Owners(World world) {
        this.world = world;
    }

    /** Binds a device's keys to its account, under an account key that no institution knows. */
    void enrol(Device device, String code) {
        device.accountKeys().newest().filter(k -> world.dice().chance(30)).ifPresent(k -> enrolAgain(device, k, code));
        Sync.Fresh fresh = fresh();
        // by its place in the world and not by a count, so that steps left out change no other step's keys
        Signer accountKey = world.crypto()
                .newKey(device.purse() + " account " + fresh.message().hex());
        device.accountKeys().draw(accountKey);
        if (enrolment(device, accountKey, code, fresh) instanceof WalletStep.Done<WalletMessage> d) {
            send(device, accountKey, d.result());
        }
    }

    private Sync.Fresh fresh() {
        return new Sync.Fresh(world.dice().nonce(), world.dice().nonce());
    }

    private WalletStep<WalletMessage> enrolment(Device device, Signer accountKey, String code, Sync.Fresh fresh) {
        return Errands.enrol(
                device.disk(), code, accountKey.publicKey(), ElementClass.SOFTWARE, world.context(device), fresh);
    }

    /** Somebody takes the key of an earlier enrolment: whoever bound it twice would not know which device a report is about. */
    private void enrolAgain(Device device, Signer known, String code) {
        if (enrolment(device, known, code, fresh()) instanceof WalletStep.Done<WalletMessage> d) {
            Optional<WalletAnswer> answer = world.online().letters().send(device, Signed.by(known, d.result()));
            world.judge()
                    .expect(
                            answer.filter(WalletAnswer.Enrolled.class::isInstance)
                                    .isEmpty(),
                            "an account key that an institution knows is bound once more");
        }
    }

    /** Says that a device is lost, from another one, under the key that its newest enrolment bound. */
    void reportLost(Device lost, Device from) {
        lost.accountKeys().all().reversed().stream()
                .filter(k -> isKnown(from, k))
                .findFirst()
                .ifPresent(k -> send(from, k, message(from, k, new WalletRequest.ReportLost("lost"))));
    }

    private boolean isKnown(Device device, Signer accountKey) {
        return world.teller(device.house()).knows(accountKey.publicKey().thumbprint());
    }

    /** The account keys of an owner that bound what was reported lost. */
    List<Signer> claimable(Device device) {
        return device.accountKeys().all().stream()
                .filter(k -> device.account().bound(k.publicKey().thumbprint()).stream()
                        .anyMatch(b -> b.state.status() == PurseKeyState.Status.REVOKED))
                .toList();
    }

    /** Asks for what lost keys held and is due by now: those that this account key bound. */
    void claim(Device device, Signer accountKey) {
        Claim claim = Claim.of(accountKey.publicKey(), device.house().id(), device.account().name, world.now());
        WalletRequest body = new WalletRequest.ClaimLost(Signed.by(accountKey, claim));
        if (send(device, accountKey, message(device, accountKey, body))) {
            world.tally().count(Tally.Event.CLAIM);
        }
    }

    /** Asks for all that is due, one claim after the other. */
    void claimAll(Device device) {
        for (Signer accountKey : claimable(device)) {
            claim(device, accountKey);
            Founding.drain(world, device);
        }
    }

    private WalletMessage message(Device device, Signer accountKey, WalletRequest body) {
        Thumbprint sender = accountKey.publicKey().thumbprint();
        return new WalletMessage(device.house().id(), sender, world.dice().nonce(), world.now(), body);
    }

    /** Puts a message under way that the account key signs; the sync that begins sends it. */
    private boolean send(Device device, Signer accountKey, WalletMessage message) {
        boolean underWay = Errands.signed(device.disk(), Signed.by(accountKey, message))
                        instanceof WalletStep.Done<Signed<WalletMessage>> d
                && device.write(d.state());
        if (underWay) {
            world.online().begin(device, SyncRun.Options.DEFAULT);
        }
        return underWay;
    }
}
