package org.jiaozi.bank.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jiaozi.bank.ledger.AccountKind;
import org.jiaozi.bank.registry.Effect.Position;
import org.jiaozi.bank.registry.RegistryView.Flow;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.InstitutionId;

/**
 * Multilateral netting: everything that moved through clearing since the last cycle becomes one final movement between
 * each institution's clearing and reserve (spec 07, clause 16). A cycle follows from its postings alone.
 */
public final class Netting {
    private Netting() {}

    private record Member(String currency, InstitutionId institution) implements Comparable<Member> {
        @Override
        public int compareTo(Member other) {
            int byCurrency = currency.compareTo(other.currency);
            return byCurrency != 0 ? byCurrency : institution.compareTo(other.institution);
        }
    }

    /** The positions that {@code flows} lead to, by currency and institution. */
    public static List<Position> positions(List<Flow> flows) {
        Map<Member, long[]> sums = new TreeMap<>();
        for (Flow flow : flows) {
            if (flow.credit().kind() == AccountKind.CLEARING) {
                add(sums, flow.currency(), flow.credit().owner(), 0, flow.amount());
            }
            if (flow.debit().kind() == AccountKind.CLEARING) {
                add(sums, flow.currency(), flow.debit().owner(), 1, flow.amount());
            }
            if (flow.debit().kind() == AccountKind.FLOAT) {
                add(sums, flow.currency(), flow.debit().owner(), 2, flow.amount());
            }
        }
        List<Position> positions = new ArrayList<>();
        sums.forEach((member, s) ->
                positions.add(new Position(member.institution(), new Currency(member.currency()), s[0], s[1], s[2])));
        return positions;
    }

    private static void add(Map<Member, long[]> sums, Currency currency, String owner, int which, long amount) {
        long[] sum = sums.computeIfAbsent(
                new Member(currency.code(), new InstitutionId(Integer.parseInt(owner))), m -> new long[3]);
        sum[which] = Math.addExact(sum[which], amount);
    }

    /** Closes a cycle; nothing moved, no cycle and no effects. */
    public static List<Effect> close(RegistryView view) {
        return close(view, view.flows());
    }

    /** The same with the view's flows, where whoever asks has them already. */
    public static List<Effect> close(RegistryView view, List<Flow> flows) {
        List<Position> positions = positions(flows);
        if (positions.isEmpty()) {
            return List.of();
        }
        Draft draft = Draft.over(view);
        long cycle = Math.addExact(view.lastCycle(), 1);
        draft.put(new Effect.CycleClosed(cycle, positions));
        for (Position p : positions) {
            boolean gains = p.net() >= 0;
            Amount net = new Amount(Math.abs(p.net()));
            draft.post(
                    gains ? AccountKind.CLEARING : AccountKind.RESERVE,
                    p.institution(),
                    gains ? AccountKind.RESERVE : AccountKind.CLEARING,
                    p.institution(),
                    p.currency(),
                    net,
                    Draft.NETTING,
                    "cycle " + cycle);
            draft.tell(
                    p.institution(),
                    n -> new InboxEvent.Netted(
                            n,
                            cycle,
                            p.currency(),
                            new Amount(p.floatRedeemed()),
                            gains ? net : Amount.ZERO,
                            gains ? Amount.ZERO : net));
        }
        return draft.finish();
    }
}
