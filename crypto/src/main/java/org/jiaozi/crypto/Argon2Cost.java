package org.jiaozi.crypto;

/**
 * What one guess at a PIN costs (Argon2id, RFC 9106). The bounds keep a hostile file from taking the machine's memory
 * or time.
 *
 * @param memoryKib memory in KiB, 8 per lane to {@value #MAX_MEMORY_KIB}
 * @param passes 1 to {@value #MAX_PASSES}
 * @param lanes 1 to {@value #MAX_LANES}
 */
public record Argon2Cost(int memoryKib, int passes, int lanes) {
    /** 256 MiB. */
    public static final int MAX_MEMORY_KIB = 256 * 1024;

    public static final int MAX_PASSES = 10;
    public static final int MAX_LANES = 4;

    /** For wallets: 64 MiB, three passes, one lane. */
    public static final Argon2Cost STANDARD = new Argon2Cost(64 * 1024, 3, 1);
    /** For tests and simulations only: no hindrance to a guesser. */
    public static final Argon2Cost CHEAP_FOR_TESTS = new Argon2Cost(32, 1, 1);

    public Argon2Cost {
        if (lanes < 1 || lanes > MAX_LANES) {
            throw new IllegalArgumentException("Argon2 lanes " + lanes + ", allowed 1 to " + MAX_LANES);
        }
        if (passes < 1 || passes > MAX_PASSES) {
            throw new IllegalArgumentException("Argon2 passes " + passes + ", allowed 1 to " + MAX_PASSES);
        }
        if (memoryKib < 8 * lanes || memoryKib > MAX_MEMORY_KIB) {
            throw new IllegalArgumentException(
                    "Argon2 memory " + memoryKib + " KiB, allowed " + 8 * lanes + " to " + MAX_MEMORY_KIB);
        }
    }
}
