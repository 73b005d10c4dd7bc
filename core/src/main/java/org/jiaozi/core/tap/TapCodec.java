package org.jiaozi.core.tap;

import java.util.List;
import java.util.Optional;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Receipt;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.tap.TapMessage.BulletinMessage;
import org.jiaozi.core.tap.TapMessage.BulletinWanted;
import org.jiaozi.core.tap.TapMessage.PaymentMessage;
import org.jiaozi.core.tap.TapMessage.ReceiptMessage;
import org.jiaozi.core.tap.TapMessage.RefusalMessage;
import org.jiaozi.core.tap.TapMessage.RequestMessage;
import org.jiaozi.core.tap.TapMessage.SealedPayment;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;

/** Writes and reads tap messages (spec 06, clause 1). */
final class TapCodec {
    private static final int REQUEST = 1;
    private static final int SEALED_PAYMENT = 2;
    private static final int RECEIPT = 3;
    private static final int REFUSAL = 4;
    private static final int BULLETIN = 5;
    private static final int PAYMENT = 6;
    private static final int BULLETIN_WANTED = 7;

    private TapCodec() {}

    static Bytes encode(TapMessage message) {
        Cbor item = switch (message) {
            case RequestMessage m ->
                Cbor.array(Cbor.of(REQUEST), m.certificate().cose(), m.request().cose());
            case SealedPayment m ->
                Cbor.array(Cbor.of(SEALED_PAYMENT), Cbor.of(m.nonce().bytes()), Cbor.of(m.sealed()));
            case ReceiptMessage m -> Cbor.array(Cbor.of(RECEIPT), m.receipt().cose());
            case RefusalMessage m ->
                Cbor.array(
                        Cbor.of(REFUSAL),
                        Cbor.of(m.refusal().code().number()),
                        Cbor.of(m.refusal().detail()),
                        Cbor.of(m.nonce().bytes()),
                        m.nonReceipt().map(Signed::cose).orElse(Cbor.nil()));
            case BulletinMessage m -> Cbor.array(Cbor.of(BULLETIN), Cbor.of(m.bulletin()));
            case PaymentMessage m ->
                Cbor.array(
                        Cbor.of(PAYMENT),
                        Cbor.of(LineageCodec.encode(m.lineage())),
                        m.bulletin().<Cbor>map(Cbor::of).orElse(Cbor.nil()));
            case BulletinWanted m -> Cbor.array(Cbor.of(BULLETIN_WANTED), Cbor.of(m.epoch()));
        };
        return item.encode();
    }

    static TapMessage decode(Bytes bytes) {
        List<Cbor> parts = Fields.asArray(Cbor.decode(bytes, Limit.TAP_MESSAGE_BYTES), Limit.TAP_MESSAGE_BYTES);
        if (parts.isEmpty()) {
            throw new DecodeException(RefusalCode.MALFORMED, "an empty message");
        }
        int type = Fields.asType(parts.getFirst());
        return Fields.valid(() -> read(type, parts));
    }

    private static TapMessage read(int type, List<Cbor> parts) {
        return switch (type) {
            case REQUEST -> {
                count(parts, 3);
                yield new RequestMessage(
                        Signed.fromCose(parts.get(1), PurseCertificate::read),
                        Signed.fromCose(parts.get(2), Request::read));
            }
            case SEALED_PAYMENT -> {
                count(parts, 3);
                yield new SealedPayment(nonce(parts.get(1)), Fields.asBytes(parts.get(2), Limit.TAP_MESSAGE_BYTES));
            }
            case RECEIPT -> {
                count(parts, 2);
                yield new ReceiptMessage(Signed.fromCose(parts.get(1), Receipt::read));
            }
            case REFUSAL -> {
                count(parts, 5);
                yield new RefusalMessage(
                        refusal(parts.get(1), parts.get(2)),
                        nonce(parts.get(3)),
                        parts.get(4) instanceof Cbor.Null
                                ? Optional.empty()
                                : Optional.of(Signed.fromCose(parts.get(4), NonReceipt::read)));
            }
            case BULLETIN -> {
                count(parts, 2);
                yield new BulletinMessage(Fields.asBytes(parts.get(1), TapMessage.MAX_BULLETIN));
            }
            case PAYMENT -> {
                count(parts, 3);
                Bytes packed = Fields.asBytes(parts.get(1), LineageBounds.TAP.bytes());
                yield new PaymentMessage(
                        LineageCodec.decode(packed, LineageBounds.TAP),
                        parts.get(2) instanceof Cbor.Null
                                ? Optional.empty()
                                : Optional.of(Fields.asBytes(parts.get(2), TapMessage.MAX_BULLETIN)));
            }
            case BULLETIN_WANTED -> {
                count(parts, 2);
                yield new BulletinWanted(Fields.asUint(parts.get(1), Limit.UINT32));
            }
            default -> throw new DecodeException(RefusalCode.UNKNOWN_TYPE, "tap message type " + type);
        };
    }

    private static void count(List<Cbor> parts, int due) {
        if (parts.size() != due) {
            throw new DecodeException(RefusalCode.MALFORMED, parts.size() + " parts where " + due + " are due");
        }
    }

    private static Nonce nonce(Cbor item) {
        return new Nonce(Fields.exactly(item, Nonce.SIZE));
    }

    private static Refusal refusal(Cbor number, Cbor detail) {
        int code = (int) Fields.asUint(number, 999);
        return new Refusal(
                RefusalCode.byNumber(code)
                        .orElseThrow(() -> new DecodeException(RefusalCode.OUT_OF_RANGE, "refusal number " + code)),
                Fields.asText(detail, RefusalMessage.MAX_DETAIL));
    }
}
