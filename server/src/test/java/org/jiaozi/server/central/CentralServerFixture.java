package org.jiaozi.server.central;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.BoundKey;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.message.OwnerChange;
import org.jiaozi.core.message.RegistryAnswer.Settlement;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.server.TestCluster;
import org.jiaozi.server.central.Actors.Purse;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.http.Unreachable;
import org.jiaozi.server.tls.TlsIdentity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A central bank over real connections and a real database, with two institutions. */
abstract class CentralServerFixture {
    static final Instant START = Instant.parse("2026-03-01T08:00:00Z");
    static final Currency CNY = Actors.CNY;
    static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    final String database = TestCluster.freshDatabase();
    Instant now = START;
    CentralServer server;
    Member a;
    Member b;

    /** An institution as the central bank sees it. */
    final class Member implements AutoCloseable {
        final Signer signer = Actors.signer();
        final HttpCaller caller;
        final IssuerKeyId key;
        long seen;

        Member(String code) {
            TlsIdentity tls = TlsIdentity.load(server.memberFolder(code));
            caller = HttpCaller.create(Optional.of(tls.context()), Duration.ofSeconds(30));
            key = Joining.join(
                    server.address(),
                    tls,
                    signer.publicKey(),
                    Actors.ENTROPY.next(Sealer.PUBLIC_KEY_SIZE),
                    "https://x");
        }

        /** What a purse signs when it is bound here. */
        BoundKey bound(Purse purse) {
            Nonce id = Actors.nonce();
            return new BoundKey(KeyProof.by(purse.signer, key.institution(), id), id);
        }

        Signed<BankMessage> message(BankRequest request) {
            return Signed.by(signer, new BankMessage(key, Actors.nonce(), seconds(), request.cbor()));
        }

        HttpReply post(Signed<BankMessage> message) {
            try {
                return caller.post(
                        URI.create(server.address() + "/v1/bank"),
                        MediaType.CBOR,
                        message.encode().toArray());
            } catch (Unreachable e) {
                throw new IllegalStateException(e);
            }
        }

        BankAnswer ask(BankRequest request) {
            Signed<BankMessage> question = message(request);
            HttpReply reply = post(question);
            assertThat(reply.refusal()).isEmpty();
            Signed<BankMessage> answer =
                    Signed.decode(Bytes.of(reply.body()), Limit.SERVICE_MESSAGE_BYTES, BankMessage::read);
            assertThat(answer.statement().id()).isEqualTo(question.statement().id());
            assertThat(answer.verifies(new Es256Verifier(), bulletin().registryKey()))
                    .isTrue();
            return BankAnswer.read(answer.statement().body());
        }

        Signed<Note> load(Purse holder, long value) {
            Signed<Note> note = Actors.note(
                    key, signer, holder, value, new Timestamp(seconds().seconds() + 86_400));
            assertThat(ask(new BankRequest.RegisterNote(note))).isEqualTo(new BankAnswer.Registered(note.hash()));
            return note;
        }

        List<Settlement> deposit(Lineage... lineages) {
            List<OwnerChange> changes = java.util.Arrays.stream(lineages)
                    .map(l -> new OwnerChange(Actors.packed(l), false))
                    .toList();
            BankAnswer.OwnersChanged answer = (BankAnswer.OwnersChanged) ask(new BankRequest.ChangeOwners(changes));
            assertThat(answer.answer().verifies(new Es256Verifier(), bulletin().registryKey()))
                    .isTrue();
            return answer.answer().statement().settlements();
        }

        List<InboxEvent> inbox() {
            List<InboxEvent> events = ((BankAnswer.Inbox) ask(new BankRequest.ReadInbox(seen))).events();
            for (InboxEvent event : events) {
                assertThat(event.number()).isEqualTo(++seen);
            }
            return events;
        }

        @Override
        public void close() {
            caller.close();
        }
    }

    Timestamp seconds() {
        return new Timestamp(now.getEpochSecond());
    }

    Bulletin bulletin() {
        try (HttpCaller caller = HttpCaller.create(
                Optional.of(TlsIdentity.trusting(
                        TlsIdentity.load(server.operatorFolder()).authority())),
                Duration.ofSeconds(30))) {
            HttpReply reply = caller.get(URI.create(server.address() + "/v1/bulletin"), MediaType.CBOR);
            Signed<Bulletin> signed =
                    Signed.decode(Bytes.of(reply.body()), Limit.SERVICE_MESSAGE_BYTES, Bulletin::read);
            assertThat(signed.verifies(new Es256Verifier(), rootKey())).isTrue();
            return signed.statement();
        } catch (Unreachable e) {
            throw new IllegalStateException(e);
        }
    }

    PublicKey rootKey() {
        try {
            JsonNode trust = JSON.readTree(server.trustFile().toFile());
            return new PublicKey(Bytes.fromHex(trust.required("rootKey").asText()));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    void startServer() {
        server = CentralServer.start(config());
    }

    CentralConfig config() {
        return new CentralConfig(
                folder.resolve("central"),
                0,
                database,
                () -> now,
                profile(),
                List.of(new CentralConfig.Member("bank-a", "Bank A"), new CentralConfig.Member("bank-b", "Bank B")));
    }

    @SuppressWarnings("unchecked")
    static Profile profile() {
        try (var in = Profile.class.getResourceAsStream("profiles/circulating.json")) {
            return Profile.fromMap(JSON.readValue(in, Map.class));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeEach
    void start() {
        startServer();
        // whoever comes first, an institution's number is its place among the members
        b = new Member("bank-b");
        a = new Member("bank-a");
        assertThat(a.key.institution().number()).isEqualTo(1);
        assertThat(b.key.institution().number()).isEqualTo(2);
        for (Member member : List.of(a, b)) {
            server.admin().setQuota(member.key.institution(), 1, CNY, new Amount(100_000));
            server.admin()
                    .fundReserve(
                            member.key.institution(), CNY, new Amount(50_000), "initial-" + member.key.institution());
        }
    }

    @AfterEach
    void stop() {
        a.close();
        b.close();
        server.close();
    }

    /** The beginning of a note, paid in by its own holder. */
    Lineage paidIn(Purse holder, Signed<Note> note, long upTo) {
        return holder.pay(
                Lineage.of(note),
                new SliceRef(note.hash(), 0),
                a.signer.publicKey().thumbprint(),
                seconds(),
                new Range(0, upTo));
    }

    Purse purse(Member member) {
        return new Purse(member.key, member.signer, seconds());
    }

    long balance(String account) {
        return server.admin().accounts().stream()
                .filter(row -> account.equals(row.get("account")))
                .mapToLong(row -> ((Number) row.get("balance")).longValue())
                .sum();
    }

    static List<String> kinds(Settlement settlement) {
        assertThat(settlement.refusals()).isEmpty();
        return settlement.outcomes().stream()
                .map(o -> o.kind() + " " + o.range())
                .toList();
    }
}
