package org.jiaozi.crypto.vectors;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.BulletinDelta;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.bulletin.InstitutionKey;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.evidence.EvidenceFile;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.BoundKey;
import org.jiaozi.core.message.Claim;
import org.jiaozi.core.message.Counters;
import org.jiaozi.core.message.DepositRefusal;
import org.jiaozi.core.message.Envelope;
import org.jiaozi.core.message.Handover;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.message.Outcome;
import org.jiaozi.core.message.OwnerChange;
import org.jiaozi.core.message.RegistryAnswer;
import org.jiaozi.core.message.StatementEntry;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.policy.RegionalOverride;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.Receipt;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Statement;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.tap.TapMessage;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/** One sound example, or several, of everything that core reads, with the reader that writes it out again. */
final class Samples {
    /**
     * An example.
     *
     * @param name what it is
     * @param bytes its encoding
     * @param again decodes and encodes again
     */
    record Sample(String name, Bytes bytes, UnaryOperator<Bytes> again) {
        @Override
        public String toString() {
            return name;
        }
    }

    static final InstitutionId SEVEN = new InstitutionId(7);
    private static final int MAX = 1 << 20;

    final Chain chain = new Chain();
    final Profile profile = profile("circulating")
            .withOverride(new RegionalOverride("CN-51", Chain.NOW, new Timestamp(Chain.NOW.seconds() + 9), 8, 2000));
    final Signed<Bulletin> bulletin = bulletin(12, "gone");
    private final List<Sample> all = new ArrayList<>();
    private final Nonce nonce = Chain.nonce("vector");
    private final Amount amount = new Amount(1250);

    static Profile profile(String name) {
        try {
            var file = VectorFiles.folder().resolveSibling("profiles").resolve(name + ".json");
            return Profile.fromMap(
                    new ObjectMapper().readValue(Files.readString(file), new TypeReference<Map<String, Object>>() {}));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Signed<Bulletin> bulletin(long epoch, String... revoked) {
        TreeSet<Thumbprint> gone = new TreeSet<>();
        for (String name : revoked) {
            gone.add(chain.thumb(name));
        }
        Timestamp until = new Timestamp(Chain.NOW.seconds() + 1_000_000);
        return Signed.by(
                chain.key("root"),
                new Bulletin(
                        new IssuerKeyId(InstitutionId.CENTRAL_BANK, 0),
                        epoch,
                        Chain.NOW,
                        until,
                        List.of(new InstitutionEntry(
                                SEVEN,
                                "bank-seven",
                                "Bank 七",
                                List.of(
                                        new InstitutionKey(1, chain.bank.publicKey(), Chain.NOW, until),
                                        new InstitutionKey(2, key("bank two"), Chain.NOW, until)),
                                sealingKey(),
                                "https://seven.example")),
                        gone,
                        key("registry"),
                        profile));
    }

    PublicKey key(String name) {
        return chain.key(name).publicKey();
    }

    static Bytes sealingKey() {
        return Chain.nonce("seal").bytes().concat(Chain.nonce("key").bytes());
    }

    Signed<Request> request(String payee, Lineage paidBy) {
        Transfer t = paidBy.head().transfer().statement();
        return Signed.by(
                chain.key(payee),
                new Request(t.amount(), Chain.CNY, t.nonce(), t.at(), 12, "茶 two cups", sealingKey()));
    }

    /** A payment of two inputs, whose parents are a note and a transfer. */
    Lineage twoInputs() {
        Lineage hop = chain.hops(1, 5);
        Lineage both = hop.merge(Lineage.of(chain.note("h1", 700, 5)));
        return both.plus(chain.link(
                "h1",
                chain.transfer(
                        "h2",
                        3,
                        9_100,
                        Chain.input(hop.head().transfer(), 0, 0, 8_500),
                        Chain.input(both.notes().getLast(), 0, 100, 700))));
    }

    List<Sample> all() {
        statements();
        taps();
        wallets();
        banks();
        evidence();
        others();
        return all;
    }

    private void add(String name, Bytes bytes, UnaryOperator<Bytes> again) {
        all.add(new Sample(name, bytes, again));
    }

    private <T extends Statement> void statement(Signed<T> signed, BiFunction<Bytes, Bytes, T> reader) {
        add(
                signed.statement().type().label(),
                signed.encode(),
                b -> Signed.decode(b, MAX, reader).encode());
    }

    private void statements() {
        Lineage two = twoInputs();
        Hash head = two.head().transfer().hash();
        statement(chain.note("h0", 10_000, 5), Note::read);
        statement(chain.certificate("h0"), PurseCertificate::read);
        statement(two.head().transfer(), Transfer::read);
        statement(request("h2", two), Request::read);
        statement(Signed.by(chain.key("h1"), new Receipt(nonce, head, Chain.NOW)), Receipt::read);
        statement(Signed.by(chain.key("h1"), new NonReceipt(nonce, Optional.empty())), NonReceipt::read);
        statement(Signed.by(chain.key("h1"), new NonReceipt(nonce, Optional.of(head))), NonReceipt::read);
        statement(bulletin, Bulletin::read);
        statement(message(new WalletRequest.ReadAccount(9)), WalletMessage::read);
        statement(
                Signed.by(
                        chain.bank, new BankMessage(Chain.BANK, nonce, Chain.NOW, new BankRequest.ReadInbox(3).cbor())),
                BankMessage::read);
        statement(Signed.by(chain.bank, new DepositRefusal(Chain.BANK, head, 703, Chain.NOW)), DepositRefusal::read);
        statement(registryAnswer(), RegistryAnswer::read);
        statement(claim(), Claim::read);
        statement(handover(), Handover::read);
    }

    private Signed<Handover> handover() {
        return Signed.by(chain.key("h1"), new Handover(SEVEN, "acc-1", claim().hash(), Chain.NOW));
    }

    private Signed<WalletMessage> message(WalletRequest body) {
        return Signed.by(chain.key("h0"), new WalletMessage(SEVEN, chain.thumb("h0"), nonce, Chain.NOW, body));
    }

    private Signed<RegistryAnswer> registryAnswer() {
        return Signed.by(
                chain.bank,
                new RegistryAnswer(
                        Chain.BANK,
                        Chain.NOW,
                        List.of(new RegistryAnswer.Settlement(
                                Chain.input(chain.note("h0", 1, 1), 0, 0, 1)
                                        .source()
                                        .parent(),
                                outcomes(),
                                List.of(Refusal.of(RefusalCode.UNKNOWN_NOTE))))));
    }

    private static List<Outcome> outcomes() {
        return List.of(
                new Outcome(0, new Range(0, 10), Outcome.Kind.REDEEMED, 0),
                new Outcome(3, new Range(10, 12), Outcome.Kind.REFUSED, 709));
    }

    private Signed<Claim> claim() {
        return Signed.by(chain.key("account"), new Claim(SEVEN, "acc-1", nonce, Chain.NOW));
    }

    private void taps() {
        Lineage two = twoInputs();
        var no = Signed.by(chain.key("h1"), new NonReceipt(nonce, Optional.empty()));
        var receipt = Signed.by(
                chain.key("h1"), new Receipt(nonce, two.head().transfer().hash(), Chain.NOW));
        List.<TapMessage>of(
                        new TapMessage.RequestMessage(chain.certificate("h2"), request("h2", two)),
                        new TapMessage.SealedPayment(nonce, Bytes.fromHex("00112233")),
                        new TapMessage.PaymentMessage(two, Optional.of(delta().encode())),
                        new TapMessage.PaymentMessage(chain.hops(3, 5), Optional.empty()),
                        new TapMessage.ReceiptMessage(receipt),
                        new TapMessage.RefusalMessage(
                                new Refusal(RefusalCode.AMOUNT_MISMATCH, "5 of 6"), nonce, Optional.of(no)),
                        new TapMessage.RefusalMessage(
                                Refusal.of(RefusalCode.OVER_COUNT_LIMIT), nonce, Optional.empty()),
                        new TapMessage.BulletinMessage(bulletin.encode()),
                        new TapMessage.BulletinWanted(11))
                .forEach(m -> add(
                        "tap " + m.getClass().getSimpleName(),
                        m.encode(),
                        b -> TapMessage.decode(b).encode()));
    }

    private BulletinDelta delta() {
        return BulletinDelta.between(bulletin(11, "back"), bulletin);
    }

    private void wallets() {
        Bytes packed = LineageCodec.encode(twoInputs());
        var no = Signed.by(chain.key("h1"), new NonReceipt(nonce, Optional.empty()));
        KeyProof proof = KeyProof.by(chain.key("h0"), SEVEN, nonce);
        Thumbprint h0 = chain.thumb("h0");
        List.of(
                        new WalletRequest.Enrol("4711", key("account"), Chain.CNY, ElementClass.CARD, List.of(proof)),
                        new WalletRequest.Load(amount, Chain.CNY, h0, nonce),
                        new WalletRequest.Renew(List.of(new Counters(h0, 1, 2, 3)), List.of(h0), List.of(proof)),
                        new WalletRequest.Deposit(packed),
                        new WalletRequest.Upload(List.of(packed, packed)),
                        new WalletRequest.ReturnUnreceived(packed, no, chain.certificate("h1"), h0, nonce),
                        new WalletRequest.ReadAccount(10),
                        new WalletRequest.Remit(SEVEN, "acc-2", amount, "rent", nonce),
                        new WalletRequest.ReportLost("on the bus"),
                        new WalletRequest.ClaimLost(claim()),
                        new WalletRequest.SubmitEvidence(Bytes.fromHex("0102")),
                        new WalletRequest.TakeOver(packed, handover()))
                .forEach(m -> body(
                        "wallet asks ", m, m.cbor(), c -> WalletRequest.read(c).cbor()));
        var refusal = Signed.by(chain.bank, new DepositRefusal(Chain.BANK, claim().hash(), 703, Chain.NOW));
        List.of(
                        new WalletAnswer.Refused(new Refusal(RefusalCode.WITHHELD, "tomorrow")),
                        new WalletAnswer.Enrolled("acc-1", List.of(chain.certificate("h0"))),
                        new WalletAnswer.Loaded(chain.note("h0", 5, 2)),
                        new WalletAnswer.Renewed(List.of(chain.certificate("h0")), amount),
                        new WalletAnswer.Deposited(
                                outcomes(), amount, amount, Optional.of(refusal), Optional.of(chain.note("h0", 5, 2))),
                        new WalletAnswer.Uploaded(List.of(claim().hash())),
                        new WalletAnswer.Account(
                                "acc-1",
                                Chain.CNY,
                                amount,
                                amount,
                                false,
                                List.of(new StatementEntry(Chain.NOW, true, amount, "load"))),
                        new WalletAnswer.Remitted(amount),
                        new WalletAnswer.LostReported(3),
                        new WalletAnswer.Claimed(amount, amount, Chain.NOW),
                        new WalletAnswer.EvidenceTaken(h0, true))
                .forEach(m -> body(
                        "wallet hears ", m, m.cbor(), c -> WalletAnswer.read(c).cbor()));
    }

    private void body(String prefix, Object message, Cbor cbor, UnaryOperator<Cbor> again) {
        add(
                prefix + message.getClass().getSimpleName(),
                cbor.encode(),
                b -> again.apply(Cbor.decode(b, MAX)).encode());
    }

    private void banks() {
        Bytes packed = LineageCodec.encode(twoInputs());
        var no = Signed.by(chain.key("h1"), new NonReceipt(nonce, Optional.empty()));
        Thumbprint h0 = chain.thumb("h0");
        BoundKey bound = new BoundKey(KeyProof.by(chain.key("h0"), SEVEN, nonce), nonce);
        var remit = new BankRequest.RemitAcross(SEVEN, "acc-2", amount, Chain.CNY, "rent", nonce);
        List.of(
                        new BankRequest.RegisterNote(chain.note("h0", 5, 2)),
                        new BankRequest.ChangeOwners(List.of(new OwnerChange(packed, true))),
                        new BankRequest.Refund(packed, no, chain.certificate("h1")),
                        new BankRequest.PutOnRecord(List.of(packed)),
                        new BankRequest.Revoke(List.of(bound), "lost"),
                        new BankRequest.RegisterClaim(List.of(bound), claim(), key("account")),
                        new BankRequest.Convict(Bytes.fromHex("01")),
                        new BankRequest.ReportRecovery(h0, amount),
                        new BankRequest.ReadInbox(3),
                        remit,
                        new BankRequest.Honour(new OwnerChange(packed, true), handover()),
                        new BankRequest.ReturnRemit(SEVEN, remit, RefusalCode.UNKNOWN_ACCOUNT))
                .forEach(m ->
                        body("bank asks ", m, m.cbor(), c -> BankRequest.read(c).cbor()));
        List<InboxEvent> events = List.of(
                new InboxEvent.Conviction(1, h0, amount, Chain.CNY, Bytes.fromHex("01")),
                new InboxEvent.RemitArrived(2, SEVEN, "acc-2", amount, Chain.CNY, "rent", nonce),
                new InboxEvent.Netted(3, 1, Chain.CNY, amount, amount, Amount.ZERO),
                new InboxEvent.Released(4, claim().hash(), amount),
                new InboxEvent.ClaimantDebt(5, nonce, amount, Chain.CNY),
                new InboxEvent.HonouredElsewhere(6, claim().hash(), amount, Chain.CNY),
                new InboxEvent.RemitReturned(7, SEVEN, nonce, amount, Chain.CNY, RefusalCode.UNKNOWN_ACCOUNT));
        List.of(
                        new BankAnswer.Refused(Refusal.of(RefusalCode.QUOTA_EXCEEDED)),
                        new BankAnswer.Registered(claim().hash()),
                        new BankAnswer.OwnersChanged(registryAnswer()),
                        new BankAnswer.Refunded(amount),
                        new BankAnswer.Recorded(List.of(claim().hash())),
                        new BankAnswer.Revoked(13),
                        new BankAnswer.ClaimRegistered(amount, amount, Chain.NOW),
                        new BankAnswer.Convicted(h0, true),
                        new BankAnswer.RecoveryTaken(amount, amount),
                        new BankAnswer.Inbox(events),
                        new BankAnswer.RemitTaken(nonce),
                        new BankAnswer.Honoured(registryAnswer(), Optional.of(chain.note("h0", 5, 2))),
                        new BankAnswer.RemitReturned(nonce))
                .forEach(m ->
                        body("bank hears ", m, m.cbor(), c -> BankAnswer.read(c).cbor()));
    }

    private void evidence() {
        EvidenceSamples.all(chain).forEach(e -> {
            add(
                    "evidence file " + e.kind(),
                    new EvidenceFile(e, bulletin).encode(),
                    b -> EvidenceFile.decode(b).encode());
            add(
                    "evidence " + e.kind(),
                    EvidenceFile.toCbor(e).encode(),
                    b -> EvidenceFile.toCbor(EvidenceFile.decodeEvidence(b)).encode());
        });
    }

    private void others() {
        add(
                "envelope",
                new Envelope(SEVEN, Bytes.fromHex("0011")).encode(),
                b -> Envelope.decode(b).encode());
        add("delta", delta().encode(), b -> BulletinDelta.decode(b, MAX).encode());
        add(
                "profile",
                profile.toCbor().encode(),
                b -> Profile.fromCbor(Cbor.decode(b, MAX)).toCbor().encode());
        for (Lineage lineage : List.of(chain.hops(0, 5), chain.hops(4, 5), twoInputs())) {
            add(
                    "lineage of " + lineage.links().size(),
                    LineageCodec.encode(lineage),
                    b -> LineageCodec.encode(LineageCodec.decode(b, LineageBounds.DEPOSIT)));
        }
    }
}
