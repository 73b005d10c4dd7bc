package org.jiaozi.wallet.purse;

/**
 * The port behind which a purse works. The software twin computes the step and its runner stores it; a card carries the
 * command out by itself and returns what it then remembers. Either way nothing that {@link PurseStep.Done#answer} holds
 * exists outside before the change is durable (spec 06, clause 10).
 */
@FunctionalInterface
public interface SecureElement {
    /** Carries out {@code command} on {@code state}. */
    PurseStep execute(PurseState state, PurseCommand command, PurseContext context);
}
