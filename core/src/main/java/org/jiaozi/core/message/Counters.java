package org.jiaozi.core.message;

import java.util.List;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Thumbprint;

/**
 * One key's counters as its purse reports them at sync.
 *
 * @param key the key
 * @param seq its last transfer's number
 * @param spentTotal minor units it has paid in all
 * @param holding minor units it holds now
 */
public record Counters(Thumbprint key, long seq, long spentTotal, long holding) {
    Cbor cbor() {
        return Cbor.array(Cbor.of(key.bytes()), Cbor.of(seq), Cbor.of(spentTotal), Cbor.of(holding));
    }

    static Counters read(Cbor item) {
        List<Cbor> p = Items.exactly(item, 4);
        return new Counters(
                new Thumbprint(Fields.exactly(p.get(0), Thumbprint.SIZE)),
                Fields.asUint(p.get(1), Limit.UINT48),
                Fields.asUint(p.get(2), Limit.UINT48),
                Fields.asUint(p.get(3), Limit.UINT48));
    }
}
