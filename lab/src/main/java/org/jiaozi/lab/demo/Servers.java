package org.jiaozi.lab.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jiaozi.cli.up.FreePorts;
import org.jspecify.annotations.Nullable;

/** The central bank and both institutions, started and stopped as a user would: {@code jiaozi up}, and a signal. */
final class Servers implements AutoCloseable {
    private static final String JAVA_OPTIONS = "JIAOZI_JAVA_OPTS";

    private final Jiaozi jiaozi;
    private final Path data;
    private final String profile;
    private final List<URI> urls = new ArrayList<>();
    private final List<String> codes = new ArrayList<>();
    private int base;
    private @Nullable Process up;

    Servers(Jiaozi jiaozi, Path data, String profile) {
        this.jiaozi = jiaozi;
        this.data = data;
        this.profile = profile;
    }

    /** Three ports in a row that nobody holds; kept for all starts of this demo. */
    private int portBase() {
        if (base == 0) {
            base = FreePorts.inARow(3);
        }
        return base;
    }

    /** The demo's servers stop and start all the time: the optimising compiler would never repay what it costs. */
    private static String quick() {
        String given = System.getenv(JAVA_OPTIONS);
        return given == null || given.isBlank() ? "-XX:TieredStopAtLevel=1" : given;
    }

    /** Starts all of it with the clock shifted, and waits until it serves. */
    void start(long clockOffsetSeconds) throws IOException {
        Jiaozi.Running running = jiaozi.start(
                List.of(),
                Map.of(JAVA_OPTIONS, quick()),
                List.of(
                        "up",
                        "--data",
                        data.toString(),
                        "--profile",
                        profile,
                        "--port-base",
                        Integer.toString(portBase()),
                        "--clock-offset",
                        Long.toString(clockOffsetSeconds),
                        "--json"));
        up = running.process();
        JsonNode ready = running.next();
        urls.clear();
        codes.clear();
        urls.add(URI.create(ready.path("roles").path("central").path("url").asText()));
        ready.path("roles").properties().forEach(role -> {
            if (!role.getKey().equals("central")) {
                codes.add(role.getKey());
            }
        });
        codes.sort(null);
        codes.forEach(code ->
                urls.add(URI.create(ready.path("roles").path(code).path("url").asText())));
        if (codes.size() != 2) {
            throw new DemoFailure("up did not say where two institutions listen: " + ready);
        }
    }

    String url(int bank) {
        return urls.get(bank + 1).toString();
    }

    String code(int bank) {
        return codes.get(bank);
    }

    Path data() {
        return data;
    }

    Path trust() {
        return data.resolve("trust.json");
    }

    /** Stops all of it in order, by a signal that no shell leaves ignored. */
    void stop() throws IOException, InterruptedException {
        Process process = up;
        if (process == null) {
            return;
        }
        new ProcessBuilder("kill", "-TERM", Long.toString(process.pid()))
                .start()
                .waitFor();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new DemoFailure("the servers did not stop");
        }
        up = null;
    }

    /** Whether anything still answers where the servers were. */
    boolean anythingListens() {
        for (URI url : urls) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), url.getPort()), 1000);
                return true;
            } catch (IOException refused) {
                // nobody there, as it should be
            }
        }
        return false;
    }

    @Override
    public void close() {
        Process process = up;
        if (process != null) {
            process.destroy();
            try {
                if (!process.waitFor(20, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
