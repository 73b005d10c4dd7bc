package org.jiaozi.lab.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.evidence.EvidenceCheck;
import org.jiaozi.core.evidence.EvidenceCheck.Verdict;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.Es256Verifier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The auditor and the platform, written apart down to the signatures, convict the same keys by the same files, bit by bit. */
final class EvidenceAgreementTest {
    private static final SignatureVerifier VERIFIER = new Es256Verifier();
    private static final KeyCheck AUDITORS = new JdkP256();
    private static final Map<List<Bytes>, Boolean> VERIFIED = new HashMap<>();
    private static final Map<List<Bytes>, Boolean> AUDITED = new HashMap<>();

    private static JsonNode vectors = MissingNode.getInstance();
    private static Bytes root = Bytes.EMPTY;

    @BeforeAll
    static void read() throws IOException {
        Path project = Path.of(Objects.requireNonNull(System.getProperty("jiaozi.root")));
        vectors = new ObjectMapper()
                .readTree(project.resolve("spec/vectors/evidence.json").toFile());
        root = Bytes.fromHex(vectors.required("root").asText());
    }

    private static boolean verifies(Bytes key, Bytes message, Bytes signature) {
        return VERIFIED.computeIfAbsent(
                List.of(key, message, signature),
                k -> key.size() == PublicKey.SIZE
                        && Signature.isNormal(signature)
                        && VERIFIER.verify(new PublicKey(key), message, new Signature(signature)));
    }

    private static boolean audits(Bytes key, Bytes message, Bytes signature) {
        return AUDITED.computeIfAbsent(
                List.of(key, message, signature), k -> AUDITORS.verifies(key, message, signature));
    }

    private static Optional<String> byThePlatform(Bytes file) {
        return EvidenceCheck.verify(
                                file,
                                new PublicKey(root),
                                (key, message, signature) -> verifies(key.compressed(), message, signature.bytes()))
                        instanceof Verdict.Convicts convicts
                ? Optional.of(convicts.culprit().hex())
                : Optional.empty();
    }

    private static Optional<String> byTheAuditor(Bytes file) {
        try {
            return Optional.of(RawEvidence.culprit(file, root, EvidenceAgreementTest::audits));
        } catch (AuditException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static Stream<JsonNode> files() {
        return StreamSupport.stream(vectors.required("cases").spliterator(), false)
                .filter(c -> !c.has("form") && !c.has("then"));
    }

    @Test
    void everyVector() {
        assertThat(files()).hasSizeGreaterThan(50).allSatisfy(vector -> {
            Bytes file = Bytes.fromHex(vector.required("bytes").asText());
            Optional<String> culprit =
                    Optional.ofNullable(vector.path("verdict").get("culprit")).map(JsonNode::asText);
            assertThat(byThePlatform(file)).isEqualTo(culprit);
            assertThat(byTheAuditor(file)).isEqualTo(culprit);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind 1, one of two inputs",
                "both kinds, as kind 2",
                "kind 3, names another and has a receipt",
                "kind 3, denies all and spent it"
            })
    void everyBit(String name) {
        byte[] file = files().filter(c -> c.required("name").asText().equals(name))
                .map(c -> Bytes.fromHex(c.required("bytes").asText()).toArray())
                .findFirst()
                .orElseThrow();
        int convicts = 0;
        for (int bit = 0; bit < 8 * file.length; bit++) {
            file[bit / 8] ^= (byte) (1 << bit % 8);
            Bytes bent = Bytes.of(file);
            Optional<String> culprit = byThePlatform(bent);
            assertThat(byTheAuditor(bent))
                    .as("bit %s of byte %s", bit % 8, bit / 8)
                    .isEqualTo(culprit);
            convicts += culprit.isPresent() ? 1 : 0;
            file[bit / 8] ^= (byte) (1 << bit % 8);
        }
        assertThat(convicts).as("what a bit changed and still convicts").isZero();
    }
}
