package org.jiaozi.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** How this process starts another {@code jiaozi}: same Java, same class path, same AOT cache, no shell in between. */
public final class Launch {
    /** System property by which the launcher names the AOT cache; absent when there is none. */
    private static final String AOT_CACHE = "jiaozi.aot";

    /** System property by which SQLite's driver finds its library unpacked; set by the launcher. */
    private static final String SQLITE = "org.sqlite.lib.path";

    /** Commands that end before the optimising compiler repays what it costs. The launcher has the same list. */
    private static final Set<String> SHORT = Set.of("wallet", "evidence", "shell");

    private Launch() {}

    /** The command line of {@code jiaozi ARGS...} as a process of its own, ready for {@link ProcessBuilder}. */
    public static List<String> command(List<String> args) {
        String java = Objects.requireNonNull(System.getProperty("java.home")) + "/bin/java";
        List<String> line = new ArrayList<>(List.of(
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Dstdout.encoding=UTF-8",
                "-Dstderr.encoding=UTF-8"));
        if (!args.isEmpty() && SHORT.contains(args.getFirst())) {
            line.add("-XX:TieredStopAtLevel=1");
        }
        String cache = System.getProperty(AOT_CACHE);
        if (cache != null) {
            line.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:disable", "-D" + AOT_CACHE + "=" + cache));
        }
        String sqlite = System.getProperty(SQLITE);
        if (sqlite != null) {
            line.add("-D" + SQLITE + "=" + sqlite);
        }
        String options = System.getenv("JIAOZI_JAVA_OPTS");
        if (options != null && !options.isBlank()) {
            line.addAll(Arrays.asList(options.strip().split("\\s+")));
        }
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        line.addAll(args);
        return List.copyOf(line);
    }
}
