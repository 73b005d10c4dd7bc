package org.jiaozi.server.institution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/** {@link DoomedServers} as a test sees them: it is told what they come to, kills them all at once and starts them again. */
final class DoomedProcess implements KilledLives.Victim {
    /** Where a server has its things, who hears its webhooks, and by how much its clock is ahead. */
    record Place(
            String role,
            Path data,
            int port,
            String database,
            String central,
            Optional<URI> webhook,
            LongSupplier offset) {
        static Place institution(World world, String code) {
            return institution(world, code, Optional.empty());
        }

        static Place institution(World world, String code, Optional<URI> webhook) {
            InstitutionConfig config = world.config(code, world.centralAddress, webhook);
            return new Place(
                    code,
                    config.dataDir(),
                    config.port(),
                    config.jdbcUrl(),
                    world.centralAddress,
                    webhook,
                    world.offset::get);
        }

        static Place central(World world) {
            return new Place(
                    World.CENTRAL,
                    world.folder.resolve("central"),
                    Integer.parseInt(world.centralAddress.replaceAll(".*:", "")),
                    world.centralDatabase,
                    world.centralAddress,
                    Optional.empty(),
                    world.offset::get);
        }
    }

    /** How one of them stands with this. */
    private static final class Life {
        private final Heard heard = new Heard();
        private volatile Doomed.Mode mode = Doomed.Mode.LET_GO;
        private volatile List<String> past = List.of();
        private final AtomicInteger answers = new AtomicInteger();
        private volatile boolean started;
    }

    private final Path folder;
    private final AotCache cache;
    private final List<Place> places;
    private final List<Life> lives = new ArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private Process process;
    private Writer orders;
    private Thread listener;
    private final IntPredicate elsewhere;
    private volatile boolean ending;

    /** Starts them. */
    DoomedProcess(Path folder, AotCache cache, List<Place> places) {
        this(folder, cache, places, places.stream().map(p -> 0).toList());
    }

    /** Starts them; each stands at the {@code at}th moment on the way to serving; 0 for nowhere, -1 to have all of them said. */
    DoomedProcess(Path folder, AotCache cache, List<Place> places, List<Integer> at) {
        this(folder, cache, places, at, world -> false);
    }

    /** The same, where some may stand {@code elsewhere} than at a step of their own. */
    DoomedProcess(Path folder, AotCache cache, List<Place> places, List<Integer> at, IntPredicate elsewhere) {
        this.elsewhere = elsewhere;
        this.folder = folder;
        this.cache = cache;
        this.places = places;
        for (int each : at) {
            Life fresh = new Life();
            if (each != 0) {
                fresh.mode = each < 0 ? Doomed.Mode.COUNT_START : Doomed.Mode.START;
                fresh.past = List.of(Integer.toString(each));
            }
            lives.add(fresh);
        }
        process = launch();
        orders = process.outputWriter(StandardCharsets.UTF_8);
        awaitStart();
    }

    private Process launch() {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xlog:disable"));
        line.addAll(cache.options());
        line.add(DoomedServers.class.getName());
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            line.addAll(List.of(
                    place.role(),
                    place.data().toString(),
                    Integer.toString(place.port()),
                    place.database(),
                    place.central(),
                    Long.toString(place.offset().getAsLong()),
                    lives.get(i).mode.name(),
                    past(i).toString(),
                    place.webhook().map(URI::toString).orElse("")));
        }
        try {
            Process started = new ProcessBuilder(line).start();
            lives.forEach(life -> {
                life.heard.forget();
                life.started = false;
            });
            ending = false;
            listener = Thread.ofPlatform().daemon().start(() -> listen(started));
            Thread.ofPlatform().daemon().start(() -> complaints(started));
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path past(int world) {
        Life of = lives.get(world);
        of.heard.dies();
        List<String> past = new ArrayList<>(of.past);
        past.addAll(of.heard.killedAt());
        of.past = past;
        try {
            return Files.write(folder.resolve("past-" + world), past);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void listen(Process started) {
        try (var said = started.inputReader(StandardCharsets.UTF_8)) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                String[] words = line.split(" ", 3);
                if (words.length < 2 || !words[1].matches("[0-9]+")) {
                    // where it ends in order the virtual machine tells what it makes of that
                    if (!ending || line.startsWith("fault: ")) {
                        faults.add(line);
                    }
                    continue;
                }
                Life of = lives.get(Integer.parseInt(words[1]));
                of.heard.moves();
                switch (words[0]) {
                    case "passes", "stands" -> of.heard.moment(words[0].equals("stands"), words[2]);
                    case "started" -> of.started = true;
                    case "done" -> of.answers.incrementAndGet();
                    default -> faults.add(line);
                }
            }
        } catch (IOException e) {
            // killed
        }
    }

    private static void complaints(Process started) {
        try (var said = started.errorReader(StandardCharsets.UTF_8)) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                // the virtual machine that makes the cache tells its options
                if (!line.startsWith("Picked up JAVA_TOOL_OPTIONS")) {
                    System.err.println(line);
                }
            }
        } catch (IOException e) {
            // killed
        }
    }

    private void awaitStart() {
        World.await("all have started, or stand " + faults, () -> {
            if (!faults.isEmpty() || !process.isAlive()) {
                throw new AssertionError("servers do not start: " + faults);
            }
            return IntStream.range(0, lives.size())
                    .allMatch(i -> lives.get(i).started || !heard(i).stands().isEmpty() || elsewhere.test(i));
        });
    }

    private synchronized void order(int world, String line) {
        int before = lives.get(world).answers.get();
        try {
            orders.write(line + "\n");
            orders.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        World.await("it was heard: " + line, () -> lives.get(world).answers.get() > before);
    }

    @Override
    public void watch(int world, Doomed.Mode mode) {
        Life of = lives.get(world);
        of.heard.forget();
        of.mode = mode;
        of.past = List.of();
        order(world, mode + " " + world);
    }

    @Override
    public void clock(int world, long seconds) {
        order(world, "clock " + world + " " + seconds);
    }

    @Override
    public Heard heard(int world) {
        return lives.get(world).heard;
    }

    @Override
    public List<String> faults() {
        return faults;
    }

    /** One that is to be learnt from ends by itself, and is not to be killed at anything. */
    @Override
    public void kill() {
        if (cache.learns()) {
            ending = true;
            try {
                orders.close();
                listener.join();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
            process.onExit().join();
            cache.learnt();
        } else {
            process.destroyForcibly();
            process.onExit().join();
        }
    }

    @Override
    public void start() {
        process = launch();
        orders = process.outputWriter(StandardCharsets.UTF_8);
        awaitStart();
    }

    @Override
    public void close() {
        kill();
    }
}
