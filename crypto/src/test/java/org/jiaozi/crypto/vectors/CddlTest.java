package org.jiaozi.crypto.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.value.Bytes;
import org.junit.jupiter.api.Test;

/** The CDDL says what the vectors say: whatever is sound is in it, and it has nothing that no vector is. */
final class CddlTest {
    /** Neither CBOR of the protocol nor described by the CDDL. */
    private static final Set<String> NOT_DESCRIBED =
            Set.of("cbor.json", "lineage.json", "lineage-check.json", "lineage-context.json", "packed.json");
    /** What a map or an array of the wrong shape is answered. */
    private static final Set<String> SHAPE = Set.of("105", "106", "110", "805");

    private static final Set<String> BODIES =
            Set.of("wallet-request", "wallet-answer", "bank-request", "bank-answer", "tap-message");

    /** What is signed under a kid. */
    private static final Set<String> KID =
            Set.of("note", "certificate", "bulletin", "bank-message", "deposit-refusal", "registry-answer");

    private final Cddl cddl = new Cddl(read());

    private static String read() {
        try {
            return Files.readString(VectorFiles.folder().resolveSibling("jiaozi.cddl"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private record Described(String name, String rule, String expect, Bytes bytes) {}

    private static List<Described> described() {
        List<Described> all = new ArrayList<>();
        VectorReaders.ALL.keySet().stream()
                .filter(f -> !NOT_DESCRIBED.contains(f))
                .sorted()
                .forEach(f -> {
                    for (JsonNode c : VectorsTest.file(f).get("cases")) {
                        String name = f + ": " + c.get("name").asText();
                        String expect = c.get("expect").asText();
                        rule(f, c).ifPresent(r -> all.add(new Described(name, r, expect, VectorReaders.bytes(c))));
                        if (f.equals("sealing.json") && c.has("plain")) {
                            String inside = Map.of(
                                            "envelope",
                                            "envelope-content",
                                            "answer",
                                            signed("bank-message"),
                                            "payment",
                                            "tap-message")
                                    .get(c.get("form").asText());
                            all.add(new Described(
                                    name + ", inside",
                                    inside,
                                    expect,
                                    Bytes.fromHex(c.get("plain").asText())));
                        }
                    }
                });
        return all;
    }

    private static Optional<String> rule(String file, JsonNode vector) {
        return switch (file) {
            case "statements.json" -> Optional.of(signed(vector.get("name").asText()));
            case "signatures.json", "decoding.json", "messages.json" -> {
                String type = vector.get("type").asText();
                boolean body = BODIES.contains(type);
                yield type.equals("cbor") ? Optional.empty() : Optional.of(body ? type : signed(type));
            }
            case "tap-messages.json" -> Optional.of("tap-message");
            case "bulletin.json" -> Optional.of(signed("bulletin"));
            case "delta.json" -> Optional.of("delta");
            case "policy.json" ->
                vector.has("bytes") ? Optional.of(vector.get("of").asText()) : Optional.empty();
            case "evidence.json" -> Optional.of(vector.has("form") ? "evidence" : "evidence-file");
            case "sealing.json" ->
                vector.get("form").asText().equals("answer")
                        ? Optional.empty()
                        : Optional.of(vector.get("form").asText().equals("envelope") ? "envelope" : "tap-message");
            default -> throw new AssertionError("say what describes " + file);
        };
    }

    private static String signed(String label) {
        return (KID.contains(label) ? "kid-sign1<" : "sign1<") + label + ">";
    }

    @Test
    void whateverIsSoundIsDescribedAndEveryRuleIsUsed() {
        List<String> undescribed = described().stream()
                .filter(d -> d.expect().equals("ok"))
                .filter(d -> !cddl.allows(d.rule(), Cbor.decode(d.bytes(), 1 << 24)))
                .map(Described::name)
                .toList();
        assertThat(undescribed).isEmpty();
        assertThat(cddl.unused()).isEmpty();
    }

    /** A number out of its bound or text of the wrong form may be beyond what the CDDL says; a shape may not. */
    @Test
    void whatHasTheWrongShapeIsNotDescribed() {
        List<String> described = described().stream()
                .filter(d -> SHAPE.contains(d.expect()))
                .filter(d -> cddl.allows(d.rule(), Cbor.decode(d.bytes(), 1 << 24)))
                .map(Described::name)
                .toList();
        assertThat(described).isEmpty();
    }

    @Test
    void itReadsWhatItIsMadeFor() {
        Cddl small = new Cddl("""
                a<x> = [1*2 0..9, ? "t", x] ; a comment, with = and [
                b = {1: bytes .size (1..2), ? -1: tstr .regexp "[a-z]+\\\\.x", "k": bool / null}
                c = bytes .cbor a<b>
                """);
        Cbor b = Cbor.map()
                .put(1, Cbor.of(Bytes.fromHex("00")))
                .put("k", Cbor.nil())
                .build();
        Cbor a = Cbor.array(Cbor.of(1), Cbor.of(9), b);
        assertThat(small.allows("c", Cbor.of(a.encode()))).isTrue();
        assertThat(small.allows("a<b>", Cbor.array(Cbor.of(1), Cbor.of("t"), b)))
                .isTrue();
        assertThat(small.allows("a<b>", Cbor.array(Cbor.of(1), b, b))).isFalse();
        assertThat(small.allows("a<b>", Cbor.array(b))).isFalse();
        assertThat(small.allows("a<b>", Cbor.array(Cbor.of(1), Cbor.of(2), Cbor.of(3), b)))
                .isFalse();
        assertThat(small.allows("b", Edit.set(b, Cbor.of("ab.x"), -1))).isTrue();
        assertThat(small.allows("b", Edit.set(b, Cbor.of("abx"), -1))).isFalse();
        assertThat(small.allows("b", Edit.set(b, Cbor.of(1), 2))).isFalse();
        assertThat(small.allows("b", Edit.set(b, Cbor.of(Bytes.fromHex("000000")), 1)))
                .isFalse();
        assertThat(small.allows("c", Cbor.of(Bytes.fromHex("ff")))).isFalse();
    }
}
