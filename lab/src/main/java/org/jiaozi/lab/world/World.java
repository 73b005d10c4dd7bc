package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jiaozi.bank.institution.AccountState.Block;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.lab.audit.JdkP256;
import org.jiaozi.lab.audit.KeyCheck;
import org.jiaozi.lab.judge.Judge;
import org.jiaozi.wallet.host.WalletContext;

/** One seeded world. {@link #run} lives it to its end or to the first thing that does not hold. Not thread-safe. */
public final class World {
    static final Timestamp START = new Timestamp(1_800_000_000L);
    /** Rarer than once in so many effects a server dies. */
    private static final int SERVER_LIFE = 70;

    static final List<String> PROFILES = Policies.all();
    private static final int FOUNDING = -1;
    private static final int FRAMES = 8;

    private final WorldOptions options;
    private final Dice dice;
    private final WorldCrypto crypto;
    private final String profile;
    private final WorldBank bank;
    private final CentralBank central;
    private final Map<House, Teller> tellers = new LinkedHashMap<>();
    private final Network network = new Network(this);
    private final Wire wire = new Wire(this);
    private final Online online = new Online(this);
    private final Owners owners = new Owners(this);
    private final Accidents accidents = new Accidents(this);
    private final Rogues rogues = new Rogues(this);
    private final MadeUpKeys madeUp = new MadeUpKeys(this);
    private final Acts acts;
    private final Witness witness = new Witness();
    private final Judge judge;
    private final Tally tally = new Tally();
    private final Story story;
    private final List<Device> devices = new ArrayList<>();
    private final Map<String, List<Device>> byPurse = new HashMap<>();
    private final Map<Device, Watched> elements = new HashMap<>();
    private final Set<House> cutOff = new HashSet<>();
    private final Set<Signed<Note>> unregistered = new HashSet<>();
    private Timestamp now = START;
    private boolean calm = true;
    private int step;

    /**
     * A world before its first step.
     *
     * @param told whether its story is kept
     */
    public World(WorldOptions options, boolean told) {
        this.options = options;
        this.dice = new Dice(options.seed());
        dice.turn(FOUNDING);
        this.story = new Story(told);
        this.crypto = new WorldCrypto(options.seed(), options.realCrypto(), dice);
        String drawn = dice.pick(PROFILES);
        this.profile = options.profile().orElse(drawn);
        this.bank = new WorldBank(crypto, WorldBank.profile(profile, now), 2 + dice.below(3), now);
        this.acts = new Acts(this);
        this.central = new CentralBank(this);
        this.judge = newJudge();
    }

    /** A judge that has seen nothing of this world but its bulletin. */
    Judge newJudge() {
        // the platform's own verifier would hide its own mistakes; what costs a hash only it can verify
        KeyCheck check = options.realCrypto()
                ? new JdkP256()
                : (key, message, signature) -> Signature.isNormal(signature)
                        && crypto.verifier().verify(new PublicKey(key), message, new Signature(signature));
        return new Judge(
                check, bank.rootKey(), bank.registryKey(), bank.offers().whole());
    }

    /** Lives all steps, lets everybody settle, and files the same again in two other orders. */
    public WorldReport run() {
        return live(true);
    }

    /** The same in one order of arrival only. */
    public WorldReport live() {
        return live(false);
    }

    private WorldReport live(boolean otherOrders) {
        List<String> breaches = new ArrayList<>();
        try {
            story.founding();
            int purses = purses();
            witness.record(judge, bank.founding(reserve(purses)), now);
            bank.houses().forEach(house -> tellers.put(house, new Teller(this, house)));
            new Founding(this).found(purses);
            breaches.addAll(judge.endOfStep());
            calm = false;
            while (breaches.isEmpty() && step < options.steps()) {
                step++;
                one();
                tellers.values().forEach(Teller::endOfStep);
                breaches.addAll(judge.endOfStep());
            }
            if (breaches.isEmpty()) {
                calm = true;
                dice.turn(-2);
                story.closing();
                new Closing(this).run();
                tellers.values().forEach(Teller::endOfStep);
                breaches.addAll(judge.close());
            }
            if (breaches.isEmpty() && otherOrders) {
                breaches.addAll(new Orders(this).differences());
            }
        } catch (RuntimeException e) {
            breaches.addAll(judge.endOfStep());
            breaches.add("the platform's own code threw " + e + at(e));
        }
        return new WorldReport(
                options, profile, devices.size(), step, tally, judge.culprits().size(), breaches, story);
    }

    private static String at(RuntimeException e) {
        return Stream.of(e.getStackTrace())
                .limit(FRAMES)
                .map(frame -> " at " + frame.getFileName() + ":" + frame.getLineNumber())
                .reduce("", String::concat);
    }

    /** In some worlds institutions have less in their reserves than their customers want to load. */
    private long reserve(int purses) {
        return dice.chance(70)
                ? WorldBank.RESERVE
                : Math.multiplyExact(dice.between(200_000, 2_000_000), purses)
                        / bank.houses().size();
    }

    private int purses() {
        int kind = dice.below(200);
        int drawn = kind < 120
                ? 5 + dice.below(8)
                : kind < 180 ? 20 + dice.below(60) : kind < 199 ? 100 + dice.below(300) : 1_000 + dice.below(1_000);
        return options.purses() > 0 ? options.purses() : drawn;
    }

    private void one() {
        dice.turn(step);
        if (options.leftOut().contains(step)) {
            return;
        }
        now = new Timestamp(now.seconds() + dice.below(15));
        story.turn(step, now.seconds());
        acts.one();
    }

    /** A server may die here. */
    void mayDie(String who) {
        if (!calm && dice.oneIn(SERVER_LIFE)) {
            tally.count(Tally.Event.SERVER_CRASH);
            throw new Died(who);
        }
    }

    /** For a while nothing goes wrong. */
    void quietly(Runnable acts) {
        calm = true;
        try {
            acts.run();
        } finally {
            calm = false;
        }
    }

    WalletContext context(Device device) {
        return new WalletContext(
                new Timestamp(now.seconds() + device.skewSeconds()),
                true,
                crypto.verifier(),
                crypto.sealer(),
                crypto::signer,
                elements.computeIfAbsent(device, d -> new Watched(this, d)));
    }

    void add(Device device) {
        devices.add(device);
        byPurse.computeIfAbsent(device.purse(), p -> new ArrayList<>(1)).add(device);
    }

    /** All devices that share a purse's name. */
    List<Device> copiesOf(String purse) {
        return byPurse.getOrDefault(purse, List.of());
    }

    /** A fresh key for a device; the judge knows whose it is. */
    PublicKey newKey(Device device) {
        // by its place in the world and not by a count, so that steps left out change no other step's keys
        PublicKey key =
                crypto.newKey(device.purse() + " key " + dice.nonce().hex()).publicKey();
        judge.key(device.purse(), key.thumbprint().hex());
        return key;
    }

    /** Whether an institution forgets to register a note; the same note is forgotten for good. */
    boolean rogueIssuer(Signed<Note> note) {
        if (dice.oneIn(30)) {
            unregistered(note);
        }
        return unregistered.contains(note);
    }

    /** A note goes from hand to hand that its institution owes whether it is on record or not. */
    void unregistered(Signed<Note> note) {
        unregistered.add(note);
        judge.unregistered(witness.note(note));
    }

    /** What is owed of notes that no record knows. */
    long unregistered(House house) {
        return unregistered.stream()
                .filter(n -> n.statement().issuer().equals(house.keyId()) && !bank.registered(n))
                .mapToLong(n -> n.statement().value().minor())
                .reduce(0, Math::addExact);
    }

    boolean isCutOff(House house) {
        return cutOff.contains(house);
    }

    void cutOff(House house, boolean away) {
        if (away) {
            cutOff.add(house);
        } else {
            cutOff.remove(house);
        }
    }

    void pass(long seconds) {
        now = new Timestamp(now.seconds() + seconds);
    }

    Teller teller(House house) {
        return java.util.Objects.requireNonNull(tellers.get(house));
    }

    List<Teller> tellers() {
        return List.copyOf(tellers.values());
    }

    boolean calm() {
        return calm;
    }

    List<Device> devices() {
        return devices;
    }

    /** Somebody, most often one who can still take part. */
    Device anybody() {
        for (int i = 0; i < 4; i++) {
            Device device = dice.pick(devices);
            if (!device.lost() && device.account().block != Block.CONVICTED) {
                return device;
            }
        }
        return dice.pick(devices);
    }

    Dice dice() {
        return dice;
    }

    WorldCrypto crypto() {
        return crypto;
    }

    /** The registry as it stands. */
    public WorldBank bank() {
        return bank;
    }

    CentralBank central() {
        return central;
    }

    Network network() {
        return network;
    }

    /** One of the servers. */
    Server server() {
        return dice.chance(40) ? central.server() : dice.pick(tellers()).server();
    }

    /** Between institutions and the central bank. */
    Wire wire() {
        return wire;
    }

    Online online() {
        return online;
    }

    Owners owners() {
        return owners;
    }

    Accidents accidents() {
        return accidents;
    }

    Rogues rogues() {
        return rogues;
    }

    MadeUpKeys madeUp() {
        return madeUp;
    }

    Acts acts() {
        return acts;
    }

    Judge judge() {
        return judge;
    }

    Witness witness() {
        return witness;
    }

    Tally tally() {
        return tally;
    }

    Story story() {
        return story;
    }

    Timestamp now() {
        return now;
    }

    Nonce nonce() {
        return dice.nonce();
    }
}
