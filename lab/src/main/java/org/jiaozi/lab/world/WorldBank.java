package org.jiaozi.lab.world;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jiaozi.bank.registry.Draft;
import org.jiaozi.bank.registry.Effect;
import org.jiaozi.bank.registry.Operations;
import org.jiaozi.bank.registry.Registry;
import org.jiaozi.bank.registry.RegistryContext;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.bulletin.InstitutionKey;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Timestamp;

/** The central bank of a world: root, bulletins, and the registry over a record in memory. Not thread-safe. */
final class WorldBank {
    static final Currency CURRENCY = new Currency("CNY");
    static final long QUOTA = 1;
    private static final Amount RESERVE = new Amount(100_000_000);
    private static final Amount CONTRIBUTION = new Amount(500_000);
    private static final IssuerKeyId ROOT = new IssuerKeyId(InstitutionId.CENTRAL_BANK, 0);
    private static final Timestamp FAR = new Timestamp(4_000_000_000L);

    private final WorldCrypto crypto;
    private final Profile profile;
    private final Timestamp start;
    private final Signer root;
    private final Signer registry;
    private final List<House> houses;
    private Draft record = Draft.inMemory();
    private Signed<Bulletin> bulletin;

    WorldBank(WorldCrypto crypto, Timestamp start) {
        this.crypto = crypto;
        this.profile = profile("circulating");
        this.start = start;
        this.root = crypto.newKey("root");
        this.registry = crypto.newKey("registry");
        this.houses = List.of(
                new House(new InstitutionId(1), crypto.newKey("institution 1")),
                new House(new InstitutionId(2), crypto.newKey("institution 2")));
        this.bulletin = sign(1);
        found();
    }

    /** A shipped profile by name. */
    static Profile profile(String name) {
        String path = "/org/jiaozi/core/policy/profiles/" + name + ".json";
        try (InputStream in = Profile.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalArgumentException("no profile called " + name);
            }
            Map<?, ?> settings = new ObjectMapper().readValue(in, Map.class);
            Map<String, Object> named = new java.util.LinkedHashMap<>();
            settings.forEach((key, value) -> named.put(String.valueOf(key), value));
            return Profile.fromMap(named);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void found() {
        for (House house : houses) {
            record.putAll(Operations.fundReserve(record, house.id(), CURRENCY, RESERVE, "start"));
            record.putAll(Operations.setQuota(record, house.id(), QUOTA, CURRENCY, RESERVE));
            record.putAll(Operations.contribute(record, house.id(), CURRENCY, CONTRIBUTION, "start")
                    .orElseThrow());
        }
    }

    /** The same bank with nothing but {@code notes} on record, for another order of the same filings. */
    void startOver(List<Signed<Note>> notes) {
        record = Draft.inMemory();
        found();
        notes.forEach(note -> register(note, start));
    }

    private Signed<Bulletin> sign(long epoch) {
        TreeSet<org.jiaozi.core.value.Thumbprint> revoked = new TreeSet<>();
        for (Effect effect : record.effects()) {
            if (effect instanceof Effect.KeyRevoked e) {
                revoked.add(e.key());
            }
        }
        List<InstitutionEntry> entries = new ArrayList<>();
        for (House house : houses) {
            entries.add(new InstitutionEntry(
                    house.id(),
                    "bank-" + house.id(),
                    "Bank " + house.id(),
                    List.of(new InstitutionKey(0, house.signer().publicKey(), new Timestamp(0), FAR)),
                    house.signer().publicKey().thumbprint().bytes(),
                    ""));
        }
        Timestamp issued = new Timestamp(start.seconds() + epoch);
        return Signed.by(root, new Bulletin(ROOT, epoch, issued, FAR, entries, revoked, registry.publicKey(), profile));
    }

    /** Signs the next bulletin. */
    void publish() {
        bulletin = sign(bulletin.statement().epoch() + 1);
    }

    /** Has the registry decide, and makes its effects durable. */
    BankAnswer ask(House caller, BankRequest request, Timestamp now) {
        RegistryContext context =
                new RegistryContext(now, bulletin, root.publicKey(), crypto.verifier(), ROOT, registry);
        Registry.Decision decision = Registry.decide(Registry.prepare(caller.id(), request, context), record, context);
        record.putAll(decision.effects());
        return decision.answer();
    }

    void register(Signed<Note> note, Timestamp now) {
        House issuer = house(note.statement().issuer().institution());
        if (ask(issuer, new BankRequest.RegisterNote(note), now) instanceof BankAnswer.Refused no) {
            throw new IllegalStateException("a note is refused: " + no.refusal());
        }
    }

    /** A person has looked at everything that was withheld. */
    void releaseAll() {
        for (Effect effect : record.effects()) {
            if (effect instanceof Effect.WithheldKept w && !w.released()) {
                record.putAll(Operations.release(record, w.deposit()));
            }
        }
    }

    /** Each convicted key's institution reports what it took from the culprit. */
    void recover(Dice dice, Timestamp now) {
        for (Effect.ConvictionSet c : convictions()) {
            Amount taken = new Amount(dice.between(0, c.owed().minor()));
            ask(house(c.certifier()), new BankRequest.ReportRecovery(c.culprit(), taken), now);
        }
    }

    /** Convictions as they stand now. */
    List<Effect.ConvictionSet> convictions() {
        Map<org.jiaozi.core.value.Thumbprint, Effect.ConvictionSet> latest = new java.util.TreeMap<>();
        for (Effect effect : record.effects()) {
            if (effect instanceof Effect.ConvictionSet c) {
                latest.put(c.culprit(), c);
            }
        }
        return List.copyOf(latest.values());
    }

    House house(InstitutionId id) {
        return houses.stream().filter(h -> h.id().equals(id)).findFirst().orElseThrow();
    }

    List<House> houses() {
        return houses;
    }

    Signed<Bulletin> bulletin() {
        return bulletin;
    }

    Profile policy() {
        return profile;
    }

    Bytes rootKey() {
        return root.publicKey().compressed();
    }

    Bytes registryKey() {
        return registry.publicKey().compressed();
    }

    org.jiaozi.core.crypto.PublicKey root() {
        return root.publicKey();
    }

    List<Effect> effects() {
        return record.effects();
    }
}
