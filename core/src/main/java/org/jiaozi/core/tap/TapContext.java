package org.jiaozi.core.tap;

import java.util.Optional;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.BulletinChain;
import org.jiaozi.core.bulletin.BulletinDelta;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.lineage.LineageCheck;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Timestamp;

/**
 * What one side of a tap knows at a step, the world being an argument.
 *
 * @param now this side's clock
 * @param region ISO 3166 code for regional rules, {@code ""} if none
 * @param verifier checks signatures
 * @param sealer opens payments
 * @param bulletin the one in hand
 * @param rootKey the one central bank this side trusts
 */
public record TapContext(
        Timestamp now,
        String region,
        SignatureVerifier verifier,
        Sealer sealer,
        Signed<Bulletin> bulletin,
        PublicKey rootKey) {

    public Profile policy() {
        return bulletin.statement().policy();
    }

    /** The same with another bulletin in hand. */
    public TapContext with(Signed<Bulletin> fresher) {
        return new TapContext(now, region, verifier, sealer, fresher, rootKey);
    }

    /**
     * Judges what the other side hands over: an array is a whole bulletin, a map is a delta (spec 06, clause 9). Bytes
     * that are neither are refused with their own number.
     */
    public BulletinChain.Outcome judge(Bytes offered) {
        try {
            Cbor item = Cbor.decode(offered, TapMessage.MAX_BULLETIN);
            return item instanceof Cbor.Arr
                    ? BulletinChain.accept(
                            Optional.of(bulletin), Signed.fromCose(item, Bulletin::read), rootKey, verifier)
                    : BulletinChain.acceptDelta(bulletin, BulletinDelta.fromCbor(item), rootKey, verifier);
        } catch (DecodeException e) {
            return new BulletinChain.Outcome.Refused(e.refusal());
        }
    }

    /** The lineage check as an offline payee makes it. */
    LineageCheck.Context lineageCheck() {
        return LineageCheck.Context.tap(bulletin.statement(), policy(), now, region, verifier);
    }

    /** Whether a certificate may be used at this moment: its issuer's signature, revocation, dates. */
    Optional<Refusal> refuses(Signed<PurseCertificate> certificate) {
        PurseCertificate c = certificate.statement();
        Optional<PublicKey> issuer = bulletin.statement().issuerKey(c.issuer());
        if (issuer.isEmpty()) {
            return no(
                    RefusalCode.UNKNOWN_ISSUER_KEY, "institution " + c.issuer().institution());
        }
        if (!certificate.verifies(verifier, issuer.get())) {
            return no(RefusalCode.BAD_SIGNATURE, "the certificate");
        }
        if (now.isAfter(c.expiry())) {
            return no(RefusalCode.CERTIFICATE_EXPIRED, "");
        }
        // two honest clocks differ; a certificate issued a moment ago is no offence
        if (now.plus(policy().clockSkew()).isBefore(c.notBefore())) {
            return no(RefusalCode.CERTIFICATE_NOT_YET_VALID, "");
        }
        if (bulletin.statement().isRevoked(c.thumbprint())) {
            return no(RefusalCode.PURSE_REVOKED, "");
        }
        return Optional.empty();
    }

    private static Optional<Refusal> no(RefusalCode code, String detail) {
        return Optional.of(new Refusal(code, detail));
    }
}
