package org.jiaozi.wallet;

import com.upokecenter.cbor.CBORObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.bulletin.InstitutionKey;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.PurseCertificate.Limits;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Period;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.HpkeSealer;
import org.jiaozi.crypto.fake.FakeCrypto;
import org.jiaozi.crypto.fake.SeededEntropy;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletContext;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.host.WalletStep;
import org.jiaozi.wallet.purse.PurseAnswer;
import org.jiaozi.wallet.purse.PurseCommand;
import org.jiaozi.wallet.purse.SoftwarePurse;

/** A root, one institution and a clock; devices are made of them. Everything follows from the seed. */
public final class World {
    public static final InstitutionId BANK = new InstitutionId(1);
    public static final InstitutionId OTHER = new InstitutionId(2);
    public static final IssuerKeyId BANK_KEY = new IssuerKeyId(BANK, 0);

    public final FakeCrypto crypto;
    public final SeededEntropy entropy;
    public final HpkeSealer sealer;
    public final Signer root;
    public final Signer bank;
    public Timestamp now = new Timestamp(1_800_000_000L);
    public Currency currency = new Currency("CNY");
    public Limits limits = new Limits(100_000, 1_000_000, 1000, 1_000_000);
    public int maxHops = 5;
    public Signed<Bulletin> bulletin;
    /** Whether the next bulletin says that the bank is gone, and lists another. */
    public boolean gone;

    private Profile profile = profile("circulating");
    private long epoch;

    public World(long seed) {
        crypto = FakeCrypto.forSimulation(seed);
        entropy = new SeededEntropy(seed);
        sealer = new HpkeSealer(entropy);
        root = crypto.signer("root");
        bank = crypto.signer("bank");
        bulletin = nextBulletin(Set.of());
    }

    /** Signs and keeps the next bulletin. */
    public Signed<Bulletin> nextBulletin(Set<Thumbprint> revoked) {
        epoch++;
        Timestamp until = now.plus(profile.bulletinValidity());
        InstitutionKey key = new InstitutionKey(0, bank.publicKey(), new Timestamp(0), new Timestamp(4_000_000_000L));
        InstitutionEntry entry = new InstitutionEntry(
                BANK, "bank-1", "Bank 1", List.of(key), sealer.newKeyPair().publicKey(), "https://bank-1");
        bulletin = Signed.by(
                root,
                new Bulletin(
                        new IssuerKeyId(InstitutionId.CENTRAL_BANK, 0),
                        epoch,
                        now,
                        until,
                        gone ? List.of(goneNow(entry), other()) : List.of(entry),
                        new TreeSet<>(revoked),
                        crypto.signer("registry").publicKey(),
                        profile));
        return bulletin;
    }

    private InstitutionEntry goneNow(InstitutionEntry e) {
        return new InstitutionEntry(e.id(), e.code(), e.name(), e.keys(), e.sealingKey(), e.url(), Optional.of(now));
    }

    private InstitutionEntry other() {
        InstitutionKey key = new InstitutionKey(
                0, crypto.signer("other").publicKey(), new Timestamp(0), new Timestamp(4_000_000_000L));
        return new InstitutionEntry(
                OTHER, "bank-2", "Bank 2", List.of(key), sealer.newKeyPair().publicKey(), "https://bank-2");
    }

    public Nonce nonce() {
        return new Nonce(entropy.next(Nonce.SIZE));
    }

    /** A device with {@code pseudonyms} certified keys and no money. */
    public Device device(String name, int pseudonyms) {
        Device device = new Device(this, name);
        List<PublicKey> keys = new ArrayList<>();
        for (int i = 0; i < pseudonyms; i++) {
            keys.add(device.newKey(name + "-" + i));
        }
        device.command(new PurseCommand.AddKeys(keys));
        device.command(new PurseCommand.InstallCertificates(
                keys.stream().map(k -> certificate(k, 0, 0)).toList()));
        return device;
    }

    public Signed<PurseCertificate> certificate(PublicKey key, long seqBase, long spentBase) {
        return certificate(bank, BANK_KEY, key, seqBase, spentBase);
    }

    /** What the other institution certifies a key with that comes to it. */
    public Signed<PurseCertificate> certificateOfOther(PublicKey key) {
        return certificate(crypto.signer("other"), new IssuerKeyId(OTHER, 0), key, 0, 0);
    }

    private Signed<PurseCertificate> certificate(
            Signer signer, IssuerKeyId issuer, PublicKey key, long seqBase, long spentBase) {
        return Signed.by(
                signer,
                new PurseCertificate(
                        issuer,
                        key,
                        4,
                        ElementClass.SOFTWARE,
                        currency,
                        limits,
                        now.minus(Period.ofDays(1)),
                        now.plus(profile.certificateValidity()),
                        seqBase,
                        spentBase));
    }

    /** A note under an open load. */
    public Signed<Note> note(Thumbprint holder, long value, Nonce load) {
        return Signed.by(
                bank,
                new Note(
                        BANK_KEY,
                        7,
                        currency,
                        new Amount(value),
                        now.plus(profile.noteValidity()),
                        maxHops,
                        holder,
                        load));
    }

    /** A wallet, its keys and its way to run commands; {@link #state} is what its disk holds. */
    public static final class Device {
        public final World world;
        public final String name;
        public WalletState state;
        private final Map<PublicKey, Signer> keys = new HashMap<>();

        private Device(World world, String name) {
            this.world = world;
            this.name = name;
            this.state = WalletState.create(
                    new WalletState.Settings(world.root.publicKey(), BANK, world.currency, ""), world.bulletin);
        }

        /** The same device twice from now on: what a cheat does. */
        public Device copy() {
            Device copy = new Device(world, name + "'");
            copy.state = state;
            copy.keys.putAll(keys);
            return copy;
        }

        public PublicKey newKey(String label) {
            Signer signer = world.crypto.signer(label);
            keys.put(signer.publicKey(), signer);
            return signer.publicKey();
        }

        public Signer signer(PublicKey key) {
            Signer signer = keys.get(key);
            if (signer == null) {
                throw new IllegalStateException("no such key in " + name);
            }
            return signer;
        }

        public WalletContext context() {
            return context(true);
        }

        public WalletContext context(boolean pin) {
            return new WalletContext(world.now, pin, world.crypto, world.sealer, this::signer, new SoftwarePurse());
        }

        public PurseAnswer command(PurseCommand command) {
            return done(Wallet.purse(state, command, context()));
        }

        /** Stores the new state and hands out the result; a refusal fails the test. */
        public <T> T done(WalletStep<T> step) {
            return switch (step) {
                case WalletStep.Done<T> d -> {
                    state = d.state();
                    yield d.result();
                }
                case WalletStep.Refused<T> r -> throw new AssertionError(name + ": " + r.refusal());
            };
        }

        public Thumbprint key(int index) {
            return state.purse().pseudonyms().get(index).thumbprint();
        }

        /** Loads {@code value} under the first key. */
        public void load(long value) {
            load(0, value);
        }

        public void load(int key, long value) {
            Nonce load = openLoad(key);
            done(Wallet.load(state, world.note(key(key), value, load), context()));
        }

        /** The nonce under which a note to this key may come. */
        public Nonce openLoad(int key) {
            return done(Wallet.openLoad(state, key(key), world.nonce(), context()));
        }

        public Bytes ask(long amount) {
            return done(Wallet.ask(
                            state, new Amount(amount), "test", world.nonce(), world.sealer.newKeyPair(), context()))
                    .encode();
        }

        public long balance() {
            return state.purse().holding().minor();
        }
    }

    /** The shipped profile of that name. */
    public static Profile profile(String name) {
        String path = "/org/jiaozi/core/policy/profiles/" + name + ".json";
        try (InputStream in = Profile.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + path);
            }
            return Profile.fromMap(
                    map(CBORObject.FromJSONString(new String(in.readAllBytes(), StandardCharsets.UTF_8))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> map(CBORObject object) {
        Map<String, Object> map = new LinkedHashMap<>();
        object.getEntries().forEach(e -> map.put(e.getKey().AsString(), plain(e.getValue())));
        return map;
    }

    private static Object plain(CBORObject object) {
        return switch (object.getType()) {
            case Map -> map(object);
            case Array -> {
                List<Object> items = new ArrayList<>();
                object.getValues().forEach(v -> items.add(plain(v)));
                yield items;
            }
            case TextString -> object.AsString();
            case Boolean -> object.AsBoolean();
            case Integer -> object.AsInt64Value();
            case Number, SimpleValue, FloatingPoint, ByteString ->
                throw new IllegalArgumentException("no such thing in a profile: " + object);
        };
    }
}
