package org.jiaozi.server.institution;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.Entropy;
import org.jiaozi.server.http.Comeback;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.http.Unreachable;

/** The way to the central bank. Every request is idempotent by content, so whoever gets no answer asks again. */
final class CentralBank {
    private static final Logger LOG = Logger.getLogger(CentralBank.class.getName());

    /** How long all pauses of one request may be together: what waits here meanwhile fills up, and refuses in turn. */
    private static final Duration PAUSES = Duration.ofSeconds(4);

    private final HttpCaller caller;
    private final String address;
    private final IssuerKeyId self;
    private final Signer signer;
    private final SignatureVerifier verifier;
    private final InstantSource clock;
    private final Entropy entropy;
    private final Comeback comeback;

    CentralBank(
            HttpCaller caller,
            String address,
            IssuerKeyId self,
            Signer signer,
            SignatureVerifier verifier,
            InstantSource clock,
            Entropy entropy) {
        this.caller = caller;
        this.address = address;
        this.self = self;
        this.signer = signer;
        this.verifier = verifier;
        this.clock = clock;
        this.entropy = entropy;
        this.comeback = new Comeback(PAUSES, entropy);
    }

    /**
     * Asks and waits; where there is no room now, for as long as it is told and a little more.
     *
     * @param registryKey who must have signed the answer
     * @return the answer; 801 or 804 when none came that can be believed, as one that the registry did not sign
     */
    BankAnswer ask(BankRequest request, PublicKey registryKey) {
        Nonce id = new Nonce(entropy.next(Nonce.SIZE));
        Timestamp now = new Timestamp(clock.instant().getEpochSecond());
        Signed<BankMessage> message = Signed.by(signer, new BankMessage(self, id, now, request.cbor()));
        try {
            byte[] body = message.encode().toArray();
            HttpReply reply = comeback.ask(
                    () -> caller.post(URI.create(address + "/v1/bank"), MediaType.CBOR, body),
                    (no, pause) -> LOG.log(
                            Level.INFO, "the central bank: {0}; again in {1} ms", new Object[] {no, pause.toMillis()}));
            Optional<Refusal> refusal = reply.refusal();
            if (refusal.isPresent()) {
                // without the registry's signature nothing is decided: whoever took it for the last word would undo
                // what it did
                return refused(RefusalCode.UNREACHABLE, "the central bank does not decide: " + refusal.get());
            }
            return believed(reply, id, registryKey);
        } catch (Unreachable e) {
            LOG.log(Level.WARNING, "the central bank: {0}", e.getMessage());
            return refused(RefusalCode.UNREACHABLE, "the central bank does not answer");
        } catch (DecodeException e) {
            LOG.log(Level.SEVERE, "the central bank's answer", e);
            return refused(RefusalCode.INTERNAL, "the central bank's answer cannot be read");
        }
    }

    private BankAnswer believed(HttpReply reply, Nonce id, PublicKey registryKey) {
        Signed<BankMessage> answer =
                Signed.decode(Bytes.of(reply.body()), Limit.SERVICE_MESSAGE_BYTES, BankMessage::read);
        BankMessage said = answer.statement();
        if (!said.signer().institution().equals(InstitutionId.CENTRAL_BANK)
                || !said.id().equals(id)
                || !answer.verifies(verifier, registryKey)) {
            return refused(RefusalCode.INTERNAL, "the central bank's answer is not its own");
        }
        return BankAnswer.read(said.body());
    }

    /** The newest bulletin, unchecked; empty when there is none newer than {@code since} or no answer came. */
    Optional<Bytes> bulletin(long since) {
        try {
            HttpReply reply = caller.get(URI.create(address + "/v1/bulletin?since=" + since), MediaType.CBOR);
            return reply.ok() && reply.body().length > 0 ? Optional.of(Bytes.of(reply.body())) : Optional.empty();
        } catch (Unreachable e) {
            LOG.log(Level.WARNING, "the central bank: {0}", e.getMessage());
            return Optional.empty();
        }
    }

    private static BankAnswer refused(RefusalCode code, String detail) {
        return new BankAnswer.Refused(new Refusal(code, detail));
    }
}
