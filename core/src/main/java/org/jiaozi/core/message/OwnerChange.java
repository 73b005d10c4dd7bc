package org.jiaozi.core.message;

import java.util.List;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Limit;

/**
 * One deposit of an owner-change batch.
 *
 * @param lineage packed; the head is the deposit
 * @param flagged whether the institution knows the depositor to be linked to a culprit, or has flagged it: payment of a
 *     conflicting part then waits until a person has looked
 */
public record OwnerChange(Bytes lineage, boolean flagged) {
    Cbor cbor() {
        return Cbor.array(Cbor.of(lineage), Cbor.of(flagged ? 1 : 0));
    }

    static OwnerChange read(Cbor item) {
        List<Cbor> p = Items.exactly(item, 2);
        return new OwnerChange(Fields.asBytes(p.get(0), Limit.SERVICE_MESSAGE_BYTES), Fields.asUint(p.get(1), 1) == 1);
    }
}
