package org.jiaozi.cli.wallet.online;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.session.Trust;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.BulletinChain;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.server.http.Comeback;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.http.Unreachable;
import org.jiaozi.wallet.sync.Mail;

/**
 * One institution at its address. An answer that does not come is refusal 801: the same message is sent again. Where it has no
 * room now, the same is asked again when it says so, for a while.
 */
public final class BankClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How long all pauses of one question may be together: longer than the rush of a moment, and no longer than people wait. */
    private static final Duration PAUSES = Duration.ofSeconds(30);

    private final String address;
    private final HttpCaller caller;
    private final Sealer sealer;
    private final SignatureVerifier verifier;
    private final Comeback comeback = new Comeback(PAUSES, Session.entropy());
    private final Consumer<String> told;
    private boolean said;

    /**
     * @param url of the institution, {@code https://host:port}
     * @param trust whose servers are believed
     * @param told in one line that it is waited for
     */
    public BankClient(String url, Trust trust, Sealer sealer, SignatureVerifier verifier, Consumer<String> told) {
        this.address = url.replaceAll("/+$", "");
        if (!address.matches("https?://[^/?#\\s]+")) {
            throw CommandFailure.usage("'" + url + "' is no address of an institution: https://HOST:PORT");
        }
        this.caller =
                HttpCaller.create(address.startsWith("https") ? Optional.of(trust.tls()) : Optional.empty(), PATIENCE);
        this.told = told;
        this.sealer = sealer;
        this.verifier = verifier;
    }

    String address() {
        return address;
    }

    /** The newest bulletin's bytes; empty if there is none after {@code since}. */
    Optional<Bytes> bulletin(long since) {
        HttpReply reply = answered(() -> caller.get(
                URI.create(address + "/v1/bulletin" + (since < 0 ? "" : "?since=" + since)), MediaType.CBOR));
        return reply.body().length == 0 ? Optional.empty() : Optional.of(Bytes.of(reply.body()));
    }

    /** The first bulletin of a device that trusts {@code trust}: 210 unless its root signed it. */
    public Signed<Bulletin> firstBulletin(Trust trust) {
        Bytes bytes = bulletin(-1)
                .orElseThrow(() -> CommandFailure.refused(
                        new Refusal(RefusalCode.UNREACHABLE, "the institution has no bulletin yet")));
        Signed<Bulletin> candidate = Signed.decode(bytes, Bulletin.MAX_BYTES, Bulletin::read);
        return switch (BulletinChain.accept(Optional.empty(), candidate, trust.rootKey(), verifier)) {
            case BulletinChain.Outcome.Accepted a -> a.bulletin();
            case BulletinChain.Outcome.Unchanged ignored -> candidate;
            case BulletinChain.Outcome.Refused r -> throw CommandFailure.refused(r.refusal());
        };
    }

    /** The institution at this address, as the bulletin has it. */
    public InstitutionEntry institution(Bulletin bulletin) {
        return bulletin.institutions().stream()
                .filter(i -> i.url().replaceAll("/+$", "").equals(address))
                .findFirst()
                .orElseThrow(() -> CommandFailure.refused(
                        new Refusal(RefusalCode.WRONG_INSTITUTION, "the bulletin lists no institution at " + address)));
    }

    /** Hands in a sealed envelope; the answer is sealed to its sender. */
    public Bytes post(Bytes envelope) {
        return Bytes.of(
                answered(() -> caller.post(URI.create(address + "/v1/wallet"), MediaType.CBOR, envelope.toArray()))
                        .body());
    }

    /** Sends a signed message under seal, and opens the answer. */
    WalletAnswer ask(Bulletin bulletin, Signed<WalletMessage> message) {
        Sealer.KeyPair reply = sealer.newKeyPair();
        Bytes sealed = post(Mail.seal(bulletin, sealer, message, reply));
        return Mail.open(bulletin, sealer, verifier, message, reply, sealed);
    }

    private HttpReply answered(Comeback.Question question) {
        try {
            HttpReply reply = comeback.ask(question, (no, pause) -> waiting(no));
            Optional<Refusal> no = reply.refusal();
            if (no.isPresent()) {
                throw CommandFailure.refused(no.get());
            }
            return reply;
        } catch (Unreachable e) {
            throw CommandFailure.refused(new Refusal(RefusalCode.UNREACHABLE, String.valueOf(e.getMessage())));
        }
    }

    private void waiting(Refusal no) {
        if (!said) {
            said = true;
            told.accept("The institution has no room now (" + no.code().number() + "): asking again, for up to "
                    + PAUSES.toSeconds() + " s");
        }
    }

    @Override
    public void close() {
        caller.close();
    }
}
