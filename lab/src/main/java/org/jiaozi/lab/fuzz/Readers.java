package org.jiaozi.lab.fuzz;

import java.util.Arrays;
import java.util.Set;
import java.util.function.Function;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Limit;
import org.jiaozi.lab.fuzz.Target.Bound;
import org.jiaozi.lab.fuzz.Target.Family;
import org.jiaozi.lab.fuzz.Target.Proof;
import org.jiaozi.lab.fuzz.Target.Reader;

/** Makes targets of readers and writers. */
final class Readers {
    /** For what the codec reads: a byte can be an array in an array, some hundred bytes of memory. */
    static final Bound CODEC = new Bound(512, 64 << 10);

    private static final int SHORT = 4 << 10;

    private Readers() {}

    /** A reader of a canonical form, that refuses by {@link DecodeException}. */
    static <T> Target canonical(String name, Family family, Function<Bytes, T> decode, Function<T, Bytes> encode) {
        return target(name, family, again(decode, encode));
    }

    /** A canonical form inside CBOR. */
    static <T> Target body(String name, Family family, Function<Cbor, T> read, Function<T, Cbor> write) {
        return canonical(
                name,
                family,
                b -> read.apply(Cbor.decode(b, Limit.SERVICE_MESSAGE_BYTES)),
                v -> write.apply(v).encode());
    }

    static Target target(String name, Family family, Reader reader) {
        return new Target(name, family, SHORT, CODEC, reader, Set.of(DecodeException.class));
    }

    static Target target(String name, Family family, Bound bound, Reader reader, Class<?>... refusals) {
        return new Target(name, family, SHORT, bound, reader, Set.of(refusals));
    }

    static <T> Reader again(Function<Bytes, T> decode, Function<T, Bytes> encode) {
        return input -> {
            T value = decode.apply(Bytes.of(input));
            return same(() -> encode.apply(value).toArray());
        };
    }

    /** For a form that is not canonical: what is written for the value reads as the same value. */
    static <T> Proof equal(T value, Function<T, T> there) {
        return input -> {
            T back = there.apply(value);
            if (!value.equals(back)) {
                throw new Finding("read as " + value + ", after writing as " + back);
            }
        };
    }

    /** Nothing to write again: that it was read or refused in order is all. */
    static Proof readIsAll() {
        return input -> {};
    }

    interface Writer {
        byte[] write() throws Exception;
    }

    static Proof same(Writer writer) {
        return input -> {
            byte[] written = writer.write();
            if (!Arrays.equals(written, input)) {
                throw new Finding("written again it is " + Bytes.of(written).hex());
            }
        };
    }
}
