package org.jiaozi.lab.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Where wallets run while they are offline: a network namespace without any route, its loopback up for the stream between
 * two wallets. Where the system does not permit that, they run as they are, and the report says so.
 */
final class Offline implements AutoCloseable {
    private final Process holder;
    private final List<String> prefix;

    private Offline(Process holder, List<String> prefix) {
        this.holder = holder;
        this.prefix = prefix;
    }

    /** Opens the namespace if permitted. */
    static Offline open() throws IOException, InterruptedException {
        Process holder = new ProcessBuilder(
                        "unshare", "-n", "sh", "-c", "ip link set lo up && echo up && exec sleep 3600")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        byte[] said = holder.getInputStream().readNBytes(3);
        if (new String(said, StandardCharsets.US_ASCII).equals("up\n")) {
            return new Offline(holder, List.of("nsenter", "--net=/proc/" + holder.pid() + "/ns/net"));
        }
        holder.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
        return new Offline(holder, List.of());
    }

    static Offline openOrNone() throws IOException, InterruptedException {
        try {
            return open();
        } catch (IOException noSuchProgram) {
            Process none = new ProcessBuilder("true").start();
            return new Offline(none, List.of());
        }
    }

    /** The words to put before a command; none where namespaces are not permitted. */
    List<String> prefix() {
        return prefix;
    }

    boolean isolated() {
        return !prefix.isEmpty();
    }

    @Override
    public void close() {
        holder.destroyForcibly();
    }
}
