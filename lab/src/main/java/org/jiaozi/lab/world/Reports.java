package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jiaozi.bank.registry.Effect;
import org.jiaozi.bank.registry.Registry;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.OwnerChange;
import org.jiaozi.core.message.RegistryAnswer;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.lab.judge.Judge;

/** Tells a judge what the central bank decided and put on record. */
final class Reports {
    private final Witness witness;

    Reports(Witness witness) {
        this.witness = witness;
    }

    /** Tells a judge what was decided and put on record. */
    void tell(Judge judge, CentralBank.Asked asked, List<Optional<Lineage>> lineages, Registry.Decision decision) {
        if (asked.request() instanceof BankRequest.Convict c) {
            judge.handedIn(c.file(), decision.answer() instanceof BankAnswer.Convicted);
        }
        if (asked.request() instanceof BankRequest.ChangeOwners r
                && decision.answer() instanceof BankAnswer.OwnersChanged changed) {
            deposits(judge, asked, r.changes(), changed.answer(), lineages, decision.effects());
            return;
        }
        witness.record(judge, decision.effects(), asked.at());
        switch (asked.request()) {
            case BankRequest.PutOnRecord _ -> {
                if (decision.answer() instanceof BankAnswer.Recorded recorded) {
                    for (Optional<Lineage> lineage : lineages) {
                        if (lineage.isPresent()
                                && recorded.transfers()
                                        .contains(
                                                lineage.get().head().transfer().hash())) {
                            judge.taken(witness.links(lineage.get()));
                        }
                    }
                }
            }
            case BankRequest.Refund _ -> {
                if (decision.answer() instanceof BankAnswer.Refunded) {
                    taken(judge, lineages.getFirst());
                }
            }
            case BankRequest.RegisterClaim r -> {
                if (decision.answer() instanceof BankAnswer.ClaimRegistered) {
                    judge.claimed(
                            r.claim().statement().id().hex(),
                            r.keys().stream().map(k -> k.thumbprint().hex()).toList(),
                            asked.at().seconds());
                }
            }
            case BankRequest.ReportRecovery r -> {
                if (decision.answer() instanceof BankAnswer.RecoveryTaken taken) {
                    judge.reported(
                            r.culprit().hex(),
                            asked.caller().number(),
                            r.recovered().minor(),
                            taken.fromFund().minor(),
                            taken.fromInstitution().minor());
                }
            }
            default -> {
                // carries no lineage
            }
        }
    }

    private void taken(Judge judge, Optional<Lineage> lineage) {
        judge.taken(witness.links(lineage.orElseThrow()));
    }

    /** Of deposits that came together the judge hears one after the other: what a later one moves was not moved before. */
    private void deposits(
            Judge judge,
            CentralBank.Asked asked,
            List<OwnerChange> changes,
            Signed<RegistryAnswer> answer,
            List<Optional<Lineage>> lineages,
            List<Effect> effects) {
        List<RegistryAnswer.Settlement> settlements = answer.statement().settlements();
        Bytes signed = answer.encode();
        BitSet left = new BitSet();
        for (int i = 0; i < changes.size(); i++) {
            left.set(i, settlements.get(i).refusals().isEmpty());
        }
        List<Effect> upTo = new ArrayList<>();
        for (Effect effect : effects) {
            upTo.add(effect);
            if (effect instanceof Effect.DepositSettled now) {
                witness.record(judge, upTo, asked.at());
                upTo.clear();
                int first = left.stream()
                        .filter(i -> settlements
                                .get(i)
                                .deposit()
                                .equals(now.settlement().deposit()))
                        .findFirst()
                        .orElseThrow();
                judge.decided(
                        signed, first, changes.get(first).flagged(), asked.at().seconds());
                left.clear(first);
            }
        }
        witness.record(judge, upTo, asked.at());
        // those that were settled before
        left.stream()
                .forEach(i -> judge.decided(
                        signed, i, changes.get(i).flagged(), asked.at().seconds()));
        for (int i = 0; i < changes.size(); i++) {
            if (settlements.get(i).refusals().isEmpty()) {
                taken(judge, lineages.get(i));
            }
        }
    }
}
