package org.jiaozi.lab.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.lab.demo.Registry.Recorded;

/** Tries to have an honest person convicted, and spoils the true evidence; every file has to be refused. */
final class FramingChapter {
    private final Story story;
    private final DemoReport report;
    private final Jiaozi jiaozi;
    private final Servers servers;
    private final Path root;

    FramingChapter(Story story, DemoReport report, Jiaozi jiaozi, Servers servers, Path root) {
        this.story = story;
        this.report = report;
        this.jiaozi = jiaozi;
        this.servers = servers;
        this.root = root;
    }

    /**
     * Plays it.
     *
     * @param evidence the true file
     * @param name whom to frame
     * @param targetKeys that person's keys while offline
     * @param before that person's device as it was then
     */
    void play(Path evidence, String name, Set<String> targetKeys, Device before)
            throws IOException, InterruptedException {
        story.chapter("Framing the honest");
        List<Recorded> honest = Registry.honestTransfers(servers);
        Recorded victim = honest.stream()
                .filter(r -> targetKeys.contains(key(r).hex()))
                .findFirst()
                .orElseThrow(() -> new DemoFailure("nothing on record that " + name + " signed"));
        // another signed statement of somebody else, passed off as the victim's answer to the same request
        Signed<Transfer> other = honest.stream()
                .filter(r -> !key(r).equals(key(victim)))
                .map(Recorded::transfer)
                .findFirst()
                .orElse(victim.transfer());
        Signature fresh = before.signWith(
                victim.certificate().statement().key(),
                victim.transfer().statement().sigStructure());
        Map<String, Path> attempts = new Framing(Bytes.of(Files.readAllBytes(evidence)))
                .write(root.resolve("framing"), victim.transfer(), victim.certificate(), other, fresh);
        Set<String> refused = new HashSet<>();
        for (Map.Entry<String, Path> attempt : attempts.entrySet()) {
            Jiaozi.Result verdict = jiaozi.run(
                    "evidence",
                    "verify",
                    attempt.getValue().toString(),
                    "--trust",
                    servers.trust().toString(),
                    "--json");
            if (verdict.ok() || verdict.refused() == 0) {
                throw new DemoFailure("evidence verify took " + attempt.getKey() + ": " + verdict);
            }
            refused.add(attempt.getKey());
            story.line("{} is tried with {}: refused, {}.", name, attempt.getKey(), verdict.refused());
        }
        report.put("doubleSpend.framingAttempts", attempts.size());
        report.put("doubleSpend.framingRefused", refused.size());
    }

    private static Thumbprint key(Recorded recorded) {
        return recorded.certificate().statement().thumbprint();
    }
}
