package org.jiaozi.wallet.host;

import java.util.List;
import java.util.Optional;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.evidence.EvidenceFile;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Receipt;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.tap.PayeeTap.Answer;
import org.jiaozi.core.tap.PayeeTap.OwnRequest;
import org.jiaozi.core.tap.PayerTap.SentPayment;
import org.jiaozi.core.tap.TapMessage;
import org.jiaozi.core.tap.TapMessage.RequestMessage;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.wallet.host.WalletState.FoundEvidence;
import org.jiaozi.wallet.host.WalletState.Outbox;
import org.jiaozi.wallet.host.WalletState.Payment;
import org.jiaozi.wallet.host.WalletState.Received;
import org.jiaozi.wallet.host.WalletState.Settings;
import org.jiaozi.wallet.purse.PurseState;
import org.jiaozi.wallet.purse.PurseStateCodec;

/** One row's value: a version byte, then deterministic CBOR. */
final class RowCodec {
    private static final int VERSION = 1;
    private static final int MAX_BYTES = Limit.SERVICE_MESSAGE_BYTES;

    private RowCodec() {}

    static Bytes encode(Object item) {
        if (item instanceof PurseState purse) {
            return PurseStateCodec.encode(purse);
        }
        Cbor body = switch (item) {
            case Settings s ->
                Cbor.array(
                        Cbor.of(s.rootKey().compressed()),
                        Cbor.of(s.institution().number()),
                        Cbor.of(s.currency().code()),
                        Cbor.of(s.region()));
            case Signed<?> s -> s.cose();
            case Lineage.Link l ->
                Cbor.array(l.transfer().cose(), l.certificate().cose());
            case Payment p -> payment(p);
            case Received r -> request(r);
            case FoundEvidence f -> Cbor.array(EvidenceFile.toCbor(f.evidence()), Cbor.of(f.submitted()));
            case Outbox o ->
                Cbor.array(
                        o.pending().<Cbor>map(Signed::cose).orElse(Cbor.nil()),
                        Cbor.of(o.toLoad().minor()));
            default -> throw new IllegalArgumentException("no row holds a " + item.getClass());
        };
        return Bytes.of(new byte[] {VERSION}).concat(body.encode());
    }

    private static Cbor body(Bytes value) {
        if (value.size() < 1 || value.at(0) != VERSION) {
            throw new DecodeException(RefusalCode.UNKNOWN_TYPE, "a row of another version");
        }
        return Cbor.decode(value.slice(1, value.size()), MAX_BYTES);
    }

    private static List<Cbor> parts(Cbor item, int count) {
        List<Cbor> parts = Fields.asArray(item, count);
        if (parts.size() != count) {
            throw new DecodeException(RefusalCode.MALFORMED, parts.size() + " parts where " + count + " are due");
        }
        return parts;
    }

    private static boolean bool(Cbor item) {
        if (item instanceof Cbor.Bool b) {
            return b.value();
        }
        throw new DecodeException(RefusalCode.MALFORMED, "expected a Boolean");
    }

    private static Bytes bytes(Cbor item) {
        return Fields.asBytes(item, MAX_BYTES);
    }

    static Settings settings(Bytes value) {
        List<Cbor> p = parts(body(value), 4);
        return Fields.valid(() -> new Settings(
                new PublicKey(Fields.exactly(p.get(0), PublicKey.SIZE)),
                new InstitutionId((int) Fields.asUint(p.get(1), Limit.UINT16)),
                new Currency(Fields.asText(p.get(2), Currency.MAX_LENGTH)),
                Fields.asText(p.get(3), 16)));
    }

    static Signed<Bulletin> bulletin(Bytes value) {
        return Signed.fromCose(body(value), Bulletin::read);
    }

    static Signed<Note> note(Bytes value) {
        return Signed.fromCose(body(value), Note::read);
    }

    static Lineage.Link link(Bytes value) {
        List<Cbor> p = parts(body(value), 2);
        return new Lineage.Link(
                Signed.fromCose(p.get(0), Transfer::read), Signed.fromCose(p.get(1), PurseCertificate::read));
    }

    private static Cbor payment(Payment p) {
        return Cbor.array(
                Cbor.of(p.sent().request().encode()),
                Cbor.of(p.sent().transfer().bytes()),
                Cbor.of(p.sent().message()),
                Cbor.of(p.lineage()),
                p.receipt().<Cbor>map(Signed::cose).orElse(Cbor.nil()),
                p.nonReceipt().<Cbor>map(Signed::cose).orElse(Cbor.nil()),
                Cbor.of(p.uploaded()),
                Cbor.of(p.returned()));
    }

    static Payment payment(Bytes value) {
        List<Cbor> p = parts(body(value), 8);
        return new Payment(
                new SentPayment(
                        requestMessage(p.get(0)), new Hash(Fields.exactly(p.get(1), Hash.SIZE)), bytes(p.get(2))),
                bytes(p.get(3)),
                p.get(4) instanceof Cbor.Null
                        ? Optional.empty()
                        : Optional.of(Signed.fromCose(p.get(4), Receipt::read)),
                p.get(5) instanceof Cbor.Null
                        ? Optional.empty()
                        : Optional.of(Signed.fromCose(p.get(5), NonReceipt::read)),
                bool(p.get(6)),
                bool(p.get(7)));
    }

    private static Cbor request(Received r) {
        OwnRequest own = r.own();
        return Cbor.array(
                Cbor.of(own.message().encode()),
                Cbor.of(own.sealingKey().publicKey()),
                Cbor.of(own.sealingKey().privateKey()),
                own.answer()
                        .<Cbor>map(a -> Cbor.array(
                                a.accepted().<Cbor>map(h -> Cbor.of(h.bytes())).orElse(Cbor.nil()),
                                Cbor.of(a.message())))
                        .orElse(Cbor.nil()),
                Cbor.of(r.uploaded()));
    }

    static Received request(Bytes value) {
        List<Cbor> p = parts(body(value), 5);
        Sealer.KeyPair pair = new Sealer.KeyPair(bytes(p.get(1)), bytes(p.get(2)));
        return new Received(new OwnRequest(requestMessage(p.get(0)), pair, answer(p.get(3))), bool(p.get(4)));
    }

    private static Optional<Answer> answer(Cbor item) {
        if (item instanceof Cbor.Null) {
            return Optional.empty();
        }
        List<Cbor> p = parts(item, 2);
        Optional<Hash> accepted = p.get(0) instanceof Cbor.Null
                ? Optional.empty()
                : Optional.of(new Hash(Fields.exactly(p.get(0), Hash.SIZE)));
        return Optional.of(new Answer(accepted, bytes(p.get(1))));
    }

    static FoundEvidence evidence(Bytes value) {
        List<Cbor> p = parts(body(value), 2);
        return new FoundEvidence(EvidenceFile.fromCbor(p.get(0)), bool(p.get(1)));
    }

    static Outbox outbox(Bytes value) {
        List<Cbor> p = parts(body(value), 2);
        return new Outbox(
                p.get(0) instanceof Cbor.Null
                        ? Optional.empty()
                        : Optional.of(Signed.fromCose(p.get(0), WalletMessage::read)),
                new Amount(Fields.asUint(p.get(1), Limit.UINT48)));
    }

    private static RequestMessage requestMessage(Cbor item) {
        if (TapMessage.decode(bytes(item)) instanceof RequestMessage request) {
            return request;
        }
        throw new DecodeException(RefusalCode.MALFORMED, "not a request");
    }
}
