package org.jiaozi.lab.world;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jiaozi.bank.institution.AccountState.Block;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletRows;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.host.WalletStep;
import org.jiaozi.wallet.purse.Pseudonym;

/** What happens to devices: crashes, disks that lie or are full, copies, losses, and getting well again. Not thread-safe. */
final class Accidents {
    private static final int MOST_COPIES = 6;

    private final World world;
    private final Map<Device, WalletState> backups = new HashMap<>();
    private final Set<String> hurt = new HashSet<>();
    private int copies;
    /** Whoever was hurt last: what follows closely upon one accident is what the next one has to be withstood in. */
    private Optional<Device> unlucky = Optional.empty();

    Accidents(World world) {
        this.world = world;
    }

    /** Whether a purse lost a device or its memory on the way. */
    boolean hurt(String purse) {
        return hurt.contains(purse);
    }

    private void hurt(Device device) {
        unlucky = Optional.of(device);
        hurt.add(device.purse());
        world.judge().hurt(device.purse());
    }

    /** Whoever was hurt last, if it still has its device. */
    Optional<Device> unlucky() {
        return unlucky.filter(d -> !d.lost());
    }

    void happen() {
        if (unlucky.isPresent() && world.dice().chance(38)) {
            relapse(unlucky.get());
            return;
        }
        Device device = world.dice().pick(world.devices());
        if (device.full()) {
            device.fill(false);
            return;
        }
        if (device.account().block == Block.OPERATOR) {
            device.account().block = Block.NONE;
        }
        if (device.lost()) {
            if (world.dice().chance(30)) {
                device.lose(false);
                world.story().tell(() -> device + " finds the lost device again");
            }
            return;
        }
        int what = world.dice().below(100);
        if (what < 10) {
            restart(device);
        } else if (what < 25) {
            device.crash();
        } else if (what < 45) {
            device.believe();
        } else if (what < 55) {
            powerCut(device);
        } else if (what < 65) {
            device.flush();
        } else if (what < 75) {
            device.fill(true);
            world.tally().count(Tally.Event.FULL_DISK);
        } else if (what < 80) {
            backups.put(device, device.disk());
        } else if (what < 84) {
            copy(device);
        } else if (what < 88) {
            rollBack(device);
        } else if (what < 91) {
            lose(device);
        } else if (what < 96) {
            newcomer();
        } else if (device.account().block == Block.NONE) {
            device.account().block = Block.OPERATOR;
        }
    }

    /** Dies and starts again from the rows that its storage holds. */
    private void restart(Device device) {
        device.crash();
        WalletState stored = WalletRows.load(WalletRows.all(device.disk()));
        world.judge()
                .expect(
                        WalletRows.changes(device.disk(), stored).isEmpty(),
                        "a wallet reads back otherwise than it was written");
        device.write(stored);
    }

    /** On the way to getting well it wrote something down. What follows may be on a disk that does not mean it. */
    void getsWell(Device device, int perCent) {
        boolean stillLies = device.believes() && world.dice().chance(60);
        if (!stillLies && world.dice().chance(perCent)) {
            // up to here the disk meant what it said
            device.flush();
            device.believe();
        }
    }

    /** Once more, and perhaps before it is well; most often when it has something to lose again. */
    private void relapse(Device device) {
        if (device.lost() || device.full()) {
            return;
        }
        if (!device.believes()) {
            device.believe();
        } else if (!device.disk().purse().holding().isZero() || world.dice().chance(30)) {
            powerCut(device);
        }
    }

    private void powerCut(Device device) {
        if (device.powerCut(world.dice())) {
            world.tally().count(Tally.Event.POWER_CUT);
            world.story().tell(() -> "the power fails at " + device + ", and its disk did not mean what it said");
            start(device);
        }
    }

    /** What a wallet does when it starts: it looks at its mark. */
    private void start(Device device) {
        // a wallet that cannot write down what it is does not start
        device.fill(false);
        if (device.behindItsMark()
                && Wallet.rolledBack(device.disk(), world.context(device)) instanceof WalletStep.Done<?> d) {
            world.tally().count(Tally.Event.ROLLED_BACK);
            hurt(device);
            device.write(d.state());
        }
    }

    private void copy(Device device) {
        if (copies < MOST_COPIES) {
            copies++;
            world.tally().count(Tally.Event.COPY);
            world.judge().dishonest(device.purse());
            world.add(device.copy());
            world.story().tell(() -> device + " is copied");
        }
    }

    /** An old image of everything, the mark included, is put back. */
    private void rollBack(Device device) {
        WalletState older = backups.get(device);
        if (older != null && copies < MOST_COPIES) {
            copies++;
            world.judge().dishonest(device.purse());
            device.rollBack(older);
            world.story().tell(() -> device + " puts an old image back");
        }
    }

    /** Somebody new opens an account, where many were lost or convicted. */
    private void newcomer() {
        if (world.devices().size() < 2_000) {
            new Founding(world).purse();
        }
    }

    private void lose(Device device) {
        if (!world.dice().chance(50) && world.copiesOf(device.purse()).size() == 1) {
            replace(device);
        }
    }

    /** Loses a device; the next one of the same holder. */
    Device replace(Device device) {
        device.crash();
        device.lose(true);
        hurt(device);
        world.tally().count(Tally.Event.LOST_DEVICE);
        world.story().tell(() -> device + " loses the device");
        // the holder takes another device and reports the first from there
        Device next = Founding.device(
                world,
                device.purse(),
                device.house(),
                device.account(),
                device.broken() ? Device.Nature.BROKEN : Device.Nature.HONEST,
                device.accountKeys().next());
        world.owners().reportLost(device, next);
        return next;
    }

    /** The holder is about to say that what is on this device is lost. */
    void reports(Device device) {
        hurt(device);
    }

    /** Before a sync: a device whose keys nobody certifies any more is bound again, and claims what the lost ones held. */
    void getWell(Device device) {
        Account account = device.account();
        boolean waits = device.disk().outbox().pending().isPresent();
        boolean certified = device.disk().purse().pseudonyms().stream()
                .anyMatch(p ->
                        p.status() == Pseudonym.Status.ACTIVE && p.certificate().isPresent());
        if (waits || device.disk().purse().rolledBack()) {
            return;
        }
        if (!certified && account.block == Block.LOST) {
            getsWell(device, 50);
            boolean fresh =
                    device.disk().purse().pseudonyms().stream().anyMatch(p -> p.status() == Pseudonym.Status.ACTIVE);
            if (!fresh) {
                Founding.addKeys(world, device);
            }
            String code = "code " + world.dice().nonce().hex();
            world.teller(device.house()).renewCode(account, code);
            world.owners().enrol(device, code);
        } else if (hurt.contains(device.purse()) && certified && world.dice().chance(40)) {
            List<Signer> claimable = world.owners().claimable(device);
            if (!claimable.isEmpty()) {
                world.owners().claim(device, world.dice().pick(claimable));
            }
        }
    }
}
