package org.jiaozi.crypto.vectors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.KeyOrder;
import org.jiaozi.core.value.Bytes;

/** Spoils bytes at random: blindly, or inside the CBOR so that the result is canonical and gets further. */
final class Mutator {
    private static final long[] EDGES = {
        -1,
        0,
        1,
        7,
        23,
        24,
        255,
        256,
        1023,
        1024,
        4096,
        65_535,
        65_536,
        0xffff_ffffL,
        0x1_0000_0000L,
        (1L << 48) - 1,
        1L << 48,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };
    private static final String[] TEXTS = {
        "", "CNY", "USD", "ZZZ", "x-a.9", "x-gold-mg.3", "\u001b[2J", "a\nb", "\ud83d\ude00", "name", "x".repeat(300)
    };

    private final SplittableRandom random;

    Mutator(long seed) {
        this.random = new SplittableRandom(seed);
    }

    Bytes blind(Bytes bytes) {
        byte[] raw = bytes.toArray();
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            int at = raw.length == 0 ? 0 : random.nextInt(raw.length);
            raw = switch (raw.length == 0 ? 4 : random.nextInt(6)) {
                case 0 -> set(raw, at, raw[at] ^ 1 << random.nextInt(8));
                case 1 -> set(raw, at, random.nextInt(256));
                case 2 -> Arrays.copyOf(raw, at);
                case 3 -> join(Arrays.copyOf(raw, at), Arrays.copyOfRange(raw, at + 1, raw.length));
                case 4 -> join(Arrays.copyOf(raw, at), new byte[] {(byte) random.nextInt(256)}, tail(raw, at));
                default -> {
                    int from = random.nextInt(raw.length);
                    int to = Math.min(raw.length, from + 1 + random.nextInt(40));
                    yield join(Arrays.copyOf(raw, at), Arrays.copyOfRange(raw, from, to), tail(raw, at));
                }
            };
        }
        return Bytes.of(raw);
    }

    private static byte[] set(byte[] raw, int at, int value) {
        raw[at] = (byte) value;
        return raw;
    }

    private static byte[] tail(byte[] raw, int at) {
        return Arrays.copyOfRange(raw, at, raw.length);
    }

    private static byte[] join(byte[]... parts) {
        Bytes joined = Bytes.EMPTY;
        for (byte[] part : parts) {
            joined = joined.concat(Bytes.of(part));
        }
        return joined.toArray();
    }

    /** One node of the tree changed, also inside byte strings that hold CBOR. */
    Bytes inside(Bytes bytes) {
        return node(Cbor.decode(bytes, 1 << 20)).encode();
    }

    private Cbor node(Cbor item) {
        // going down is likelier where there is much below
        return switch (item) {
            case Cbor.Arr a
            when !a.items().isEmpty() && random.nextInt(8) != 0 -> {
                List<Cbor> items = new ArrayList<>(a.items());
                int at = random.nextInt(items.size());
                items.set(at, node(items.get(at)));
                yield new Cbor.Arr(items);
            }
            case Cbor.Dict d
            when !d.entries().isEmpty() && random.nextInt(8) != 0 -> {
                Map<Cbor, Cbor> entries = entries(d);
                Cbor key = pick(List.copyOf(entries.keySet()));
                entries.compute(key, (k, v) -> node(v == null ? Cbor.nil() : v));
                yield Cbor.Dict.of(entries);
            }
            case Cbor.Bin b when b.value().size() > 0 && random.nextInt(8) != 0 -> new Cbor.Bin(bin(b.value()));
            default -> change(item);
        };
    }

    private Bytes bin(Bytes value) {
        try {
            return inside(value);
        } catch (DecodeException noCborInside) {
            return blind(value);
        }
    }

    private Cbor change(Cbor item) {
        return switch (item) {
            case Cbor.Int i
            when random.nextInt(6) != 0 ->
                Cbor.of(random.nextBoolean() ? pickEdge() : i.value() + random.nextInt(-1, 2));
            case Cbor.Text ignored when random.nextInt(6) != 0 -> Cbor.of(TEXTS[random.nextInt(TEXTS.length)]);
            case Cbor.Arr a
            when !a.items().isEmpty() && random.nextInt(6) != 0 -> {
                List<Cbor> items = new ArrayList<>(a.items());
                int at = random.nextInt(items.size());
                switch (random.nextInt(3)) {
                    case 0 -> items.remove(at);
                    case 1 -> items.add(at, pick(a.items()));
                    default -> items.set(at, pick(a.items()));
                }
                yield new Cbor.Arr(items);
            }
            case Cbor.Dict d
            when !d.entries().isEmpty() && random.nextInt(6) != 0 -> {
                Map<Cbor, Cbor> entries = entries(d);
                if (random.nextBoolean()) {
                    entries.remove(pick(List.copyOf(entries.keySet())));
                } else {
                    entries.put(Cbor.of(random.nextInt(-3, 40)), pick(List.copyOf(entries.values())));
                }
                yield Cbor.Dict.of(entries);
            }
            default -> other();
        };
    }

    private static Map<Cbor, Cbor> entries(Cbor.Dict dict) {
        TreeMap<Cbor, Cbor> entries = new TreeMap<>(KeyOrder.KEYS);
        entries.putAll(dict.entries());
        return entries;
    }

    private Cbor other() {
        return switch (random.nextInt(8)) {
            case 0 -> Cbor.nil();
            case 1 -> Cbor.of(random.nextBoolean());
            case 2 -> Cbor.of(pickEdge());
            case 3 -> Cbor.of(TEXTS[random.nextInt(TEXTS.length)]);
            case 4 -> Cbor.of(Bytes.of(new byte[random.nextInt(70)]));
            case 5 -> Cbor.array();
            case 6 -> Cbor.map().build();
            default -> Cbor.array(Cbor.of(pickEdge()), Cbor.nil());
        };
    }

    private long pickEdge() {
        return EDGES[random.nextInt(EDGES.length)];
    }

    private Cbor pick(List<Cbor> items) {
        return items.get(random.nextInt(items.size()));
    }
}
