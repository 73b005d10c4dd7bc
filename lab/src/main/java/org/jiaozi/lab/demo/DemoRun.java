package org.jiaozi.lab.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jiaozi.lab.demo.Cast.Person;

/** The story, chapter by chapter. Every figure comes from what the commands answered. */
final class DemoRun implements AutoCloseable {
    /** The institution hears of a new bulletin within a second or two; a sync takes about that long. */
    private static final int MORNINGS = 6;

    private final Story story;
    private final DemoReport report;
    private final Jiaozi jiaozi;
    private final Path root;
    private final Cast cast;
    private final Servers servers;
    private final Offline offline;
    private final Taps taps;
    private final Map<Person, Device> devices = new HashMap<>();
    private final List<Device> copies = new ArrayList<>();
    private final Map<Person, String> accounts = new HashMap<>();

    DemoRun(Story story, DemoReport report, Path root, Cast cast, String profile, Offline offline) throws IOException {
        this.story = story;
        this.report = report;
        this.root = root;
        this.cast = cast;
        this.offline = offline;
        this.jiaozi = new Jiaozi(root.resolve("logs"));
        this.servers = new Servers(jiaozi, root.resolve("banks"), profile);
        this.taps = new Taps(root.resolve("taps"));
    }

    Servers servers() {
        return servers;
    }

    Device device(Person person) {
        return java.util.Objects.requireNonNull(devices.get(person));
    }

    /** Ends the processes of all devices. */
    @Override
    public void close() {
        devices.values().forEach(Device::switchOff);
        copies.forEach(Device::switchOff);
        jiaozi.close();
    }

    void play() throws IOException, InterruptedException {
        setUp();
        goOffline();
        boolean chain = payAlongTheChain();
        tear(chain);
        Device copy = doubleSpend(chain);
        // whom the demo will try to frame: somebody who paid, remembered as long as the keys of that day are at hand
        Person framed = chain ? cast.b() : cast.a();
        java.util.Set<String> framedKeys = keysOf(framed);
        Device framedThen = device(framed).cloneTo(root.resolve("devices/framed"));
        settle();
        Path evidence = conviction();
        bulletinByTap();
        new FramingChapter(story, report, jiaozi, servers, root).play(evidence, framed.name(), framedKeys, framedThen);
        everybodyHome(copy);
        Person owner = cast.e();
        ClosingChapters closing = new ClosingChapters(story, report, jiaozi, servers);
        closing.lostDevice(owner, device(owner), java.util.Objects.requireNonNull(accounts.get(owner)));
        closing.audit(taps);
        report.put("processes", jiaozi.started());
    }

    private void setUp() throws IOException, InterruptedException {
        story.chapter("A central bank, two institutions, six wallets");
        servers.start(0);
        story.line(
                "Central bank, {} and {} serve, each a process with its own database.",
                servers.code(0),
                servers.code(1));
        for (Person person : cast.everybody()) {
            devices.put(person, new Device(jiaozi, offline, root.resolve("devices/" + person.letter())));
        }
        together(cast.everybody().stream()
                .<Callable<String>>map(p -> () -> enrol(p))
                .toList());
        story.line(
                "{} enrolled; {}, the cheat, and {}, who will lose the device, too.",
                cast.a() + ", " + cast.b() + ", " + cast.c() + " and " + cast.d(),
                cast.m(),
                cast.e());
        List<Person> rich = List.of(cast.a(), cast.m(), cast.e());
        List<Callable<String>> loads = new ArrayList<>();
        for (int i = 0; i < rich.size(); i++) {
            Person person = rich.get(i);
            long amount = cast.load().get(i);
            loads.add(() -> device(person)
                    .online("load", Story.money(amount))
                    .path("note")
                    .asText());
        }
        together(loads);
        for (int i = 0; i < rich.size(); i++) {
            story.line(
                    "{} loaded {}: account money is now a note.",
                    rich.get(i),
                    Story.money(cast.load().get(i)));
        }
    }

    private String enrol(Person person) throws IOException, InterruptedException {
        Device device = device(person);
        device.online("create", "--trust", servers.trust().toString());
        JsonNode opened = jiaozi.must(
                "bank",
                "open-account",
                "--data",
                servers.data().toString(),
                "--institution",
                servers.code(person.bank()),
                "--holder",
                person.name(),
                "--tier",
                "2",
                "--balance",
                "500.00",
                "--json");
        JsonNode enrolled = device.online(
                "enroll",
                "--institution",
                servers.url(person.bank()),
                "--code",
                opened.path("code").asText(),
                "--account-key",
                device.accountKey().toString());
        synchronized (accounts) {
            accounts.put(person, enrolled.path("account").asText());
        }
        return person.name();
    }

    private void goOffline() throws IOException, InterruptedException {
        story.chapter("The networks go down");
        devices.values().forEach(Device::switchOff);
        servers.stop();
        if (servers.anythingListens()) {
            throw new DemoFailure("a server still listens");
        }
        report.put("offline.isolated", offline.isolated());
        story.line(
                offline.isolated()
                        ? "Every server is stopped, nothing listens, and the wallets have no network route."
                        : "Every server is stopped and nothing listens (namespaces are not permitted here).");
    }

    /** A to B to C to D and, if the seed says so, on. Returns whether money received could move on. */
    private boolean payAlongTheChain() throws IOException, InterruptedException {
        List<Long> chain = cast.chain();
        Taps.Outcome first = taps.overStream(device(cast.a()), device(cast.b()), chain.get(0));
        expect(first, "the first payment");
        story.line("{} pays {} {} over a stream: exact change.", cast.a(), cast.b(), Story.money(chain.get(0)));
        Taps.Outcome second = taps.overQr(device(cast.b()), device(cast.c()), chain.get(1));
        report.put("offline.respent", second.paid());
        if (!second.paid()) {
            report.put("offline.respendRefused", second.refused());
            story.line(
                    "{} cannot pay {} with it before a sync: {} under this profile.",
                    cast.b(),
                    cast.c(),
                    second.refused());
            return false;
        }
        story.line(
                "{} pays {} {} of it on, over QR images, never having synced.",
                cast.b(),
                cast.c(),
                Story.money(chain.get(1)));
        return true;
    }

    /** The third payment is torn; under profiles without re-spending the first payer makes it. */
    private void tear(boolean chain) throws IOException, InterruptedException {
        Person payer = chain ? cast.c() : cast.a();
        Taps.Tear tear =
                taps.killed(device(payer), device(cast.d()), cast.chain().get(2));
        if (chain && !tear.killed() && tear.outcome().refused() != 0) {
            story.line(
                    "{} cannot pay {} with it any more: {} under this profile.",
                    cast.c(),
                    cast.d(),
                    tear.outcome().refused());
            report.put("offline.hopsEndedWith", tear.outcome().refused());
            payer = cast.a();
            tear = taps.killed(device(payer), device(cast.d()), cast.chain().get(2));
        }
        boolean recovered = tear.killed() && tear.identical() && tear.outcome().paid();
        report.put("tears.injected", tear.killed() ? 1 : 0);
        report.put("tears.recovered", recovered ? 1 : 0);
        if (!recovered) {
            throw new DemoFailure("the torn payment was not recovered: " + tear);
        }
        story.line(
                "{} pays {} {} and is killed after its commit, before a byte leaves; started again, it sends the identical bytes.",
                payer,
                cast.d(),
                Story.money(cast.chain().get(2)));
        if (payer.equals(cast.c()) && cast.fourthHop()) {
            long amount = cast.chain().get(2) / 2;
            Taps.Outcome fourth = taps.overStream(device(cast.d()), device(cast.b()), amount);
            story.line(
                    fourth.paid()
                            ? "{} pays {} {} on: a fourth hop."
                            : "{} cannot pay {} {} on: the note's hops are used up.",
                    cast.d(),
                    cast.b(),
                    Story.money(amount));
        }
    }

    private Device doubleSpend(boolean chain) throws IOException, InterruptedException {
        story.chapter("A broken purse pays twice");
        Device cheat = device(cast.m());
        if (chain && cast.forkDepth() == 1) {
            Taps.Outcome fed = taps.overFiles(device(cast.a()), cheat, cast.fork());
            expect(fed, "the payment to the cheat");
            story.line(
                    "{} first receives {} from {}: it will fork money it was paid.",
                    cast.m(),
                    Story.money(cast.fork()),
                    cast.a());
        }
        Device copy = cheat.cloneTo(root.resolve("devices/M-copy"));
        copies.add(copy);
        story.line("{}'s wallet is copied, its anti-rollback mark included.", cast.m());
        Person one = cast.receiver(cast.victims().get(0));
        Person other = cast.receiver(cast.victims().get(1));
        // four wallets that know nothing of each other, so both payments run side by side
        List<Taps.Outcome> both = together(List.of(
                () -> taps.overFiles(cheat, device(one), cast.fork()),
                () -> taps.overFiles(copy, device(other), cast.fork())));
        expect(both.get(0), "the cheat's first payment");
        expect(both.get(1), "the cheat's second payment");
        report.put("doubleSpend.attempted", 1);
        story.line(
                "Both copies pay the same {}: one to {}, one to {}. Offline, both look sound.",
                Story.money(cast.fork()),
                one,
                other);
        report.put("offline.payments", taps.payments());
        report.put("offline.maxHops", taps.maxHops());
        return copy;
    }

    private void settle() throws IOException, InterruptedException {
        story.chapter("The networks return");
        servers.start(0);
        for (int index : cast.syncOrder()) {
            Person person = cast.receiver(index);
            JsonNode synced = device(person)
                    .online("sync", "--keep", index == cast.syncOrder().getLast() ? "1.00" : "0");
            story.line(
                    "{} syncs: {} credited, balance {}.",
                    person,
                    Story.money(synced.path("credited").asLong()),
                    Story.money(synced.path("balance").asLong()));
            if (index == cast.victims().get(1) && synced.path("withheld").asLong() != 0) {
                throw new DemoFailure("an honest payee goes without");
            }
        }
    }

    private Path conviction() throws IOException, InterruptedException {
        List<Evidenced> convictions = Registry.convictions(servers);
        report.put("doubleSpend.convicted", convictions.size());
        if (convictions.size() != 1) {
            throw new DemoFailure(convictions.size() + " convictions where one was due");
        }
        Path file = Files.write(
                root.resolve("evidence.cbor"), convictions.getFirst().file());
        JsonNode verdict = jiaozi.must(
                "evidence",
                "verify",
                file.toString(),
                "--trust",
                servers.trust().toString(),
                "--json");
        JsonNode keys = device(cast.m()).offline("show").json().path("keys");
        boolean guilty = false;
        for (JsonNode key : keys) {
            guilty |= key.path("key").asText().equals(verdict.path("convicted").asText());
        }
        report.put("doubleSpend.framed", guilty ? 0 : 1);
        if (!guilty) {
            throw new DemoFailure("somebody else than the cheat was convicted");
        }
        report.put("doubleSpend.evidence", file.toString());
        story.line(
                "The second branch surfaced last. {} is convicted by two signatures of one key, blocked and revoked; both payees are whole.",
                cast.m());
        boolean blocked =
                Registry.blocked(jiaozi, servers, cast.m(), java.util.Objects.requireNonNull(accounts.get(cast.m())));
        report.put("doubleSpend.blocked", blocked);
        return file;
    }

    /** A has not synced since; the last to sync carries the bulletin to it in a payment of 1.00. */
    private void bulletinByTap() throws IOException, InterruptedException {
        story.chapter("The news travels by tap");
        Person fresh = cast.receiver(cast.syncOrder().getLast());
        long before = device(cast.a()).offline("show").json().path("epoch").asLong();
        long known = 0;
        for (int attempt = 0; known <= before && attempt < MORNINGS; attempt++) {
            known = device(fresh).online("sync", "--keep", "1.00").path("epoch").asLong();
        }
        story.line("{} syncs once more and has bulletin {}, which revokes {}.", fresh, known, cast.m());
        Taps.Outcome tap = taps.overStream(device(cast.a()), device(fresh), 100);
        long after = device(cast.a()).offline("show").json().path("epoch").asLong();
        report.put("bulletin.carriedByTap", after > before);
        story.line(
                "{} pays {} 1.00 and takes bulletin {} in place of {} from it, without any network.",
                cast.a(),
                fresh,
                after,
                before);
        Taps.Outcome refused = taps.overFiles(device(cast.m()), device(cast.a()), 100);
        report.put("doubleSpend.refusedOffline", refused.refused());
        if (after <= before || !tap.paid() || refused.paid()) {
            throw new DemoFailure("the revoked purse was not refused offline: " + tap + " " + refused);
        }
        story.line("{} tries to pay {} and is refused: {}, revoked.", cast.m(), cast.a(), refused.refused());
    }

    private void everybodyHome(Device copy) throws IOException, InterruptedException {
        List<Person> rest =
                new ArrayList<>(List.of(cast.a(), cast.receiver(cast.syncOrder().getLast())));
        together(rest.stream()
                .<Callable<JsonNode>>map(p -> () -> device(p).online("sync", "--keep", "0"))
                .toList());
        Jiaozi.Result caught = copy.tryOnline("sync", "--keep", "0");
        story.line(
                "{} and {} sync what is left; {}'s own sync {}.",
                rest.get(0),
                rest.get(1),
                cast.m(),
                caught.ok() ? "pays towards its debt" : "is refused (" + caught.refused() + ")");
    }

    private java.util.Set<String> keysOf(Person person) throws IOException, InterruptedException {
        java.util.Set<String> keys = new java.util.HashSet<>();
        device(person)
                .offline("show")
                .json()
                .path("keys")
                .forEach(k -> keys.add(k.path("key").asText()));
        return keys;
    }

    private static void expect(Taps.Outcome outcome, String what) {
        if (!outcome.paid()) {
            throw new DemoFailure(what + " was refused: " + outcome.refused() + " " + outcome.why());
        }
    }

    /** Runs steps of different wallets side by side. */
    private static <T> List<T> together(List<Callable<T>> steps) throws IOException, InterruptedException {
        List<T> answers = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(3)) {
            for (Future<T> done : executor.invokeAll(steps)) {
                answers.add(done.get());
            }
            return answers;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DemoFailure failure) {
                throw failure;
            }
            throw new IOException(e.getCause());
        }
    }
}
