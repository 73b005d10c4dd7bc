package org.jiaozi.lab.world;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jiaozi.bank.institution.AccountState.Block;
import org.jiaozi.bank.institution.PurseKeyState;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.sync.SyncRun;

/** The end of a world: taps are finished, everybody deposits, lost devices are claimed, and everything is reckoned up. */
final class Closing {
    private static final int ROUNDS = 8;
    private static final long LONG_AFTER = 2 * 365 * 86_400L;

    private final World world;
    private final Sleepers sleepers;
    private Timestamp settled = World.START;

    Closing(World world) {
        this.world = world;
        this.sleepers = new Sleepers(world);
    }

    void run() {
        for (Device device : world.devices()) {
            device.flush();
            device.fill(false);
            device.crash();
            device.skew(0);
            if (device.account().block == Block.OPERATOR) {
                device.account().block = Block.NONE;
            }
        }
        world.bank().houses().forEach(house -> world.cutOff(house, false));
        world.bank().houses().forEach(house -> world.central().quota(house, false));
        world.bank().houses().forEach(house -> world.central().fund(house, WorldBank.RESERVE));
        world.central().server().skew(0);
        world.tellers().forEach(teller -> teller.server().skew(0));
        overdue();
        sleepers.meet();
        finishTaps();
        settle();
        world.central().release();
        everybodyReads();
        world.central().net();
        everybodyReads();
        settled = world.now();
        for (Device device : world.devices()) {
            holding(device);
        }
        world.pass(LONG_AFTER);
        world.bank().publish(world.now());
        world.judge().bulletin(world.bank().offers().whole());
        sleepers.wake();
        claims();
        everybodyReads();
        world.central().net();
        everybodyReads();
        reckon();
    }

    /** What is still on its way comes, or never does. */
    private void overdue() {
        boolean more = world.dice().chance(80);
        while (more) {
            boolean request = world.wire().arrive();
            boolean letter = world.online().letters().arrive();
            more = request || letter;
        }
    }

    /** Every payment that has no answer yet gets one, if any copy of its payee has one to give. */
    private void finishTaps() {
        Map<Nonce, Device> payees = new HashMap<>();
        for (Device payee : world.devices()) {
            if (!payee.lost()) {
                payee.disk().requests().keySet().forEach(nonce -> payees.putIfAbsent(nonce, payee));
            }
        }
        for (Device payer : world.devices()) {
            for (Nonce nonce : List.copyOf(payer.disk().payments().keySet())) {
                WalletState.Payment payment =
                        Objects.requireNonNull(payer.disk().payments().get(nonce));
                Device payee = payees.get(nonce);
                if (payment.receipt().isEmpty() && payment.nonReceipt().isEmpty() && payee != null && !payer.lost()) {
                    world.network().settle(payer, payee, nonce, payment.sent().message());
                }
            }
        }
    }

    /** Syncs until nothing is left to deposit, or until nothing changes. */
    private void settle() {
        long before = -1;
        for (int round = 0; round < ROUNDS && before != world.central().filed(); round++) {
            before = world.central().filed();
            for (Device device : world.devices()) {
                if (!device.lost() && !sleepers.asleep(device)) {
                    world.accidents().getWell(device);
                    // a sync that runs already keeps what its owner wanted then; the one that follows hands in all
                    Founding.drain(world, device);
                    world.online()
                            .begin(
                                    device,
                                    new SyncRun.Options(
                                            Optional.of(Amount.ZERO),
                                            false,
                                            List.of(),
                                            device.accountKeys().newest().map(Signer::publicKey)));
                    Founding.drain(world, device);
                }
            }
        }
    }

    private void everybodyReads() {
        world.tellers().forEach(Teller::resume);
    }

    /** An honest holder who comes in time hands in everything. */
    private void holding(Device device) {
        boolean due = world.judge().honest(device.purse()) && !device.lost() && !sleepers.asleep(device);
        long left = device.disk().purse().slices().values().stream()
                .filter(this::counts)
                .mapToLong(s -> s.amount().minor())
                .reduce(0, Math::addExact);
        world.judge()
                .expect(
                        !due
                                || left == 0
                                || device.account().block == Block.CONVICTED
                                || aboveBalance(device.account(), left),
                        device + " cannot deposit " + left + " under keys that are "
                                + device.disk().purse().pseudonyms().stream()
                                        .map(p -> p.status() + (p.certificate().isPresent() ? "" : " and uncertified"))
                                        .toList()
                                + ", its account being " + device.account().block);
    }

    /** Whether an account cannot hold so much more: then deposits come back as notes. */
    private boolean aboveBalance(Account account, long more) {
        return world.bank().policy().tiers().stream()
                .filter(tier -> tier.number() == account.tier)
                .anyMatch(tier ->
                        Math.addExact(account.balance, more) > tier.account().balance());
    }

    /** Whether a slice could still be handed in when everybody did that. */
    private boolean counts(Slice slice) {
        return settled.seconds()
                <= slice.expiry().seconds() + world.bank().policy().grace().seconds();
    }

    private void claims() {
        for (Device device : world.devices()) {
            boolean newest = world.copiesOf(device.purse()).getLast() == device;
            if (newest && !device.lost() && world.accidents().hurt(device.purse())) {
                world.owners().claimAll(device);
            }
        }
    }

    private void reckon() {
        Map<String, Long> held = new HashMap<>();
        for (Device device : world.devices()) {
            held.merge(device.purse(), device.lost() ? 0 : held(device), Math::addExact);
        }
        for (Device device : world.devices()) {
            if (world.copiesOf(device.purse()).getFirst() == device) {
                Account account = device.account();
                Till till = world.teller(device.house()).till();
                long actual = account.balance
                        + till.balance("held:" + account.name)
                        + held.getOrDefault(device.purse(), 0L)
                        - account.openDebts();
                world.judge().worth(device.purse(), actual, settled.seconds());
            }
        }
        for (Teller teller : world.tellers()) {
            BookKeeper.compare(world, teller);
            teller.accounts().forEach(account -> debts(teller, account));
        }
    }

    /**
     * What a device holds that no claim pays and no newer copy holds. What was reported lost is the claim's, also where the
     * device was found again; under keys that were bound since, such a device holds what is its own.
     */
    private long held(Device device) {
        boolean hurt = world.accidents().hurt(device.purse());
        Device newest = world.copiesOf(device.purse()).getLast();
        Set<Thumbprint> elsewhere = device.account().keys.stream()
                .filter(k -> hurt && k.state.status() == PurseKeyState.Status.REVOKED)
                .map(k -> k.word.key().thumbprint())
                .collect(Collectors.toCollection(HashSet::new));
        if (hurt && device != newest) {
            newest.disk().purse().pseudonyms().forEach(p -> elsewhere.add(p.thumbprint()));
        }
        return device.disk().purse().slices().values().stream()
                .filter(s -> !elsewhere.contains(s.holder()) && (hurt || counts(s)))
                .mapToLong(s -> s.amount().minor())
                .reduce(0, Math::addExact);
    }

    /** What an account owes and paid, as its institution has it. */
    private void debts(Teller teller, Account account) {
        account.debts.forEach((cause, debt) -> {
            long taken = teller.till().moved("debt:" + cause.hex() + ":");
            if (cause.size() == Thumbprint.SIZE) {
                world.judge().collected(cause.hex(), debt.owed().minor(), taken, account.balance);
            } else {
                world.judge().claimBooked(account.name, cause.hex(), debt.owed().minor());
            }
        });
    }
}
