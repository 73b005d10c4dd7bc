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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jiaozi.server.central.CentralConfig;
import org.jiaozi.server.central.CentralServer;
import org.jiaozi.server.durable.DurableSteps;

/**
 * A process with one server for each of several worlds, which a test kills. In each world it says every moment around a
 * durable step that somebody comes to. Told so, whoever comes to one that nobody in that world stood at yet stands there, until
 * all is killed.
 */
final class DoomedServers {
    /** How many arguments tell of one world. */
    private static final int PER_WORLD = 9;

    private DoomedServers() {}

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
        List<AtomicLong> clocks = new ArrayList<>();
        for (int i = 0; i < args.length; i += PER_WORLD) {
            int world = i / PER_WORLD;
            AtomicLong offset = new AtomicLong(Long.parseLong(args[i + 5]));
            clocks.add(offset);
            Doomed doomed = new Doomed(
                    args[i],
                    () -> Instant.now().plusSeconds(offset.get()),
                    (stands, here) -> say((stands ? "stands " : "passes ") + world + " " + here));
            doomed.watch(Doomed.Mode.valueOf(args[i + 6]), Files.readAllLines(Path.of(args[i + 7])));
            all.add(doomed);
            List<String> own = List.of(args).subList(i, i + PER_WORLD);
            Thread.ofPlatform().start(() -> serve(world, doomed, own));
        }
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", 3);
            int world = Integer.parseInt(words[1]);
            if (words[0].equals("clock")) {
                clocks.get(world).set(Long.parseLong(words[2]));
            } else {
                all.get(world).watch(Doomed.Mode.valueOf(words[0]), List.of());
            }
            say("done " + words[1]);
        }
        // whoever started this is gone, or wants what was learnt here
        System.exit(1);
    }

    private static void reached(DurableSteps.Moment moment) {
        Optional<Doomed> mine = Doomed.mine();
        if (mine.isEmpty()) {
            say("lost 0 " + moment.side() + " " + moment.what());
        } else if (mine.get().stops(moment)) {
            moment.letGo().run();
            while (true) {
                LockSupport.park();
            }
        }
    }

    private static void serve(int world, Doomed doomed, List<String> args) {
        doomed.enter();
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
            say("started " + world);
        } catch (RuntimeException e) {
            say("failed " + world + " " + e);
        }
    }
}
