package org.jiaozi.core.codec;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jiaozi.core.codec.Cbor.Dict;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.PlainText;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/**
 * Takes the fields out of a decoded map one by one, each within its bound; {@link #end} refuses whatever is left, since
 * every field of the protocol is critical (spec 02, clause 2).
 */
public final class Fields {
    private final Dict map;
    private final boolean[] taken;
    private int left;
    /** Where the next field most likely is: fields are read in the order in which they are written. */
    private int next;

    private Fields(Dict map) {
        this.map = map;
        this.taken = new boolean[map.size()];
        this.left = map.size();
    }

    /** Opens a map; anything else is refused. */
    public static Fields of(Cbor item) {
        if (item instanceof Dict dict) {
            return new Fields(dict);
        }
        throw DecodeException.malformed("expected a map");
    }

    /** Decodes {@code bytes} and opens the map they hold. */
    public static Fields decode(Bytes bytes, int maxBytes) {
        return of(Cbor.decode(bytes, maxBytes));
    }

    public boolean has(long key) {
        return find(key) >= 0;
    }

    /** The raw item under {@code key}. */
    public Cbor item(long key) {
        int at = find(key);
        if (at < 0) {
            throw DecodeException.malformed("field " + key + " is missing");
        }
        taken[at] = true;
        left--;
        next = at + 1;
        return map.values().get(at);
    }

    private int find(long key) {
        if (next < taken.length && map.keys().get(next) instanceof Cbor.Int i && i.value() == key) {
            return taken[next] ? -1 : next;
        }
        int at = map.indexOf(Cbor.of(key));
        return at >= 0 && taken[at] ? -1 : at;
    }

    public long uint(long key, long max) {
        return asUint(item(key), max);
    }

    public long uint48(long key) {
        return uint(key, Limit.UINT48);
    }

    public Amount amount(long key) {
        return new Amount(uint48(key));
    }

    public Timestamp time(long key) {
        return new Timestamp(uint(key, Limit.UINT32));
    }

    public boolean bool(long key) {
        if (item(key) instanceof Cbor.Bool b) {
            return b.value();
        }
        throw DecodeException.malformed("field " + key + " is not a Boolean");
    }

    public Bytes bytes(long key, int maxLength) {
        return asBytes(item(key), maxLength);
    }

    public Bytes exactly(long key, int length) {
        return exactly(item(key), length);
    }

    public String text(long key, int maxBytes) {
        return asText(item(key), maxBytes);
    }

    public Hash hash(long key) {
        return new Hash(exactly(key, Hash.SIZE));
    }

    public Thumbprint thumbprint(long key) {
        return new Thumbprint(exactly(key, Thumbprint.SIZE));
    }

    public Nonce nonce(long key) {
        return new Nonce(exactly(key, Nonce.SIZE));
    }

    public Currency currency(long key) {
        return valid(() -> new Currency(text(key, Currency.MAX_LENGTH)));
    }

    public InstitutionId institution(long key) {
        return new InstitutionId((int) uint(key, Limit.UINT16));
    }

    public PublicKey publicKey(long key) {
        return valid(() -> new PublicKey(exactly(key, PublicKey.SIZE)));
    }

    public Signature signature(long key) {
        return asSignature(exactly(key, Signature.SIZE));
    }

    /** A field that may be absent. */
    public <T> Optional<T> optional(long key, Function<Fields, T> reader) {
        return has(key) ? Optional.of(reader.apply(this)) : Optional.empty();
    }

    /** An array's items, at most {@code max}. */
    public List<Cbor> array(long key, int max) {
        return asArray(item(key), max);
    }

    /** Refuses fields that nobody took. */
    public void end() {
        if (left > 0) {
            throw new DecodeException(RefusalCode.UNKNOWN_FIELD, left + " unknown field(s)");
        }
    }

    public static long asUint(Cbor item, long max) {
        if (!(item instanceof Cbor.Int i)) {
            throw DecodeException.malformed("expected an integer");
        }
        if (i.value() < 0 || i.value() > max) {
            throw new DecodeException(RefusalCode.OUT_OF_RANGE, i.value() + " where 0 to " + max + " is allowed");
        }
        return i.value();
    }

    /** The number that says what follows, a type, kind or version: 0 to 255, and 110 beyond. */
    public static int asType(Cbor item) {
        if (!(item instanceof Cbor.Int i)) {
            throw DecodeException.malformed("expected a type");
        }
        if (i.value() < 0 || i.value() > Limit.UINT8) {
            throw new DecodeException(RefusalCode.UNKNOWN_TYPE, "type " + i.value());
        }
        return (int) i.value();
    }

    public static Bytes asBytes(Cbor item, int maxLength) {
        if (!(item instanceof Cbor.Bin b)) {
            throw DecodeException.malformed("expected a byte string");
        }
        if (b.value().size() > maxLength) {
            throw new DecodeException(
                    RefusalCode.FIELD_TOO_LONG, b.value().size() + " bytes where at most " + maxLength + " fit");
        }
        return b.value();
    }

    public static Bytes exactly(Cbor item, int length) {
        Bytes bytes = asBytes(item, length);
        if (bytes.size() != length) {
            throw DecodeException.malformed(bytes.size() + " bytes where " + length + " are due");
        }
        return bytes;
    }

    public static String asText(Cbor item, int maxBytes) {
        if (!(item instanceof Cbor.Text t)) {
            throw DecodeException.malformed("expected text");
        }
        if (t.value().getBytes(java.nio.charset.StandardCharsets.UTF_8).length > maxBytes) {
            throw new DecodeException(RefusalCode.FIELD_TOO_LONG, "text longer than " + maxBytes + " bytes");
        }
        if (!PlainText.isPlain(t.value())) {
            throw DecodeException.malformed("text with a control character");
        }
        return t.value();
    }

    public static List<Cbor> asArray(Cbor item, int max) {
        if (!(item instanceof Cbor.Arr a)) {
            throw DecodeException.malformed("expected an array");
        }
        if (a.items().size() > max) {
            throw new DecodeException(
                    RefusalCode.FIELD_TOO_LONG, a.items().size() + " items where at most " + max + " fit");
        }
        return a.items();
    }

    public static Signature asSignature(Bytes raw) {
        if (!Signature.isNormal(raw)) {
            throw new DecodeException(RefusalCode.SIGNATURE_FORM, "signature is not in normal form");
        }
        return new Signature(raw);
    }

    /** Runs a reader whose value type refuses bad values, turning that into a refusal. */
    public static <T> T valid(java.util.function.Supplier<T> reader) {
        try {
            return reader.get();
        } catch (IllegalArgumentException e) {
            throw new DecodeException(RefusalCode.OUT_OF_RANGE, String.valueOf(e.getMessage()));
        }
    }
}
