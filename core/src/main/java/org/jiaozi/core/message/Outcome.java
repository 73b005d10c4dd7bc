package org.jiaozi.core.message;

import java.util.List;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.PlainText;
import org.jiaozi.core.value.Range;

/**
 * What became of one part of one input of a deposit: inputs settle independently, and partial overlaps by part.
 *
 * @param input which input of the deposit
 * @param range the part, in the note's coordinates
 * @param kind what was done
 * @param code 0, or the refusal's number
 */
public record Outcome(int input, Range range, Kind kind, int code) {
    /** The most of one deposit that a wallet reads (spec 07, clause 8). */
    public static final int MOST = 4096;

    /** What was done with a part. */
    public enum Kind {
        /** Paid from the float: the first to come. */
        REDEEMED(1),
        /** It was redeemed before; the honest holder is paid by culprit, guarantee fund or certifying institution. */
        MADE_WHOLE(2),
        /** As before, but payment waits until a person has looked. */
        WITHHELD(3),
        /** Not paid; the code says why. */
        REFUSED(4);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }

        public boolean paid() {
            return this == REDEEMED || this == MADE_WHOLE;
        }

        /** The kind with that number; others are refused. */
        public static Kind of(long number) {
            for (Kind kind : values()) {
                if (kind.number == number) {
                    return kind;
                }
            }
            throw new DecodeException(RefusalCode.OUT_OF_RANGE, "outcome " + number);
        }
    }

    public Outcome {
        Limit.check("input", input, Limit.DEPOSIT_INPUTS - 1L);
        Limit.check("code", code, Limit.UINT16);
    }

    public Amount amount() {
        return range.amount();
    }

    Cbor cbor() {
        return Cbor.array(
                Cbor.of(input), Cbor.of(range.lo()), Cbor.of(range.hi()), Cbor.of(kind.number()), Cbor.of(code));
    }

    static Outcome read(Cbor item) {
        List<Cbor> p = Items.exactly(item, 5);
        return new Outcome(
                (int) Fields.asUint(p.get(0), Limit.DEPOSIT_INPUTS - 1L),
                Transfer.range(Fields.asUint(p.get(1), Limit.UINT48), Fields.asUint(p.get(2), Limit.UINT48)),
                Kind.of(Fields.asUint(p.get(3), Limit.UINT8)),
                (int) Fields.asUint(p.get(4), Limit.UINT16));
    }

    static Cbor refusal(Refusal refusal) {
        // the cut may leave half of a surrogate pair, which has no encoding
        String detail =
                refusal.detail().length() > 120 ? PlainText.of(refusal.detail().substring(0, 120)) : refusal.detail();
        return Cbor.array(Cbor.of(refusal.code().number()), Cbor.of(detail));
    }

    static Refusal readRefusal(Cbor item) {
        List<Cbor> p = Items.exactly(item, 2);
        return new Refusal(readCode(p.get(0)), Fields.asText(p.get(1), 512));
    }

    static RefusalCode readCode(Cbor item) {
        long number = Fields.asUint(item, Limit.UINT16);
        return RefusalCode.byNumber((int) number)
                .orElseThrow(() -> new DecodeException(RefusalCode.OUT_OF_RANGE, "refusal number " + number));
    }
}
