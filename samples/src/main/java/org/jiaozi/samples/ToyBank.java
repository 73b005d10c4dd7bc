package org.jiaozi.samples;

import com.upokecenter.cbor.CBOREncodeOptions;
import com.upokecenter.cbor.CBORObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.bulletin.InstitutionKey;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.Entropy;
import org.jiaozi.crypto.Es256Signer;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.HpkeSealer;
import org.jiaozi.crypto.SecretKey;
import org.jiaozi.crypto.SystemEntropy;

/** Central bank and institution in one object, so that the sample needs no server. It keeps no books. */
final class ToyBank {
    static final Currency CURRENCY = new Currency("CNY");
    private static final IssuerKeyId KEY = new IssuerKeyId(new InstitutionId(1), 0);
    private static final int LARGEST_PROFILE = 65_536;

    final Es256Verifier verifier = new Es256Verifier();
    final HpkeSealer sealer;
    final Signed<Bulletin> bulletin;
    private final Entropy entropy = new SystemEntropy();
    private final Signer root = newSigner();
    private final Signer issuer = newSigner();
    private final Profile policy = shippedProfile();

    ToyBank() {
        sealer = new HpkeSealer(entropy);
        InstitutionKey key = new InstitutionKey(0, issuer.publicKey(), now(), now().plus(policy.certificateValidity()));
        InstitutionEntry entry = new InstitutionEntry(
                KEY.institution(),
                "toy",
                "Toy bank",
                List.of(key),
                sealer.newKeyPair().publicKey(),
                "");
        bulletin = Signed.by(
                root,
                new Bulletin(
                        new IssuerKeyId(InstitutionId.CENTRAL_BANK, 0),
                        1,
                        now(),
                        now().plus(policy.bulletinValidity()),
                        List.of(entry),
                        new TreeSet<>(),
                        newSigner().publicKey(),
                        policy));
    }

    PublicKey rootKey() {
        return root.publicKey();
    }

    Timestamp now() {
        return new Timestamp(InstantSource.system().instant().getEpochSecond());
    }

    Nonce nonce() {
        return new Nonce(entropy.next(Nonce.SIZE));
    }

    Signer newSigner() {
        return Es256Signer.of(SecretKey.generate(entropy));
    }

    /** A certificate with the limits of a software purse of the first tier. */
    Signed<PurseCertificate> certificate(PublicKey purse) {
        return Signed.by(
                issuer,
                new PurseCertificate(
                        KEY,
                        purse,
                        policy.tiers().getFirst().number(),
                        ElementClass.SOFTWARE,
                        CURRENCY,
                        policy.limitsFor(policy.tiers().getFirst(), ElementClass.SOFTWARE, 0, 1),
                        now(),
                        now().plus(policy.certificateValidity()),
                        0,
                        0));
    }

    /** A note for an open load. */
    Signed<Note> note(Thumbprint holder, long minor, Nonce load) {
        return Signed.by(
                issuer,
                new Note(
                        KEY,
                        1,
                        CURRENCY,
                        new Amount(minor),
                        now().plus(policy.noteValidity()),
                        policy.maxHops(),
                        holder,
                        load));
    }

    /** The default profile, which core ships as a resource. */
    private static Profile shippedProfile() {
        try (InputStream in = Objects.requireNonNull(
                Profile.class.getResourceAsStream("/org/jiaozi/core/policy/profiles/circulating.json"))) {
            CBORObject json = CBORObject.FromJSONString(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            byte[] canonical = json.EncodeToBytes(new CBOREncodeOptions("ctap2canonical=true"));
            return Profile.fromCbor(Cbor.decode(Bytes.of(canonical), LARGEST_PROFILE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
