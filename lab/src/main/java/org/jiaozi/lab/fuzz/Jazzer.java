package org.jiaozi.lab.fuzz;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** How Jazzer is started: in a process of its own, since it instruments classes as they load and ends its process. */
final class Jazzer {
    private static final String MAIN = "com.code_intelligence.jazzer.Jazzer";

    /** Whose branches guide it. */
    private static final String OURS = "org.jiaozi.**";

    private static final int INPUT_SECONDS = 20;

    private Jazzer() {}

    /** Why it cannot run here, in one line; empty where it can. */
    static Optional<String> obstacle() {
        return obstacle(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }

    static Optional<String> obstacle(String osName, String osArch) {
        ClassLoader loader = Jazzer.class.getClassLoader();
        if (loader.getResource(MAIN.replace('.', '/') + ".class") == null) {
            return Optional.of("Jazzer is not on the class path: start this with ./jiaozi");
        }
        String driver = driver(osName, osArch);
        return loader.getResource("com/code_intelligence/jazzer/driver/" + driver) == null
                ? Optional.of("Jazzer has no native driver for this platform (" + driver
                        + "): it has some for Linux and" + " macOS on x86_64 and arm64, and for Windows on x86_64")
                : Optional.empty();
    }

    /** The folder of its jar in which a platform's driver lies. */
    static String driver(String osName, String osArch) {
        String os = osName.toLowerCase(Locale.ROOT);
        String system = os.startsWith("mac") ? "macos" : os.startsWith("windows") ? "windows" : os;
        String processor = switch (osArch.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64", "x64" -> "x86_64";
            case "aarch64", "arm64" -> "aarch64";
            default -> osArch;
        };
        return "jazzer_driver_" + system + "_" + processor + "/";
    }

    /**
     * The command line.
     *
     * @param targets what {@link Entry} calls
     * @param seconds after which it ends by itself
     * @param corpus read from, and what adds coverage written to
     * @param artifacts where inputs go that are findings
     */
    static List<String> command(List<Target> targets, long seconds, Path corpus, Path artifacts) {
        int longest = targets.stream().mapToInt(Target::maxBytes).max().orElseThrow();
        List<String> line = new ArrayList<>(List.of(
                Objects.requireNonNull(System.getProperty("java.home")) + "/bin/java",
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                Objects.requireNonNull(System.getProperty("java.class.path")),
                MAIN));
        line.add("--target_class=" + Entry.class.getName());
        line.add("--target_args="
                + String.join(" ", targets.stream().map(Target::name).toList()));
        line.add(
                "--instrumentation_includes=" + OURS + guides(targets.getFirst().family()));
        // its bug detectors watch calls that no reader makes; what is a finding the target says
        line.add("--disabled_hooks=com.code_intelligence.jazzer.sanitizers.**");
        line.add("--reproducer_path=" + artifacts);
        line.add("-artifact_prefix=" + artifacts + "/");
        line.add("-max_total_time=" + seconds);
        // 0 lets chance decide
        line.add("-seed=" + Long.getLong("jiaozi.fuzz.seed", 0));
        line.add("-max_len=" + (longest + 1));
        line.add("-timeout=" + INPUT_SECONDS);
        // the heap is bounded above
        line.add("-rss_limit_mb=0");
        line.add("-print_final_stats=1");
        line.add(corpus.toString());
        return List.copyOf(line);
    }

    /** The libraries that parse for some of our readers; to instrument what a target does not use only costs time. */
    private static String guides(Target.Family family) {
        return switch (family) {
            case STATEMENTS, TAP, BULLETIN, MESSAGES, STORED, PICTURES -> "";
            case CARRIERS -> ":com.sparrowwallet.hummingbird.**";
            case FILES -> ":com.fasterxml.jackson.core.**";
        };
    }
}
