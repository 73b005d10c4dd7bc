package org.jiaozi.core.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.upokecenter.cbor.CBORObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;
import org.junit.jupiter.api.Test;

/** The strict reader against the library that writes, and against bytes made to cost more than they weigh. */
final class CborDecoderTest {
    private final SplittableRandom random = new SplittableRandom(20_261);

    @Test
    void readsWhateverIsWritten() {
        for (int i = 0; i < 2_000; i++) {
            Cbor item = tree(4);
            assertThat(Cbor.decode(item.encode(), 1 << 20)).isEqualTo(item);
            byte[] raw = item.encode().toArray();
            assertThat(CBORObject.DecodeFromBytes(raw).EncodeToBytes()).isEqualTo(raw);
        }
    }

    @Test
    void everyHeadIsAsShortAsItCanBe() {
        for (int bits = 0; bits < 63; bits++) {
            for (long n : new long[] {(1L << bits) - 1, 1L << bits, (1L << bits) + 1, 23, 24, 255, 256}) {
                assertThat(Cbor.of(n).encode().toArray())
                        .isEqualTo(CBORObject.FromObject(n).EncodeToBytes());
                assertThat(Cbor.of(-n).encode().toArray())
                        .isEqualTo(CBORObject.FromObject(-n).EncodeToBytes());
            }
        }
        for (int size : new int[] {0, 23, 24, 255, 256, 65_535, 65_536}) {
            assertThat(Cbor.of(Bytes.of(new byte[size])).encode().toArray())
                    .isEqualTo(CBORObject.FromObject(new byte[size]).EncodeToBytes());
        }
    }

    @Test
    void halfACharacterIsNotWritten() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Cbor.of("a\ud83d").encode());
    }

    /** One meaning has one encoding: what is read is what the library, an independent one, writes for it. */
    @Test
    void readsNothingThatIsNotWrittenSo() {
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] raw = tree(3).encode().toArray();
            raw[random.nextInt(raw.length)] = (byte) random.nextInt(256);
            Cbor item;
            try {
                item = Cbor.decode(Bytes.of(raw), 1 << 20);
            } catch (DecodeException refused) {
                continue;
            }
            read++;
            assertThat(CBORObject.DecodeFromBytes(raw).EncodeToBytes()).isEqualTo(raw);
            assertThat(item.encode()).isEqualTo(Bytes.of(raw));
        }
        assertThat(read).as("mutants that are still sound").isGreaterThan(100);
    }

    @Test
    void keysAreOrderedAsTheirEncodings() {
        List<Cbor> keys = new ArrayList<>();
        for (long n : new long[] {0, 1, 23, 24, 255, 256, 65_535, 65_536, 1L << 32, Long.MAX_VALUE}) {
            keys.add(Cbor.of(n));
            keys.add(Cbor.of(-1 - n));
        }
        for (String text : List.of("", "a", "b", "aa", "\u8336", "\ue000", "\ud83d\ude00", "x".repeat(24))) {
            keys.add(Cbor.of(text));
        }
        for (Cbor one : keys) {
            for (Cbor other : keys) {
                assertThat(Integer.signum(KeyOrder.KEYS.compare(one, other)))
                        .as("%s and %s", one, other)
                        .isEqualTo(Integer.signum(one.encode().compareTo(other.encode())));
            }
        }
    }

    /** A byte can be an item: eight million of them would take hundreds of megabytes before anyone looked at one. */
    @Test
    void tooManyItemsAreRefusedWhileTheyAreRead() {
        byte[] raw = new byte[8 << 20];
        System.arraycopy(Bytes.fromHex("9a007ffffb").toArray(), 0, raw, 0, 5);
        refused(RefusalCode.TOO_LARGE, Bytes.of(raw));
        byte[] fits = Arrays.copyOf(Bytes.fromHex("9a000ffffe").toArray(), 5 + 0x0ffffe);
        assertThat(Cbor.decode(Bytes.of(fits), 8 << 20)).isInstanceOf(Cbor.Arr.class);
    }

    @Test
    void aLengthIsNotBelieved() {
        for (String hex : List.of("9b7fffffffffffffff", "bb7fffffffffffffff", "5b7fffffffffffffff", "9a7fffffff00")) {
            refused(RefusalCode.MALFORMED, Bytes.fromHex(hex));
        }
    }

    /** Keys whose hash codes collide: a hash table would compare each with all. */
    @Test
    void collidingKeysAreReadAsAnyOthers() {
        Cbor.DictBuilder map = Cbor.map();
        int bits = 12;
        for (int i = 0; i < 1 << bits; i++) {
            StringBuilder key = new StringBuilder();
            for (int bit = 0; bit < bits; bit++) {
                key.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            map.put(key.toString(), Cbor.nil());
        }
        Fields fields = Fields.decode(map.build().encode(), 1 << 20);
        assertThatExceptionOfType(DecodeException.class)
                .isThrownBy(fields::end)
                .satisfies(e -> assertThat(e.refusal().code()).isEqualTo(RefusalCode.UNKNOWN_FIELD));
    }

    private static void refused(RefusalCode code, Bytes bytes) {
        assertThatExceptionOfType(DecodeException.class)
                .isThrownBy(() -> Cbor.decode(bytes, 8 << 20))
                .satisfies(e -> assertThat(e.refusal().code()).isEqualTo(code));
    }

    private Cbor tree(int depth) {
        return switch (random.nextInt(depth == 0 ? 6 : 8)) {
            case 0 -> Cbor.of(random.nextLong() >> random.nextInt(64));
            case 1 -> Cbor.of(random.nextInt(-30, 300));
            case 2 -> Cbor.of(Bytes.of(new byte[random.nextInt(30)]));
            case 3 -> Cbor.of("\u8336a\ud83d\ude00".substring(random.nextInt(2)).repeat(random.nextInt(9)));
            case 4 -> Cbor.of(random.nextBoolean());
            case 5 -> Cbor.nil();
            case 6 -> {
                List<Cbor> items = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    items.add(tree(depth - 1));
                }
                yield Cbor.array(items);
            }
            default -> {
                Cbor.DictBuilder map = Cbor.map();
                int n = random.nextInt(6);
                for (int i = 0; i < n; i++) {
                    if (random.nextBoolean()) {
                        map.put(i * 100L - 200, tree(depth - 1));
                    } else {
                        map.put("k".repeat(i), tree(depth - 1));
                    }
                }
                yield map.build();
            }
        };
    }
}
