package org.jiaozi.server.institution;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jiaozi.server.central.CentralConfig;
import org.jiaozi.server.central.CentralServer;
import org.jiaozi.server.durable.DurableSteps;
import org.jspecify.annotations.Nullable;

/**
 * A process with one server for each of several worlds, which a test kills. In each world it says every moment around a
 * durable step that somebody comes to. Told so, whoever comes to one that nobody in that world stood at yet stands there, until
 * all is killed.
 */
final class DoomedServers {
    /** How many arguments tell of one world. */
    private static final int PER_WORLD = 9;

    /** Whose world a thread works for: its starter's, or that whose clock it read. */
    private static final ThreadLocal<@Nullable Doomed> MINE = new InheritableThreadLocal<>();

    private DoomedServers() {}

    /** One world's server. */
    private static final class Doomed implements InstantSource {
        private final int world;
        private final AtomicLong offset;
        private final Set<String> past = new HashSet<>();
        private Mode mode = Mode.LET_GO;
        private int count;

        Doomed(int world, long offset) {
            this.world = world;
            this.offset = new AtomicLong(offset);
        }

        @Override
        public Instant instant() {
            MINE.set(this);
            return Instant.now().plusSeconds(offset.get());
        }

        synchronized void watch(Mode next, Collection<String> before) {
            past.clear();
            past.addAll(before);
            mode = next;
        }

        /** Says it, and whether somebody stands here. */
        synchronized boolean stops(DurableSteps.Moment moment) {
            boolean starting = moment.what().contains("DoomedServers.serve");
            if (mode == Mode.LET_GO || starting != mode.starting) {
                return false;
            }
            String here = moment.side() + " " + Killed.step(moment.what());
            count++;
            boolean stops = switch (mode) {
                case COUNT, COUNT_START, LET_GO -> false;
                case STAND -> past.add(here);
                case START -> past.contains(Integer.toString(count));
            };
            say((stops ? "stands " : "passes ") + world + " " + here);
            return stops;
        }
    }

    /** What is done at moments around durable steps. */
    enum Mode {
        LET_GO(false),
        COUNT(false),
        /** Whoever comes to one that nobody stood at yet stands there for good. */
        STAND(false),
        /** On the way to serving, which the others do not look at. */
        COUNT_START(true),
        /** So, at the one with that number. */
        START(true);

        private final boolean starting;

        Mode(boolean starting) {
            this.starting = starting;
        }
    }

    private static void say(String line) {
        synchronized (System.out) {
            System.out.println(line);
            System.out.flush();
        }
    }

    /**
     * Arguments: for each world role, data folder, port, database, central bank, seconds that the clock is ahead, mode, a
     * file of what is past, and who hears its webhooks. Then it reads lines: a mode or {@code clock}, the world, seconds; each is answered by {@code done
     * WORLD}. Whatever goes wrong that is nobody's death is a line {@code fault: WHAT}.
     */
    public static void main(String[] args) throws IOException {
        FaultLog.tellTo(fault -> say("fault: " + fault));
        DurableSteps.watch(DoomedServers::reached);
        List<Doomed> all = new ArrayList<>();
        for (int i = 0; i < args.length; i += PER_WORLD) {
            Doomed doomed = new Doomed(i / PER_WORLD, Long.parseLong(args[i + 5]));
            doomed.watch(Mode.valueOf(args[i + 6]), Files.readAllLines(Path.of(args[i + 7])));
            all.add(doomed);
            List<String> own = List.of(args).subList(i, i + PER_WORLD);
            Thread.ofPlatform().start(() -> serve(doomed, own));
        }
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", 3);
            Doomed doomed = all.get(Integer.parseInt(words[1]));
            if (words[0].equals("clock")) {
                doomed.offset.set(Long.parseLong(words[2]));
            } else {
                doomed.watch(Mode.valueOf(words[0]), List.of());
            }
            say("done " + words[1]);
        }
        // whoever started this is gone, or wants what was learnt here
        System.exit(1);
    }

    private static void reached(DurableSteps.Moment moment) {
        Doomed mine = MINE.get();
        if (mine == null) {
            say("lost 0 " + moment.side() + " " + moment.what());
        } else if (mine.stops(moment)) {
            moment.letGo().run();
            while (true) {
                LockSupport.park();
            }
        }
    }

    private static void serve(Doomed doomed, List<String> args) {
        MINE.set(doomed);
        String role = args.getFirst();
        Path data = Path.of(args.get(1));
        int port = Integer.parseInt(args.get(2));
        try {
            if (role.equals(World.CENTRAL)) {
                CentralServer.start(
                        new CentralConfig(data, port, args.get(3), doomed, World.profile(), World.members(List.of())));
            } else {
                InstitutionServer.start(new InstitutionConfig(
                        role,
                        role,
                        data,
                        1,
                        port,
                        args.get(4),
                        args.get(3),
                        doomed,
                        Duration.ofMillis(500),
                        Optional.of(args.get(8)).filter(w -> !w.isEmpty()).map(URI::create)));
            }
            say("started " + doomed.world);
        } catch (RuntimeException e) {
            say("failed " + doomed.world + " " + e);
        }
    }
}
