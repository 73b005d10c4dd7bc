package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.List;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.value.Amount;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.host.WalletStep;
import org.jiaozi.wallet.purse.PurseCommand;
import org.jiaozi.wallet.sync.SyncRun;

/** Makes the purses of a world, enrols them and loads them, before anything goes wrong. */
final class Founding {
    /** More than any sync takes. */
    private static final int EXCHANGES = 300;

    private final World world;

    Founding(World world) {
        this.world = world;
    }

    void found(int howMany) {
        for (int i = 0; i < howMany; i++) {
            purse();
        }
    }

    /** One more. */
    void purse() {
        Dice dice = world.dice();
        int number = world.devices().size();
        House house = dice.pick(world.bank().houses());
        String name = "purse-" + number;
        int tier = 1 + (dice.chance(60) ? 0 : dice.below(4));
        Device.Nature nature = dice.chance(15) ? Device.Nature.BROKEN : Device.Nature.HONEST;
        // half of the cheats have less than what they are going to owe
        boolean poor = nature == Device.Nature.BROKEN && dice.chance(50);
        long balance = dice.between(100_000, poor ? 200_000 : tier < 3 ? 3_000_000 : 900_000);
        Account account = world.teller(house).open(name, tier, balance, "code of " + name);
        account.flagged = dice.chance(10);
        world.judge().funded(name, balance);
        Device device = device(world, name, house, account, nature, AccountKeys.first());
        if (nature == Device.Nature.BROKEN) {
            world.judge().dishonest(name);
        }
        world.owners().enrol(device, "code of " + name);
        drain(world, device);
        for (int i = dice.below(3); i >= 0; i--) {
            world.online().load(device, new Amount(dice.between(1, Math.max(1, balance / 3))));
            world.online()
                    .begin(
                            device,
                            new SyncRun.Options(
                                    java.util.Optional.of(new Amount(1L << 40)),
                                    false,
                                    List.of(),
                                    java.util.Optional.empty()));
            drain(world, device);
        }
        device.skew(world.acts().deviceSkew());
        world.story()
                .tell(() -> name + " at " + house + ", tier " + tier + ", " + nature + ", holds "
                        + device.disk().purse().holding());
    }

    /** A device with fresh keys that no institution knows yet. */
    static Device device(
            World world, String name, House house, Account account, Device.Nature nature, AccountKeys keys) {
        Dice dice = world.dice();
        String region = dice.chance(50) ? WorldBank.REGION : "";
        WalletState.Settings settings =
                new WalletState.Settings(world.bank().root(), house.id(), WorldBank.CURRENCY, region);
        Device device = new Device(
                name,
                house,
                account,
                keys,
                nature,
                region,
                dice.between(-60, 60),
                WalletState.create(settings, world.bank().bulletin()));
        world.add(device);
        addKeys(world, device);
        return device;
    }

    static void addKeys(World world, Device device) {
        List<PublicKey> keys = new ArrayList<>();
        for (int i = 0; i < world.bank().policy().pseudonyms(); i++) {
            keys.add(world.newKey(device));
        }
        if (Wallet.purse(device.disk(), new PurseCommand.AddKeys(keys), world.context(device))
                instanceof WalletStep.Done<?> d) {
            device.write(d.state());
        }
    }

    /** Lets the sync that runs come to its end. */
    static void drain(World world, Device device) {
        int exchanges = 0;
        while (exchanges < EXCHANGES && world.online().advance(device)) {
            exchanges++;
        }
        world.judge()
                .expect(
                        exchanges < EXCHANGES || !world.judge().honest(device.purse()),
                        device + " syncs and comes to no end");
    }
}
