package org.jiaozi.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.value.Bytes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The published COSE and CWT examples, verified with this project's codec and engines. */
final class CoseExamplesTest {
    /** RFC 9052, C.2.1: single ECDSA signature. */
    private static final Bytes COSE_C_2_1 = Bytes.fromHex("d28443a10126a10442313154546869732069732074686520636f6e74656e"
            + "742e58408eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e2af9a291aa32e14ab834dc56ed2a22"
            + "3444547e01f11d3b0916e5a4c345cacb36");
    /** COSE working group's examples, sign1-tests/sign-pass-02: the same key and content with an external_aad. */
    private static final Bytes COSE_EXTERNAL =
            Bytes.fromHex("d28443a10126a10442313154546869732069732074686520636f6e74656e"
                    + "742e5840eae868ecc176883766c5dc5ba5b8dca25dab3c2e56a551ce5705b793914348e155388b10c4f1b59a6733eab416870a"
                    + "945111a4b2fbdbef33a77234b1deff2f9b");

    private static final Bytes EXTERNAL_AAD = Bytes.fromHex("11aa22bb33cc44dd55006699");
    /** RFC 9052, C.7.1: the key with kid "11". */
    private static final PublicKey COSE_KEY_11 =
            new PublicKey(Bytes.fromHex("02bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff"));

    /** RFC 8392, A.3: signed CWT. */
    private static final Bytes CWT_A_3 =
            Bytes.fromHex("d28443a10126a104524173796d6d657472696345434453413235365850a7017563"
                    + "6f61703a2f2f61732e6578616d706c652e636f6d02656572696b77037818636f61703a2f2f6c696768742e6578616d706c652e63"
                    + "6f6d041a5612aeb0051a5610d9f0061a5610d9f007420b7158405427c1ff28d23fbad1f29c4c7c6a555e601d6fa29f9179bc3d74"
                    + "38bacaca5acd08c8d4d4f96131680c429a01f85951ecee743a52b9b63632c57209120e1c9e30");
    /** RFC 8392, A.1: the claims set that A.3 signs. */
    private static final String CWT_A_1 =
            "a70175636f61703a2f2f61732e6578616d706c652e636f6d02656572696b77037818636f61703a"
                    + "2f2f6c696768742e6578616d706c652e636f6d041a5612aeb0051a5610d9f0061a5610d9f007420b71";
    /** RFC 8392, A.2.3. */
    private static final PublicKey CWT_KEY =
            new PublicKey(Bytes.fromHex("03143329cce7868e416927599cf65a34f3ce2ffda55a7eca69ed8919a394d42f0f"));

    /** A COSE_Sign1 taken apart. */
    private record Sign1(Bytes header, Bytes payload, Signature signature) {
        static Sign1 read(Bytes tagged) {
            // tag 18 in one byte; the protocol's own messages go untagged, so the codec knows no tags
            assertThat(tagged.at(0)).isEqualTo(0xd2);
            List<Cbor> parts = Fields.asArray(Cbor.decode(tagged.slice(1, tagged.size()), 1000), 4);
            return new Sign1(
                    Fields.asBytes(parts.get(0), 100),
                    Fields.asBytes(parts.get(2), 1000),
                    new Signature(Fields.exactly(parts.get(3), Signature.SIZE)));
        }

        /** RFC 9052, 4.4. */
        Bytes sigStructure(Bytes externalAad) {
            return Cbor.array(Cbor.of("Signature1"), Cbor.of(header), Cbor.of(externalAad), Cbor.of(payload))
                    .encode();
        }
    }

    @ParameterizedTest
    @MethodSource("org.jiaozi.crypto.Engines#all")
    void coseSign1OfRfc9052(Es256Engine engine) {
        Es256Verifier verifier = Engines.verifier(engine);
        Sign1 sign1 = Sign1.read(COSE_C_2_1);
        assertThat(sign1.header().hex()).isEqualTo("a10126");
        assertThat(sign1.sigStructure(Bytes.EMPTY).hex())
                .isEqualTo("846a5369676e61747572653143a101264054546869732069732074686520636f6e74656e742e");
        assertThat(verifier.verify(COSE_KEY_11, sign1.sigStructure(Bytes.EMPTY), sign1.signature()))
                .isTrue();
        assertThat(verifier.verify(COSE_KEY_11, sign1.sigStructure(Bytes.fromHex("00")), sign1.signature()))
                .isFalse();
        assertThat(verifier.verify(CWT_KEY, sign1.sigStructure(Bytes.EMPTY), sign1.signature()))
                .isFalse();
    }

    /** The protocol's statements carry their label there. */
    @ParameterizedTest
    @MethodSource("org.jiaozi.crypto.Engines#all")
    void coseSign1WithAnExternalAad(Es256Engine engine) {
        Es256Verifier verifier = Engines.verifier(engine);
        Sign1 sign1 = Sign1.read(COSE_EXTERNAL);
        assertThat(sign1.sigStructure(EXTERNAL_AAD).hex())
                .isEqualTo("846a5369676e61747572653143a101264c11aa22bb33cc44dd5500669954546869732069732074686520636f6e"
                        + "74656e742e");
        assertThat(verifier.verify(COSE_KEY_11, sign1.sigStructure(EXTERNAL_AAD), sign1.signature()))
                .isTrue();
        assertThat(verifier.verify(COSE_KEY_11, sign1.sigStructure(Bytes.EMPTY), sign1.signature()))
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("org.jiaozi.crypto.Engines#all")
    void signedCwtOfRfc8392(Es256Engine engine) {
        Sign1 cwt = Sign1.read(CWT_A_3);
        assertThat(Engines.verifier(engine).verify(CWT_KEY, cwt.sigStructure(Bytes.EMPTY), cwt.signature()))
                .isTrue();
        assertThat(cwt.payload().hex()).isEqualTo(CWT_A_1);
        Fields claims = Fields.decode(cwt.payload(), 200);
        assertThat(claims.text(1, 100)).isEqualTo("coap://as.example.com");
        assertThat(claims.text(2, 100)).isEqualTo("erikw");
        assertThat(claims.text(3, 100)).isEqualTo("coap://light.example.com");
        assertThat(claims.time(4).seconds()).isEqualTo(1_444_064_944L);
        assertThat(claims.time(5).seconds()).isEqualTo(1_443_944_944L);
        assertThat(claims.time(6).seconds()).isEqualTo(1_443_944_944L);
        assertThat(claims.bytes(7, 10).hex()).isEqualTo("0b71");
        claims.end();
        assertThat(Cbor.decode(cwt.payload(), 200).encode()).isEqualTo(cwt.payload());
    }
}
