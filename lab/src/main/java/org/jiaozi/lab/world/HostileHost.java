package org.jiaozi.lab.world;

import java.util.List;
import java.util.Set;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.host.WalletStep;
import org.jiaozi.wallet.purse.PurseCommand;
import org.jiaozi.wallet.purse.PurseState;

/**
 * A terminal that goes behind the wallet's back to the purse and repeats what it heard: it may be refused or be given
 * the same answer again, and must never get money or a second signature out of it.
 */
final class HostileHost {
    private static final int HEARD = 8;

    private HostileHost() {}

    static void replay(World world, Device victim) {
        if (victim.lost()) {
            return;
        }
        world.tally().count(Tally.Event.HOSTILE_HOST);
        // a few of the payments that anybody made: whoever carried them knows them
        for (int i = 0; i < HEARD; i++) {
            Device payer = world.dice().pick(world.devices());
            List<WalletState.Payment> made = List.copyOf(payer.disk().payments().values());
            if (!made.isEmpty()) {
                Lineage lineage = LineageCodec.decode(world.dice().pick(made).lineage(), LineageBounds.DEPOSIT);
                Nonce nonce = lineage.head().transfer().statement().nonce();
                if (victim.owns(lineage.head().transfer().statement().payee())
                        && victim.disk().purse().answer(nonce).isPresent()) {
                    obey(world, victim, new PurseCommand.Credit(lineage.head().transfer(), slices(lineage)));
                }
            }
        }
        // slices moved once, asked for again under another nonce
        for (PurseState.LogEntry entry : List.copyOf(victim.disk().purse().log().values())) {
            obey(
                    world,
                    victim,
                    new PurseCommand.Deposit(
                            entry.certificate().statement().thumbprint(),
                            victim.house().depositKey(),
                            entry.transfer().statement().inputs(),
                            world.dice().nonce()));
        }
        foreignNote(world, victim);
        // a note credited once, after the purse was asked to open its load again
        for (var note : victim.disk().lineage().notes().values()) {
            if (victim.owns(note.statement().holder())) {
                Nonce wanted = note.statement().loadNonce();
                Set<Nonce> open = victim.disk().purse().loads().keySet();
                obey(world, victim, new PurseCommand.OpenLoad(note.statement().holder(), wanted));
                obey(world, victim, new PurseCommand.CreditNote(note));
                // the purse opened another one: an open load keeps its key, and no note ever comes for this one
                for (Nonce load : victim.disk().purse().loads().keySet()) {
                    if (!open.contains(load)) {
                        obey(world, victim, new PurseCommand.DropLoad(load));
                    }
                }
            }
        }
    }

    /** A note under a load that is open, made out to somebody else. */
    private static void foreignNote(World world, Device victim) {
        for (var load : victim.disk().purse().loads().entrySet()) {
            Device other = world.dice().pick(world.devices());
            if (!other.disk().purse().pseudonyms().isEmpty() && !other.purse().equals(victim.purse())) {
                Note note = new Note(
                        victim.house().keyId(),
                        WorldBank.QUOTA,
                        WorldBank.CURRENCY,
                        new Amount(5),
                        world.now().plus(world.bank().policy().noteValidity()),
                        1,
                        other.disk().purse().pseudonyms().getFirst().thumbprint(),
                        load.getKey());
                obey(
                        world,
                        victim,
                        new PurseCommand.CreditNote(Signed.by(victim.house().signer(), note)));
                return;
            }
        }
    }

    /** What a host would say the payment moved; the purse must not take more than its kind on trust. */
    private static List<Slice> slices(Lineage lineage) {
        Lineage.Link head = lineage.head();
        return head.transfer().statement().inputs().stream()
                .map(input -> new Slice(
                        new SliceRef(head.transfer().hash(), 0),
                        input.range(),
                        lineage.notes().getFirst().hash(),
                        WorldBank.CURRENCY,
                        head.transfer().statement().payee(),
                        1,
                        5,
                        lineage.notes().getFirst().statement().expiry()))
                .toList();
    }

    private static void obey(World world, Device device, PurseCommand command) {
        switch (Wallet.purse(device.disk(), command, world.context(device))) {
            case WalletStep.Done<?> d -> device.write(d.state());
            case WalletStep.Refused<?> ignored -> device.forget();
        }
    }
}
