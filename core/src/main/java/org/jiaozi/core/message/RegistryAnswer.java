package org.jiaozi.core.message;

import java.util.List;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.statement.Headers;
import org.jiaozi.core.statement.Statement;
import org.jiaozi.core.statement.StatementType;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Timestamp;

/**
 * The registry's word on an owner-change batch, under its own key: nobody is credited before it (spec 07, clause 8).
 *
 * @param registry the registry's key
 * @param at when it decided
 * @param settlements one per change, in order
 */
public record RegistryAnswer(IssuerKeyId registry, Timestamp at, List<Settlement> settlements) implements Statement {
    /** The most outcomes that the registry tells in one answer (spec 07, clause 8). */
    public static final int MOST_OUTCOMES = 16 * Outcome.MOST;

    public RegistryAnswer {
        settlements = List.copyOf(settlements);
    }

    /**
     * One deposit's outcomes. The same deposit always gets the same.
     *
     * @param deposit the deposit transfer's hash; all zero if its bytes could not be read
     * @param outcomes by input and part
     * @param refusals why the whole was refused: none, or one
     */
    public record Settlement(Hash deposit, List<Outcome> outcomes, List<Refusal> refusals) {
        public Settlement {
            outcomes = List.copyOf(outcomes);
            refusals = List.copyOf(refusals);
        }

        Cbor cbor() {
            return Cbor.array(
                    Cbor.of(deposit.bytes()),
                    Items.list(outcomes, Outcome::cbor),
                    Items.list(refusals, Outcome::refusal));
        }

        static Settlement read(Cbor item) {
            List<Cbor> p = Items.exactly(item, 3);
            return new Settlement(
                    new Hash(Fields.exactly(p.get(0), Hash.SIZE)),
                    Items.list(p.get(1), MOST_OUTCOMES, Outcome::read),
                    Items.list(p.get(2), 1, Outcome::readRefusal));
        }
    }

    @Override
    public StatementType type() {
        return StatementType.REGISTRY_ANSWER;
    }

    @Override
    public Bytes protectedHeader() {
        return Statement.headerFor(registry);
    }

    @Override
    public Bytes payload() {
        return Cbor.map()
                .put(1, Cbor.of(at.seconds()))
                .put(2, Items.list(settlements, Settlement::cbor))
                .build()
                .encode();
    }

    /** Reads header and payload. */
    public static RegistryAnswer read(Bytes header, Bytes payload) {
        Fields f = Fields.decode(payload, Limit.SERVICE_MESSAGE_BYTES);
        RegistryAnswer answer = new RegistryAnswer(
                Headers.issuer(header), f.time(1), Items.list(f.item(2), Items.MAX, Settlement::read));
        f.end();
        return answer;
    }
}
