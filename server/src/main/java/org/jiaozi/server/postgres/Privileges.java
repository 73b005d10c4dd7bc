package org.jiaozi.server.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jiaozi.server.StartFailure;

/**
 * How the PostgreSQL programs run, which refuse to run as root: as ourselves for a normal user; for root inside an empty
 * user namespace, where the system shows the user as nobody while files still belong to root; and where namespaces are
 * forbidden (most containers) as the user nobody, who then owns the data folder.
 */
final class Privileges {
    private static final String NOBODY = "65534";

    private final List<String> prefix;
    private final boolean nobody;

    private Privileges(List<String> prefix, boolean nobody) {
        this.prefix = List.copyOf(prefix);
        this.nobody = nobody;
    }

    static Privileges choose(Path folder) throws IOException {
        List<String> own = new ArrayList<>();
        if (works("setsid", "true")) {
            // A session of its own: the terminal's Ctrl-C then reaches us only, and we stop PostgreSQL in order.
            own.add("setsid");
        }
        if (!runsAsRoot()) {
            return new Privileges(own, false);
        }
        Path cluster = folder.resolve("pgdata");
        boolean belongsToNobody = Files.exists(cluster)
                && !Integer.valueOf(0).equals(Files.getAttribute(cluster, "unix:uid", LinkOption.NOFOLLOW_LINKS));
        if (!belongsToNobody && works("unshare", "-U", "true")) {
            own.addAll(List.of("unshare", "-U"));
            return new Privileges(own, false);
        }
        List<String> setpriv = List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
        if (works(setpriv, "true")) {
            own.addAll(setpriv);
            return new Privileges(own, true);
        }
        throw new StartFailure("PostgreSQL refuses to run as root here, and neither unshare nor setpriv is permitted;"
                + " start as a normal user or give --database-url.");
    }

    /** The command line that runs a program; the process that starts is that program, under the same process id. */
    List<String> command(List<String> program) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(program);
        return all;
    }

    /** True where PostgreSQL runs as another user than we do, and so must own what it writes and reach what it reads. */
    boolean foreign() {
        return nobody;
    }

    /** Gives a folder and all it holds to the user that PostgreSQL runs as; does nothing where that is ourselves. */
    void own(Path folder) throws IOException {
        if (!nobody) {
            return;
        }
        Integer id = Integer.valueOf(NOBODY);
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                Files.setAttribute(path, "unix:uid", id, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(path, "unix:gid", id, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    private static boolean runsAsRoot() throws IOException {
        Path probe = Path.of("/proc/self");
        return Files.exists(probe)
                ? Integer.valueOf(0).equals(Files.getAttribute(probe.toRealPath(), "unix:uid"))
                : "root".equals(System.getProperty("user.name"));
    }

    private static boolean works(List<String> start, String... rest) {
        List<String> all = new ArrayList<>(start);
        all.addAll(List.of(rest));
        return works(all.toArray(String[]::new));
    }

    private static boolean works(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
