package org.jiaozi.bank.registry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jiaozi.core.message.Outcome;
import org.jiaozi.core.message.RegistryAnswer;
import org.jiaozi.core.message.RegistryAnswer.Settlement;
import org.jiaozi.core.value.Range;

/**
 * How settlements are told so that whoever asked can read them, in however many parts others had taken the money before (spec
 * 07, clause 8). What is settled stays as it is, part by part.
 */
final class Telling {
    private Telling() {}

    /** Whether an answer that tells so many outcomes has room for one more deposit, whatever becomes of that. */
    static boolean hasRoom(int outcomes) {
        return outcomes <= RegistryAnswer.MOST_OUTCOMES - Outcome.MOST;
    }

    /** A settlement that was made before there was a bound is told within it, too. */
    static Settlement told(Settlement settlement) {
        return new Settlement(settlement.deposit(), told(settlement.outcomes()), settlement.refusals());
    }

    /**
     * Part by part; where these are more than a wallet reads, how much of each input became what.
     *
     * @param parts by input, then by range; those of an input cover it
     */
    static List<Outcome> told(List<Outcome> parts) {
        return parts.size() <= Outcome.MOST ? parts : sums(parts);
    }

    private static List<Outcome> sums(List<Outcome> parts) {
        List<Outcome> sums = new ArrayList<>();
        parts.stream()
                .collect(Collectors.groupingBy(Outcome::input, TreeMap::new, Collectors.toList()))
                .values()
                .forEach(ofInput -> sums.addAll(laidTogether(ofInput)));
        return List.copyOf(sums);
    }

    /** What became the same, one beside the other from the lowest unit on. */
    private static List<Outcome> laidTogether(List<Outcome> ofInput) {
        long at = ofInput.getFirst().range().lo();
        List<Outcome> sums = new ArrayList<>();
        for (Outcome part : ofInput.stream()
                .sorted(Comparator.comparing(Outcome::kind).thenComparingInt(Outcome::code))
                .toList()) {
            boolean more = !sums.isEmpty()
                    && sums.getLast().kind() == part.kind()
                    && sums.getLast().code() == part.code();
            long lo = more ? sums.removeLast().range().lo() : at;
            at = Math.addExact(at, part.amount().minor());
            sums.add(new Outcome(part.input(), new Range(lo, at), part.kind(), part.code()));
        }
        return sums;
    }
}
