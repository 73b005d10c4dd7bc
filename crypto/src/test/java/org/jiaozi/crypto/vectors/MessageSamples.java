package org.jiaozi.crypto.vectors;

import java.util.List;
import java.util.Optional;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.evidence.Evidence;
import org.jiaozi.core.evidence.EvidenceFile;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.BoundKey;
import org.jiaozi.core.message.Claim;
import org.jiaozi.core.message.Counters;
import org.jiaozi.core.message.DepositRefusal;
import org.jiaozi.core.message.Handover;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.message.Outcome;
import org.jiaozi.core.message.OwnerChange;
import org.jiaozi.core.message.RegistryAnswer;
import org.jiaozi.core.message.StatementEntry;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/** One message of every type between wallet, institution and central bank, as they meet in real life. */
final class MessageSamples {
    static final Nonce ID = Chain.nonce("message");
    private static final InstitutionId SEVEN = new InstitutionId(7);
    private static final InstitutionId NINE = new InstitutionId(9);
    private static final Timestamp LATER = new Timestamp(1_800_086_400L);
    private static final Currency GOLD = new Currency("x-gold-mg.3");

    private final Chain chain = new Chain();
    private final Lineage paid = chain.hops(1, 5);
    private final Signed<Transfer> payment = paid.head().transfer();
    private final Lineage deposit =
            paid.plus(chain.link("h1", chain.transfer("bank", 1, 0, Chain.input(payment, 0, 0, 9_000))));
    private final Bytes packed = LineageCodec.encode(deposit);
    private final Bytes denied = LineageCodec.encode(paid);
    private final Signed<NonReceipt> nonReceipt =
            Signed.by(chain.key("h1"), new NonReceipt(payment.statement().nonce(), Optional.empty()));
    private final Signed<Claim> claim =
            Signed.by(chain.key("account"), new Claim(SEVEN, "acc-1", Chain.nonce("claim"), Chain.NOW));
    final Signed<Handover> handover = Signed.by(
            chain.key("h1"),
            new Handover(NINE, "acc-9", deposit.head().transfer().hash(), Chain.NOW));
    private final Evidence evidence = new Evidence.OverlapEvidence(
            chain.certificate("h0"),
            payment,
            Signed.by(
                    chain.key("h0"),
                    chain.transfer("h3", 2, 9_500, Chain.input(paid.notes().getFirst(), 0, 8_000, 8_500))));
    private final Bytes file = new EvidenceFile(evidence, new BulletinVectors().first()).encode();

    private Thumbprint h(int number) {
        return chain.thumb("h" + number);
    }

    private PublicKey account() {
        return chain.key("account").publicKey();
    }

    private KeyProof proof(int number) {
        return KeyProof.by(chain.key("h" + number), SEVEN, ID);
    }

    private BoundKey bound(int number) {
        return new BoundKey(proof(number), ID);
    }

    private static List<Outcome> outcomes() {
        return List.of(
                new Outcome(0, new Range(0, 10), Outcome.Kind.REDEEMED, 0),
                new Outcome(0, new Range(10, 12), Outcome.Kind.MADE_WHOLE, 0),
                new Outcome(3, new Range(5, 6), Outcome.Kind.WITHHELD, 712),
                new Outcome(1_023, new Range(0, 281_474_976_710_655L), Outcome.Kind.REFUSED, 709));
    }

    List<WalletRequest> walletRequests() {
        return List.of(
                new WalletRequest.Enrol(
                        "4711-0815", account(), Chain.CNY, ElementClass.CARD, List.of(proof(0), proof(1))),
                new WalletRequest.Load(new Amount(1_250), GOLD, h(0), Chain.nonce("load")),
                new WalletRequest.Renew(
                        List.of(new Counters(h(0), 1, 2, 3), new Counters(h(1), 4, 5, 6)),
                        List.of(h(1)),
                        List.of(proof(2))),
                new WalletRequest.Deposit(packed),
                new WalletRequest.Upload(List.of(denied, packed)),
                new WalletRequest.ReturnUnreceived(
                        denied, nonReceipt, chain.certificate("h1"), h(0), Chain.nonce("return")),
                new WalletRequest.ReadAccount(10),
                new WalletRequest.Remit(NINE, "acc-2", new Amount(77), "rent", Chain.nonce("remit")),
                new WalletRequest.ReportLost("on the bus 公共汽车"),
                new WalletRequest.ClaimLost(claim),
                new WalletRequest.SubmitEvidence(file),
                new WalletRequest.TakeOver(packed, handover));
    }

    List<WalletAnswer> walletAnswers() {
        var refusal = Signed.by(
                chain.bank,
                new DepositRefusal(Chain.BANK, deposit.head().transfer().hash(), 703, LATER));
        return List.of(
                new WalletAnswer.Refused(new Refusal(RefusalCode.WITHHELD, "tomorrow")),
                new WalletAnswer.Enrolled("acc-1", List.of(chain.certificate("h0"), chain.certificate("h1"))),
                new WalletAnswer.Loaded(chain.note("h0", 1_250, 2)),
                new WalletAnswer.Renewed(List.of(chain.certificate("h2")), new Amount(5)),
                new WalletAnswer.Deposited(
                        outcomes(), new Amount(12), new Amount(345), Optional.empty(), Optional.empty()),
                new WalletAnswer.Deposited(
                        List.of(),
                        Amount.ZERO,
                        new Amount(333),
                        Optional.of(refusal),
                        Optional.of(chain.note("h1", 9_000, 5))),
                new WalletAnswer.Uploaded(
                        List.of(payment.hash(), deposit.head().transfer().hash())),
                new WalletAnswer.Account(
                        "acc-1",
                        Chain.CNY,
                        new Amount(100),
                        new Amount(20),
                        true,
                        List.of(
                                new StatementEntry(LATER, false, new Amount(3), "rent"),
                                new StatementEntry(Chain.NOW, true, new Amount(103), ""))),
                new WalletAnswer.Remitted(new Amount(23)),
                new WalletAnswer.LostReported(13),
                new WalletAnswer.Claimed(new Amount(1), new Amount(2), LATER),
                new WalletAnswer.EvidenceTaken(h(0), true));
    }

    List<BankRequest> bankRequests() {
        return List.of(
                new BankRequest.RegisterNote(chain.note("h0", 1_250, 2)),
                new BankRequest.ChangeOwners(List.of(new OwnerChange(packed, false), new OwnerChange(packed, true))),
                new BankRequest.Refund(denied, nonReceipt, chain.certificate("h1")),
                new BankRequest.PutOnRecord(List.of(denied, packed)),
                new BankRequest.Revoke(List.of(bound(0), bound(1)), "lost"),
                new BankRequest.RegisterClaim(List.of(bound(0), bound(1)), claim, account()),
                new BankRequest.Convict(file),
                new BankRequest.ReportRecovery(h(0), new Amount(400)),
                new BankRequest.ReadInbox(281_474_976_710_655L),
                new BankRequest.RemitAcross(NINE, "acc-2", new Amount(77), GOLD, "rent", Chain.nonce("remit")),
                new BankRequest.Honour(new OwnerChange(packed, false), handover),
                new BankRequest.ReturnRemit(
                        SEVEN,
                        new BankRequest.RemitAcross(NINE, "acc-2", new Amount(77), GOLD, "rent", Chain.nonce("remit")),
                        RefusalCode.UNKNOWN_ACCOUNT));
    }

    List<BankAnswer> bankAnswers() {
        var registry = new IssuerKeyId(InstitutionId.CENTRAL_BANK, 0);
        var settled = new RegistryAnswer(
                registry,
                LATER,
                List.of(
                        new RegistryAnswer.Settlement(deposit.head().transfer().hash(), outcomes(), List.of()),
                        new RegistryAnswer.Settlement(
                                new org.jiaozi.core.value.Hash(Bytes.of(new byte[32])),
                                List.of(),
                                List.of(Refusal.of(RefusalCode.MALFORMED)))));
        return List.of(
                new BankAnswer.Refused(new Refusal(RefusalCode.QUOTA_EXCEEDED, "by 5")),
                new BankAnswer.Registered(paid.notes().getFirst().hash()),
                new BankAnswer.OwnersChanged(Signed.by(chain.key("registry"), settled)),
                new BankAnswer.Refunded(new Amount(9_000)),
                new BankAnswer.Recorded(List.of(payment.hash())),
                new BankAnswer.Revoked(13),
                new BankAnswer.ClaimRegistered(new Amount(1), new Amount(2), LATER),
                new BankAnswer.Convicted(h(0), false),
                new BankAnswer.RecoveryTaken(new Amount(30), new Amount(70)),
                new BankAnswer.Inbox(events()),
                new BankAnswer.RemitTaken(Chain.nonce("remit")),
                new BankAnswer.Honoured(Signed.by(chain.key("registry"), settled), Optional.empty()),
                new BankAnswer.Honoured(
                        Signed.by(chain.key("registry"), settled), Optional.of(chain.note("h1", 9_000, 5))),
                new BankAnswer.RemitReturned(Chain.nonce("remit")));
    }

    private List<InboxEvent> events() {
        return List.of(
                new InboxEvent.Conviction(1, h(0), new Amount(500), Chain.CNY, file),
                new InboxEvent.RemitArrived(2, NINE, "acc-1", new Amount(77), GOLD, "rent", Chain.nonce("remit")),
                new InboxEvent.Netted(3, 41, Chain.CNY, new Amount(600), new Amount(70), new Amount(8)),
                new InboxEvent.Released(4, deposit.head().transfer().hash(), new Amount(12)),
                new InboxEvent.ClaimantDebt(5, Chain.nonce("claim"), new Amount(9), GOLD));
    }

    /** Events that were added later, in an answer of their own. */
    List<InboxEvent> laterEvents() {
        return List.of(
                new InboxEvent.HonouredElsewhere(6, deposit.head().transfer().hash(), new Amount(12), Chain.CNY),
                new InboxEvent.RemitReturned(
                        7, NINE, Chain.nonce("remit"), new Amount(77), GOLD, RefusalCode.UNKNOWN_ACCOUNT));
    }
}
