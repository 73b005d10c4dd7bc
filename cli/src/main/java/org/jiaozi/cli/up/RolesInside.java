package org.jiaozi.cli.up;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jiaozi.cli.Main;

/** A central bank and its institutions as threads of this process, for the run that the AOT cache is recorded from. */
public final class RolesInside implements AutoCloseable {
    private final Whole whole;
    private final int port;

    private RolesInside(Whole whole, int port) {
        this.whole = whole;
        this.port = port;
    }

    /** Starts all of it in an empty folder, on ports that nobody holds, and returns once it serves. */
    public static RolesInside start(Path folder) throws InterruptedException {
        int port = FreePorts.inARow(3);
        DataFolder data = DataFolder.open(folder);
        Settings settings = Settings.DEFAULT.with(Optional.of(port), Optional.empty());
        Whole whole = new Whole(data, settings, 0, Optional.empty(), said -> {}, Inside::start);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(whole::close));
        try {
            whole.start();
            return new RolesInside(whole, port);
        } catch (RuntimeException e) {
            whole.close();
            throw e;
        }
    }

    /** The central bank's port. */
    public int port() {
        return port;
    }

    /** Ends all of it. */
    @Override
    public void close() {
        whole.close();
    }

    private record Inside(String name, Thread thread) implements Role {
        static Role start(DataFolder data, String name, List<String> arguments, Map<String, String> environment) {
            List<String> line = new ArrayList<>(arguments);
            environment.forEach((key, value) -> line.addAll(List.of("--database-url", value)));
            return new Inside(
                    name, Thread.ofPlatform().daemon().name(name).start(() -> Main.run(line.toArray(String[]::new))));
        }

        @Override
        public long pid() {
            return ProcessHandle.current().pid();
        }

        @Override
        public boolean alive() {
            return thread.isAlive();
        }

        @Override
        public CompletableFuture<?> end() {
            return new CompletableFuture<>();
        }

        @Override
        public void tell() {
            thread.interrupt();
        }

        @Override
        public void stop() {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
