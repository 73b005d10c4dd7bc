package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.bank.institution.Issuing;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.PurseCertificate.Limits;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Period;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletStep;
import org.jiaozi.wallet.purse.Pseudonym;
import org.jiaozi.wallet.purse.PurseCommand;

/**
 * Purses that no customer has: an institution makes their keys up, certifies them for whatever it likes, and puts a note into
 * their hands. Not thread-safe.
 */
final class MadeUpKeys {
    private static final int MOST = 4;

    private final World world;
    private final Map<Thumbprint, List<Signed<PurseCertificate>>> others = new HashMap<>();
    private int made;

    MadeUpKeys(World world) {
        this.world = world;
    }

    void appear(House house) {
        if (made >= MOST) {
            return;
        }
        made++;
        Dice dice = world.dice();
        String name = "nobody-" + world.devices().size();
        // an account without money, to which no key is bound
        Account account = world.teller(house).open(name, 1, 0, "code of " + name);
        Device device = Founding.device(world, name, house, account, Device.Nature.BROKEN, AccountKeys.first());
        world.judge().dishonest(name);
        world.tally().count(Tally.Event.MADE_UP_KEY);
        List<Signed<PurseCertificate>> certificates = new ArrayList<>();
        for (Pseudonym p : device.disk().purse().pseudonyms()) {
            certificates.add(certificate(house, p));
            if (dice.chance(40)) {
                others.computeIfAbsent(p.thumbprint(), k -> new ArrayList<>(1))
                        .add(certificate(dice.pick(world.bank().houses()), p));
            }
        }
        obey(device, new PurseCommand.InstallCertificates(certificates));
        world.story().tell(() -> house + " makes up " + name);
        note(house, device);
    }

    private Signed<PurseCertificate> certificate(House house, Pseudonym p) {
        Dice dice = world.dice();
        long most = dice.chance(50) ? 1L << 40 : 400_000;
        return Signed.by(
                house.signer(),
                new PurseCertificate(
                        house.keyId(),
                        p.key(),
                        1 + dice.below(4),
                        dice.pick(List.of(ElementClass.values())),
                        WorldBank.CURRENCY,
                        new Limits(most, most, dice.between(3, 1_000), most),
                        world.now(),
                        world.now().plus(Period.ofDays(1 + dice.below(400))),
                        0,
                        0));
    }

    /** A note that nobody paid for; half of them are never registered. */
    private void note(House house, Device device) {
        Dice dice = world.dice();
        Thumbprint holder = dice.pick(device.disk().purse().pseudonyms()).thumbprint();
        if (!(Wallet.openLoad(device.disk(), holder, dice.nonce(), world.context(device))
                instanceof WalletStep.Done<Nonce> open)) {
            device.forget();
            return;
        }
        device.write(open.state());
        Note note = Issuing.note(
                world.teller(house).setting(),
                WorldBank.CURRENCY,
                new Amount(dice.between(1, 400_000)),
                holder,
                open.result());
        Signed<Note> signed = Signed.by(house.signer(), note);
        world.unregistered(signed);
        world.teller(house)
                .till()
                .move(
                        "made up:" + signed.hash(),
                        "outside",
                        "float",
                        note.value().minor());
        if (dice.chance(50)) {
            world.central().tried(house, new BankRequest.RegisterNote(signed));
        }
        if (Wallet.load(device.disk(), signed, world.context(device)) instanceof WalletStep.Done<?> loaded) {
            device.write(loaded.state());
        } else {
            device.forget();
        }
    }

    private void obey(Device device, PurseCommand command) {
        switch (Wallet.purse(device.disk(), command, world.context(device))) {
            case WalletStep.Done<?> done -> device.write(done.state());
            case WalletStep.Refused<?> no ->
                world.judge().expect(false, "a purse refuses what its institution certified: " + no.refusal());
        }
    }

    /** Whether more than one institution answers for it, as its evidence has it. */
    boolean isShared(Thumbprint key) {
        return others.containsKey(key);
    }

    /** What another institution certified of a key, now and then. */
    Optional<Signed<PurseCertificate>> other(Thumbprint key) {
        List<Signed<PurseCertificate>> known = others.getOrDefault(key, List.of());
        return known.isEmpty() || world.dice().chance(60)
                ? Optional.empty()
                : Optional.of(world.dice().pick(known));
    }
}
