package org.jiaozi.lab.world;

import java.util.Set;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.purse.PurseAnswer;
import org.jiaozi.wallet.purse.PurseCommand;
import org.jiaozi.wallet.purse.PurseContext;
import org.jiaozi.wallet.purse.PurseState;
import org.jiaozi.wallet.purse.PurseStep;
import org.jiaozi.wallet.purse.SecureElement;
import org.jiaozi.wallet.purse.SoftwarePurse;

/** The real purse of a device; the judge hears of what it signs and credits as soon as that is written. */
final class Watched implements SecureElement {
    private final World world;
    private final Device device;

    Watched(World world, Device device) {
        this.world = world;
        this.device = device;
    }

    @Override
    public PurseStep execute(PurseState state, PurseCommand command, PurseContext context) {
        world.tally().count(Tally.Event.PURSE_OPERATION);
        PurseStep step = SoftwarePurse.step(state, command, context);
        if (step instanceof PurseStep.Done done && done.state().mark() != state.mark()) {
            long now = context.now().seconds();
            device.once(next -> tell(command, done.answer(), next, now));
        }
        return step;
    }

    private void tell(PurseCommand command, PurseAnswer answer, WalletState next, long now) {
        String purse = device.purse();
        Witness witness = world.witness();
        if (answer instanceof PurseAnswer.Moved moved) {
            var link = witness.link(new Lineage.Link(moved.transfer(), moved.certificate()));
            world.judge().signed(purse, link.transfer(), link.certificate());
            world.tally().count(command instanceof PurseCommand.Pay ? Tally.Event.PAYMENT : Tally.Event.DEPOSIT);
        } else if (answer instanceof PurseAnswer.Opened opened) {
            Request request = opened.request().request().statement();
            world.judge()
                    .asked(
                            purse,
                            request.nonce().hex(),
                            opened.request()
                                    .certificate()
                                    .statement()
                                    .thumbprint()
                                    .hex(),
                            request.amount().minor());
        } else if (answer instanceof PurseAnswer.Credited && command instanceof PurseCommand.Credit credit) {
            SliceRef head = new SliceRef(credit.transfer().hash(), 0);
            if (next.lineage().links().containsKey(head.parent())) {
                Lineage lineage = next.lineage().lineageOf(Set.of(head));
                world.judge()
                        .credited(
                                purse,
                                device.region(),
                                now,
                                next.bulletin().statement().epoch(),
                                credit.transfer().statement().nonce().hex(),
                                lineage.notes().stream().map(witness::note).toList(),
                                witness.links(lineage));
                world.tally().count(Tally.Event.CREDIT);
            } else {
                world.judge().expect(!world.judge().honest(purse), "a purse credited what its wallet never checked");
            }
        } else if (answer instanceof PurseAnswer.Loaded && command instanceof PurseCommand.CreditNote note) {
            world.judge().loaded(purse, witness.note(note.note()));
            world.tally().count(Tally.Event.LOAD);
        }
    }
}
