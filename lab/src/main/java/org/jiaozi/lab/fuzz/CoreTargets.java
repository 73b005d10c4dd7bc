package org.jiaozi.lab.fuzz;

import static org.jiaozi.lab.fuzz.Readers.body;
import static org.jiaozi.lab.fuzz.Readers.canonical;

import java.util.List;
import java.util.function.BiFunction;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.BulletinDelta;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.evidence.EvidenceFile;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.Claim;
import org.jiaozi.core.message.DepositRefusal;
import org.jiaozi.core.message.Envelope;
import org.jiaozi.core.message.Handover;
import org.jiaozi.core.message.RegistryAnswer;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.policy.Profile;
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
import org.jiaozi.lab.fuzz.Target.Family;

/** What core reads: every one of these has one encoding for one meaning. */
final class CoreTargets {
    /** First bytes of arrays, and of everything that is no sensible length of a header. */
    private static final int COSE = 0x80;

    private static final Bytes SIGNATURE = Bytes.fromHex("01".repeat(Signature.SIZE));

    private CoreTargets() {}

    static List<Target> all() {
        return List.of(
                canonical("cbor", Family.STATEMENTS, b -> Cbor.decode(b, Limit.SERVICE_MESSAGE_BYTES), Cbor::encode),
                statement("note", Family.STATEMENTS, Note::read),
                statement("certificate", Family.STATEMENTS, PurseCertificate::read),
                statement("transfer", Family.STATEMENTS, Transfer::read),
                statement("request", Family.STATEMENTS, Request::read),
                statement("receipt", Family.STATEMENTS, Receipt::read),
                statement("non-receipt", Family.STATEMENTS, NonReceipt::read),
                statement("deposit-refusal", Family.STATEMENTS, DepositRefusal::read),
                statement("claim", Family.STATEMENTS, Claim::read),
                statement("handover", Family.STATEMENTS, Handover::read),
                lineage("lineage-tap", LineageBounds.TAP),
                lineage("lineage-deposit", LineageBounds.DEPOSIT),
                canonical("tap-message", Family.TAP, TapMessage::decode, TapMessage::encode),
                statement("bulletin", Family.BULLETIN, Bulletin::read),
                canonical(
                        "bulletin-delta",
                        Family.BULLETIN,
                        b -> BulletinDelta.decode(b, Bulletin.MAX_BYTES),
                        BulletinDelta::encode),
                delta(),
                body("profile", Family.BULLETIN, Profile::fromCbor, Profile::toCbor),
                canonical("evidence-file", Family.BULLETIN, EvidenceFile::decode, EvidenceFile::encode),
                canonical(
                        "evidence",
                        Family.BULLETIN,
                        EvidenceFile::decodeEvidence,
                        e -> EvidenceFile.toCbor(e).encode()),
                canonical("envelope", Family.MESSAGES, Envelope::decode, Envelope::encode),
                statement("wallet-message", Family.MESSAGES, WalletMessage::read),
                statement("bank-message", Family.MESSAGES, BankMessage::read),
                statement("registry-answer", Family.MESSAGES, RegistryAnswer::read),
                body("wallet-request", Family.MESSAGES, WalletRequest::read, WalletRequest::cbor),
                body("wallet-answer", Family.MESSAGES, WalletAnswer::read, WalletAnswer::cbor),
                body("bank-request", Family.MESSAGES, BankRequest::read, BankRequest::cbor),
                body("bank-answer", Family.MESSAGES, BankAnswer::read, BankAnswer::cbor));
    }

    private static <T extends Statement> Target statement(
            String name, Family family, BiFunction<Bytes, Bytes, T> reader) {
        return Readers.target(name, family, input -> {
            Bytes cose = cose(input);
            Signed<T> signed = Signed.decode(cose, Limit.SERVICE_MESSAGE_BYTES, reader);
            return again -> {
                if (!signed.encode().equals(cose)) {
                    throw new Finding("written again it is " + signed.encode().hex());
                }
            };
        });
    }

    /**
     * What begins like a COSE_Sign1 is one. Of anything else the first byte is the header's length, then come header and
     * payload, and the frame is put around them: a fuzzer that had to keep every length in step would get nowhere.
     */
    private static Bytes cose(byte[] input) {
        if (input.length == 0 || (input[0] & 0xff) >= COSE) {
            return Bytes.of(input);
        }
        int header = 1 + Math.min(input[0], input.length - 1);
        Bytes all = Bytes.of(input);
        return Cbor.array(
                        Cbor.of(all.slice(1, header)),
                        Cbor.map().build(),
                        Cbor.of(all.slice(header, all.size())),
                        Cbor.of(SIGNATURE))
                .encode();
    }

    private static Target lineage(String name, LineageBounds bounds) {
        return canonical(name, Family.TAP, b -> LineageCodec.decode(b, bounds), (Lineage l) -> LineageCodec.encode(l));
    }

    /**
     * A delta put to the bulletin in hand, before anybody looks at its signature. The one in hand lies beside the corpora,
     * with the epoch from which the delta starts.
     */
    private static Target delta() {
        Bulletin h = Signed.decode(
                        Bytes.of(Corpus.committed("bulletin-in-hand").getFirst()), Bulletin.MAX_BYTES, Bulletin::read)
                .statement();
        return Readers.target("bulletin-applied", Family.BULLETIN, input -> {
            BulletinDelta delta = BulletinDelta.decode(Bytes.of(input), Bulletin.MAX_BYTES);
            Bulletin old = new Bulletin(
                    h.root(),
                    delta.fromEpoch(),
                    h.issuedAt(),
                    h.nextUpdate(),
                    h.institutions(),
                    h.revoked(),
                    h.registryKey(),
                    h.policy());
            Signed<Bulletin> newer = delta.apply(old);
            return again -> {
                Bytes written = newer.encode();
                if (!Signed.decode(written, Bulletin.MAX_BYTES, Bulletin::read)
                        .encode()
                        .equals(written)) {
                    throw new Finding("the bulletin that results is not read as it is written");
                }
            };
        });
    }
}
