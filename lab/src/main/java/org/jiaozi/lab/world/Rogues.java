package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.evidence.Evidence;
import org.jiaozi.core.evidence.EvidenceFile;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Receipt;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.tap.PaymentSeal;
import org.jiaozi.core.tap.TapMessage;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.wallet.host.LineageStore;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.purse.Pseudonym;

/**
 * Purses that were broken open: their keys sign whatever their owners like, and their friends take it and hand it in. Not
 * thread-safe.
 */
final class Rogues {
    private final World world;
    private final List<Evidence> bothSaid = new ArrayList<>();

    Rogues(World world) {
        this.world = world;
    }

    /** An output in somebody's lineage store that once was one of its keys'. */
    private record Once(SliceRef source, Range range, Thumbprint key) {}

    void act() {
        List<Device> broken =
                world.devices().stream().filter(d -> d.broken() && !d.lost()).toList();
        if (broken.isEmpty()) {
            return;
        }
        Dice dice = world.dice();
        Device device = dice.pick(broken);
        List<Once> had = had(device, dice.chance(20));
        if (had.isEmpty()) {
            return;
        }
        world.tally().count(Tally.Event.FORGERY);
        int where = dice.below(100);
        if (where < 6) {
            RogueWords.signAgain(world, device);
        } else if (where < 12) {
            RogueWords.denyOwn(world, device);
        } else if (where < 60) {
            pay(device, had);
        } else if (where < 80) {
            handIn(device, had);
        } else {
            throughAFriend(device, dice.pick(broken), had);
        }
    }

    /** Everything it ever had a claim to; with {@code others} also what was never its own. */
    private List<Once> had(Device device, boolean others) {
        List<Once> had = new ArrayList<>();
        WalletState disk = device.disk();
        disk.lineage().notes().values().forEach(note -> {
            if (others || device.owns(note.statement().holder())) {
                had.add(new Once(
                        new SliceRef(note.hash(), 0),
                        note.statement().whole(),
                        note.statement().holder()));
            }
        });
        disk.lineage().links().values().forEach(link -> {
            Transfer t = link.transfer().statement();
            boolean own = others || device.owns(t.payee());
            for (int i = 0; own && i < t.inputs().size(); i++) {
                had.add(new Once(
                        new SliceRef(link.transfer().hash(), i),
                        t.inputs().get(i).range(),
                        t.payee()));
            }
        });
        // what is long past its grace may be forgotten in part, and nobody can show it any more
        had.removeIf(once -> !whole(disk.lineage(), once.source().parent()));
        return had;
    }

    /** Whether a store has a statement and everything that it stands on. */
    static boolean whole(LineageStore store, Hash statement) {
        Lineage.Link link = store.links().get(statement);
        return store.notes().containsKey(statement)
                || (link != null
                        && link.transfer().statement().inputs().stream()
                                .allMatch(i -> whole(store, i.source().parent())));
    }

    /** Answers an open request of somebody's, somehow. */
    private void pay(Device device, List<Once> had) {
        List<Acts.Asked> asked = world.acts().asked();
        Optional<Acts.Asked> latest = world.acts().latest();
        if (latest.isEmpty()) {
            return;
        }
        Dice dice = world.dice();
        Acts.Asked a = latest.get();
        Request request = a.request().request().statement();
        long amount =
                dice.chance(90) ? request.amount().minor() : request.amount().minor() + 1;
        Thumbprint payee = dice.chance(94)
                ? a.request().certificate().statement().thumbprint()
                : dice.pick(had).key();
        Nonce nonce = dice.chance(94)
                ? request.nonce()
                : dice.pick(asked).request().request().statement().nonce();
        Timestamp at = dice.chance(94) ? request.at() : world.now();
        forge(device, had, amount, payee, nonce, at).ifPresent(link -> {
            Lineage lineage = ancestors(device, link.transfer()).plus(link);
            TapMessage message = PaymentSeal.seal(
                    world.crypto().sealer(),
                    a.request().request(),
                    new TapMessage.PaymentMessage(lineage, Optional.empty()));
            world.story().tell(() -> device + " forges a payment of " + amount + " to " + a.payee());
            world.network().post(new Network.Envelope(device, a.payee(), false, request.nonce(), message.encode()));
        });
    }

    /** Deposits what it may have spent, at its own institution. */
    private void handIn(Device device, List<Once> had) {
        Dice dice = world.dice();
        House house = dice.chance(90) ? device.house() : dice.pick(world.bank().houses());
        forge(device, had, dice.between(1, 300_000), house.depositKey(), dice.nonce(), world.now())
                .ifPresent(link -> {
                    world.story().tell(() -> device + " hands in a forged deposit");
                    handIn(device, ancestors(device, link.transfer()).plus(link));
                });
    }

    private void handIn(Device device, Lineage lineage) {
        List<Pseudonym> keys = device.disk().purse().pseudonyms();
        if (keys.isEmpty()) {
            return;
        }
        Signer signer = world.crypto().signer(keys.getFirst().key());
        WalletMessage message = new WalletMessage(
                device.house().id(),
                signer.publicKey().thumbprint(),
                world.dice().nonce(),
                world.now(),
                new WalletRequest.Deposit(LineageCodec.encode(lineage)));
        world.online().letters().send(device, Signed.by(signer, message));
    }

    /** Pays a friend who asks no questions and deposits at once: what is left to pay, honest holders and the fund pay. */
    private void throughAFriend(Device device, Device friend, List<Once> had) {
        List<Pseudonym> keys = friend.disk().purse().pseudonyms().stream()
                .filter(p -> p.certificate().isPresent())
                .toList();
        if (keys.isEmpty() || friend.purse().equals(device.purse())) {
            return;
        }
        Dice dice = world.dice();
        Pseudonym key = dice.pick(keys);
        forge(device, had, dice.between(1, 300_000), key.thumbprint(), dice.nonce(), world.now())
                .ifPresent(link -> {
                    List<TransferInput> inputs = new ArrayList<>();
                    for (int i = 0; i < link.transfer().statement().inputs().size(); i++) {
                        inputs.add(new TransferInput(
                                new SliceRef(link.transfer().hash(), i),
                                link.transfer().statement().inputs().get(i).range()));
                    }
                    Signed<Transfer> deposit = Signed.by(
                            world.crypto().signer(key.key()),
                            new Transfer(
                                    inputs,
                                    friend.house().depositKey(),
                                    dice.nonce(),
                                    key.seq() + 1_000_000 + dice.below(1_000_000),
                                    key.spentTotal(),
                                    world.now()));
                    world.story().tell(() -> device + " forges a payment to " + friend + ", who deposits it");
                    Lineage paid = ancestors(device, link.transfer()).plus(link);
                    handIn(
                            friend,
                            paid.plus(
                                    new Lineage.Link(deposit, key.certificate().orElseThrow())));
                    if (inputs.size() > 1) {
                        // its last part once more, and nothing of the first
                        handIn(friend, paid.plus(again(key, friend.house(), inputs.getLast())));
                    }
                });
    }

    private Lineage.Link again(Pseudonym key, House house, TransferInput part) {
        Transfer transfer = new Transfer(
                List.of(part),
                house.depositKey(),
                world.dice().nonce(),
                key.seq() + 3_000_000 + world.dice().below(1_000_000),
                key.spentTotal(),
                world.now());
        return new Lineage.Link(
                Signed.by(world.crypto().signer(key.key()), transfer),
                key.certificate().orElseThrow());
    }

    private Lineage ancestors(Device device, Signed<Transfer> transfer) {
        return device.disk()
                .lineage()
                .lineageOf(transfer.statement().inputs().stream()
                        .map(TransferInput::source)
                        .distinct()
                        .toList());
    }

    /** Signs a transfer that no honest purse signs, or one that is hard to tell from an honest one. */
    private Optional<Lineage.Link> forge(
            Device device, List<Once> had, long amount, Thumbprint payee, Nonce nonce, Timestamp at) {
        Dice dice = world.dice();
        List<Once> from = List.of(dice.pick(had));
        if (device.disk().purse().pseudonyms().isEmpty()) {
            return Optional.empty();
        }
        Thumbprint key = device.owns(from.getFirst().key())
                ? from.getFirst().key()
                : dice.pick(device.disk().purse().pseudonyms()).thumbprint();
        Optional<Pseudonym> pseudonym =
                device.disk().purse().pseudonym(key).filter(p -> p.certificate().isPresent());
        if (pseudonym.isEmpty()) {
            return Optional.empty();
        }
        List<TransferInput> inputs = inputs(dice, had, from.getFirst(), amount);
        if (inputs.isEmpty()) {
            return Optional.empty();
        }
        Pseudonym p = pseudonym.get();
        Signed<PurseCertificate> certificate = certificate(device, p);
        PurseCertificate c = certificate.statement();
        long seq = p.seq() + 1;
        long spent = p.spentTotal() + amount;
        switch (dice.below(12)) {
            case 0 -> seq = Math.max(1, p.seq() - dice.below(3));
            case 1 -> seq = c.seqBase() + c.limits().count() + 1 + dice.below(2);
            case 2 -> seq = Math.max(0, c.seqBase() - dice.below(2));
            case 3 -> spent = c.spentBase() + Math.max(0, amount - 1);
            case 4 -> spent = c.spentBase() + c.limits().total() + 1;
            default -> {
                // counters as an honest purse has them
            }
        }
        Transfer transfer;
        try {
            transfer = new Transfer(inputs, payee, nonce, seq, spent, at);
        } catch (RuntimeException e) {
            return Optional.empty();
        }
        // now and then under somebody else's key
        Signer own = world.crypto().signer(p.key());
        Signer signer = dice.chance(95)
                ? own
                : dice.pick(world.devices()).accountKeys().newest().orElse(own);
        return Optional.of(new Lineage.Link(Signed.by(signer, transfer), certificate));
    }

    /** The certificate in hand, an older one, or one that it signed itself. */
    private Signed<PurseCertificate> certificate(Device device, Pseudonym p) {
        Dice dice = world.dice();
        Signed<PurseCertificate> now = world.madeUp()
                .other(p.thumbprint())
                .orElseGet(() -> p.certificate().orElseThrow());
        if (dice.chance(6)) {
            PurseCertificate c = now.statement();
            PurseCertificate.Limits wide = new PurseCertificate.Limits(1L << 40, 1L << 40, 1_000_000, 1L << 40);
            return Signed.by(
                    world.crypto().signer(p.key()),
                    new PurseCertificate(
                            c.issuer(),
                            c.key(),
                            c.tier(),
                            c.element(),
                            c.currency(),
                            wide,
                            c.notBefore(),
                            c.expiry(),
                            c.seqBase(),
                            c.spentBase()));
        }
        List<Signed<PurseCertificate>> older = device.disk().purse().log().values().stream()
                .map(e -> e.certificate())
                .filter(c -> c.statement().key().equals(p.key()))
                .toList();
        return older.isEmpty() || dice.chance(70) ? now : dice.pick(older);
    }

    private List<TransferInput> inputs(Dice dice, List<Once> had, Once first, long amount) {
        long size = first.range().hi() - first.range().lo();
        long part = Math.min(amount, size);
        List<TransferInput> inputs = new ArrayList<>();
        if (dice.chance(8)) {
            // more than there ever was
            long beyond =
                    dice.chance(50) ? first.range().hi() + 1 : first.range().lo() + amount;
            inputs.add(new TransferInput(first.source(), new Range(first.range().lo(), beyond)));
            return inputs;
        }
        long lo = first.range().lo() + dice.between(0, size - part);
        inputs.add(new TransferInput(first.source(), new Range(lo, lo + part)));
        long left = amount - part;
        for (Once more : had) {
            boolean fits = more.key().equals(first.key()) && !more.source().equals(first.source());
            if (left > 0 && fits && inputs.size() < 8) {
                long next = Math.min(left, more.range().hi() - more.range().lo());
                inputs.add(new TransferInput(
                        more.source(), new Range(more.range().lo(), more.range().lo() + next)));
                left -= next;
            }
        }
        return inputs;
    }

    /** Denies what it has just credited, and keeps it. */
    List<Bytes> twoFaced(Device device, Nonce nonce) {
        WalletState.Received received = device.disk().requests().get(nonce);
        if (received == null
                || received.own().answer().flatMap(a -> a.accepted()).isEmpty()) {
            return List.of();
        }
        Thumbprint key = received.own().message().certificate().statement().thumbprint();
        Optional<Pseudonym> pseudonym = device.disk().purse().pseudonym(key);
        if (pseudonym.isEmpty()) {
            return List.of();
        }
        world.tally().count(Tally.Event.TWO_FACED);
        world.story().tell(() -> device + " denies what it has just credited");
        Signed<NonReceipt> lie = Signed.by(
                Objects.requireNonNull(world.crypto().signer(pseudonym.get().key())),
                new NonReceipt(nonce, Optional.empty()));
        Hash credited = received.own().answer().flatMap(a -> a.accepted()).orElseThrow();
        Signed<Receipt> receipt = Signed.by(
                Objects.requireNonNull(world.crypto().signer(pseudonym.get().key())),
                new Receipt(nonce, credited, world.now()));
        bothSaid.add(new Evidence.ContradictionEvidence(
                received.own().message().certificate(), lie, new Evidence.Admission.ByReceipt(receipt)));
        return List.of(
                new TapMessage.RefusalMessage(Refusal.of(RefusalCode.PURSE_FULL), nonce, Optional.of(lie)).encode());
    }

    /** Somebody was told both, that it was paid and that it was not, and hands that in. */
    void handIn() {
        if (!bothSaid.isEmpty()) {
            Evidence evidence = bothSaid.remove(world.dice().below(bothSaid.size()));
            world.tally().count(Tally.Event.RECEIPT_DENIED);
            Bytes file = new EvidenceFile(evidence, world.bank().bulletin()).encode();
            world.dice().pick(world.tellers()).ask(new BankRequest.Convict(file));
        }
    }
}
