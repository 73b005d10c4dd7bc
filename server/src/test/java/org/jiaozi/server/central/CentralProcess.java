package org.jiaozi.server.central;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.server.Logging;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.http.Unreachable;
import org.jiaozi.server.tls.TlsIdentity;

/** A central bank in a process of its own, which dies where it is told to and is started again at the same address. */
final class CentralProcess implements AutoCloseable {
    private final Path data;
    private final int port;
    private final String database;
    private String armed;
    private Process process;

    private CentralProcess(Path data, int port, String database, String armed) {
        this.armed = armed;
        this.data = data;
        this.port = port;
        this.database = database;
        process = launch();
    }

    /** Arguments: data folder, port, database. Prints a line when it answers. */
    public static void main(String[] args) throws InterruptedException {
        Logging.configure(Level.WARNING);
        CentralServer.start(new CentralConfig(
                Path.of(args[0]),
                Integer.parseInt(args[1]),
                args[2],
                InstantSource.system(),
                CentralServerFixture.profile(),
                List.of(new CentralConfig.Member("bank-a", "Bank A"), new CentralConfig.Member("bank-b", "Bank B"))));
        System.out.println("ready");
        new CountDownLatch(1).await();
    }

    /**
     * Starts one and returns when it answers.
     *
     * @param point where it dies; "" for nowhere
     */
    public static CentralProcess start(Path data, String database, String point) {
        return new CentralProcess(data, freePort(), database, point);
    }

    private Process launch() {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CentralProcess.class.getName(),
                        data.toString(),
                        Integer.toString(port),
                        database)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("JIAOZI_CENTRAL_CRASH_AT", armed);
        try {
            Process started = builder.start();
            String line = started.inputReader(StandardCharsets.UTF_8).readLine();
            if (!"ready".equals(line)) {
                throw new AssertionError("the central bank does not start: " + line);
            }
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sees to it that one runs which dies at that point; "" for nowhere. */
    public void dyingAt(String point) {
        if (!process.isAlive() || !armed.equals(point)) {
            end();
            armed = point;
            process = launch();
        }
    }

    /** Waits for its end, which must be SIGKILL's. */
    public void dies() {
        try {
            int code = process.waitFor();
            if (code != 137) {
                throw new AssertionError("it ended with " + code);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void end() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** What its clock says. */
    public Timestamp now() {
        return new Timestamp(Instant.now().getEpochSecond());
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its address. */
    public String address() {
        return "https://127.0.0.1:" + port;
    }

    /** What an operator's question is answered. */
    public HttpReply operate(String path, String body) throws Unreachable {
        try (HttpCaller operator = HttpCaller.create(
                Optional.of(TlsIdentity.load(data.resolve("operator")).context()), Duration.ofSeconds(60))) {
            return operator.post(
                    URI.create(address() + "/v1/operator" + path),
                    MediaType.JSON,
                    body.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() {
        end();
    }
}
