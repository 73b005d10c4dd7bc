package org.jiaozi.core.message;

import java.util.List;
import java.util.Optional;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Limit;

/**
 * A wallet message on its way to an institution, sealed so that whoever carries it can neither read nor change it, and
 * the answer on its way back, sealed to a key the sender made for it (spec 07, clause 4).
 *
 * @param institution whom it is for; carriers may read this
 * @param sealed an HPKE message
 */
public record Envelope(InstitutionId institution, Bytes sealed) {
    private static final int VERSION = 1;
    private static final Bytes INFO =
            Bytes.of("jiaozi/1/envelope".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    private static final Bytes ANSWER_INFO =
            Bytes.of("jiaozi/1/answer".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

    /** What an institution finds inside. */
    public record Opened(Signed<WalletMessage> message, Bytes replyKey) {}

    /** Seals {@code message} to its institution's sealing key. */
    public static Envelope seal(Sealer sealer, Bytes sealingKey, Signed<WalletMessage> message, Bytes replyKey) {
        InstitutionId institution = message.statement().institution();
        Bytes plain = Cbor.array(message.cose(), Cbor.of(replyKey)).encode();
        return new Envelope(institution, sealer.seal(sealingKey, INFO, aad(institution), plain));
    }

    /** Opens with the institution's sealing key; refuses what was altered or meant for another. */
    public Opened open(Sealer sealer, Sealer.KeyPair key) {
        Bytes plain = sealer.open(key, INFO, aad(institution), sealed)
                .orElseThrow(() -> new DecodeException(RefusalCode.CANNOT_OPEN, "not sealed to this institution"));
        List<Cbor> parts = Fields.asArray(Cbor.decode(plain, Limit.SERVICE_MESSAGE_BYTES), 2);
        if (parts.size() != 2) {
            throw new DecodeException(RefusalCode.MALFORMED, "an envelope of " + parts.size() + " parts");
        }
        Signed<WalletMessage> message = Signed.fromCose(parts.get(0), WalletMessage::read);
        if (!message.statement().institution().equals(institution)) {
            throw new DecodeException(RefusalCode.WRONG_INSTITUTION, "inside and outside differ");
        }
        Bytes replyKey = Fields.exactly(parts.get(1), Sealer.PUBLIC_KEY_SIZE);
        if (!Sealer.isUsable(replyKey)) {
            throw new DecodeException(RefusalCode.OUT_OF_RANGE, "a reply key to which nothing can be sealed");
        }
        return new Opened(message, replyKey);
    }

    /** Seals an institution's answer to the sender's reply key. */
    public static Bytes sealAnswer(Sealer sealer, Bytes replyKey, Signed<BankMessage> answer) {
        return sealer.seal(replyKey, ANSWER_INFO, Bytes.EMPTY, answer.encode());
    }

    /** Opens an answer; empty when altered or meant for another. The caller checks signature and id. */
    public static Optional<Signed<BankMessage>> openAnswer(Sealer sealer, Sealer.KeyPair replyKey, Bytes sealed) {
        return sealer.open(replyKey, ANSWER_INFO, Bytes.EMPTY, sealed)
                .map(plain -> Signed.decode(plain, Limit.SERVICE_MESSAGE_BYTES, BankMessage::read));
    }

    public Bytes encode() {
        return Cbor.array(Cbor.of(VERSION), Cbor.of(institution.number()), Cbor.of(sealed))
                .encode();
    }

    /** Reads the outer form. */
    public static Envelope decode(Bytes bytes) {
        List<Cbor> parts = Fields.asArray(Cbor.decode(bytes, Limit.SERVICE_MESSAGE_BYTES), 3);
        if (parts.size() != 3) {
            throw new DecodeException(RefusalCode.MALFORMED, "an envelope of " + parts.size() + " parts");
        }
        if (Fields.asType(parts.get(0)) != VERSION) {
            throw new DecodeException(RefusalCode.UNKNOWN_TYPE, "not an envelope of version " + VERSION);
        }
        return new Envelope(
                new InstitutionId((int) Fields.asUint(parts.get(1), Limit.UINT16)),
                Fields.asBytes(parts.get(2), Limit.SERVICE_MESSAGE_BYTES));
    }

    private static Bytes aad(InstitutionId institution) {
        return Cbor.of(institution.number()).encode();
    }
}
