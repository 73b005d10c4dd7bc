package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.purse.Pseudonym;

/** What a broken purse says of payments of its own: once more, or that they never were. */
final class RogueWords {
    private RogueWords() {}

    /** Puts a payment on record that it signed once more: the same statement under another signature is no second one. */
    static void signAgain(World world, Device device) {
        List<WalletState.Payment> made = List.copyOf(device.disk().payments().values());
        if (made.isEmpty() || device.disk().purse().pseudonyms().isEmpty()) {
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
        WalletMessage message = new WalletMessage(
                device.house().id(),
                signer.publicKey().thumbprint(),
                world.dice().nonce(),
                world.now(),
                new WalletRequest.Upload(List.of(packed)));
        world.story().tell(() -> device + " puts a payment on record that it signed again");
        world.online().send(device, Signed.by(signer, message));
    }

    /** Wants a payment back that its payee does not deny, on a denial by a key of its own. */
    static void denyOwn(World world, Device device) {
        List<WalletState.Payment> made = List.copyOf(device.disk().payments().values());
        List<Pseudonym> keys = device.disk().purse().pseudonyms().stream()
                .filter(p -> p.certificate().isPresent())
                .toList();
        if (made.isEmpty() || keys.isEmpty()) {
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
        WalletMessage message = new WalletMessage(
                device.house().id(), key.thumbprint(), world.dice().nonce(), world.now(), body);
        world.online().send(device, Signed.by(signer, message));
    }
}
