package org.jiaozi.lab.fuzz;

import static org.jiaozi.lab.fuzz.Readers.readIsAll;
import static org.jiaozi.lab.fuzz.Readers.same;
import static org.jiaozi.lab.fuzz.Readers.target;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.Envelope;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.tap.PaymentSeal;
import org.jiaozi.core.tap.TapMessage.SealedPayment;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.HpkeSealer;
import org.jiaozi.crypto.SystemEntropy;
import org.jiaozi.lab.fuzz.Target.Bound;
import org.jiaozi.lab.fuzz.Target.Family;

/** What is sealed or signed: what a reader finds once a seal has opened, and what a broken one does to HPKE and ES256. */
final class SealedTargets {
    /** Curve arithmetic allocates a fixed amount that has nothing to do with the input. */
    private static final Bound CURVE = new Bound(512, 2 << 20);

    private static final Bytes KEY = Bytes.of(new byte[] {9}).concat(Bytes.of(new byte[Sealer.PUBLIC_KEY_SIZE - 1]));
    private static final Nonce NONCE = Nonce.of(new byte[Nonce.SIZE]);
    private static final InstitutionId SEVEN = new InstitutionId(7);

    private SealedTargets() {}

    static List<Target> all() {
        Glass glass = new Glass();
        Signed<Request> request = request();
        HpkeSealer hpke = new HpkeSealer(new SystemEntropy());
        Sealer.KeyPair pair = hpke.newKeyPair();
        return List.of(
                target("sealed-payment", Family.TAP, input -> {
                    var payment = PaymentSeal.open(
                            glass, glass.newKeyPair(), request, new SealedPayment(NONCE, Bytes.of(input)));
                    return same(() ->
                            PaymentSeal.seal(glass, request, payment).sealed().toArray());
                }),
                target("sealed-envelope", Family.MESSAGES, input -> {
                    Envelope.Opened opened = new Envelope(SEVEN, Bytes.of(input)).open(glass, glass.newKeyPair());
                    return same(() -> Envelope.seal(glass, KEY, opened.message(), opened.replyKey())
                            .sealed()
                            .toArray());
                }),
                target("sealed-answer", Family.MESSAGES, input -> {
                    Signed<BankMessage> answer = Envelope.openAnswer(glass, glass.newKeyPair(), Bytes.of(input))
                            .orElseThrow();
                    return same(() -> Envelope.sealAnswer(glass, KEY, answer).toArray());
                }),
                target(
                        "hpke",
                        Family.CARRIERS,
                        CURVE,
                        input -> {
                            if (hpke.open(pair, Bytes.EMPTY, Bytes.EMPTY, Bytes.of(input))
                                    .isPresent()) {
                                throw new Finding("opens what nobody sealed");
                            }
                            return readIsAll();
                        },
                        DecodeException.class),
                signature());
    }

    /** Key (33 bytes), signature (64) and message: whatever they are, they do not verify, and say so. */
    private static Target signature() {
        Es256Verifier verifier = new Es256Verifier();
        int head = PublicKey.SIZE + Signature.SIZE;
        return target(
                "es256",
                Family.CARRIERS,
                CURVE,
                input -> {
                    Bytes all = Bytes.of(input);
                    if (all.size() < head) {
                        return readIsAll();
                    }
                    PublicKey key = new PublicKey(all.slice(0, PublicKey.SIZE));
                    Signature signature = new Signature(all.slice(PublicKey.SIZE, head));
                    boolean verifies = verifier.verify(key, all.slice(head, all.size()), signature);
                    return written -> {
                        if (verifies != verifier.verify(key, all.slice(head, all.size()), signature)) {
                            throw new Finding("verifies once and not again");
                        }
                    };
                },
                IllegalArgumentException.class);
    }

    private static Signed<Request> request() {
        byte[] one = new byte[Signature.SIZE];
        Arrays.fill(one, (byte) 1);
        return new Signed<>(
                new Request(new Amount(1), new Currency("CNY"), NONCE, new Timestamp(1), 1, "", KEY),
                new Signature(Bytes.of(one)));
    }

    /**
     * A seal that anybody sees through, since nothing gets past a real one by chance: the sealed bytes are the text.
     */
    private static final class Glass implements Sealer {
        @Override
        public KeyPair newKeyPair() {
            return new KeyPair(KEY, KEY);
        }

        @Override
        public Bytes seal(Bytes recipient, Bytes info, Bytes aad, Bytes plaintext) {
            return plaintext;
        }

        @Override
        public Optional<Bytes> open(KeyPair recipient, Bytes info, Bytes aad, Bytes sealed) {
            return Optional.of(sealed);
        }
    }
}
