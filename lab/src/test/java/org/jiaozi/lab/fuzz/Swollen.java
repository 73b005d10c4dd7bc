package org.jiaozi.lab.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Limit;

/**
 * Makes inputs of an input of a corpus that a coverage-guided search of short inputs never comes to: as long as messages get, with
 * one part of them grown, or short with a length in them that is not there.
 */
final class Swollen {
    /** Heads of arrays, maps, byte strings and texts of 2^31-1 and 2^20 parts, and plain numbers. */
    private static final List<String> ANNOUNCED = List.of(
            "9a7fffffff", "ba7fffffff", "5a7fffffff", "7a7fffffff", "9a00100000", "5a00100000", "7fffffff", "000fffff");

    /** What nests or is short for much, in CBOR and in JSON. */
    private static final List<String> FLOODS = List.of(
            "00",
            "80",
            "81",
            "a0",
            "a100",
            "40",
            "60",
            "ff",
            "5b",
            "7b2261223a",
            "22",
            "30",
            "5b2c",
            "2c",
            "2d",
            "0a",
            "5c75");

    private final byte[] seed;
    private final int size;
    private final int places;
    private final BiConsumer<String, byte[]> sink;

    /**
     * @param seed what something is made of
     * @param size about how long it gets
     * @param places how many of its bytes and parts are tried, spread over it
     * @param sink told how each was made, and given it
     */
    Swollen(byte[] seed, int size, int places, BiConsumer<String, byte[]> sink) {
        this.seed = seed;
        this.size = size;
        this.places = places;
        this.sink = sink;
    }

    /** Nothing but one thing, again and again. */
    static void floods(int size, BiConsumer<String, byte[]> sink) {
        for (String unit : FLOODS) {
            sink.accept("a flood of " + unit, repeated(Bytes.fromHex(unit).toArray(), size));
        }
    }

    private static IntStream spread(int count, int most) {
        int step = Math.max(1, (count + most - 1) / most);
        return IntStream.range(0, count).filter(at -> at % step == 0);
    }

    /** A length in place of whatever stood there, and behind it no more than before. */
    void announced() {
        spread(seed.length, places)
                .forEach(at -> ANNOUNCED.forEach(head -> {
                    byte[] raw = Bytes.fromHex(head).toArray();
                    ByteBuffer bent = ByteBuffer.allocate(Math.max(seed.length, at + raw.length));
                    bent.put(seed).put(at, raw);
                    sink.accept(head + " at " + at, bent.array());
                }));
    }

    /** A slice of it many times, as text and lists are made longer. */
    void stretched() {
        Bytes all = Bytes.of(seed);
        for (int length : new int[] {1, 24, seed.length}) {
            spread(seed.length, (places + 3) / 4)
                    .filter(at -> at + length <= seed.length)
                    .forEach(at -> {
                        byte[] middle = repeated(all.slice(at, at + length).toArray(), size);
                        sink.accept(
                                "bytes " + at + " to " + (at + length) + " repeated",
                                all.slice(0, at)
                                        .concat(Bytes.of(middle))
                                        .concat(all.slice(at + length, seed.length))
                                        .toArray());
                    });
        }
    }

    private static byte[] repeated(byte[] unit, int size) {
        ByteBuffer whole = ByteBuffer.allocate(Math.max(1, size / unit.length) * unit.length);
        while (whole.hasRemaining()) {
            whole.put(unit);
        }
        return whole.array();
    }

    /** One part of what it says grown, and all lengths around it kept in step. Some say in a byte or two first what they are. */
    void grown() {
        Bytes all = Bytes.of(seed);
        Stream.of(0, 1, 2, seed.length == 0 ? 0 : 1 + (seed[0] & 0x7f))
                .filter(head -> head <= seed.length)
                .filter(head -> container(all.slice(head, seed.length)).isPresent())
                .findFirst()
                .ifPresent(head -> {
                    Cbor root = container(all.slice(head, seed.length)).orElseThrow();
                    Growth counting = new Growth(-1, size);
                    counting.of(root);
                    spread(counting.seen, places)
                            .forEach(node -> sink.accept(
                                    "part " + node + " of " + counting.seen + " grown",
                                    all.slice(0, head)
                                            .concat(new Growth(node, size)
                                                    .of(root)
                                                    .encode())
                                            .toArray()));
                });
    }

    /** A picture with a chunk of text before its pixels that is packed small, many times; and one that is not there. */
    void pictures() {
        int header = 33;
        byte[] packed = chunk("zTXt", deflated());
        Bytes all = Bytes.of(seed);
        Bytes chunks = Bytes.of(repeated(packed, size));
        sink.accept(
                "packed text before the pixels",
                all.slice(0, header)
                        .concat(chunks)
                        .concat(all.slice(header, seed.length))
                        .toArray());
        for (String type : List.of("zTXt", "iTXt", "tEXt", "iCCP", "IDAT", "PLTE", "junk")) {
            byte[] announced = chunk(type, new byte[0]);
            ByteBuffer.wrap(announced).putInt(0, 1 << 28);
            sink.accept(
                    type + " that is not there",
                    all.slice(0, header)
                            .concat(Bytes.of(announced))
                            .concat(all.slice(header, seed.length))
                            .toArray());
        }
    }

    private static byte[] deflated() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {'a', 0, 0});
        try (var packing = new DeflaterOutputStream(out)) {
            packing.write(new byte[256 << 10]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] chunk(String type, byte[] content) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 sum = new CRC32();
        sum.update(name);
        sum.update(content);
        return ByteBuffer.allocate(12 + content.length)
                .putInt(content.length)
                .put(name)
                .put(content)
                .putInt((int) sum.getValue())
                .array();
    }

    /** An array or a map. */
    private static Optional<Cbor> container(Bytes bytes) {
        try {
            return Optional.of(Cbor.decode(bytes, Limit.SERVICE_MESSAGE_BYTES))
                    .filter(item -> item instanceof Cbor.Arr || item instanceof Cbor.Dict);
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    /** Copies an item, but for one part of it. */
    private static final class Growth {
        private final int which;
        private final int size;
        private int seen;

        Growth(int which, int size) {
            this.which = which;
            this.size = size;
        }

        Cbor of(Cbor item) {
            boolean grows = seen++ == which;
            return switch (item) {
                case Cbor.Int i -> grows ? Cbor.of(i.value() == 0 ? 1 << 20 : Limit.UINT48) : i;
                case Cbor.Bin b
                when grows -> Cbor.of(Bytes.of(repeated(filled(b.value().toArray()), size)));
                // what is signed is bytes in bytes
                case Cbor.Bin b ->
                    container(b.value())
                            .map(inner -> Cbor.of(of(inner).encode()))
                            .orElse(b);
                case Cbor.Text t
                when grows ->
                    Cbor.of(new String(
                            repeated(filled(t.value().getBytes(StandardCharsets.UTF_8)), size),
                            StandardCharsets.UTF_8));
                case Cbor.Text t -> t;
                case Cbor.Arr a -> array(a.items().stream().map(this::of).toList(), grows);
                case Cbor.Dict d -> dict(d, grows);
                case Cbor.Bool b -> b;
                case Cbor.Null n -> n;
            };
        }

        private static byte[] filled(byte[] content) {
            return content.length == 0 ? new byte[] {'0'} : content;
        }

        private Cbor array(List<Cbor> items, boolean grows) {
            if (!grows) {
                return Cbor.array(items);
            }
            List<Cbor> once = items.isEmpty() ? List.of(Cbor.of(0)) : items;
            int length = Cbor.array(once).encode().size() - 1;
            List<Cbor> many = new ArrayList<>();
            Collections.nCopies(Math.max(1, size / length), once).forEach(many::addAll);
            return Cbor.array(many);
        }

        private Cbor dict(Cbor.Dict map, boolean grows) {
            Cbor.DictBuilder built = Cbor.map();
            for (int i = 0; i < map.size(); i++) {
                Cbor value = of(map.values().get(i));
                switch (map.keys().get(i)) {
                    case Cbor.Int key -> built.put(key.value(), value);
                    case Cbor.Text key -> built.put(key.value(), value);
                    default -> throw new IllegalStateException("no key of a map");
                }
            }
            // six bytes each
            for (int i = 0; grows && i < size / 6; i++) {
                built.put((1L << 20) + i, Cbor.of(0));
            }
            return built.build();
        }
    }
}
