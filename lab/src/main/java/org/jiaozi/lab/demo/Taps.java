package org.jiaozi.lab.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/** Payments between two wallets that are offline, over each transport, and the figures they leave. */
final class Taps {
    private final Path folder;
    private final SortedMap<Integer, Integer> bytesByHops = new TreeMap<>();
    private int payments;
    private int count;

    Taps(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    /** What a tap came to: paid, or the number with which payer or payee said no. */
    record Outcome(boolean paid, int refused, String why, JsonNode payment) {}

    private synchronized String next() {
        return folder.resolve("tap-" + ++count).toString();
    }

    int payments() {
        return payments;
    }

    int maxHops() {
        return bytesByHops.isEmpty() ? 0 : bytesByHops.lastKey();
    }

    /** The largest payment seen at each hop count, in bytes as sent. */
    SortedMap<Integer, Integer> bytesByHops() {
        return bytesByHops;
    }

    /** Over TCP inside the namespace without routes. */
    Outcome overStream(Device payer, Device payee, long amount) throws IOException, InterruptedException {
        Shell asking = payee.startOffline("request", Story.money(amount), "--reference", "demo", "--listen", "0");
        int port = asking.next().path("port").asInt();
        Jiaozi.Result paid = payer.offline("pay", "--yes", "--connect", "127.0.0.1:" + port);
        Jiaozi.Result got = asking.finish();
        return settle(paid, got);
    }

    /** Over QR images, one command a step. */
    Outcome overQr(Device payer, Device payee, long amount) throws IOException, InterruptedException {
        return stepwise(payer, payee, amount, "--qr-out", "--qr-in", "");
    }

    /** Over files, one command a step. */
    Outcome overFiles(Device payer, Device payee, long amount) throws IOException, InterruptedException {
        return stepwise(payer, payee, amount, "--file-out", "--file-in", ".msg");
    }

    private Outcome stepwise(Device payer, Device payee, long amount, String out, String in, String suffix)
            throws IOException, InterruptedException {
        String tap = next();
        Jiaozi.Result asked = payee.offline("request", Story.money(amount), out, tap + "-request" + suffix);
        if (!asked.ok()) {
            return no(asked);
        }
        Jiaozi.Result paid =
                payer.offline("pay", "--yes", in, tap + "-request" + suffix, out, tap + "-payment" + suffix);
        if (!paid.ok()) {
            return no(paid);
        }
        Jiaozi.Result got = payee.offline("receive", in, tap + "-payment" + suffix, out, tap + "-receipt" + suffix);
        if (Files.exists(Path.of(tap + "-receipt" + suffix))) {
            payer.offline("receipt", in, tap + "-receipt" + suffix);
        }
        return settle(paid, got);
    }

    /** What {@link #killed} saw: whether the kill happened, and whether the retries gave the same bytes. */
    record Tear(Outcome outcome, boolean killed, boolean identical) {}

    /** The payer is killed after its commit and before a byte leaves; then it pays again, twice, and the payee takes it. */
    Tear killed(Device payer, Device payee, long amount) throws IOException, InterruptedException {
        String tap = next();
        Jiaozi.Result asked = payee.offline("request", Story.money(amount), "--file-out", tap + "-request.msg");
        if (!asked.ok()) {
            return new Tear(no(asked), false, false);
        }
        Path payment = Path.of(tap + "-payment.msg");
        String[] pay = {"pay", "--yes", "--file-in", tap + "-request.msg", "--file-out", payment.toString()};
        Jiaozi.Result dead = payer.killedAt("PAY_AFTER_COMMIT", pay);
        if (dead.exit() != 137 || Files.exists(payment)) {
            return new Tear(no(dead), false, false);
        }
        Jiaozi.Result first = payer.offline(pay);
        if (!first.ok()) {
            return new Tear(no(first), true, false);
        }
        byte[] firstBytes = Files.readAllBytes(payment);
        Jiaozi.Result second = payer.offline(pay);
        boolean identical = second.ok()
                && first.json().path("repeated").asBoolean()
                && java.util.Arrays.equals(firstBytes, Files.readAllBytes(payment));
        Jiaozi.Result got =
                payee.offline("receive", "--file-in", payment.toString(), "--file-out", tap + "-receipt.msg");
        payer.offline("receipt", "--file-in", tap + "-receipt.msg");
        return new Tear(settle(first, got), true, identical);
    }

    private synchronized Outcome settle(Jiaozi.Result paid, Jiaozi.Result got) {
        if (!paid.ok() || !got.ok()) {
            return no(paid.ok() || paid.refused() == 0 ? got : paid);
        }
        payments++;
        bytesByHops.merge(
                paid.json().path("hops").asInt(), paid.json().path("bytes").asInt(), Math::max);
        return new Outcome(true, 0, "", paid.json());
    }

    private static Outcome no(Jiaozi.Result result) {
        String why = result.json().path("error").asText(result.error().strip());
        return new Outcome(false, result.refused(), why, result.json());
    }
}
