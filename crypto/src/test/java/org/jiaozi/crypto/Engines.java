package org.jiaozi.crypto;

import java.security.GeneralSecurityException;
import java.util.Locale;
import java.util.stream.Stream;

/** The engines that this machine has; on linux-amd64 the native one must be among them. */
final class Engines {
    private Engines() {}

    static boolean nativeExpected() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux")
                && System.getProperty("os.arch").equals("amd64");
    }

    static Stream<Es256Engine> all() throws GeneralSecurityException {
        return nativeExpected()
                ? Stream.of(BouncyCastleEs256.INSTANCE, CorrettoEs256.load())
                : Stream.of(BouncyCastleEs256.INSTANCE);
    }

    static Es256Verifier verifier(Es256Engine engine) {
        return new Es256Verifier(new Es256Choice(Es256Choice.Setting.CORRETTO, () -> engine, Runnable::run));
    }
}
