package org.jiaozi.cli.transport;

import java.util.Random;

/** Messages whose bytes are every value, the same in every run. */
final class Messages {
    private Messages() {}

    static byte[] ofSize(int bytes) {
        byte[] message = new byte[bytes];
        new Random(bytes).nextBytes(message);
        return message;
    }
}
