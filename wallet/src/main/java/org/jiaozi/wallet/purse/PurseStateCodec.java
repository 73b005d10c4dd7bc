package org.jiaozi.wallet.purse;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Receipt;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.Statement;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.wallet.purse.PurseState.Answered;
import org.jiaozi.wallet.purse.PurseState.LogEntry;
import org.jiaozi.wallet.purse.PurseState.OpenRequest;

/**
 * A purse's state in storage: a version byte, then a deterministic CBOR array. A later version reads what an earlier one
 * wrote; the golden files in the tests hold it to that.
 */
public final class PurseStateCodec {
    private static final int VERSION = 1;
    private static final int MAX_BYTES = 64 << 20;
    private static final int MANY = 1 << 20;

    private PurseStateCodec() {}

    public static Bytes encode(PurseState state) {
        Bytes body = Cbor.array(
                        Cbor.of(state.mark()),
                        list(state.pseudonyms(), PurseStateCodec::pseudonym),
                        list(state.slices().values(), PurseStateCodec::slice),
                        list(state.requests().entrySet(), PurseStateCodec::request),
                        list(
                                state.loads().entrySet(),
                                e -> Cbor.array(
                                        Cbor.of(e.getKey().bytes()),
                                        Cbor.of(e.getValue().bytes()))),
                        list(state.answered(), PurseStateCodec::answered),
                        list(state.log().values(), PurseStateCodec::logged))
                .encode();
        return Bytes.of(new byte[] {VERSION}).concat(body);
    }

    /**
     * Reads a stored state.
     *
     * @throws DecodeException 110 for a version it does not know, 101 to 109 for damage
     */
    public static PurseState decode(Bytes bytes) {
        if (bytes.size() < 1 || bytes.at(0) != VERSION) {
            throw new DecodeException(RefusalCode.UNKNOWN_TYPE, "a purse state of another version");
        }
        List<Cbor> p = parts(Cbor.decode(bytes.slice(1, bytes.size()), MAX_BYTES), 7);
        PurseState state = Fields.valid(() -> new PurseState(
                Fields.asUint(p.get(0), Limit.UINT48),
                read(p.get(1), PurseStateCodec::readPseudonym),
                keyed(read(p.get(2), PurseStateCodec::readSlice), Slice::source),
                requests(p.get(3)),
                loads(p.get(4)),
                read(p.get(5), PurseStateCodec::readAnswered),
                keyed(
                        read(p.get(6), PurseStateCodec::readLogged),
                        e -> e.transfer().statement().nonce())));
        if (!encode(state).equals(bytes)) {
            throw new DecodeException(RefusalCode.MALFORMED, "a purse state that would be written otherwise");
        }
        return state;
    }

    private static <T> Cbor list(Collection<T> items, Function<T, Cbor> writer) {
        return Cbor.array(items.stream().map(writer).toList());
    }

    private static <T> List<T> read(Cbor item, Function<Cbor, T> reader) {
        return Fields.asArray(item, MANY).stream().map(reader).toList();
    }

    private static <K extends Comparable<K>, V> SortedMap<K, V> keyed(List<V> values, Function<V, K> key) {
        SortedMap<K, V> map = new TreeMap<>();
        values.forEach(v -> map.put(key.apply(v), v));
        return map;
    }

    private static List<Cbor> parts(Cbor item, int count) {
        List<Cbor> parts = Fields.asArray(item, count);
        if (parts.size() != count) {
            throw new DecodeException(RefusalCode.MALFORMED, parts.size() + " parts where " + count + " are due");
        }
        return new ArrayList<>(parts);
    }

    private static Cbor optional(Optional<? extends Signed<? extends Statement>> signed) {
        return signed.<Cbor>map(Signed::cose).orElse(Cbor.nil());
    }

    private static <T extends Statement> Optional<Signed<T>> optional(
            Cbor item, java.util.function.BiFunction<Bytes, Bytes, T> reader) {
        return item instanceof Cbor.Null ? Optional.empty() : Optional.of(Signed.fromCose(item, reader));
    }

    private static boolean bool(Cbor item) {
        if (item instanceof Cbor.Bool b) {
            return b.value();
        }
        throw new DecodeException(RefusalCode.MALFORMED, "expected a Boolean");
    }

    private static Hash hash(Cbor item) {
        return new Hash(Fields.exactly(item, Hash.SIZE));
    }

    private static Nonce nonce(Cbor item) {
        return new Nonce(Fields.exactly(item, Nonce.SIZE));
    }

    private static Thumbprint thumbprint(Cbor item) {
        return new Thumbprint(Fields.exactly(item, Thumbprint.SIZE));
    }

    private static Cbor pseudonym(Pseudonym p) {
        return Cbor.array(
                Cbor.of(p.key().compressed()),
                optional(p.certificate()),
                Cbor.of(p.seq()),
                Cbor.of(p.spentTotal()),
                Cbor.of(p.status().code()));
    }

    private static Pseudonym readPseudonym(Cbor item) {
        List<Cbor> p = parts(item, 5);
        return new Pseudonym(
                new PublicKey(Fields.exactly(p.get(0), PublicKey.SIZE)),
                optional(p.get(1), PurseCertificate::read),
                Fields.asUint(p.get(2), Limit.UINT48),
                Fields.asUint(p.get(3), Limit.UINT48),
                Pseudonym.Status.of(Fields.asUint(p.get(4), Limit.UINT8)));
    }

    private static Cbor slice(Slice s) {
        return Cbor.array(
                Cbor.of(s.source().parent().bytes()),
                Cbor.of(s.source().index()),
                Cbor.of(s.range().lo()),
                Cbor.of(s.range().hi()),
                Cbor.of(s.note().bytes()),
                Cbor.of(s.currency().code()),
                Cbor.of(s.holder().bytes()),
                Cbor.of(s.hops()),
                Cbor.of(s.maxHops()),
                Cbor.of(s.expiry().seconds()));
    }

    private static Slice readSlice(Cbor item) {
        List<Cbor> p = parts(item, 10);
        return new Slice(
                new SliceRef(hash(p.get(0)), (int) Fields.asUint(p.get(1), Limit.DEPOSIT_INPUTS - 1L)),
                Transfer.range(Fields.asUint(p.get(2), Limit.UINT48), Fields.asUint(p.get(3), Limit.UINT48)),
                hash(p.get(4)),
                new Currency(Fields.asText(p.get(5), Currency.MAX_LENGTH)),
                thumbprint(p.get(6)),
                (int) Fields.asUint(p.get(7), Limit.UINT8),
                (int) Fields.asUint(p.get(8), Limit.UINT8),
                new Timestamp(Fields.asUint(p.get(9), Limit.UINT32)));
    }

    private static Cbor request(Map.Entry<Nonce, OpenRequest> e) {
        OpenRequest r = e.getValue();
        return Cbor.array(
                Cbor.of(e.getKey().bytes()),
                Cbor.of(r.key().bytes()),
                Cbor.of(r.amount().minor()),
                Cbor.of(r.currency().code()),
                Cbor.of(r.at().seconds()));
    }

    private static SortedMap<Nonce, OpenRequest> requests(Cbor item) {
        SortedMap<Nonce, OpenRequest> requests = new TreeMap<>();
        for (Cbor each : Fields.asArray(item, MANY)) {
            List<Cbor> p = parts(each, 5);
            requests.put(
                    nonce(p.get(0)),
                    new OpenRequest(
                            thumbprint(p.get(1)),
                            new Amount(Fields.asUint(p.get(2), Limit.UINT48)),
                            new Currency(Fields.asText(p.get(3), Currency.MAX_LENGTH)),
                            new Timestamp(Fields.asUint(p.get(4), Limit.UINT32))));
        }
        return requests;
    }

    private static SortedMap<Nonce, Thumbprint> loads(Cbor item) {
        SortedMap<Nonce, Thumbprint> loads = new TreeMap<>();
        for (Cbor each : Fields.asArray(item, MANY)) {
            List<Cbor> p = parts(each, 2);
            loads.put(nonce(p.get(0)), thumbprint(p.get(1)));
        }
        return loads;
    }

    private static Cbor answered(Answered a) {
        return Cbor.array(
                Cbor.of(a.nonce().bytes()), Cbor.of(a.key().bytes()), optional(a.receipt()), optional(a.nonReceipt()));
    }

    private static Answered readAnswered(Cbor item) {
        List<Cbor> p = parts(item, 4);
        return new Answered(
                nonce(p.get(0)),
                thumbprint(p.get(1)),
                optional(p.get(2), Receipt::read),
                optional(p.get(3), NonReceipt::read));
    }

    private static Cbor logged(LogEntry e) {
        return Cbor.array(
                e.transfer().cose(), e.certificate().cose(), Cbor.of(e.request().bytes()), Cbor.of(e.settled()));
    }

    private static LogEntry readLogged(Cbor item) {
        List<Cbor> p = parts(item, 4);
        return new LogEntry(
                Signed.fromCose(p.get(0), Transfer::read),
                Signed.fromCose(p.get(1), PurseCertificate::read),
                hash(p.get(2)),
                bool(p.get(3)));
    }
}
