package org.jiaozi.crypto.vectors;

import java.util.function.BiFunction;
import java.util.function.Function;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.Claim;
import org.jiaozi.core.message.DepositRefusal;
import org.jiaozi.core.message.Handover;
import org.jiaozi.core.message.RegistryAnswer;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Receipt;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Statement;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.tap.TapMessage;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Limit;

/** Everything that has a {@code type} in a vector: how it is read, and written again. */
final class Decoders {
    private static final int SERVICE = Limit.SERVICE_MESSAGE_BYTES;

    private Decoders() {}

    /**
     * What a reader made of bytes.
     *
     * @param value what it understood
     * @param again what it writes for that
     */
    record Read(Object value, Bytes again) {}

    static Read read(String type, Bytes bytes) {
        return switch (type) {
            case "cbor" -> {
                Cbor item = Cbor.decode(bytes, SERVICE);
                yield new Read(item, item.encode());
            }
            case "lineage-tap" -> lineage(bytes, LineageBounds.TAP);
            case "lineage-deposit" -> lineage(bytes, LineageBounds.DEPOSIT);
            case "tap-message" -> {
                TapMessage message = TapMessage.decode(bytes);
                yield new Read(message, message.encode());
            }
            case "wallet-request" -> body(bytes, WalletRequest::read, WalletRequest::cbor);
            case "wallet-answer" -> body(bytes, WalletAnswer::read, WalletAnswer::cbor);
            case "bank-request" -> body(bytes, BankRequest::read, BankRequest::cbor);
            case "bank-answer" -> body(bytes, BankAnswer::read, BankAnswer::cbor);
            default -> {
                Signed<?> signed = statement(type, bytes);
                yield new Read(signed, signed.encode());
            }
        };
    }

    static Signed<?> statement(String label, Bytes bytes) {
        return switch (label) {
            case "note" -> tap(bytes, Note::read);
            case "certificate" -> tap(bytes, PurseCertificate::read);
            case "transfer" -> Signed.decode(bytes, SERVICE, Transfer::read);
            case "request" -> tap(bytes, Request::read);
            case "receipt" -> tap(bytes, Receipt::read);
            case "non-receipt" -> tap(bytes, NonReceipt::read);
            case "bulletin" -> Signed.decode(bytes, SERVICE, Bulletin::read);
            case "wallet-message" -> Signed.decode(bytes, SERVICE, WalletMessage::read);
            case "bank-message" -> Signed.decode(bytes, SERVICE, BankMessage::read);
            case "deposit-refusal" -> tap(bytes, DepositRefusal::read);
            case "registry-answer" -> Signed.decode(bytes, SERVICE, RegistryAnswer::read);
            case "claim" -> tap(bytes, Claim::read);
            case "handover" -> tap(bytes, Handover::read);
            default -> throw new AssertionError("no reader for " + label);
        };
    }

    private static <T extends Statement> Signed<T> tap(Bytes bytes, BiFunction<Bytes, Bytes, T> reader) {
        return Signed.decode(bytes, Limit.TAP_MESSAGE_BYTES, reader);
    }

    private static Read lineage(Bytes bytes, LineageBounds bounds) {
        var lineage = LineageCodec.decode(bytes, bounds);
        return new Read(lineage, LineageCodec.encode(lineage));
    }

    private static <T> Read body(Bytes bytes, Function<Cbor, T> reader, Function<T, Cbor> writer) {
        T message = reader.apply(Cbor.decode(bytes, SERVICE));
        return new Read(message, writer.apply(message).encode());
    }
}
