package org.jiaozi.lab.world;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.Envelope;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.wallet.sync.Mail;

/**
 * What devices write to their institutions, over a connection or by a carrier: it is lost, comes twice, late, and after what was
 * written later, and is answered by servers that die. Not thread-safe.
 */
final class Letters {
    private final World world;
    private final Late<Letter> late = new Late<>();
    /** Answers that did not come back in time, by the message that they answer. */
    private final Map<Nonce, WalletAnswer> overdue = new HashMap<>();
    /** What a carrier had before. */
    private Optional<Bytes> previous = Optional.empty();

    /** A message that nobody waits for any more. */
    private record Letter(Teller to, Signed<WalletMessage> message) {}

    Letters(World world) {
        this.world = world;
    }

    /** One message to the device's institution; nothing where it or its answer is lost. */
    Optional<WalletAnswer> send(Device device, Signed<WalletMessage> message) {
        Dice dice = world.dice();
        Teller teller = world.teller(device.house());
        if (world.calm()) {
            return dice.chance(2) ? mailed(device, teller, message) : arrives(teller, message);
        }
        WalletAnswer waited = overdue.remove(message.statement().id());
        if (waited != null && dice.chance(50)) {
            world.story().tell(() -> "an answer comes late to " + device);
            return Optional.of(waited);
        }
        if (dice.oneIn(8)) {
            arrive();
        }
        if (world.isCutOff(device.house()) || dice.chance(4)) {
            return lost(teller, message);
        }
        boolean sealed = dice.chance(10);
        Optional<WalletAnswer> answer = sealed ? mailed(device, teller, message) : arrives(teller, message);
        if (dice.chance(5)) {
            world.tally().count(Tally.Event.DUPLICATE);
            Optional<WalletAnswer> again = arrives(teller, message);
            world.judge()
                    .expect(
                            answer.isEmpty() || again.isEmpty() || same(answer.get(), again.get()),
                            "the same message is answered otherwise the second time");
        }
        if (dice.chance(4)) {
            world.tally().count(Tally.Event.LOST_MESSAGE);
            if (dice.chance(40)) {
                answer.ifPresent(a -> overdue.put(message.statement().id(), a));
            }
            return Optional.empty();
        }
        if (dice.chance(2)) {
            late.add(new Letter(teller, message));
        }
        return answer;
    }

    private Optional<WalletAnswer> lost(Teller teller, Signed<WalletMessage> message) {
        world.tally().count(Tally.Event.LOST_MESSAGE);
        if (world.dice().chance(40)) {
            late.add(new Letter(teller, message));
        }
        return Optional.empty();
    }

    /** Something comes late, if anything is on its way; whether anything was. */
    boolean arrive() {
        Optional<Letter> letter = late.any(world.dice());
        letter.ifPresent(l -> {
            world.tally().count(Tally.Event.LATE_MESSAGE);
            world.story().tell(() -> "late comes to " + l.to().house() + ":");
            arrives(l.to(), l.message());
        });
        return letter.isPresent();
    }

    private static boolean same(WalletAnswer one, WalletAnswer other) {
        boolean fault =
                one instanceof WalletAnswer.Refused no && no.refusal().code().isFault();
        return fault || one.cbor().equals(other.cbor());
    }

    private Optional<WalletAnswer> arrives(Teller teller, Signed<WalletMessage> message) {
        if (message.statement().body() instanceof WalletRequest.ReportLost && !teller.hasAnswered(message)) {
            // whatever is bound when it comes, whenever it was signed
            world.judge().lost(teller.bound(message.statement().sender()));
        }
        try {
            WalletAnswer answer = teller.handle(message);
            world.story()
                    .tell(() -> teller.house() + " answers "
                            + message.statement().body().getClass().getSimpleName() + " with "
                            + (answer instanceof WalletAnswer.Refused no
                                    ? no.refusal().toString()
                                    : answer.getClass().getSimpleName()));
            return Optional.of(answer);
        } catch (Died died) {
            world.story()
                    .tell(() -> died.getMessage() + ", dies over "
                            + message.statement().body().getClass().getSimpleName());
            // some of the dead still get a word out
            return world.dice().chance(40)
                    ? Optional.of(Teller.refused(RefusalCode.INTERNAL, "it died"))
                    : Optional.empty();
        }
    }

    /** The same through the sealed envelope, which a carrier may alter. */
    private Optional<WalletAnswer> mailed(Device device, Teller teller, Signed<WalletMessage> message) {
        Sealer sealer = world.crypto().sealer();
        Sealer.KeyPair reply = sealer.newKeyPair();
        Bulletin bulletin = device.disk().bulletin().statement();
        Bytes sealed = Mail.seal(bulletin, sealer, message, reply);
        if (world.dice().chance(20)) {
            world.judge().expect(!opens(teller, bent(sealed)), "an altered envelope is opened");
        }
        Envelope.Opened opened =
                Envelope.decode(sealed).open(sealer, teller.house().sealing());
        return arrives(teller, opened.message()).map(answer -> {
            Signed<BankMessage> signed = new BankMessage(
                            teller.house().keyId(),
                            message.statement().id(),
                            teller.server().now(),
                            answer.cbor())
                    .signed(teller.house().signer(), WalletAnswer::read);
            Bytes back = Envelope.sealAnswer(sealer, opened.replyKey(), signed);
            if (world.dice().chance(20)) {
                expectRefused(bulletin, message, reply, bent(back), "an altered answer is opened");
            }
            if (previous.isPresent() && world.dice().chance(20)) {
                expectRefused(bulletin, message, reply, previous.get(), "the answer to another message is opened");
            }
            previous = Optional.of(back);
            return Mail.open(bulletin, sealer, world.crypto().verifier(), message, reply, back);
        });
    }

    private Bytes bent(Bytes right) {
        byte[] bent = right.toArray();
        bent[world.dice().below(bent.length)] ^= (byte) (1 << world.dice().below(8));
        return Bytes.of(bent);
    }

    private void expectRefused(
            Bulletin bulletin, Signed<WalletMessage> message, Sealer.KeyPair reply, Bytes back, String otherwise) {
        boolean opened;
        try {
            Mail.open(bulletin, world.crypto().sealer(), world.crypto().verifier(), message, reply, back);
            opened = true;
        } catch (DecodeException e) {
            opened = false;
        }
        world.judge().expect(!opened, otherwise);
    }

    private boolean opens(Teller teller, Bytes sealed) {
        try {
            Envelope.decode(sealed).open(world.crypto().sealer(), teller.house().sealing());
            return true;
        } catch (DecodeException e) {
            return false;
        }
    }
}
