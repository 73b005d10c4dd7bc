package org.jiaozi.crypto;

/**
 * Which code carries out ES256, and ciphers what is sealed. Loading the native library costs as much CPU as thousands of
 * signatures, so a process starts on BouncyCastle and changes over, in the background, once it has verified some hundred; a
 * benchmark calls {@link #loadNative()} at its start instead. Where the library does not load, BouncyCastle stays.
 *
 * <p>The system property {@value #PROPERTY}, else the environment variable {@value #VARIABLE}, overrides it:
 * {@code auto}, {@code bouncycastle} (never native) or {@code corretto} (native at once, or fail).
 */
public final class Providers {
    public static final String PROPERTY = "jiaozi.crypto";
    public static final String VARIABLE = "JIAOZI_CRYPTO";

    private Providers() {}

    /** Holds the process's choice; made at the first use, not at start-up. */
    private static final class Holder {
        static final Es256Choice CHOICE = new Es256Choice(
                Es256Choice.Setting.parse(setting()),
                CorrettoEs256::load,
                Thread.ofPlatform().daemon().name("jiaozi-native-crypto")::start);

        private static String setting() {
            String variable = System.getenv(VARIABLE);
            return System.getProperty(PROPERTY, variable == null ? "auto" : variable);
        }
    }

    /** The process's choice. */
    static Es256Choice es256() {
        return Holder.CHOICE;
    }

    /** Says which code is in use and why: {@code "BouncyCastle (no native library for mac os x-aarch64)"}. */
    public static String describe() {
        return es256().describe();
    }

    /** Changes over to native code now if setting and machine allow it; for benchmarks. */
    public static void loadNative() {
        es256().loadNative();
    }
}
