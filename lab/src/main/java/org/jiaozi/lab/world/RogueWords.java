package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.purse.Pseudonym;

/** What a broken purse says of payments of its own: once more, or that they never were. */
final class RogueWords {
    private RogueWords() {}

    /** Puts a payment on record that it signed once more: the same statement under another signature is no second one. */
    static void signAgain(World world, Device device) {
        List<WalletState.Payment> made = List.copyOf(device.disk().payments().values());
        if (made.isEmpty()) {
            payItselfTwice(world, device);
            return;
        }
        if (device.disk().purse().pseudonyms().isEmpty()) {
            return;
        }
        Lineage lineage = LineageCodec.decode(world.dice().pick(made).lineage(), LineageBounds.DEPOSIT);
        Lineage.Link head = lineage.head();
        Signer signer = world.crypto().signer(head.certificate().statement().key());
        List<Lineage.Link> links = new ArrayList<>(lineage.links());
        links.set(
                links.size() - 1,
                new Lineage.Link(Signed.by(signer, head.transfer().statement()), head.certificate()));
        Bytes packed = LineageCodec.encode(new Lineage(lineage.notes(), links));
        world.story().tell(() -> device + " puts a payment on record that it signed again");
        send(world, device, signer, new WalletRequest.Upload(List.of(packed)));
    }

    private static void send(World world, Device device, Signer signer, WalletRequest body) {
        WalletMessage message = new WalletMessage(
                device.house().id(),
                signer.publicKey().thumbprint(),
                world.dice().nonce(),
                world.now(),
                body);
        world.online().letters().send(device, Signed.by(signer, message));
    }

    /** Pays one request of its own twice, spends the one payment, denies both and wants the other back. */
    private static void payItselfTwice(World world, Device device) {
        Dice dice = world.dice();
        List<Pseudonym> keys = certified(device);
        List<Slice> held = device.disk().purse().slices().values().stream()
                .filter(s -> s.amount().minor() > 1
                        && keys.stream().anyMatch(k -> k.thumbprint().equals(s.holder())))
                .toList();
        if (held.isEmpty()) {
            return;
        }
        Slice slice = dice.pick(held);
        Pseudonym payer = device.disk().purse().pseudonym(slice.holder()).orElseThrow();
        Pseudonym payee = dice.pick(keys);
        Nonce request = dice.nonce();
        long number = 5_000_000 + 3L * dice.below(1_000_000);
        long middle = (slice.range().lo() + slice.range().hi()) / 2;
        Lineage before = device.disk().lineage().lineageOf(List.of(slice.source()));
        Range spent = new Range(slice.range().lo(), middle);
        Lineage kept = moved(world, before, payer, slice.source(), spent, payee.thumbprint(), request, number);
        Range denied = new Range(middle, slice.range().hi());
        Lineage back = moved(world, before, payer, slice.source(), denied, payee.thumbprint(), request, number + 1);
        SliceRef head = new SliceRef(kept.head().transfer().hash(), 0);
        Lineage deposit = moved(world, kept, payee, head, spent, device.house().depositKey(), dice.nonce(), number + 2);
        Signer signer = world.crypto().signer(payee.key());
        WalletRequest first = new WalletRequest.Deposit(LineageCodec.encode(deposit));
        WalletRequest second = new WalletRequest.ReturnUnreceived(
                LineageCodec.encode(back),
                Signed.by(signer, new NonReceipt(request, Optional.empty())),
                payee.certificate().orElseThrow(),
                payer.thumbprint(),
                dice.nonce());
        boolean spendsFirst = dice.chance(70);
        world.story().tell(() -> device + " pays a request of its own twice, and denies both payments");
        send(world, device, signer, spendsFirst ? first : second);
        send(world, device, signer, spendsFirst ? second : first);
    }

    private static Lineage moved(
            World world,
            Lineage before,
            Pseudonym signer,
            SliceRef source,
            Range range,
            Thumbprint payee,
            Nonce nonce,
            long number) {
        Transfer transfer = new Transfer(
                List.of(new TransferInput(source, range)), payee, nonce, number, signer.spentTotal(), world.now());
        return before.plus(new Lineage.Link(
                Signed.by(world.crypto().signer(signer.key()), transfer),
                signer.certificate().orElseThrow()));
    }

    private static List<Pseudonym> certified(Device device) {
        return device.disk().purse().pseudonyms().stream()
                .filter(p -> p.certificate().isPresent())
                .toList();
    }

    /** Wants a payment back that its payee does not deny, on a denial by a key of its own. */
    static void denyOwn(World world, Device device) {
        List<WalletState.Payment> made = List.copyOf(device.disk().payments().values());
        List<Pseudonym> keys = certified(device);
        if (made.isEmpty()) {
            payItselfTwice(world, device);
            return;
        }
        if (keys.isEmpty()) {
            return;
        }
        WalletState.Payment payment = world.dice().pick(made);
        Pseudonym key = world.dice().pick(keys);
        Signer signer = world.crypto().signer(key.key());
        Nonce nonce = payment.sent().request().request().statement().nonce();
        WalletRequest body = new WalletRequest.ReturnUnreceived(
                payment.lineage(),
                Signed.by(signer, new NonReceipt(nonce, Optional.empty())),
                world.dice().chance(50)
                        ? key.certificate().orElseThrow()
                        : payment.sent().request().certificate(),
                key.thumbprint(),
                world.dice().nonce());
        world.story().tell(() -> device + " denies a payment of its own");
        send(world, device, signer, body);
    }
}
