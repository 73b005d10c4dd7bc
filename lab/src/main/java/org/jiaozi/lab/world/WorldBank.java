package org.jiaozi.lab.world;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jiaozi.bank.registry.Draft;
import org.jiaozi.bank.registry.Effect;
import org.jiaozi.bank.registry.Netting;
import org.jiaozi.bank.registry.Operations;
import org.jiaozi.bank.registry.Registry;
import org.jiaozi.bank.registry.RegistryContext;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.bulletin.InstitutionKey;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.policy.RegionalOverride;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/** The central bank of a world: root, bulletins, and the registry over a record in memory. Not thread-safe. */
final class WorldBank {
    static final Currency CURRENCY = new Currency("CNY");
    static final long QUOTA = 1;
    /** Where the disaster is. */
    static final String REGION = "CN-51";

    static final long RESERVE = 1L << 40;
    static final long LIMIT = RESERVE / 2;
    /** More than the cap for one culprit, and so little that two use it up. */
    private static final long FUND = 90_000;

    private static final IssuerKeyId ROOT = new IssuerKeyId(InstitutionId.CENTRAL_BANK, 0);
    private static final Timestamp FAR = new Timestamp(4_000_000_000L);

    private final WorldCrypto crypto;
    private final Profile policy;
    private final Signer root;
    private final Signer registry;
    private final List<House> houses;
    private final TreeSet<Thumbprint> revoked = new TreeSet<>();
    private Draft record = Draft.inMemory();
    private int funded;
    private final java.util.Set<Signed<Bulletin>> published = new java.util.HashSet<>();
    private Signed<Bulletin> bulletin;
    private Offers offers;

    WorldBank(WorldCrypto crypto, Profile policy, int institutions, Timestamp now) {
        this.crypto = crypto;
        this.policy = policy;
        this.root = crypto.newKey("root");
        this.registry = crypto.newKey("registry");
        List<House> founded = new ArrayList<>();
        for (int i = 1; i <= institutions; i++) {
            founded.add(new House(
                    new InstitutionId(i),
                    crypto.newKey("institution " + i),
                    crypto.sealer().newKeyPair()));
        }
        this.houses = List.copyOf(founded);
        this.bulletin = sign(1, now);
        this.offers = new Offers(bulletin);
    }

    /** A shipped profile by name; {@code disaster} is the circulating one with a relief from now on. */
    static Profile profile(String name, Timestamp now) {
        if (name.equals("disaster")) {
            return profile("circulating", now)
                    .withOverride(new RegionalOverride(
                            REGION, now, now.plus(org.jiaozi.core.value.Period.ofDays(60)), 8, 2_000));
        }
        String path = "/org/jiaozi/core/policy/profiles/" + name + ".json";
        try (InputStream in = Profile.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalArgumentException("no profile called " + name);
            }
            Map<?, ?> settings = new ObjectMapper().readValue(in, Map.class);
            Map<String, Object> named = new LinkedHashMap<>();
            settings.forEach((key, value) -> named.put(String.valueOf(key), value));
            // so low that small worlds reach them
            named.put("guaranteeCapPerCulprit", 60_000);
            named.put("reviewAbove", 40_000);
            return Profile.fromMap(named);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reserves, quotas and the guarantee fund, as effects. */
    List<Effect> founding() {
        return founding(RESERVE);
    }

    /** The same with so much in each reserve. */
    List<Effect> founding(long reserve) {
        int from = record.effects().size();
        for (House house : houses) {
            record.putAll(Operations.fundReserve(record, house.id(), CURRENCY, new Amount(reserve), "start"));
            record.putAll(Operations.setQuota(record, house.id(), QUOTA, CURRENCY, new Amount(LIMIT)));
            record.putAll(Operations.contribute(record, house.id(), CURRENCY, new Amount(FUND / houses.size()), "start")
                    .orElseThrow());
        }
        List<Effect> all = record.effects();
        return all.subList(from, all.size());
    }

    /** Forgets everything, for another order of the same requests. */
    void startOver() {
        record = Draft.inMemory();
    }

    private Signed<Bulletin> sign(long epoch, Timestamp now) {
        List<InstitutionEntry> entries = new ArrayList<>();
        for (House house : houses) {
            entries.add(new InstitutionEntry(
                    house.id(),
                    "bank-" + house.id(),
                    "Bank " + house.id(),
                    List.of(new InstitutionKey(0, house.signer().publicKey(), new Timestamp(0), FAR)),
                    house.sealing().publicKey(),
                    ""));
        }
        Timestamp next = now.plus(policy.bulletinValidity());
        Signed<Bulletin> signed =
                Signed.by(root, new Bulletin(ROOT, epoch, now, next, entries, revoked, registry.publicKey(), policy));
        published.add(signed);
        return signed;
    }

    /** Whether a bulletin is one that the root really signed. */
    boolean published(Signed<Bulletin> held) {
        return published.contains(held);
    }

    /** Whether a note is on record. */
    boolean registered(Signed<Note> note) {
        return record.note(note.hash()).isPresent();
    }

    /** Signs the next bulletin. */
    void publish(Timestamp now) {
        bulletin = sign(bulletin.statement().epoch() + 1, now);
        offers = new Offers(bulletin);
    }

    private RegistryContext context(Timestamp now) {
        return new RegistryContext(now, bulletin, root.publicKey(), crypto.verifier(), ROOT, registry);
    }

    /** Checks what a request carries. It looks at no record and at no revocation, so it holds at any time. */
    Registry.Prepared prepare(InstitutionId caller, BankRequest request, Timestamp now) {
        return Registry.prepare(caller, request, context(now));
    }

    /** Decides; nothing is on record yet. */
    Registry.Decision decide(Registry.Prepared prepared, Timestamp now) {
        return Registry.decide(prepared, record, context(now));
    }

    /** Makes a decision's effects durable; a revocation is followed by the next bulletin. */
    void commit(List<Effect> effects, Timestamp now) {
        record.putAll(effects);
        boolean fresh = false;
        for (Effect effect : effects) {
            if (effect instanceof Effect.KeyRevoked e) {
                fresh |= revoked.add(e.key());
            }
        }
        if (fresh) {
            publish(now);
        }
    }

    /** A person has looked at everything that was withheld. */
    List<Effect> release() {
        List<Effect> released = new ArrayList<>();
        for (Effect effect : record.effects()) {
            if (effect instanceof Effect.WithheldKept w && !w.released()) {
                List<Effect> more = Operations.release(record, w.deposit());
                record.putAll(more);
                released.addAll(more);
            }
        }
        return released;
    }

    /** Sets a quota: to what is outstanding under it, or to what it was at first. */
    List<Effect> quota(House house, boolean usedUp) {
        Amount used = record.quota(house.id(), QUOTA, CURRENCY).orElseThrow().used();
        return Operations.setQuota(record, house.id(), QUOTA, CURRENCY, usedUp ? used : new Amount(LIMIT));
    }

    /** Puts money into a reserve, as an operator does. */
    List<Effect> fund(House house, long amount) {
        return Operations.fundReserve(record, house.id(), CURRENCY, new Amount(amount), "fund " + ++funded);
    }

    List<Effect> net() {
        return Netting.close(record);
    }

    House house(InstitutionId id) {
        return houses.get(id.number() - 1);
    }

    List<House> houses() {
        return houses;
    }

    Signed<Bulletin> bulletin() {
        return bulletin;
    }

    /** The bulletin in force as bytes. */
    Offers offers() {
        return offers;
    }

    Profile policy() {
        return policy;
    }

    Bytes rootKey() {
        return root.publicKey().compressed();
    }

    Bytes registryKey() {
        return registry.publicKey().compressed();
    }

    PublicKey root() {
        return root.publicKey();
    }

    List<Effect> effects() {
        return record.effects();
    }
}
