package org.jiaozi.crypto;

import java.security.GeneralSecurityException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** Which engine one process uses, and when it changes over. Thread-safe. */
final class Es256Choice {
    /** Verifications in Java before a process counts as long-lived. */
    static final int NATIVE_AFTER = 200;

    private final AtomicInteger verifiedInJava = new AtomicInteger();
    private final NativeLoader loader;
    private final Executor background;
    private volatile State state;

    /** What the setting allows. */
    enum Setting {
        AUTO,
        BOUNCYCASTLE,
        CORRETTO;

        static Setting parse(String text) {
            for (Setting setting : values()) {
                if (setting.name().equalsIgnoreCase(text)) {
                    return setting;
                }
            }
            throw new IllegalArgumentException(
                    Providers.PROPERTY + " is \"" + text + "\", allowed are auto, bouncycastle and corretto");
        }
    }

    /** Loads the native engine, or says why it cannot. */
    interface NativeLoader {
        Es256Engine call() throws GeneralSecurityException;
    }

    /**
     * @param engine in use
     * @param settled whether no other engine will be tried
     * @param note why it is this one, for people; may be empty
     */
    private record State(Es256Engine engine, boolean settled, String note) {}

    /**
     * @param background runs the change-over, apart from the thread that verifies
     */
    Es256Choice(Setting setting, NativeLoader loader, Executor background) {
        this.loader = loader;
        this.background = background;
        this.state = switch (setting) {
            case AUTO -> new State(BouncyCastleEs256.INSTANCE, false, "native code not loaded yet");
            case BOUNCYCASTLE -> new State(BouncyCastleEs256.INSTANCE, true, "as set");
            case CORRETTO -> {
                try {
                    yield new State(loader.call(), true, "as set");
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException(Providers.PROPERTY + " is corretto, but: " + e.getMessage(), e);
                }
            }
        };
    }

    Es256Engine engine() {
        return state.engine;
    }

    String describe() {
        State now = state;
        return now.engine.name() + (now.note.isEmpty() ? "" : " (" + now.note + ")");
    }

    synchronized void loadNative() {
        if (state.settled) {
            return;
        }
        try {
            state = new State(loader.call(), true, "");
        } catch (GeneralSecurityException e) {
            state = new State(BouncyCastleEs256.INSTANCE, true, String.valueOf(e.getMessage()));
        }
    }

    /** Counts one verification, and starts the change-over when this process turns out to do many in Java. */
    void verified() {
        if (!state.settled && verifiedInJava.incrementAndGet() == NATIVE_AFTER) {
            background.execute(this::loadNative);
        }
    }
}
