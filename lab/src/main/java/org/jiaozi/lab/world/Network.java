package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.List;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.tap.PayeeTap;
import org.jiaozi.core.tap.PayerTap;
import org.jiaozi.core.tap.TapMessage;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.wallet.host.PayeeSession;
import org.jiaozi.wallet.host.PayerSession;
import org.jiaozi.wallet.host.WalletState;

/**
 * Messages between devices, in no order: late, twice, altered, to the wrong device, or never; and devices that die
 * between any two effects. Not thread-safe.
 */
final class Network {
    /**
     * A message on its way.
     *
     * @param toPayer which side of the tap reads it
     */
    record Envelope(Device from, Device to, boolean toPayer, Nonce nonce, Bytes message) {}

    /** What is older than so many others has been forgotten by its carrier. */
    private static final int MOST = 120;

    private final World world;
    private final List<Envelope> onTheWay = new ArrayList<>();

    Network(World world) {
        this.world = world;
    }

    void post(Envelope envelope) {
        if (onTheWay.size() >= Math.max(12, Math.min(MOST, world.devices().size()))) {
            onTheWay.removeFirst();
        }
        onTheWay.add(envelope);
    }

    /** Delivers one message, whichever, with everything that can go wrong. */
    void deliverAny() {
        if (onTheWay.isEmpty()) {
            return;
        }
        Dice dice = world.dice();
        Envelope envelope = onTheWay.remove(dice.below(onTheWay.size()));
        int fate = dice.below(100);
        if (fate < 4 || envelope.to().lost()) {
            world.tally().count(Tally.Event.LOST_MESSAGE);
            return;
        }
        if (fate < 12) {
            world.tally().count(Tally.Event.DUPLICATE);
            post(envelope);
        }
        if (fate >= 12 && fate < 15) {
            world.tally().count(Tally.Event.ALTERED);
            deliver(altered(envelope), true);
        } else if (fate >= 15 && fate < 17) {
            Device stranger = dice.pick(world.devices());
            deliver(
                    new Envelope(envelope.from(), stranger, envelope.toPayer(), envelope.nonce(), envelope.message()),
                    true);
        } else {
            deliver(envelope, true);
        }
    }

    private Envelope altered(Envelope e) {
        byte[] bytes = e.message().toArray();
        if (bytes.length > 0) {
            bytes[world.dice().below(bytes.length)] ^= (byte) (1 << world.dice().below(8));
        }
        return new Envelope(e.from(), e.to(), e.toPayer(), e.nonce(), Bytes.of(bytes));
    }

    /**
     * Delivers one message.
     *
     * @param faults whether the receiver may die over it
     * @return what it answers, also put on the way
     */
    List<Envelope> deliver(Envelope envelope, boolean faults) {
        if (envelope.to().lost()) {
            return List.of();
        }
        return envelope.toPayer() ? payer(envelope, faults) : payee(envelope, faults);
    }

    private List<Envelope> payer(Envelope e, boolean faults) {
        Device device = e.to();
        boolean interactive = world.dice().chance(50);
        PayerSession.Turn turn = PayerSession.received(
                device.disk(), device.payer(e.nonce()), e.message(), interactive, world.context(device));
        if (!written(device, turn.wallet(), faults)) {
            return List.of();
        }
        device.payer(e.nonce(), turn.tap());
        if (turn.tap() instanceof PayerTap.State.Ended end) {
            world.story().tell(() -> device + " ends the tap with " + e.from() + ": " + end.refusal());
        }
        List<Bytes> send = new ArrayList<>(turn.send());
        if (turn.decide().isPresent()) {
            TapMessage.RequestMessage request = turn.decide().get();
            boolean willing = world.dice().chance(94);
            PayerSession.Turn decided = willing
                    ? PayerSession.approve(device.disk(), turn.tap(), request, world.context(device))
                    : PayerSession.decline(
                            device.disk(), turn.tap(), Refusal.of(RefusalCode.WRONG_PIN), world.context(device));
            if (!written(device, decided.wallet(), faults)) {
                return List.of();
            }
            device.payer(e.nonce(), decided.tap());
            world.story()
                    .tell(() -> device + (decided.tap() instanceof PayerTap.State.Sent ? " pays " : " does not pay ")
                            + e.from() + " "
                            + request.request().statement().amount()
                            + (decided.tap() instanceof PayerTap.State.Ended end ? ": " + end.refusal() : ""));
            send.addAll(decided.send());
        }
        return answers(e, send, faults);
    }

    private List<Envelope> payee(Envelope e, boolean faults) {
        Device device = e.to();
        PayeeTap.State tap = device.payee(e.nonce());
        WalletState before = device.disk();
        PayeeSession.Turn turn = PayeeSession.received(before, tap, e.message(), world.context(device));
        if (!written(device, turn.wallet(), faults)) {
            return List.of();
        }
        device.payee(e.nonce(), turn.tap());
        if (!turn.wallet().equals(before)) {
            world.story()
                    .tell(() -> device + " answers the payment of " + e.from() + ": "
                            + turn.tap().getClass().getSimpleName());
        }
        if (device.broken() && faults && world.dice().chance(30)) {
            List<Bytes> lie = world.rogues().twoFaced(device, e.nonce());
            if (!lie.isEmpty()) {
                return answers(e, lie, true);
            }
        }
        return answers(e, turn.send(), faults);
    }

    /** Before this nothing happened; after it everything did. */
    private boolean written(Device device, WalletState next, boolean faults) {
        if (faults && world.dice().chance(2)) {
            world.tally().count(Tally.Event.TEAR);
            device.crash();
            return false;
        }
        if (faults && world.dice().oneIn(100)) {
            world.tally().count(Tally.Event.TORN_WRITE);
            device.tear(next);
            device.crash();
            return false;
        }
        if (next.equals(device.disk())) {
            device.forget();
            return true;
        }
        return device.write(next);
    }

    private List<Envelope> answers(Envelope e, List<Bytes> send, boolean faults) {
        if (faults && world.dice().chance(2)) {
            world.tally().count(Tally.Event.TEAR);
            e.to().crash();
            return List.of();
        }
        List<Envelope> answers = new ArrayList<>();
        for (Bytes message : send) {
            Device back = faults ? world.dice().pick(world.copiesOf(e.from().purse())) : e.from();
            answers.add(new Envelope(e.to(), back, !e.toPayer(), e.nonce(), message));
        }
        if (faults) {
            answers.forEach(this::post);
        }
        return answers;
    }

    /** A whole tap with no faults, if the payer pays. */
    void tap(Device payer, Device payee, TapMessage.RequestMessage request) {
        Nonce nonce = request.request().statement().nonce();
        for (Envelope payment : deliver(new Envelope(payee, payer, true, nonce, request.encode()), false)) {
            for (Envelope answer : deliver(payment, false)) {
                deliver(answer, false);
            }
        }
    }

    /** Carries a payment's bytes to one device and its answers back until both fall silent, with no faults. */
    void settle(Device payer, Device payee, Nonce nonce, Bytes payment) {
        for (Envelope answer : deliver(new Envelope(payer, payee, false, nonce, payment), false)) {
            deliver(answer, false);
        }
    }
}
