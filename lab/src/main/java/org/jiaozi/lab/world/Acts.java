package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.tap.TapMessage.RequestMessage;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletStep;

/** What happens in one step. Not thread-safe. */
final class Acts {
    private static final int REMEMBERED = 400;
    private static final int LATEST = 10;
    private static final long DAY = 86_400;
    private static final int CROWD = 40;

    private final World world;
    private final List<Asked> asked = new ArrayList<>();
    private final List<Asked> latest = new ArrayList<>();
    private final long stride;

    /** A request that is out, and who should pay it. */
    record Asked(Device payee, Device payer, RequestMessage request) {}

    Acts(World world) {
        this.world = world;
        // in some worlds notes expire, in most certificates do
        this.stride = world.dice().chance(30) ? 80 * DAY : 9 * DAY;
    }

    List<Asked> asked() {
        return asked;
    }

    void one() {
        Dice dice = world.dice();
        int what = dice.below(1000);
        if (what < 230) {
            ask();
        } else if (what < 640) {
            world.network().deliverAny();
        } else if (what < 670) {
            askAgain();
        } else if (what < 850) {
            sync();
        } else if (what < 880) {
            world.rogues().act();
        } else if (what < 890) {
            HostileHost.replay(world, dice.pick(world.devices()));
        } else if (what < 905) {
            close();
        } else if (what < 925) {
            news();
        } else if (what < 940) {
            counter();
        } else if (what < 950) {
            RogueHouses.act(world);
        } else if (what < 957) {
            clocks();
        } else {
            world.accidents().happen();
        }
    }

    private void ask() {
        Device payee = world.anybody();
        Device payer = world.anybody();
        if (payee.purse().equals(payer.purse()) || payee.lost()) {
            return;
        }
        long most = Math.min(400_000, payer.disk().purse().holding().minor() / 2);
        ask(payee, payer, new Amount(world.dice().between(1, Math.max(1, most))));
    }

    /** A request to a payer, which is on its way. */
    Optional<Asked> ask(Device payee, Device payer, Amount amount) {
        return switch (Wallet.ask(
                payee.disk(),
                amount,
                "",
                world.dice().nonce(),
                world.crypto().sealer().newKeyPair(),
                world.context(payee))) {
            case WalletStep.Done<RequestMessage> d -> {
                if (payee.write(d.state())) {
                    Asked a = new Asked(payee, payer, d.result());
                    remember(a);
                    show(a, payer);
                    world.story().tell(() -> payee + " asks " + payer + " for " + amount);
                    yield Optional.of(a);
                }
                yield Optional.empty();
            }
            case WalletStep.Refused<RequestMessage> no -> {
                payee.forget();
                world.story().tell(() -> payee + " cannot ask: " + no.refusal());
                yield Optional.empty();
            }
        };
    }

    /** One of the latest requests, so that whoever answers it may still be in time. */
    Optional<Asked> latest() {
        return latest.isEmpty() ? Optional.empty() : Optional.of(world.dice().pick(latest));
    }

    private void remember(Asked a) {
        if (latest.size() >= LATEST) {
            latest.removeFirst();
        }
        latest.add(a);
        if (asked.size() < REMEMBERED) {
            asked.add(a);
        } else {
            asked.set(world.dice().below(REMEMBERED), a);
        }
    }

    private void show(Asked a, Device payer) {
        Nonce nonce = a.request().request().statement().nonce();
        world.network()
                .post(new Network.Envelope(
                        a.payee(), payer, true, nonce, a.request().encode()));
    }

    /** The payer is asked once more: itself, its other copy, or somebody else by mistake. */
    private void askAgain() {
        if (asked.isEmpty()) {
            return;
        }
        Asked a = world.dice().pick(asked);
        if (world.dice().chance(15)) {
            show(a, world.dice().pick(world.devices()));
        } else {
            show(a, world.dice().pick(world.copiesOf(a.payer().purse())));
        }
    }

    private void sync() {
        // whoever was hurt last is in a hurry to get well
        Device device =
                world.dice().chance(15) ? world.accidents().unlucky().orElseGet(world::anybody) : world.anybody();
        if (device.syncing().isEmpty() && !device.lost()) {
            world.accidents().getWell(device);
            // whoever got well has nothing left, and fetches more at once
            if (world.dice().chance(world.accidents().hurt(device.purse()) ? 60 : 25)) {
                world.online().load(device, new Amount(world.dice().between(1, 400_000)));
            }
            world.online().begin(device, world.online().options(device));
        }
        for (int i = world.dice().below(6); i >= 0 && world.online().advance(device); i--) {
            // one exchange, or a few in a row
        }
    }

    private void close() {
        if (!asked.isEmpty()) {
            Asked a = world.dice().pick(asked);
            Device payee = world.dice().pick(world.copiesOf(a.payee().purse()));
            Nonce nonce = a.request().request().statement().nonce();
            if (!payee.lost() && payee.disk().purse().requests().containsKey(nonce)) {
                switch (Wallet.close(
                        payee.disk(), nonce, Refusal.of(RefusalCode.REQUEST_EXPIRED), world.context(payee))) {
                    case WalletStep.Done<?> d -> payee.write(d.state());
                    case WalletStep.Refused<?> ignored -> payee.forget();
                }
            }
        }
    }

    private void news() {
        world.bank().publish(world.central().server().now());
        world.judge().bulletin(world.bank().offers().whole());
        for (Device device : world.devices()) {
            if (!device.lost() && world.dice().chance(40)) {
                device.write(Wallet.takeBulletin(device.disk(), world.bank().bulletin()));
            }
        }
    }

    /** Institutions read what the central bank tells them, people look at what is withheld, cycles close. */
    private void counter() {
        Dice dice = world.dice();
        try {
            switch (dice.below(11)) {
                case 0 -> world.central().net();
                case 1, 2 -> world.central().release();
                case 3 -> {
                    // most are reached again before the next is cut off
                    world.bank()
                            .houses()
                            .forEach(house -> world.cutOff(house, world.isCutOff(house) && dice.chance(20)));
                    world.cutOff(dice.pick(world.bank().houses()), true);
                    if (dice.chance(50)) {
                        world.wire().cut(dice.pick(world.bank().houses()));
                    }
                }
                case 10 -> {
                    mend();
                    BookKeeper.compareAll(world);
                }
                case 4, 5 -> {
                    mend();
                    world.wire().arrive();
                    world.online().letters().arrive();
                    dice.pick(world.tellers()).resume();
                }
                case 6 -> {
                    Server server = world.server();
                    server.fill(!server.full() && dice.chance(50));
                    world.story().tell(() -> server + (server.full() ? " has a full disk" : " has room again"));
                }
                case 8 -> world.rogues().handIn();
                case 7 -> {
                    House house = dice.pick(world.bank().houses());
                    if (dice.chance(50)) {
                        world.central().quota(house, dice.chance(60));
                    } else {
                        world.central().fund(house, dice.between(1, 1_000_000));
                    }
                }
                default -> dice.pick(world.tellers()).inbox().read();
            }
        } catch (Died died) {
            world.story().tell(() -> died.getMessage() + ", dies");
        }
    }

    /** All institutions are reached again, and no server's disk is full. */
    private void mend() {
        world.bank().houses().forEach(house -> {
            world.cutOff(house, false);
            world.wire().mend(house);
        });
        world.central().server().fill(false);
        world.tellers().forEach(teller -> teller.server().fill(false));
    }

    /** How wrong a device's clock is from now on. */
    long deviceSkew() {
        return skew(3 * 365 * DAY);
    }

    /** Most clocks err by less than the tolerance, some by hours, and a few by as much as they can. */
    private long skew(long most) {
        int how = world.dice().below(20);
        if (how >= 18) {
            world.tally().count(Tally.Event.WRONG_CLOCK);
        }
        long by = how < 18 ? 100 : how < 19 ? DAY / 8 : most;
        return world.dice().between(-by, by);
    }

    private void clocks() {
        Dice dice = world.dice();
        int what = dice.below(10);
        if (what < 4) {
            dice.pick(world.devices()).skew(deviceSkew());
        } else if (what == 4) {
            world.server().skew(skew(2 * DAY));
        } else if (!dice.oneIn(Math.max(1, world.devices().size() / CROWD))) {
            // among many each has its turn less often: time passes more slowly, or nobody would have a certificate in
            // force
            news();
        } else if (what < 7) {
            world.pass(dice.between(60, DAY));
        } else {
            world.pass(dice.between(DAY, stride));
            news();
        }
    }
}
