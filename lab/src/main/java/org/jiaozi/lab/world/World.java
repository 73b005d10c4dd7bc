package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.tap.TapMessage.RequestMessage;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletContext;
import org.jiaozi.wallet.host.WalletStep;
import org.jiaozi.wallet.purse.SoftwarePurse;

/** One seeded world. {@link #run} lives it to its end; the facts it leaves are the auditor's. Not thread-safe. */
public final class World {
    private static final Timestamp START = new Timestamp(1_800_000_000L);
    private static final int MOST_CLONES = 3;

    private final long seed;
    private final int steps;
    private final Dice dice;
    private final WorldCrypto crypto;
    private final WorldBank bank;
    private final Network network = new Network(this);
    private final Counter counter = new Counter(this);
    private final Tally tally = new Tally();
    private final List<Device> devices = new ArrayList<>();
    private final Set<String> cloned = new HashSet<>();
    private final List<Asked> asked = new ArrayList<>();
    private final List<Signed<Note>> registered;
    private final List<Signed<Note>> notes;
    private Timestamp now = START;

    /** A request that is out, and who should pay it. */
    private record Asked(Device payee, Device payer, RequestMessage request) {}

    /**
     * A world before its first step.
     *
     * @param steps how many things happen, 1 or more
     * @param realCrypto real ES256 and HPKE instead of signatures that cost a hash
     */
    public World(long seed, int steps, boolean realCrypto) {
        this.seed = seed;
        this.steps = steps;
        this.dice = new Dice(seed);
        this.crypto = new WorldCrypto(seed, realCrypto, dice);
        this.bank = new WorldBank(crypto, START);
        Founding founding = new Founding(this);
        for (int i = 5 + dice.below(4); i > 0; i--) {
            devices.add(founding.purse(devices.size()));
        }
        registered = founding.registered();
        notes = founding.all();
    }

    /** Lives all steps, lets every wallet sync, and has the auditor look; again for two other orders of arrival. */
    public WorldReport run() {
        WorldReport once = live();
        WorldFacts first = once.facts();
        List<String> breaches = new ArrayList<>(once.breaches());
        try {
            for (int order = 2; order <= 3; order++) {
                counter.again(registered);
                breaches.addAll(WorldAuditor.differences(first, facts(), "in arrival order " + order));
            }
        } catch (RuntimeException e) {
            breaches.add("in another arrival order the registry threw " + e);
        }
        return new WorldReport(seed, steps, tally, first, breaches);
    }

    /** The same in one order of arrival only. */
    WorldReport live() {
        List<String> breaches = new ArrayList<>();
        try {
            for (int i = 0; i < steps; i++) {
                now = new Timestamp(now.seconds() + dice.below(15));
                step();
            }
            new Closing(this).run();
            bank.recover(dice, now);
        } catch (RuntimeException e) {
            breaches.add("the platform's own code threw " + e);
        }
        WorldFacts facts = facts();
        breaches.addAll(WorldAuditor.breaches(facts));
        return new WorldReport(seed, steps, tally, facts, breaches);
    }

    private WorldFacts facts() {
        return WorldFacts.of(this, counter.filed());
    }

    private void step() {
        int what = dice.below(100);
        if (what < 22) {
            ask();
        } else if (what < 70) {
            if (!network.isEmpty()) {
                network.deliverAny();
            }
        } else if (what < 77) {
            askAgain();
        } else if (what < 79) {
            copy();
        } else if (what < 84) {
            counter.deposit(dice.pick(devices), dice.chance(60));
        } else if (what < 87) {
            counter.upload(dice.pick(devices));
        } else if (what < 93) {
            counter.serveAny();
        } else if (what < 95) {
            news();
        } else if (what < 97) {
            close();
        } else if (what < 99) {
            HostileHost.replay(this, dice.pick(devices));
        } else {
            dice.pick(devices).crash();
        }
    }

    private void ask() {
        Device payee = dice.pick(devices);
        Device payer = dice.pick(devices);
        if (payee.purse().equals(payer.purse())) {
            return;
        }
        long most = Math.min(600_000, payer.disk().purse().holding().minor());
        Amount amount = new Amount(dice.between(1, Math.max(1, most)));
        switch (Wallet.ask(
                payee.disk(), amount, "", dice.nonce(), crypto.sealer().newKeyPair(), context(payee))) {
            case WalletStep.Done<RequestMessage> d -> {
                payee.write(d.state());
                asked.add(new Asked(payee, payer, d.result()));
                show(asked.getLast(), payer);
            }
            case WalletStep.Refused<RequestMessage> ignored -> {
                // a purse that is full says so
            }
        }
    }

    private void show(Asked a, Device payer) {
        Nonce nonce = a.request().request().statement().nonce();
        network.post(
                new Network.Envelope(a.payee(), payer, true, nonce, a.request().encode()));
    }

    /** The payer is asked once more: itself, its other copy, or somebody else by mistake. */
    private void askAgain() {
        if (asked.isEmpty()) {
            return;
        }
        Asked a = dice.pick(asked);
        if (dice.chance(15)) {
            show(a, dice.pick(devices));
        } else {
            show(a, dice.pick(copiesOf(a.payer().purse())));
        }
    }

    private void copy() {
        if (tally.clones < MOST_CLONES && dice.chance(60)) {
            Device copied = dice.pick(devices);
            devices.add(copied.copy());
            cloned.add(copied.purse());
            tally.clones++;
        }
    }

    private void news() {
        bank.publish();
        for (Device device : devices) {
            if (dice.chance(50)) {
                device.write(Wallet.takeBulletin(device.disk(), bank.bulletin()));
            }
        }
    }

    /** A payee gives up waiting. */
    private void close() {
        if (!asked.isEmpty()) {
            Asked a = dice.pick(asked);
            Device payee = dice.pick(copiesOf(a.payee().purse()));
            Nonce nonce = a.request().request().statement().nonce();
            if (payee.disk().purse().requests().containsKey(nonce)) {
                switch (Wallet.close(payee.disk(), nonce, Refusal.of(RefusalCode.REQUEST_EXPIRED), context(payee))) {
                    case WalletStep.Done<?> d -> payee.write(d.state());
                    case WalletStep.Refused<?> ignored -> {
                        // it stays open
                    }
                }
            }
        }
    }

    WalletContext context(Device device) {
        return new WalletContext(
                new Timestamp(now.seconds() + device.skewSeconds()),
                true,
                crypto.verifier(),
                crypto.sealer(),
                crypto::signer,
                new SoftwarePurse());
    }

    List<Device> copiesOf(String purse) {
        return devices.stream().filter(d -> d.purse().equals(purse)).toList();
    }

    boolean isCloned(String purse) {
        return cloned.contains(purse);
    }

    List<Device> devices() {
        return devices;
    }

    Dice dice() {
        return dice;
    }

    WorldCrypto crypto() {
        return crypto;
    }

    WorldBank bank() {
        return bank;
    }

    Network network() {
        return network;
    }

    Counter counter() {
        return counter;
    }

    Tally tally() {
        return tally;
    }

    List<Signed<Note>> notes() {
        return notes;
    }

    Timestamp now() {
        return now;
    }
}
