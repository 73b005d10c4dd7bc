package org.jiaozi.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.tap.TapMessage;
import org.jiaozi.core.tap.TapMessage.RequestMessage;
import org.jiaozi.core.tap.TapMessage.SealedPayment;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.wallet.World.Device;
import org.jiaozi.wallet.host.WalletRows;
import org.jiaozi.wallet.host.WalletState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Worlds of a few wallets in which taps tear, messages come twice or late, and some purses are copied. */
final class RandomWorldTest {
    private record Letter(Device to, Bytes request, Bytes payment, Device from) {}

    private final List<Device> devices = new ArrayList<>();
    private final Set<Thumbprint> cloned = new HashSet<>();
    private final List<Letter> underWay = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void moneyIsNeitherMadeNorLost(long seed) {
        World world = new World(seed);
        Random luck = new Random(seed);
        populate(world, 4, 40_000);
        for (int i = 0; i < 120; i++) {
            step(luck);
            assertThat(everywhere()).isEqualTo(160_000);
        }
        assertThat(devices).allMatch(d -> d.state.evidence().isEmpty());
        assertThat(culpritsByHand()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24})
    void onlyCopiedPursesAreEverConvicted(long seed) {
        World world = new World(seed);
        Random luck = new Random(seed);
        populate(world, 4, 40_000);
        for (int i = 0; i < 150; i++) {
            if (i == 20 || i == 60) {
                Device victim = devices.get(luck.nextInt(4));
                victim.state.purse().pseudonyms().forEach(p -> cloned.add(p.thumbprint()));
                devices.add(victim.copy());
            }
            step(luck);
        }
        Set<Thumbprint> convicted = new HashSet<>();
        devices.forEach(d -> d.state
                .evidence()
                .values()
                .forEach(e -> convicted.add(e.evidence().culprit())));
        assertThat(cloned).containsAll(convicted);
        assertThat(cloned).containsAll(culpritsByHand());
        assertThat(culpritsByHand()).containsAll(convicted);
    }

    private void populate(World world, int count, long each) {
        for (int i = 0; i < count; i++) {
            Device device = world.device("w" + i, 2);
            device.load(0, each / 2);
            device.load(1, each / 2);
            devices.add(device);
        }
    }

    private void step(Random luck) {
        Device payer = devices.get(luck.nextInt(devices.size()));
        Device payee = devices.get(luck.nextInt(devices.size()));
        switch (luck.nextInt(5)) {
            case 0, 1, 2 -> {
                if (payer.key(0).equals(payee.key(0))) {
                    return;
                }
                Bytes request = payee.ask(1 + luck.nextInt(3_000));
                WalletState before = payer.state;
                Bytes payment = Tap.payment(payer, request);
                if (luck.nextInt(6) == 0) {
                    // killed before the commit
                    payer.state = before;
                } else if (TapMessage.decode(payment) instanceof SealedPayment) {
                    if (luck.nextInt(4) == 0) {
                        assertThat(Tap.payment(payer, request)).isEqualTo(payment);
                    }
                    underWay.add(new Letter(payee, request, payment, payer));
                }
            }
            case 3 -> deliver(luck);
            default -> restart(payer);
        }
        if (luck.nextInt(3) > 0) {
            deliver(luck);
        }
    }

    private void deliver(Random luck) {
        if (underWay.isEmpty()) {
            return;
        }
        int which = luck.nextInt(underWay.size());
        Letter letter = underWay.get(which);
        WalletState before = letter.to().state;
        Bytes answer = Tap.deliver(letter.to(), letter.payment());
        switch (luck.nextInt(6)) {
            case 0 -> letter.to().state = before;
            case 1 -> assertThat(Tap.deliver(letter.to(), letter.payment())).isEqualTo(answer);
            default -> {
                Tap.acknowledge(letter.from(), letter.request(), answer);
                underWay.remove(which);
            }
        }
    }

    private static void restart(Device device) {
        device.state = WalletRows.load(WalletRows.all(device.state));
    }

    /** Held, or signed away and neither credited nor come back. */
    private long everywhere() {
        long sum = 0;
        Set<Hash> credited = new HashSet<>();
        for (Device d : devices) {
            sum += d.balance();
            d.state
                    .requests()
                    .values()
                    .forEach(r -> r.own().answer().flatMap(a -> a.accepted()).ifPresent(credited::add));
        }
        for (Device d : devices) {
            for (WalletState.Payment p : d.state.payments().values()) {
                RequestMessage asked = p.sent().request();
                if (!credited.contains(p.sent().transfer())) {
                    sum += asked.request().statement().amount().minor();
                }
            }
        }
        return sum;
    }

    /** An auditor of its own: every transfer any device has seen, sorted by output, looked at pair by pair. */
    private Set<Thumbprint> culpritsByHand() {
        Map<Hash, Lineage.Link> all = new LinkedHashMap<>();
        devices.forEach(d -> all.putAll(d.state.lineage().links()));
        Map<String, List<long[]>> taken = new HashMap<>();
        Map<String, Integer> numbers = new HashMap<>();
        Set<Thumbprint> culprits = new HashSet<>();
        for (Lineage.Link link : all.values()) {
            var transfer = link.transfer().statement();
            if (numbers.merge(link.signer() + "#" + transfer.seq(), 1, Integer::sum) > 1) {
                culprits.add(link.signer());
            }
            for (var input : transfer.inputs()) {
                String output =
                        input.source().parent().hex() + "/" + input.source().index();
                List<long[]> before = taken.computeIfAbsent(output, k -> new ArrayList<>());
                for (long[] range : before) {
                    if (range[0] < input.range().hi() && input.range().lo() < range[1]) {
                        culprits.add(link.signer());
                    }
                }
                before.add(new long[] {input.range().lo(), input.range().hi()});
            }
        }
        for (Device d : devices) {
            for (Slice slice : d.state.purse().slices().values()) {
                String output =
                        slice.source().parent().hex() + "/" + slice.source().index();
                for (long[] range : taken.getOrDefault(output, List.of())) {
                    boolean overlap =
                            range[0] < slice.range().hi() && slice.range().lo() < range[1];
                    // a copy may still hold what the other one spent; nobody else may
                    assertThat(overlap && !cloned.contains(slice.holder())).isFalse();
                }
            }
        }
        return culprits;
    }
}
