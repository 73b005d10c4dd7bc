package org.jiaozi.lab.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jiaozi.lab.demo.Cast.Person;

/** The end of the story: the lost wallet's money comes back, and the books are audited. */
final class ClosingChapters {
    private final Story story;
    private final DemoReport report;
    private final Jiaozi jiaozi;
    private final Servers servers;

    ClosingChapters(Story story, DemoReport report, Jiaozi jiaozi, Servers servers) {
        this.story = story;
        this.report = report;
        this.jiaozi = jiaozi;
        this.servers = servers;
    }

    /** The device is reported lost; after expiry and grace the account has the money back. */
    void lostDevice(Person owner, Device lost, String account) throws IOException, InterruptedException {
        story.chapter("A lost wallet");
        long held = lost.offline("show").json().path("holding").asLong();
        lost.destroy();
        String[] who = {
            "--account-key", lost.accountKey().toString(),
            "--institution", servers.url(owner.bank()),
            "--trust", servers.trust().toString()
        };
        lost.online(words("report-lost", who));
        JsonNode early = lost.online(words("claim", with(who, "--account", account)));
        if (early.path("returned").asLong() != 0) {
            throw new DemoFailure("a lost wallet's money came back before expiry and grace");
        }
        long wait = early.path("due").asLong() - System.currentTimeMillis() / 1000 + 86_400;
        servers.stop();
        servers.start(wait);
        who[3] = servers.url(owner.bank());
        List<String> shifted = new ArrayList<>(List.of(words("claim", with(who, "--account", account))));
        shifted.addAll(List.of("--clock-offset", Long.toString(wait)));
        JsonNode claimed = lost.online(shifted.toArray(String[]::new));
        report.put("lost.held", held);
        report.put("lost.returned", claimed.path("returned").asLong());
        if (claimed.path("returned").asLong() != held) {
            throw new DemoFailure("of " + held + " lost " + claimed + " came back");
        }
        story.line(
                "{}'s wallet is gone with {} in it. {} days later, past expiry and grace, the account has it back.",
                owner,
                Story.money(held),
                wait / 86_400);
    }

    /** The last netting cycle, and the audit. */
    void audit(Taps taps) throws IOException, InterruptedException {
        story.chapter("The books");
        jiaozi.must("central", "net", "--data", servers.data().toString(), "--json");
        JsonNode audit = jiaozi.must("audit", "--data", servers.data().toString(), "--json");
        JsonNode supply = audit.path("supply");
        for (String figure : List.of("issued", "redeemed", "refunded", "outstanding")) {
            report.put("supply." + figure, supply.path(figure).asLong());
        }
        report.put("supply.balanced", supply.path("balanced").asBoolean());
        story.line(
                "Audit: issued {} = redeemed {} + refunded {} + outstanding {}; {}.",
                Story.money(supply.path("issued").asLong()),
                Story.money(supply.path("redeemed").asLong()),
                Story.money(supply.path("refunded").asLong()),
                Story.money(supply.path("outstanding").asLong()),
                supply.path("balanced").asBoolean() ? "every book balances" : "THE BOOKS DO NOT BALANCE");
        taps.bytesByHops().forEach((hops, bytes) -> report.put("sizes.paymentBytes." + hops, bytes));
        story.line("A payment took {} bytes (by hops, sealed).", taps.bytesByHops());
    }

    private static String[] with(String[] options, String... more) {
        return java.util.stream.Stream.concat(java.util.Arrays.stream(options), java.util.Arrays.stream(more))
                .toArray(String[]::new);
    }

    private static String[] words(String command, String... more) {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }
}
