package org.jiaozi.crypto.vectors;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.Envelope;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.tap.PaymentSeal;
import org.jiaozi.core.tap.TapMessage;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.crypto.HpkeSealer;
import org.jiaozi.crypto.fake.SeededEntropy;

/** Makes {@code sealing.json}: envelopes, answers and payments with the private keys that open them. */
final class SealingVectors {
    private static final InstitutionId SEVEN = new InstitutionId(7);
    private final Chain chain = new Chain();
    private final Cases cases = new Cases("02, clause 8; 06, clause 6; 07, clause 4");
    private final Sealer sealer = new HpkeSealer(new SeededEntropy(9180));
    private final Sealer.KeyPair bank = sealer.newKeyPair();
    private final Sealer.KeyPair reply = sealer.newKeyPair();
    private final Sealer.KeyPair payee = sealer.newKeyPair();
    private final Signed<WalletMessage> message = Signed.by(
            chain.key("h0"),
            new WalletMessage(
                    SEVEN, chain.thumb("h0"), Chain.nonce("message"), Chain.NOW, new WalletRequest.ReadAccount(9)));

    Cases make() {
        envelopes();
        answers();
        payments();
        return cases;
    }

    private void envelopes() {
        Envelope good = Envelope.seal(sealer, bank.publicKey(), message, reply.publicKey());
        Bytes plain = inside(message.cose(), Cbor.of(reply.publicKey()));
        ObjectNode sound = with("envelope", cases.ok("an envelope", good.encode()), bank);
        described(sound, "jiaozi/1/envelope", Cbor.of(7).encode(), plain);
        sound.put("replyKey", reply.publicKey().hex()).set("fields", Shown.of(message));
        Cbor outer = Cbor.decode(good.encode(), 10_000);
        envelope(
                RefusalCode.CANNOT_OPEN,
                "one bit of the ciphertext altered",
                new Envelope(SEVEN, Chain.flip(good.sealed(), good.sealed().size() - 1)).encode());
        envelope(
                RefusalCode.CANNOT_OPEN,
                "one bit of the encapsulated key altered",
                new Envelope(SEVEN, Chain.flip(good.sealed(), 0)).encode());
        envelope(
                RefusalCode.CANNOT_OPEN,
                "cut to 47 bytes",
                new Envelope(SEVEN, good.sealed().slice(0, 47)).encode());
        envelope(
                RefusalCode.CANNOT_OPEN,
                "readdressed",
                Edit.set(outer, Cbor.of(9), 1).encode());
        envelope(
                RefusalCode.CANNOT_OPEN,
                "an encapsulated key of low order",
                new Envelope(SEVEN, Bytes.of(new byte[64])).encode());
        envelope(
                RefusalCode.UNKNOWN_TYPE,
                "version 2",
                Edit.set(outer, Cbor.of(2), 0).encode());
        envelope(
                RefusalCode.OUT_OF_RANGE,
                "institution 65,536",
                Edit.set(outer, Cbor.of(65_536), 1).encode());
        envelope(RefusalCode.MALFORMED, "two parts", Edit.without(outer, 2).encode());
        envelope(
                RefusalCode.FIELD_TOO_LONG,
                "four parts",
                Edit.set(outer, Cbor.of(1), 3).encode());
        envelope(
                RefusalCode.TRAILING_BYTES,
                "a byte after the end",
                good.encode().concat(Bytes.fromHex("00")));
        with(
                "envelope",
                cases.refused(
                        RefusalCode.CANNOT_OPEN,
                        "sealed to another key",
                        Envelope.seal(sealer, reply.publicKey(), message, reply.publicKey())
                                .encode()),
                bank);
        Bytes nine = Cbor.of(9).encode();
        envelope(
                RefusalCode.WRONG_INSTITUTION,
                "meant for 7, addressed to 9",
                new Envelope(new InstitutionId(9), seal("envelope", nine, plain)).encode());
        contents(
                RefusalCode.MALFORMED,
                "no reply key",
                Cbor.array(message.cose()).encode());
        contents(
                RefusalCode.MALFORMED,
                "a reply key of 31 bytes",
                inside(message.cose(), Cbor.of(reply.publicKey().slice(0, 31))));
        contents(
                RefusalCode.OUT_OF_RANGE,
                "a reply key of low order",
                inside(message.cose(), Cbor.of(Bytes.of(new byte[32]))));
        contents(RefusalCode.TRAILING_BYTES, "a byte after the contents", plain.concat(Bytes.fromHex("00")));
    }

    private static Bytes inside(Cbor... parts) {
        return Cbor.array(parts).encode();
    }

    private Bytes seal(String purpose, Bytes aad, Bytes plain) {
        Bytes info = Bytes.of(("jiaozi/1/" + purpose).getBytes(StandardCharsets.US_ASCII));
        return sealer.seal(bank.publicKey(), info, aad, plain);
    }

    private void envelope(RefusalCode code, String name, Bytes bytes) {
        with("envelope", cases.refused(code, "an envelope, " + name, bytes), bank);
    }

    private void contents(RefusalCode code, String name, Bytes plain) {
        envelope(code, name, new Envelope(SEVEN, seal("envelope", Cbor.of(7).encode(), plain)).encode());
    }

    private void answers() {
        var answer = Signed.by(
                chain.bank,
                new BankMessage(
                        Chain.BANK,
                        Chain.nonce("message"),
                        Chain.NOW,
                        new WalletAnswer.Remitted(new Amount(5)).cbor()));
        Bytes sealed = Envelope.sealAnswer(sealer, reply.publicKey(), answer);
        ObjectNode sound = with("answer", cases.ok("an answer", sealed), reply);
        described(sound, "jiaozi/1/answer", Bytes.EMPTY, answer.encode()).set("fields", Shown.of(answer));
        with("answer", cases.refused(RefusalCode.CANNOT_OPEN, "an answer, altered", Chain.flip(sealed, 40)), reply);
        with("answer", cases.refused(RefusalCode.CANNOT_OPEN, "an answer to another key", sealed), bank);
    }

    private void payments() {
        Lineage hop = chain.hops(1, 5);
        var transfer = hop.head().transfer().statement();
        var request = Signed.by(
                chain.key("h1"),
                new Request(
                        transfer.amount(), Chain.CNY, transfer.nonce(), transfer.at(), 12, "tea", payee.publicKey()));
        var dearer = Signed.by(
                chain.key("h1"),
                new Request(
                        new Amount(9_001), Chain.CNY, transfer.nonce(), transfer.at(), 12, "tea", payee.publicKey()));
        var payment = new TapMessage.PaymentMessage(hop, Optional.empty());
        TapMessage.SealedPayment sealed = PaymentSeal.seal(sealer, request, payment);
        ObjectNode sound = payment(cases.ok("a payment", sealed.encode()), request);
        described(sound, "jiaozi/1/payment", request.hash().bytes(), payment.encode());
        RefusalCode closed = RefusalCode.CANNOT_OPEN;
        payment(cases.refused(closed, "a payment, for a request of another amount", sealed.encode()), dearer);
        payment(
                cases.refused(
                        closed,
                        "a payment, altered",
                        new TapMessage.SealedPayment(sealed.nonce(), Chain.flip(sealed.sealed(), 50)).encode()),
                request);
        Bytes wanted = sealer.seal(
                payee.publicKey(),
                Bytes.of("jiaozi/1/payment".getBytes(StandardCharsets.US_ASCII)),
                request.hash().bytes(),
                new TapMessage.BulletinWanted(3).encode());
        payment(
                cases.refused(
                        closed,
                        "another message, sealed as a payment",
                        new TapMessage.SealedPayment(sealed.nonce(), wanted).encode()),
                request);
    }

    private ObjectNode payment(ObjectNode node, Signed<Request> request) {
        return with("payment", node, payee).put("request", request.encode().hex());
    }

    private static ObjectNode with(String form, ObjectNode node, Sealer.KeyPair key) {
        return node.put("form", form)
                .put("privateKey", key.privateKey().hex())
                .put("publicKey", key.publicKey().hex());
    }

    private static ObjectNode described(ObjectNode node, String info, Bytes aad, Bytes plain) {
        return node.put("info", info).put("aad", aad.hex()).put("plain", plain.hex());
    }
}
