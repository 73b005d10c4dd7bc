package org.jiaozi.crypto.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCheck;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.Claim;
import org.jiaozi.core.message.DepositRefusal;
import org.jiaozi.core.message.RegistryAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Receipt;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.tap.TapMessage;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Limit;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Reads every committed vector; a file that nothing here reads fails. */
final class VectorsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Chain chain = new Chain();

    /** What a vector file's cases run through: the re-encoded bytes, or an exception with the refusal. */
    private final Map<String, Function<JsonNode, Bytes>> readers = Map.of(
            "cbor.json", c -> Cbor.decode(bytes(c), 1000).encode(),
            "statements.json", this::statement,
            "lineage.json", c -> LineageCodec.encode(LineageCodec.decode(bytes(c), LineageBounds.TAP)),
            "lineage-check.json", this::check,
            "tap-messages.json", c -> TapMessage.decode(bytes(c)).encode());

    @Test
    void everyVectorFileHasAReader() throws IOException {
        try (Stream<Path> files = Files.list(VectorFiles.folder())) {
            assertThat(files.filter(f -> f.toString().endsWith(".json"))
                            .map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(readers.keySet());
        }
    }

    @TestFactory
    Stream<DynamicTest> vectors() {
        return readers.entrySet().stream().flatMap(e -> cases(e.getKey(), e.getValue()));
    }

    private static Stream<DynamicTest> cases(String file, Function<JsonNode, Bytes> reader) {
        JsonNode cases;
        try {
            cases = JSON.readTree(VectorFiles.read(file)).get("cases");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        assertThat(cases).as("cases of %s", file).isNotEmpty();
        return Stream.iterate(0, i -> i < cases.size(), i -> i + 1)
                .map(i -> DynamicTest.dynamicTest(
                        file + " " + i + " " + cases.get(i).get("name").asText(), () -> run(cases.get(i), reader)));
    }

    private static void run(JsonNode vector, Function<JsonNode, Bytes> reader) {
        String expect = vector.get("expect").asText();
        String got;
        try {
            assertThat(reader.apply(vector)).isEqualTo(bytes(vector));
            got = "ok";
        } catch (DecodeException e) {
            got = Integer.toString(e.refusal().code().number());
        }
        assertThat(got).isEqualTo(expect);
    }

    private static Bytes bytes(JsonNode vector) {
        return Bytes.fromHex(vector.get("bytes").asText());
    }

    private Bytes statement(JsonNode vector) {
        int max = Limit.TAP_MESSAGE_BYTES;
        Bytes bytes = bytes(vector);
        Signed<?> signed = switch (vector.get("name").asText()) {
            case "note" -> Signed.decode(bytes, max, Note::read);
            case "certificate" -> Signed.decode(bytes, max, PurseCertificate::read);
            case "transfer" -> Signed.decode(bytes, max, Transfer::read);
            case "request" -> Signed.decode(bytes, max, Request::read);
            case "receipt" -> Signed.decode(bytes, max, Receipt::read);
            case "non-receipt" -> Signed.decode(bytes, max, NonReceipt::read);
            case "wallet-message" -> Signed.decode(bytes, max, WalletMessage::read);
            case "bank-message" -> Signed.decode(bytes, max, BankMessage::read);
            case "deposit-refusal" -> Signed.decode(bytes, max, DepositRefusal::read);
            case "registry-answer" -> Signed.decode(bytes, max, RegistryAnswer::read);
            case "claim" -> Signed.decode(bytes, max, Claim::read);
            default -> throw new AssertionError("no reader for " + vector.get("name"));
        };
        assertThat(signed.hash().hex()).isEqualTo(vector.get("hash").asText());
        assertThat(signed.statement().sigStructure().hex())
                .isEqualTo(vector.get("sigStructure").asText());
        return signed.encode();
    }

    private Bytes check(JsonNode vector) {
        Lineage lineage = LineageCodec.decode(bytes(vector), LineageBounds.TAP);
        return switch (LineageCheck.check(lineage, chain.context(false))) {
            case LineageCheck.Result.Sound ignored -> LineageCodec.encode(lineage);
            case LineageCheck.Result.Unsound no ->
                throw new DecodeException(no.refusal().code(), no.refusal().detail());
        };
    }
}
