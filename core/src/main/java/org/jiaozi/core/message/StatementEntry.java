package org.jiaozi.core.message;

import java.util.List;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.PlainText;
import org.jiaozi.core.value.Timestamp;

/**
 * One line of an account statement.
 *
 * @param at when it was booked
 * @param credit true when the account got it
 * @param amount minor units
 * @param text what it was
 */
public record StatementEntry(Timestamp at, boolean credit, Amount amount, String text) {
    public StatementEntry {
        text = PlainText.of(text);
    }

    Cbor cbor() {
        return Cbor.array(Cbor.of(at.seconds()), Cbor.of(credit ? 1 : 0), Cbor.of(amount.minor()), Cbor.of(text));
    }

    static StatementEntry read(Cbor item) {
        List<Cbor> p = Items.exactly(item, 4);
        return new StatementEntry(
                new Timestamp(Fields.asUint(p.get(0), Limit.UINT32)),
                Fields.asUint(p.get(1), 1) == 1,
                new Amount(Fields.asUint(p.get(2), Limit.UINT48)),
                Fields.asText(p.get(3), 256));
    }
}
