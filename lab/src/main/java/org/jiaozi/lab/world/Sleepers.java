package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jiaozi.bank.institution.AccountState.Block;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.wallet.host.LineageStore;
import org.jiaozi.wallet.sync.SyncRun;

/**
 * Owners who hand nothing in until long after grace, when only claims pay: what they had paid each other offline surfaces after
 * some of them were paid for it, and goes on from one to the next. Not thread-safe.
 */
final class Sleepers {
    private static final SyncRun.Options KEEPS_ALL =
            new SyncRun.Options(Optional.of(new Amount(1L << 40)), false, List.of(), Optional.empty());

    private final World world;
    private final Set<Device> asleep = new HashSet<>();

    /** In half of the worlds somebody sleeps. */
    Sleepers(World world) {
        this.world = world;
        Dice dice = world.dice();
        if (dice.chance(50)) {
            world.devices().stream()
                    .filter(d -> !d.lost() && world.copiesOf(d.purse()).size() == 1 && dice.chance(75))
                    .forEach(asleep::add);
        }
    }

    /** Before they fall asleep some of them meet, and what one is paid pays the next. */
    void meet() {
        Device last = null;
        for (Device device : world.devices()) {
            if (!asleep.contains(device) || !world.dice().chance(85)) {
                continue;
            }
            world.accidents().getWell(device);
            world.online().begin(device, KEEPS_ALL);
            Founding.drain(world, device);
            if (last != null) {
                pays(last, device);
            }
            last = device;
        }
    }

    /** Half of them pay all that they may, so that it goes on from hand to hand. */
    private void pays(Device payer, Device payee) {
        long may = payer.disk().purse().pseudonyms().stream()
                .flatMap(p -> p.certificate().stream())
                .mapToLong(c -> c.statement().limits().perPayment())
                .min()
                .orElse(0);
        long all = Math.min(may, payer.disk().purse().holding().minor());
        if (all > 0) {
            long amount = world.dice().chance(50) ? all : world.dice().between(1, all);
            world.acts()
                    .ask(payee, payer, new Amount(amount))
                    .ifPresent(a -> world.network().tap(payer, payee, a.request()));
        }
    }

    boolean asleep(Device device) {
        return asleep.contains(device);
    }

    /** They lose their devices, and claim; what the devices held is shown to the central bank before that or afterwards. */
    void wake() {
        List<Device> old = new ArrayList<>(
                world.devices().stream().filter(asleep::contains).toList());
        if (world.dice().chance(50)) {
            world.dice().shuffle(old);
        } // else whoever paid comes before whom it paid
        List<Device> late = new ArrayList<>();
        for (Device device : old) {
            if (device.account().block != Block.CONVICTED) {
                Device next = world.accidents().replace(device);
                for (int i = 0; i < 2; i++) {
                    Founding.drain(world, next);
                    world.accidents().getWell(next);
                }
                Founding.drain(world, next);
                if (world.dice().chance(40)) {
                    show(device);
                } else {
                    late.add(device);
                }
                world.owners().claimAll(next);
            }
        }
        for (Device device : late) {
            show(device);
            Device next = world.copiesOf(device.purse()).getLast();
            world.owners().claimAll(next);
        }
    }

    /** What a device was paid, as its holder's papers or a repair shop bring it to light; deposits that went nowhere stay there. */
    private void show(Device device) {
        LineageStore store = device.disk().lineage();
        Set<Thumbprint> institutions =
                world.bank().houses().stream().map(House::depositKey).collect(Collectors.toSet());
        store.links().forEach((hash, link) -> {
            if (!institutions.contains(link.transfer().statement().payee()) && Rogues.whole(store, hash)) {
                Bytes lineage = LineageCodec.encode(store.lineageOf(Set.of(new SliceRef(hash, 0))));
                world.teller(device.house()).ask(new BankRequest.PutOnRecord(List.of(lineage)));
            }
        });
    }
}
