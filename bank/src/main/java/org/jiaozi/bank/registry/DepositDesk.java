package org.jiaozi.bank.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.Outcome;
import org.jiaozi.core.message.RegistryAnswer;
import org.jiaozi.core.message.RegistryAnswer.Settlement;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Thumbprint;

/** Changes owners: settles a batch of deposits, each as if it had come alone (spec 07, clauses 8 and 9). */
final class DepositDesk {
    private final Draft draft;
    private final Recorder recorder;
    private final RegistryContext context;
    private final InstitutionId caller;

    DepositDesk(Draft draft, Recorder recorder, RegistryContext context, InstitutionId caller) {
        this.draft = draft;
        this.recorder = recorder;
        this.context = context;
        this.caller = caller;
    }

    BankAnswer change(BankRequest.ChangeOwners request, List<CheckedLineage> lineages) {
        List<Settlement> settlements = new ArrayList<>();
        int outcomes = 0;
        for (int i = 0; i < lineages.size(); i++) {
            boolean flagged = request.changes().get(i).flagged();
            boolean room = Telling.hasRoom(outcomes);
            Settlement settlement = switch (lineages.get(i)) {
                case CheckedLineage.Bad(Hash head, Refusal refusal) -> refused(head, refusal);
                case CheckedLineage.Good good -> settle(good, flagged, room);
            };
            settlements.add(settlement);
            outcomes += settlement.outcomes().size();
        }
        return new BankAnswer.OwnersChanged(
                Signed.by(context.registry(), new RegistryAnswer(context.registryKey(), context.now(), settlements)));
    }

    private Settlement settle(CheckedLineage.Good good, boolean flagged, boolean room) {
        Hash deposit = good.headHash();
        if (!CheckedLineage.depositsAt(good, caller, context)) {
            return refused(deposit, new Refusal(RefusalCode.WRONG_INSTITUTION, "the deposit names another payee"));
        }
        if (!room) {
            // as if it had not come: it comes again, with fewer
            return refused(deposit, Refusal.of(RefusalCode.ANSWER_FULL));
        }
        recorder.record(good);
        Optional<Settlement> stored = draft.settlement(deposit);
        if (stored.isPresent()) {
            // what was settled for the caller may have been promised to another since, on the depositor's word
            boolean itsOwn = draft.settledFor(deposit).filter(caller::equals).isPresent()
                    && draft.honoured(deposit).isEmpty();
            return itsOwn ? Telling.told(stored.get()) : refused(deposit, Refusal.of(RefusalCode.HONOURED_ELSEWHERE));
        }
        return settleNow(good, flagged);
    }

    /** Settles for the caller a deposit that is on record and was not settled before. */
    Settlement settleNow(CheckedLineage.Good good, boolean flagged) {
        Hash deposit = good.headHash();
        Thumbprint depositor = good.head().signer();
        List<Slice> slices = good.headSlices();
        Settling settling = new Settling(
                draft,
                recorder,
                Effect.RangeSettled.Kind.REDEEMED,
                caller,
                depositor,
                slices.getFirst().currency(),
                deposit.hex());
        for (int i = 0; i < slices.size(); i++) {
            Slice slice = slices.get(i);
            if (context.now().isAfter(slice.expiry().plus(context.policy().grace()))) {
                settling.refuse(i, slice.range(), RefusalCode.PAST_GRACE);
            } else {
                settling.input(i, slice);
            }
        }
        settling.compensate(flagged ? Optional.of(context.policy().reviewAbove()) : Optional.empty());
        Settlement settlement = new Settlement(deposit, Telling.told(settling.outcomes()), List.of());
        draft.put(new Effect.DepositSettled(caller, depositor, slices.getFirst().currency(), settlement));
        Amount withheld = RegistryView.sum(settlement.outcomes().stream()
                .filter(o -> o.kind() == Outcome.Kind.WITHHELD)
                .map(Outcome::range)
                .toList());
        if (!withheld.isZero()) {
            draft.put(new Effect.WithheldKept(deposit, caller, slices.getFirst().currency(), withheld, false));
        }
        return settlement;
    }

    private static Settlement refused(Hash deposit, Refusal refusal) {
        return new Settlement(deposit, List.of(), List.of(refusal));
    }
}
