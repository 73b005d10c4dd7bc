package org.jiaozi.crypto;

import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.Es256Choice.Setting;
import org.jiaozi.crypto.fake.SeededEntropy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What this module shares between threads, under every interleaving of small scenarios that Lincheck's model checker
 * comes upon: each answers as some order of the same calls on one thread would.
 */
final class SharedStructuresTest {
    private static ModelCheckingOptions small() {
        ModelCheckingOptions options = new ModelCheckingOptions()
                .iterations(12)
                .invocationsPerIteration(200)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1);
        // the JDK's own are not under test
        options.addGuarantee(ManagedStrategyGuaranteeKt.forClasses(ConcurrentHashMap.class.getName())
                .allMethods()
                .treatAsAtomic());
        return options;
    }

    @Test
    void aCacheThatChangesGenerationsLosesNothingPutLately() {
        small().sequentialSpecification(PlainMap.class).check(Cache.class);
    }

    @Test
    void theChangeOverToNativeCodeHappensOnce() {
        small().check(ChangeOver.class);
    }

    @Test
    void verifyingIsTheSameBeforeDuringAndAfterTheChangeOver() {
        small().check(Verifying.class);
    }

    @Test
    void seededEntropyGivesNothingTwice() {
        small().check(Seeded.class);
    }

    /** With three entries of four young ones in it, so that a scenario goes through a change of generations. */
    @Param(name = "key", gen = IntGen.class, conf = "1:3")
    public static final class Cache {
        private final BoundedCache<Integer, Integer> cache = new BoundedCache<>(8);

        public Cache() {
            for (int i = 10; i < 13; i++) {
                cache.put(i, i);
            }
        }

        @Operation
        public @Nullable Integer get(@Param(name = "key") int key) {
            return cache.get(key);
        }

        @Operation
        public void put(@Param(name = "key") int key, int value) {
            cache.put(key, value);
        }
    }

    public static final class PlainMap {
        private final Map<Integer, Integer> map = new HashMap<>();

        public @Nullable Integer get(int key) {
            return map.get(key);
        }

        public void put(int key, int value) {
            map.put(key, value);
        }
    }

    /** Two verifications before so many that native code pays. */
    public static final class ChangeOver {
        private final AtomicInteger loads = new AtomicInteger();
        private final Es256Choice choice = new Es256Choice(Setting.AUTO, this::load, Runnable::run);

        public ChangeOver() {
            for (int i = 2; i < Es256Choice.NATIVE_AFTER; i++) {
                choice.verified();
            }
        }

        private Es256Engine load() {
            loads.incrementAndGet();
            return new Knowing("native");
        }

        @Operation
        public void verified() {
            choice.verified();
        }

        @Operation
        public String loadNative() {
            choice.loadNative();
            return choice.describe();
        }

        @Validate
        public void once() {
            if (loads.get() > 1) {
                throw new IllegalStateException("loaded " + loads.get() + " times");
            }
        }
    }

    /** One key verifies, the other is no point. */
    public static final class Verifying {
        private static final PublicKey GOOD = key("02");
        private static final PublicKey BAD = key("03");
        private static final Signature SIGNATURE = new Signature(Bytes.fromHex("01".repeat(Signature.SIZE)));

        private final Es256Choice choice;
        private final Es256Verifier verifier;

        public Verifying() throws GeneralSecurityException {
            AtomicInteger loads = new AtomicInteger();
            choice = new Es256Choice(
                    Setting.CORRETTO, () -> new Knowing("native " + loads.incrementAndGet()), Runnable::run);
            verifier = new Es256Verifier(choice);
        }

        private static PublicKey key(String first) {
            return new PublicKey(Bytes.fromHex(first + "11".repeat(PublicKey.SIZE - 1)));
        }

        @Operation
        public boolean good() {
            return verifier.verify(GOOD, Bytes.EMPTY, SIGNATURE);
        }

        @Operation
        public boolean bad() {
            return verifier.verify(BAD, Bytes.EMPTY, SIGNATURE);
        }

        @Operation
        public void changeOver() {
            choice.loadNative();
        }
    }

    public static final class Seeded {
        private final SeededEntropy entropy = new SeededEntropy(1);

        @Operation
        public String draw() {
            return entropy.next(4).hex();
        }
    }

    /** Takes keys that begin with 02. */
    private record Knowing(String name) implements Es256Engine {
        @Override
        public Optional<VerifyingKey> decode(PublicKey key) {
            return key.compressed().at(0) == 2 ? Optional.of((message, rs) -> true) : Optional.empty();
        }

        @Override
        public SigningKey signingKey(Bytes scalar) {
            throw new UnsupportedOperationException("nothing is signed here");
        }

        @Override
        public AesGcm aesGcm() {
            throw new UnsupportedOperationException("nothing is ciphered here");
        }
    }
}
