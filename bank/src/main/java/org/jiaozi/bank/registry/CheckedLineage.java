package org.jiaozi.bank.registry;

import java.util.List;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCheck;
import org.jiaozi.core.lineage.LineageCheck.Result;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.lineage.StatementMemory;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;

/** A lineage with every signature verified, or why not. Depends on no record, so it is made before one is looked at. */
sealed interface CheckedLineage {
    /** It holds, and ends in a transfer. */
    record Good(Lineage lineage, Result.Sound sound) implements CheckedLineage {
        Lineage.Link head() {
            return lineage.head();
        }

        Hash headHash() {
            return head().transfer().hash();
        }

        /** What the last transfer's payee got. */
        List<Slice> headSlices() {
            return sound.outputsOf(head().transfer());
        }
    }

    /**
     * It does not.
     *
     * @param head the last transfer's hash; all zero if the bytes could not be read
     */
    record Bad(Hash head, Refusal refusal) implements CheckedLineage {}

    /** Slices that its transfers move, as far as it holds: what there is to look up and to write. */
    default int slices() {
        return switch (this) {
            case Good good ->
                good.lineage().links().stream()
                        .mapToInt(l -> l.transfer().statement().inputs().size())
                        .sum();
            case Bad _ -> 0;
        };
    }

    Hash UNREADABLE = Hash.of(new byte[Hash.SIZE]);

    static CheckedLineage of(Bytes packed, RegistryContext context, StatementMemory memory) {
        Lineage lineage;
        Hash head;
        try {
            lineage = LineageCodec.decode(packed, LineageBounds.DEPOSIT, memory);
            head = lineage.head().transfer().hash();
        } catch (DecodeException e) {
            return new Bad(UNREADABLE, e.refusal());
        }
        return switch (LineageCheck.check(lineage, context.lineages())) {
            case Result.Sound sound -> new Good(lineage, sound);
            case Result.Unsound no -> new Bad(head, no.refusal());
        };
    }

    /** Whether the last transfer names one of {@code institution}'s keys. */
    static boolean depositsAt(Good good, InstitutionId institution, RegistryContext context) {
        return context.bulletin()
                .statement()
                .institutionByDepositKey(good.head().transfer().statement().payee())
                .map(InstitutionEntry::id)
                .filter(institution::equals)
                .isPresent();
    }
}
