package org.jiaozi.server.central;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.server.central.Actors.Purse;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.http.Unreachable;
import org.jiaozi.server.tls.TlsIdentity;

/** An institution as a central bank in another process sees it. */
final class ProcessMember implements AutoCloseable {
    private static final long DAY = 86_400;

    final Signer signer = Actors.signer();
    final IssuerKeyId key;
    private final CentralProcess central;
    private final HttpCaller caller;

    ProcessMember(CentralProcess central, Path folder, String code) {
        this.central = central;
        TlsIdentity tls = TlsIdentity.load(folder.resolve("members").resolve(code));
        caller = HttpCaller.create(Optional.of(tls.context()), Duration.ofSeconds(60));
        key = Joining.join(
                central.address(),
                tls,
                signer.publicKey(),
                Actors.ENTROPY.next(Sealer.PUBLIC_KEY_SIZE),
                "https://" + code);
    }

    Signed<BankMessage> message(BankRequest request) {
        return Signed.by(signer, new BankMessage(key, Actors.nonce(), central.now(), request.cbor()));
    }

    byte[] post(Signed<BankMessage> message) throws Unreachable {
        HttpReply reply = caller.post(
                URI.create(central.address() + "/v1/bank"),
                MediaType.CBOR,
                message.encode().toArray());
        assertThat(reply.refusal()).isEmpty();
        return reply.body();
    }

    BankAnswer ask(BankRequest request) {
        try {
            return read(post(message(request)));
        } catch (Unreachable e) {
            throw new IllegalStateException(e);
        }
    }

    static BankAnswer read(byte[] body) {
        return BankAnswer.read(Signed.decode(Bytes.of(body), Limit.SERVICE_MESSAGE_BYTES, BankMessage::read)
                .statement()
                .body());
    }

    Bulletin bulletin() throws Unreachable {
        HttpReply reply = caller.get(URI.create(central.address() + "/v1/bulletin"), MediaType.CBOR);
        return Signed.decode(Bytes.of(reply.body()), Limit.SERVICE_MESSAGE_BYTES, Bulletin::read)
                .statement();
    }

    /** A note that is valid for a day. */
    Lineage load(Purse holder, long value) {
        Signed<Note> note = Actors.note(
                key, signer, holder, value, new Timestamp(central.now().seconds() + DAY));
        assertThat(ask(new BankRequest.RegisterNote(note))).isEqualTo(new BankAnswer.Registered(note.hash()));
        return Lineage.of(note);
    }

    @Override
    public void close() {
        caller.close();
    }
}
