package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.List;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.policy.Tier;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletContext;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.host.WalletStep;
import org.jiaozi.wallet.purse.PurseCommand;

/** Makes the purses of a world, enrols them and loads them. */
final class Founding {
    private static final Timestamp FAR = new Timestamp(4_000_000_000L);
    private static final long MOST_IN_A_NOTE = 700_000;
    private static final int TIER = 1;

    private final World world;
    private final List<Signed<Note>> registered = new ArrayList<>();
    private final List<Signed<Note>> all = new ArrayList<>();

    Founding(World world) {
        this.world = world;
    }

    /** Notes the registry knew before they were handed over. */
    List<Signed<Note>> registered() {
        return registered;
    }

    /** Those and the ones it will first see in a lineage. */
    List<Signed<Note>> all() {
        return all;
    }

    Device purse(int number) {
        Dice dice = world.dice();
        House house = dice.pick(world.bank().houses());
        String name = "purse " + number;
        WalletState.Settings settings =
                new WalletState.Settings(world.bank().root(), house.id(), WorldBank.CURRENCY, "");
        Device device = new Device(
                name,
                house,
                dice.between(-60, 60),
                WalletState.create(settings, world.bank().bulletin()));
        List<PublicKey> keys = new ArrayList<>();
        for (int i = 0; i < world.bank().policy().pseudonyms(); i++) {
            keys.add(world.crypto().newKey(name + " key " + i).publicKey());
        }
        obey(device, new PurseCommand.AddKeys(keys));
        List<Signed<PurseCertificate>> certificates = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            certificates.add(certificate(house, keys.get(i), i, keys.size()));
        }
        obey(device, new PurseCommand.InstallCertificates(certificates));
        for (int i = dice.below(3); i >= 0; i--) {
            load(device, dice.pick(keys).thumbprint());
        }
        return device;
    }

    private Signed<PurseCertificate> certificate(House house, PublicKey key, int index, int count) {
        Tier tier = world.bank().policy().tier(TIER).orElseThrow();
        PurseCertificate.Limits limits = world.bank().policy().limitsFor(tier, ElementClass.SOFTWARE, index, count);
        return Signed.by(
                house.signer(),
                new PurseCertificate(
                        house.keyId(),
                        key,
                        TIER,
                        ElementClass.SOFTWARE,
                        WorldBank.CURRENCY,
                        limits,
                        new Timestamp(0),
                        FAR,
                        0,
                        0));
    }

    private void load(Device device, Thumbprint key) {
        Nonce nonce = world.dice().nonce();
        obey(device, new PurseCommand.OpenLoad(key, nonce));
        Signer signer = device.house().signer();
        Signed<Note> note = Signed.by(
                signer,
                new Note(
                        device.house().keyId(),
                        WorldBank.QUOTA,
                        WorldBank.CURRENCY,
                        new Amount(world.dice().between(1, MOST_IN_A_NOTE)),
                        world.now().plus(world.bank().policy().noteValidity()),
                        world.bank().policy().maxHops(),
                        key,
                        nonce));
        // now and then an institution hands a note over that it did not register
        if (!world.dice().chance(10)) {
            world.bank().register(note, world.now());
            registered.add(note);
        }
        all.add(note);
        WalletContext context = world.context(device);
        switch (Wallet.load(device.disk(), note, context)) {
            case WalletStep.Done<?> d -> device.write(d.state());
            case WalletStep.Refused<?> r -> throw new IllegalStateException("a load is refused: " + r.refusal());
        }
    }

    private void obey(Device device, PurseCommand command) {
        switch (Wallet.purse(device.disk(), command, world.context(device))) {
            case WalletStep.Done<?> d -> device.write(d.state());
            case WalletStep.Refused<?> r -> throw new IllegalStateException(command + " is refused: " + r.refusal());
        }
    }
}
