package org.jiaozi.crypto.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.BulletinChain;
import org.jiaozi.core.bulletin.BulletinDelta;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.evidence.Evidence;
import org.jiaozi.core.evidence.EvidenceCheck;
import org.jiaozi.core.evidence.EvidenceFile;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCheck;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.Envelope;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.policy.RegionalOverride;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.tap.PaymentSeal;
import org.jiaozi.core.tap.TapMessage;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.HpkeSealer;
import org.jiaozi.crypto.fake.SeededEntropy;

/** What the cases of every vector file run through. */
final class VectorReaders {
    private static final SignatureVerifier VERIFIER = new Es256Verifier();
    private static final Sealer SEALER = new HpkeSealer(new SeededEntropy(1));

    /** Reads one case of a file, checks what the case says of it, and writes it again; refusals are thrown. */
    interface Reader {
        Bytes read(JsonNode file, JsonNode vector);
    }

    static final Map<String, Reader> ALL = readers();

    private VectorReaders() {}

    private static Map<String, Reader> readers() {
        Map<String, Reader> all = new HashMap<>();
        all.put("cbor.json", (f, c) -> Cbor.decode(bytes(c), 1000).encode());
        all.put("statements.json", (f, c) -> statement(c, c.get("name").asText()));
        all.put("lineage.json", (f, c) -> LineageCodec.encode(LineageCodec.decode(bytes(c), LineageBounds.TAP)));
        all.put("lineage-check.json", VectorReaders::check);
        all.put("lineage-context.json", (f, c) -> check(c, c));
        all.put("tap-messages.json", (f, c) -> TapMessage.decode(bytes(c)).encode());
        all.put("signatures.json", (f, c) -> signature(c));
        all.put("decoding.json", (f, c) -> typed(c));
        all.put("packed.json", (f, c) -> typed(c));
        all.put("messages.json", (f, c) -> typed(c));
        all.put("bulletin.json", VectorReaders::bulletin);
        all.put("delta.json", VectorReaders::delta);
        all.put("policy.json", (f, c) -> policy(c));
        all.put("evidence.json", VectorReaders::evidence);
        all.put("sealing.json", (f, c) -> sealed(c));
        return all;
    }

    /** The bytes of a case: {@code bytes} and, where there is a {@code then}, a piece so many times and an end. */
    static Bytes bytes(JsonNode vector) {
        Bytes head = hex(vector, "bytes");
        JsonNode then = vector.get("then");
        if (then == null) {
            return head;
        }
        String more = then.get(0).asText().repeat(then.get(1).asInt());
        return head.concat(Bytes.fromHex(more + then.get(2).asText()));
    }

    private static Bytes hex(JsonNode vector, String field) {
        // a case that should have been refused says no more of it
        assertThat(vector.has(field))
                .as("%s has '%s'", vector.path("name").asText(), field)
                .isTrue();
        return Bytes.fromHex(vector.get(field).asText());
    }

    private static PublicKey key(JsonNode vector, String field) {
        return new PublicKey(hex(vector, field));
    }

    private static void fields(JsonNode vector, Object read) {
        if (vector.has("fields")) {
            assertThat(Shown.of(read)).isEqualTo(vector.get("fields"));
        }
    }

    private static DecodeException refused(Refusal refusal) {
        return new DecodeException(refusal.code(), refusal.detail());
    }

    private static Bytes typed(JsonNode vector) {
        Decoders.Read read = Decoders.read(vector.get("type").asText(), bytes(vector));
        fields(vector, read.value());
        return read.again();
    }

    private static Bytes statement(JsonNode vector, String label) {
        Signed<?> signed = Decoders.statement(label, bytes(vector));
        assertThat(signed.statement().type().label()).isEqualTo(label);
        assertThat(signed.hash().bytes()).isEqualTo(hex(vector, "hash"));
        assertThat(signed.statement().sigStructure()).isEqualTo(hex(vector, "sigStructure"));
        return signed.encode();
    }

    private static Bytes signature(JsonNode vector) {
        String label = vector.get("type").asText();
        Signed<?> signed = Decoders.statement(label, bytes(vector));
        PublicKey key = key(vector, "key");
        if (!signed.verifies(VERIFIER, key)) {
            throw new DecodeException(RefusalCode.BAD_SIGNATURE, label);
        }
        assertThat(key.thumbprint().bytes()).isEqualTo(hex(vector, "thumbprint"));
        fields(vector, signed);
        if (signed.statement() instanceof WalletMessage m && m.body() instanceof WalletRequest.Enrol enrol) {
            assertThat(enrol.keys()).allMatch(k -> k.verifies(VERIFIER, m.institution(), m.id()));
        }
        return statement(vector, label);
    }

    private static Bytes check(JsonNode context, JsonNode vector) {
        boolean deposit = context.path("deposit").asBoolean();
        Lineage lineage = LineageCodec.decode(bytes(vector), deposit ? LineageBounds.DEPOSIT : LineageBounds.TAP);
        JsonNode keys = context.get("keys");
        Set<Thumbprint> revoked = thumbprints(context.path("revoked"));
        Set<Thumbprint> depositKeys = thumbprints(context.get("depositKeys"));
        int override = context.path("overrideHops").asInt();
        var given = new LineageCheck.Context(
                id -> Optional.ofNullable(keys.get(id.kid().hex())).map(k -> new PublicKey(Bytes.fromHex(k.asText()))),
                revoked::contains,
                VERIFIER,
                note -> Math.max(note.maxHops(), override),
                deposit,
                depositKeys::contains);
        return switch (LineageCheck.check(lineage, given)) {
            case LineageCheck.Result.Sound ignored -> LineageCodec.encode(lineage);
            case LineageCheck.Result.Unsound no -> throw refused(no.refusal());
        };
    }

    private static Set<Thumbprint> thumbprints(JsonNode list) {
        Set<Thumbprint> all = new HashSet<>();
        list.forEach(t -> all.add(new Thumbprint(Bytes.fromHex(t.asText()))));
        return all;
    }

    private static Signed<Bulletin> bulletin(Bytes bytes) {
        return Signed.decode(bytes, Limit.SERVICE_MESSAGE_BYTES, Bulletin::read);
    }

    private static Optional<Signed<Bulletin>> held(JsonNode vector) {
        return vector.has("held") ? Optional.of(bulletin(hex(vector, "held"))) : Optional.empty();
    }

    private static Bytes bulletin(JsonNode file, JsonNode vector) {
        Signed<Bulletin> offered = bulletin(bytes(vector));
        fields(vector, offered);
        outcome(vector, BulletinChain.accept(held(vector), offered, key(file, "root"), VERIFIER), offered);
        return offered.encode();
    }

    private static Bytes delta(JsonNode file, JsonNode vector) {
        BulletinDelta delta = BulletinDelta.decode(bytes(vector), TapMessage.MAX_BULLETIN);
        fields(vector, delta);
        Signed<Bulletin> held = bulletin(hex(file, "held"));
        BulletinChain.Outcome outcome = BulletinChain.acceptDelta(held, delta, key(file, "root"), VERIFIER);
        outcome(vector, outcome, vector.has("result") ? bulletin(hex(vector, "result")) : held);
        return delta.encode();
    }

    private static void outcome(JsonNode vector, BulletinChain.Outcome outcome, Signed<Bulletin> due) {
        String got = switch (outcome) {
            case BulletinChain.Outcome.Accepted accepted -> {
                assertThat(accepted.bulletin().encode()).isEqualTo(due.encode());
                yield "accepted";
            }
            case BulletinChain.Outcome.Unchanged ignored -> "unchanged";
            case BulletinChain.Outcome.Refused no -> throw refused(no.refusal());
        };
        assertThat(got)
                .isEqualTo(vector.path("outcome").asText(vector.get("expect").asText()));
    }

    private static Bytes policy(JsonNode vector) {
        boolean json = vector.get("form").asText().equals("json");
        if (vector.get("of").asText().equals("override")) {
            var override = RegionalOverride.fromMap(PolicyVectors.map(vector.get("json")));
            return Edit.get(PolicyVectors.small().withOverride(override).toCbor(), "overrides", 0)
                    .encode();
        }
        Profile profile = json
                ? Profile.fromMap(PolicyVectors.map(vector.get("json")))
                : Profile.fromCbor(Cbor.decode(bytes(vector), Bulletin.MAX_BYTES));
        fields(vector, profile);
        return profile.toCbor().encode();
    }

    private static Bytes evidence(JsonNode file, JsonNode vector) {
        boolean alone = vector.has("form");
        EvidenceCheck.Verdict verdict;
        Bytes again;
        if (alone) {
            Evidence evidence = EvidenceFile.decodeEvidence(bytes(vector));
            again = EvidenceFile.toCbor(evidence).encode();
            verdict = EvidenceCheck.judge(
                    evidence, bulletin(hex(file, "bulletin")).statement(), VERIFIER);
        } else {
            verdict = EvidenceCheck.verify(bytes(vector), key(file, "root"), VERIFIER);
            again = verdict instanceof EvidenceCheck.Verdict.Convicts
                    ? EvidenceFile.decode(bytes(vector)).encode()
                    : Bytes.EMPTY;
        }
        return switch (verdict) {
            case EvidenceCheck.Verdict.Convicts convicts -> {
                assertThat(Shown.of(convicts)).isEqualTo(vector.get("verdict"));
                yield again;
            }
            case EvidenceCheck.Verdict.Refused no -> throw refused(no.refusal());
        };
    }

    private static Bytes sealed(JsonNode vector) {
        var pair = new Sealer.KeyPair(hex(vector, "publicKey"), hex(vector, "privateKey"));
        return switch (vector.get("form").asText()) {
            case "envelope" -> {
                Envelope envelope = Envelope.decode(bytes(vector));
                Envelope.Opened opened = envelope.open(SEALER, pair);
                fields(vector, opened.message());
                assertThat(opened.replyKey()).isEqualTo(hex(vector, "replyKey"));
                plain(vector, pair, envelope.sealed());
                yield envelope.encode();
            }
            case "answer" -> {
                Signed<BankMessage> answer = Envelope.openAnswer(SEALER, pair, bytes(vector))
                        .orElseThrow(() -> new DecodeException(RefusalCode.CANNOT_OPEN, "an answer"));
                fields(vector, answer);
                plain(vector, pair, bytes(vector));
                yield bytes(vector);
            }
            case "payment" -> {
                Signed<Request> request = Signed.decode(hex(vector, "request"), Limit.TAP_MESSAGE_BYTES, Request::read);
                var message = (TapMessage.SealedPayment) TapMessage.decode(bytes(vector));
                assertThat(PaymentSeal.open(SEALER, pair, request, message).encode())
                        .isEqualTo(hex(vector, "plain"));
                plain(vector, pair, message.sealed());
                yield message.encode();
            }
            default -> throw new AssertionError("no reader for " + vector);
        };
    }

    /** HPKE with the named purpose and associated data gives the named text. */
    private static void plain(JsonNode vector, Sealer.KeyPair pair, Bytes sealed) {
        Bytes info = Bytes.of(vector.get("info").asText().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(SEALER.open(pair, info, hex(vector, "aad"), sealed)).contains(hex(vector, "plain"));
    }
}
