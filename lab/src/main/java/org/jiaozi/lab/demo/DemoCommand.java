package org.jiaozi.lab.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.up.PolicyFile;
import org.jiaozi.lab.Folders;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code jiaozi demo}: the whole story on real processes. */
@Command(
        name = "demo",
        description = "Plays the whole story on real processes: pay offline, spend again, settle, name the cheat.",
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "Draws names, amounts, hops, fork and order (default 1).")
    private long seed = 1;

    @Option(names = "--profile", paramLabel = "NAME", description = "The policy profile (default circulating).")
    private String profile = "circulating";

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the report to this file.")
    private @Nullable Path json;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Keeps everything in this directory, which must be empty or absent.")
    private @Nullable Path data;

    @Override
    public Integer call() throws IOException, InterruptedException {
        // known before anything is made or begun
        var _ = PolicyFile.named(profile);
        Path keep = data;
        if (keep != null && Files.exists(keep) && !isEmpty(keep)) {
            throw new CommandFailure(keep + " is not empty: choose a new directory");
        }
        Path report = json;
        if (report != null) {
            Folders.writable(report);
        }
        Path root =
                keep != null ? Files.createDirectories(keep).toRealPath() : Files.createTempDirectory("jiaozi-demo");
        boolean ok = false;
        try {
            ok = play(root);
        } finally {
            if (keep == null && ok) {
                Folders.delete(root);
            }
        }
        return ok ? 0 : 1;
    }

    private boolean play(Path root) throws IOException, InterruptedException {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        Story story = new Story(out);
        DemoReport report = new DemoReport();
        report.put("profile", profile);
        report.put("seed", seed);
        out.printf("Jiaozi demo, profile %s, seed %d%n", profile, seed);
        String failure = "";
        try (Offline offline = Offline.openOrNone()) {
            try (DemoRun run = new DemoRun(story, report, root, Cast.draw(seed), profile, offline);
                    Servers servers = run.servers()) {
                run.play();
                servers.stop();
            }
        } catch (DemoFailure e) {
            failure = String.valueOf(e.getMessage());
        } catch (IOException | RuntimeException e) {
            // whatever ends it, the report says how far it came
            report.put("failure", String.valueOf(e));
            finish(report, root, false);
            throw e;
        }
        List<String> breaches = report.breaches();
        boolean ok = failure.isEmpty() && breaches.isEmpty();
        report.put("ok", ok);
        if (!failure.isEmpty()) {
            report.put("failure", failure);
        }
        report.put("seconds", Math.round(story.seconds()));
        finish(report, root, ok);
        story.chapter(
                ok
                        ? "All of it held."
                        : "It did not hold: " + (failure.isEmpty() ? String.join("; ", breaches) : failure));
        if (!ok) {
            story.line("What the processes said is in {}; seed {}.", root.resolve("logs"), seed);
        }
        return ok;
    }

    /** The evidence outlives the temporary directory beside the report. */
    private void finish(DemoReport report, Path root, boolean ok) throws IOException {
        Path file = json;
        if (file == null) {
            return;
        }
        Path evidence = root.resolve("evidence.cbor");
        if (ok && data == null && Files.exists(evidence)) {
            Path beside = file.toAbsolutePath().resolveSibling(file.getFileName() + ".evidence");
            Files.copy(evidence, beside, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            Files.copy(
                    root.resolve("banks/trust.json"),
                    file.toAbsolutePath().resolveSibling(file.getFileName() + ".trust.json"),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            report.put("doubleSpend.evidence", beside.toString());
        }
        Files.writeString(file, report.json().toPrettyString() + "\n");
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }
}
