package org.jiaozi.core.testing;

import com.upokecenter.cbor.CBORObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.bulletin.InstitutionKey;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.PurseCertificate.Limits;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/** A root, institutions and purses named by text, and the statements they make. */
public final class TestWorld {
    public static final Timestamp NOW = new Timestamp(1_800_000_000L);
    public static final Timestamp FAR = new Timestamp(1_900_000_000L);

    private TestWorld() {}

    /** The shipped profile or override file, as a JSON parser gives it. */
    public static Map<String, Object> profileFile(String file) {
        String path = "/org/jiaozi/core/policy/profiles/" + file;
        try (InputStream in = Profile.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + path);
            }
            return map(CBORObject.FromJSONString(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Profile profile(String name) {
        return Profile.fromMap(profileFile(name + ".json"));
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

    /** An institution whose key generation g is called {@code bank-ID-g}. */
    public static InstitutionEntry institution(int id, int... generations) {
        List<InstitutionKey> keys = new ArrayList<>();
        for (int g : generations) {
            keys.add(new InstitutionKey(g, TestKeys.key("bank-" + id + "-" + g), NOW, FAR));
        }
        return new InstitutionEntry(
                new InstitutionId(id), "bank-" + id, "Bank " + id, keys, bytes("seal-" + id, 32), "https://bank-" + id);
    }

    /** A bulletin by the key called {@code root}. */
    public static Bulletin bulletin(long epoch, Set<Thumbprint> revoked, InstitutionEntry... institutions) {
        return new Bulletin(
                new IssuerKeyId(InstitutionId.CENTRAL_BANK, 0),
                epoch,
                new Timestamp(NOW.seconds() + epoch),
                FAR,
                List.of(institutions),
                new TreeSet<>(revoked),
                TestKeys.key("registry"),
                profile("circulating"));
    }

    public static Signed<Bulletin> signed(Bulletin bulletin) {
        return Signed.by(TestKeys.signer("root"), bulletin);
    }

    /** A certificate of institution 1 for the purse called {@code name}, signed by the key called {@code signer}. */
    public static Signed<PurseCertificate> certificate(String name, IssuerKeyId issuer, String signer) {
        return Signed.by(
                TestKeys.signer(signer),
                new PurseCertificate(
                        issuer,
                        TestKeys.key(name),
                        4,
                        ElementClass.SOFTWARE,
                        new Currency("CNY"),
                        new Limits(100_000, 250_000, 50, 250_000),
                        NOW,
                        FAR,
                        0,
                        0));
    }

    /** A transfer of one range. */
    public static Transfer transfer(String parent, int index, long lo, long hi, String payee, String nonce, long seq) {
        return transfer(hash(parent), index, lo, hi, payee, nonce, seq);
    }

    /** A transfer of one range of a known parent. */
    public static Transfer transfer(Hash parent, int index, long lo, long hi, String payee, String nonce, long seq) {
        return new Transfer(
                List.of(new TransferInput(new SliceRef(parent, index), new Range(lo, hi))),
                TestKeys.key(payee).thumbprint(),
                nonce(nonce),
                seq,
                1000,
                NOW);
    }

    public static Hash hash(String text) {
        return Sha256.hash(text.getBytes(StandardCharsets.UTF_8));
    }

    public static Nonce nonce(String text) {
        return new Nonce(bytes(text, Nonce.SIZE));
    }

    private static Bytes bytes(String text, int length) {
        return hash(text).bytes().slice(0, length);
    }
}
