package org.jiaozi.lab.world;

import java.util.List;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.statement.SliceRef;
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
    private HostileHost() {}

    static void replay(World world, Device victim) {
        world.tally().hostile++;
        // every payment that anybody made is known to whoever carried it
        for (Device payer : world.devices()) {
            for (WalletState.Payment payment : payer.disk().payments().values()) {
                Lineage lineage = LineageCodec.decode(payment.lineage(), LineageBounds.DEPOSIT);
                if (victim.owns(lineage.head().transfer().statement().payee())
                        && answered(
                                victim, lineage.head().transfer().statement().nonce())) {
                    obey(world, victim, new PurseCommand.Credit(lineage.head().transfer(), slices(lineage)));
                }
            }
        }
        // slices moved once, asked for again under another nonce
        for (PurseState.LogEntry entry : List.copyOf(victim.disk().purse().log().values())) {
            Nonce fresh = world.dice().nonce();
            obey(
                    world,
                    victim,
                    new PurseCommand.Deposit(
                            entry.certificate().statement().thumbprint(),
                            victim.house().depositKey(),
                            entry.transfer().statement().inputs(),
                            fresh));
        }
    }

    private static boolean answered(Device victim, Nonce nonce) {
        return victim.disk().purse().answer(nonce).isPresent();
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
            case WalletStep.Refused<?> ignored -> {
                // as it should be
            }
        }
    }
}
