package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.host.WalletStep;
import org.jiaozi.wallet.purse.PurseAnswer;
import org.jiaozi.wallet.purse.PurseCommand;

/** The institutions' counters: wallets file deposits, refunds and uploads, which reach the registry in any order. */
final class Counter {
    private final World world;
    private final List<Filing> waiting = new ArrayList<>();
    private final Map<Filing, BankAnswer> filed = new LinkedHashMap<>();
    private final Set<Hash> refundFiled = new HashSet<>();

    Counter(World world) {
        this.world = world;
    }

    /** What reached the registry, with its latest answer. */
    Map<Filing, BankAnswer> filed() {
        return new LinkedHashMap<>(filed);
    }

    /**
     * Deposits what one of a device's keys holds.
     *
     * @param whole all of it, or a lower part of some slices
     * @return whether there was anything to deposit
     */
    boolean deposit(Device device, boolean whole) {
        List<Slice> slices = List.copyOf(device.disk().purse().slices().values());
        if (slices.isEmpty()) {
            return false;
        }
        Thumbprint key = world.dice().pick(slices).holder();
        List<TransferInput> inputs = slices.stream()
                .filter(s -> s.holder().equals(key) && (whole || world.dice().chance(70)))
                .map(s -> s.input(whole ? s.amount() : part(s)))
                .toList();
        return !inputs.isEmpty() && deposit(device, key, inputs);
    }

    private Amount part(Slice slice) {
        return new Amount(world.dice().between(1, slice.amount().minor()));
    }

    private boolean deposit(Device device, Thumbprint key, List<TransferInput> inputs) {
        House house = world.dice().chance(85)
                ? device.house()
                : world.dice().pick(world.bank().houses());
        PurseCommand command = new PurseCommand.Deposit(
                key, house.depositKey(), inputs, world.dice().nonce());
        return switch (Wallet.purse(device.disk(), command, world.context(device))) {
            case WalletStep.Done<PurseAnswer> d -> {
                PurseAnswer.Moved moved = (PurseAnswer.Moved) d.result();
                Lineage lineage = d.state()
                        .lineage()
                        .lineageOf(inputs.stream().map(TransferInput::source).toList())
                        .plus(new Lineage.Link(moved.transfer(), moved.certificate()));
                device.write(d.state());
                waiting.add(
                        new Filing.Deposit(device, house, lineage, world.dice().chance(15)));
                world.tally().deposits++;
                yield true;
            }
            case WalletStep.Refused<PurseAnswer> ignored -> false;
        };
    }

    /** Puts one of a device's payments on record. */
    void upload(Device device) {
        List<WalletState.Payment> payments =
                List.copyOf(device.disk().payments().values());
        if (!payments.isEmpty()) {
            upload(device, world.dice().pick(payments));
        }
    }

    void upload(Device device, WalletState.Payment payment) {
        waiting.add(new Filing.Upload(device, device.house(), decode(payment)));
    }

    /** Asks for the value of a denied payment, once. */
    void refund(Device device, Nonce nonce, WalletState.Payment payment) {
        Lineage lineage = decode(payment);
        if (refundFiled.add(lineage.head().transfer().hash())) {
            world.tally().denials++;
            waiting.add(new Filing.Refund(
                    device,
                    device.house(),
                    lineage,
                    nonce,
                    payment.nonReceipt().orElseThrow(),
                    payment.sent().request().certificate()));
        }
    }

    private static Lineage decode(WalletState.Payment payment) {
        return LineageCodec.decode(payment.lineage(), LineageBounds.DEPOSIT);
    }

    /** One filing, whichever, reaches the registry; sometimes it stays and comes again. */
    void serveAny() {
        if (!waiting.isEmpty()) {
            int index = world.dice().below(waiting.size());
            Filing filing = world.dice().chance(20) ? waiting.get(index) : waiting.remove(index);
            serve(filing);
        }
    }

    /** Everything that waits, in whatever order. */
    void serveAll() {
        while (!waiting.isEmpty()) {
            serveAny();
        }
    }

    private void serve(Filing filing) {
        BankAnswer answer = world.bank().ask(filing.house(), filing.request(), world.now());
        filed.put(filing, answer);
        acknowledge(filing);
    }

    /** The wallet may reuse its log entry. */
    private void acknowledge(Filing filing) {
        Device device = filing.device();
        PurseCommand command = new PurseCommand.Acknowledge(
                Set.of(filing.lineage().head().transfer().hash()));
        if (Wallet.purse(device.disk(), command, world.context(device)) instanceof WalletStep.Done<PurseAnswer> d) {
            device.write(d.state());
        }
        if (filing instanceof Filing.Refund r) {
            Optional.ofNullable(device.disk().payments().get(r.nonce()))
                    .ifPresent(p -> device.write(device.disk().with(r.nonce(), p.returnedNow())));
        }
    }

    /** The same filings before a registry that knows nothing of them, in another order, some of them twice. */
    void again(List<Signed<Note>> registered) {
        world.bank().startOver(registered);
        List<Filing> order = new ArrayList<>(filed.keySet());
        for (Filing filing : List.copyOf(order)) {
            if (world.dice().chance(10)) {
                order.add(filing);
            }
        }
        world.dice().shuffle(order);
        for (Filing filing : order) {
            filed.put(filing, world.bank().ask(filing.house(), filing.request(), world.now()));
        }
        world.bank().releaseAll();
    }
}
