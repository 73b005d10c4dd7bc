package org.jiaozi.lab.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.Entropy;
import org.jiaozi.crypto.Es256Signer;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.SecretKey;

/** How many signatures this machine verifies in a second, on all cores, with the provider that servers use and many keys. */
final class VerifyBound {
    private static final int KEYS = 2_000;
    private static final int MESSAGE_BYTES = 200;

    private record Case(PublicKey key, Bytes message, Signature signature) {}

    private final List<Case> cases = new ArrayList<>();

    VerifyBound(Entropy entropy) {
        for (int i = 0; i < KEYS; i++) {
            Signer signer = Es256Signer.of(SecretKey.generate(entropy));
            Bytes message = entropy.next(MESSAGE_BYTES);
            cases.add(new Case(signer.publicKey(), message, signer.sign(message)));
        }
    }

    /** Verifications a second, measured for that long after a first round of all keys. */
    long perSecond(int millis) throws InterruptedException {
        Es256Verifier verifier = new Es256Verifier();
        cases.forEach(c -> verify(verifier, c));
        AtomicLong done = new AtomicLong();
        long begin = System.nanoTime();
        long end = begin + millis * 1_000_000L;
        List<Thread> threads = new ArrayList<>();
        int cores = Runtime.getRuntime().availableProcessors();
        for (int core = 0; core < cores; core++) {
            int first = core * KEYS / cores;
            threads.add(Thread.ofPlatform().start(() -> {
                long mine = 0;
                for (int i = first; System.nanoTime() < end; i = (i + 1) % KEYS) {
                    verify(verifier, cases.get(i));
                    mine++;
                }
                done.addAndGet(mine);
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return done.get() * 1_000_000_000L / (System.nanoTime() - begin);
    }

    private static void verify(Es256Verifier verifier, Case of) {
        if (!verifier.verify(of.key(), of.message(), of.signature())) {
            throw new IllegalStateException("a good signature does not verify");
        }
    }
}
