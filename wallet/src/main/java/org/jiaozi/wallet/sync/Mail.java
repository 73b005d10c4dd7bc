package org.jiaozi.wallet.sync;

import java.util.Optional;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.Envelope;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Nonce;

/** Seals messages to the institution and opens its answers, whoever carries them (spec 07, clause 4). */
public final class Mail {
    private Mail() {}

    /**
     * Seals.
     *
     * @param reply drawn for this sending; the answer is sealed to it
     * @throws DecodeException 715 if the bulletin does not list the institution
     */
    public static Bytes seal(Bulletin bulletin, Sealer sealer, Signed<WalletMessage> message, Sealer.KeyPair reply) {
        InstitutionEntry to = bulletin.institution(message.statement().institution())
                .orElseThrow(() -> new DecodeException(
                        RefusalCode.WRONG_INSTITUTION, "the bulletin does not list the institution"));
        return Envelope.seal(sealer, to.sealingKey(), message, reply.publicKey())
                .encode();
    }

    /**
     * Opens the answer to {@code message}.
     *
     * @throws DecodeException 407 if it was altered or is for another; 202 or 201 if the institution did not sign it; 708
     *     if it answers another message
     */
    public static WalletAnswer open(
            Bulletin bulletin,
            Sealer sealer,
            SignatureVerifier verifier,
            Signed<WalletMessage> message,
            Sealer.KeyPair reply,
            Bytes sealed) {
        WalletMessage asked = message.statement();
        return open(bulletin, sealer, verifier, asked.institution(), asked.id(), reply, sealed);
    }

    /** The same for whoever keeps of its message only whom it went to and under what id. */
    public static WalletAnswer open(
            Bulletin bulletin,
            Sealer sealer,
            SignatureVerifier verifier,
            InstitutionId institution,
            Nonce id,
            Sealer.KeyPair reply,
            Bytes sealed) {
        Signed<BankMessage> answer = Envelope.openAnswer(sealer, reply, sealed)
                .orElseThrow(() -> new DecodeException(RefusalCode.CANNOT_OPEN, "the answer"));
        BankMessage said = answer.statement();
        Optional<PublicKey> key = bulletin.issuerKey(said.signer());
        if (key.isEmpty() || !said.signer().institution().equals(institution)) {
            throw new DecodeException(RefusalCode.UNKNOWN_ISSUER_KEY, "the answer's signer");
        }
        if (!answer.verifies(verifier, key.get())) {
            throw new DecodeException(RefusalCode.BAD_SIGNATURE, "the answer");
        }
        if (!said.id().equals(id)) {
            throw new DecodeException(RefusalCode.REPLAYED, "an answer to another message");
        }
        return WalletAnswer.read(said.body());
    }
}
