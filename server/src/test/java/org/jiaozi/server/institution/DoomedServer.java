package org.jiaozi.server.institution;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import org.jiaozi.server.Logging;
import org.jiaozi.server.central.CentralConfig;
import org.jiaozi.server.central.CentralServer;
import org.jiaozi.server.durable.DurableSteps;

/**
 * Servers of one role, one for each world, in a process that a test kills. It comes to a stand, in the thread that is there, at every moment around a durable step
 * that no such process stood at before; then it is killed. Moments where it stood are kept in a file: started again it goes
 * past them, and stands at later ones, until there is none that it did not die at.
 */
final class DoomedServer implements Killed.Victim {
    private static final String CENTRAL = "central";
    private static final Semaphore STARTED = new Semaphore(0);

    private final List<String> arguments;
    private final Path past;
    private final Killed.Events events;
    private Process process;
    private volatile boolean closed;

    private DoomedServer(Path past, Killed.Events events, List<String> arguments) {
        this.arguments = arguments;
        this.past = past;
        this.events = events;
        process = launch();
    }

    /** The institution {@code code} of each world. */
    static DoomedServer institutions(Path past, List<World> worlds, String code, Killed.Events events) {
        List<String> arguments = new ArrayList<>(List.of(code));
        for (World world : worlds) {
            InstitutionConfig config = world.config(code, world.centralAddress, Optional.empty());
            arguments.addAll(List.of(
                    config.dataDir().toString(),
                    Integer.toString(config.port()),
                    config.jdbcUrl(),
                    config.centralUrl()));
        }
        return new DoomedServer(past, events, arguments);
    }

    /** The central bank of each world, which must have been closed there. */
    static DoomedServer centrals(Path past, List<World> worlds, Killed.Events events) {
        List<String> arguments = new ArrayList<>(List.of(CENTRAL));
        for (World world : worlds) {
            String address = world.centralAddress;
            arguments.addAll(List.of(
                    world.folder.resolve("central").toString(),
                    address.replaceAll(".*:", ""),
                    world.centralDatabase,
                    address));
        }
        return new DoomedServer(past, events, arguments);
    }

    /** Arguments: file of what is past, role, and for each server its data folder, port, database, central bank. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Logging.configure(Level.OFF);
        Path file = Path.of(args[0]);
        Set<String> past = new HashSet<>(Files.exists(file) ? Files.readAllLines(file) : List.of());
        for (int i = 2; i < args.length; i += 4) {
            int first = i;
            Thread.ofPlatform().start(() -> serve(args[1], args, first));
        }
        STARTED.acquire((args.length - 2) / 4);
        DurableSteps.watch(moment -> {
            String here = moment.side() + " " + Killed.step(moment.what());
            if (isPast(file, past, here)) {
                return;
            }
            moment.letGo().run();
            System.out.println(here);
            while (true) {
                LockSupport.park();
            }
        });
        System.out.println("ready");
        new CountDownLatch(1).await();
    }

    private static void serve(String role, String[] args, int first) {
        Path data = Path.of(args[first]);
        int port = Integer.parseInt(args[first + 1]);
        if (role.equals(CENTRAL)) {
            CentralServer.start(new CentralConfig(
                    data,
                    port,
                    args[first + 2],
                    InstantSource.system(),
                    World.profile(),
                    List.of(
                            new CentralConfig.Member("bank-a", "Bank A"),
                            new CentralConfig.Member("bank-b", "Bank B"))));
        } else {
            InstitutionServer.start(new InstitutionConfig(
                    role,
                    "Bank A",
                    data,
                    1,
                    port,
                    args[first + 3],
                    args[first + 2],
                    InstantSource.system(),
                    Duration.ofMillis(200),
                    Optional.empty()));
        }
        STARTED.release();
    }

    private static boolean isPast(Path file, Set<String> past, String here) {
        synchronized (past) {
            if (!past.add(here)) {
                return true;
            }
            try {
                Files.writeString(file, here + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return false;
        }
    }

    private Process launch() {
        try {
            List<String> line = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    DoomedServer.class.getName(),
                    past.toString()));
            line.addAll(arguments);
            Process started = new ProcessBuilder(line)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            CountDownLatch ready = new CountDownLatch(1);
            Thread.ofPlatform().daemon().start(() -> listen(started, ready));
            ready.await();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** It is ready when it says so, or when it stands somewhere on the way there; or it has ended. */
    private void listen(Process started, CountDownLatch ready) {
        try (var said = started.inputReader(StandardCharsets.UTF_8)) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (!line.equals("ready")) {
                    events.stands(line);
                }
                ready.countDown();
            }
        } catch (IOException e) {
            // killed
            ready.countDown();
        }
        ready.countDown();
    }

    @Override
    public void killAndStart() {
        process.destroyForcibly();
        process.onExit().join();
        if (!closed) {
            process = launch();
        }
    }

    @Override
    public void close() {
        closed = true;
        killAndStart();
    }
}
