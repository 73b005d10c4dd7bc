package org.jiaozi.cli.wallet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCheck;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.message.Counters;
import org.jiaozi.core.message.DepositRefusal;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.PurseCertificate.Limits;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Period;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.Es256Signer;
import org.jiaozi.crypto.Es256Verifier;

/**
 * An institution with its own registry: answers as the protocol says, once for each id and nonce, and keeps books by
 * which a test reckons that nothing was lost and nothing was made.
 */
final class TownBank {
    static final InstitutionId HERE = new InstitutionId(1);
    /** Another with the same registry and books, that wallets come from when it is gone. */
    static final InstitutionId ELSEWHERE = new InstitutionId(2);
    /** What is on a new account. */
    static final long OPENING = 1_000_000;

    private static final Currency CNY = new Currency("CNY");

    /** Notes issued, by load nonce: a load that is asked twice must not make two. */
    final Map<Nonce, Signed<Note>> notes = new HashMap<>();

    /** What money was sent from account to account for, in order. */
    final List<String> remitted = new ArrayList<>();

    /** What it refuses, and why. */
    volatile Function<WalletRequest, Optional<Refusal>> refusing = request -> Optional.empty();

    /** Deposits of which amount are not taken, and come back as a note. */
    volatile Predicate<Amount> givesBack = amount -> false;

    /** By account, transfers that were uploaded, and ids that money was claimed under. */
    final Map<String, Set<Hash>> uploaded = new HashMap<>();

    final Map<String, Set<Nonce>> claimed = new HashMap<>();

    /** What certificates and notes are issued with from now on. */
    volatile Limits limits = new Limits(100_000, 1_000_000, 1000, 1_000_000);

    volatile Period noteLife = Period.ofDays(100);

    private final Map<InstitutionId, Es256Signer> signers;
    private final Timestamp now;
    private final Es256Verifier verifier = new Es256Verifier();
    private final Map<String, Long> balances = new HashMap<>();
    private final Map<String, Currency> currencies = new HashMap<>();
    /** Where each account is. */
    private final Map<String, InstitutionId> at = new HashMap<>();

    private final Map<Thumbprint, PublicKey> keys = new HashMap<>();
    private final Map<Thumbprint, String> owners = new HashMap<>();
    private final Map<Nonce, Signed<WalletMessage>> messages = new HashMap<>();
    private final Map<Nonce, WalletAnswer> answers = new HashMap<>();
    private final Map<Nonce, WalletAnswer> acts = new HashMap<>();
    private final Map<Hash, WalletAnswer> deposits = new HashMap<>();
    private final Map<Hash, List<Range>> settled = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();

    TownBank(Map<InstitutionId, Es256Signer> signers, Timestamp now) {
        this.signers = signers;
        this.now = now;
    }

    /** Refuses loads of that amount from now on, beside what it refuses already. */
    void refuseLoadsOf(Amount amount, RefusalCode why) {
        Function<WalletRequest, Optional<Refusal>> before = refusing;
        refusing =
                body -> body instanceof WalletRequest.Load load && load.amount().equals(amount)
                        ? Optional.of(Refusal.of(why))
                        : before.apply(body);
    }

    long balance(String account) {
        return balances.getOrDefault(account, 0L);
    }

    /** Note value that was neither redeemed nor refunded: what all wallets together must hold. */
    long outstanding() {
        long issued = notes.values().stream()
                .mapToLong(n -> n.statement().value().minor())
                .sum();
        return issued
                - settled.values().stream()
                        .flatMap(List::stream)
                        .mapToLong(r -> r.amount().minor())
                        .sum();
    }

    /** What is wrong with what was asked and with the books; empty if nothing is. */
    List<String> breaches() {
        List<String> all = new ArrayList<>(wrong);
        long money = balances.values().stream().mapToLong(b -> b).sum() + outstanding();
        if (money != OPENING * balances.size()) {
            all.add("there are " + money + " in " + balances.size() + " accounts and their notes");
        }
        claimed.forEach((account, ids) -> {
            if (ids.size() != 1) {
                all.add(account + " is claimed under " + ids.size() + " ids");
            }
        });
        return all;
    }

    synchronized WalletAnswer answer(Signed<WalletMessage> message, Bulletin bulletin) {
        WalletMessage m = message.statement();
        PublicKey sender = m.body() instanceof WalletRequest.Enrol enrol ? enrol.accountKey() : keys.get(m.sender());
        if (sender == null || !message.verifies(verifier, sender)) {
            wrong.add("a message of a stranger");
            return refused(RefusalCode.BAD_SIGNATURE);
        }
        Signed<WalletMessage> before = messages.putIfAbsent(m.id(), message);
        if (before != null && !before.hash().equals(message.hash())) {
            wrong.add("one id for two messages");
            return refused(RefusalCode.REPLAYED);
        }
        WalletAnswer stored = answers.get(m.id());
        if (stored != null) {
            return stored;
        }
        WalletAnswer said = refusing.apply(m.body())
                .<WalletAnswer>map(WalletAnswer.Refused::new)
                .orElseGet(() -> decide(m, bulletin));
        // spec 07, clause 1: a fault is no answer for ever
        if (!(said instanceof WalletAnswer.Refused no && no.refusal().code().isFault())) {
            answers.put(m.id(), said);
        }
        return said;
    }

    private WalletAnswer decide(WalletMessage m, Bulletin bulletin) {
        String account = owners.getOrDefault(m.sender(), "");
        return switch (m.body()) {
            case WalletRequest.Enrol enrol -> {
                String name = "account-" + (balances.size() + 1);
                balances.put(name, OPENING);
                at.put(name, m.institution());
                currencies.put(name, enrol.currency());
                keys.put(enrol.accountKey().thumbprint(), enrol.accountKey());
                owners.put(enrol.accountKey().thumbprint(), name);
                yield new WalletAnswer.Enrolled(name, bind(name, m, enrol.keys()));
            }
            case WalletRequest.Load r -> {
                boolean fresh = !notes.containsKey(r.loadNonce());
                WalletAnswer answer = note(account, r.holder(), r.amount(), r.loadNonce());
                if (fresh) {
                    add(account, -r.amount().minor());
                }
                yield answer;
            }
            case WalletRequest.Renew r -> renew(account, m, r);
            case WalletRequest.Deposit r -> deposit(account, r, bulletin);
            case WalletRequest.Upload r -> {
                List<Hash> heads = r.lineages().stream()
                        .map(l -> head(l).transfer().hash())
                        .toList();
                uploaded.computeIfAbsent(account, a -> new HashSet<>()).addAll(heads);
                yield new WalletAnswer.Uploaded(heads);
            }
            case WalletRequest.ReturnUnreceived r -> {
                if (!notes.containsKey(r.loadNonce())) {
                    settle(r.lineage(), bulletin);
                }
                yield note(
                        account,
                        r.holder(),
                        head(r.lineage()).transfer().statement().amount(),
                        r.loadNonce());
            }
            case WalletRequest.Remit r ->
                acts.computeIfAbsent(r.remitId(), id -> {
                    remitted.add(r.reference());
                    add(account, -r.amount().minor());
                    add(r.toAccount(), r.amount().minor());
                    return new WalletAnswer.Remitted(new Amount(balance(account)));
                });
            case WalletRequest.ReadAccount ignored ->
                new WalletAnswer.Account(
                        account, currency(account), new Amount(balance(account)), Amount.ZERO, false, List.of());
            case WalletRequest.SubmitEvidence ignored -> {
                wrong.add("an honest purse in evidence");
                yield refused(RefusalCode.EVIDENCE_INVALID);
            }
            case WalletRequest.ReportLost ignored -> new WalletAnswer.LostReported(2);
            case WalletRequest.ClaimLost r -> {
                claimed.computeIfAbsent(account, a -> new HashSet<>())
                        .add(r.claim().statement().id());
                yield new WalletAnswer.Claimed(new Amount(300), new Amount(40), now.plus(Period.ofDays(200)));
            }
            case WalletRequest.TakeOver ignored -> refused(RefusalCode.BUSY);
        };
    }

    static IssuerKeyId key(InstitutionId institution) {
        return new IssuerKeyId(institution, 0);
    }

    private IssuerKeyId key(String account) {
        return key(at.getOrDefault(account, HERE));
    }

    private Es256Signer signer(String account) {
        return signers.get(key(account).institution());
    }

    private Currency currency(String account) {
        return currencies.getOrDefault(account, CNY);
    }

    private void add(String account, long minor) {
        balances.merge(account, minor, Long::sum);
    }

    private static WalletAnswer refused(RefusalCode code) {
        return new WalletAnswer.Refused(Refusal.of(code));
    }

    private static Lineage.Link head(Bytes lineage) {
        return LineageCodec.decode(lineage, LineageBounds.DEPOSIT).head();
    }

    private WalletAnswer.Loaded note(String account, Thumbprint holder, Amount value, Nonce nonce) {
        return new WalletAnswer.Loaded(notes.computeIfAbsent(
                nonce,
                n -> Signed.by(
                        signer(account),
                        new Note(key(account), 7, currency(account), value, now.plus(noteLife), 5, holder, n))));
    }

    private WalletAnswer deposit(String account, WalletRequest.Deposit request, Bulletin bulletin) {
        Lineage.Link head = head(request.lineage());
        return deposits.computeIfAbsent(head.transfer().hash(), hash -> {
            Amount paid = settle(request.lineage(), bulletin);
            if (givesBack.test(paid)) {
                WalletAnswer.Loaded back = note(
                        account,
                        head.signer(),
                        paid,
                        head.transfer().statement().nonce());
                int why = RefusalCode.OVER_HOLDING_LIMIT.number();
                return new WalletAnswer.Deposited(
                        List.of(),
                        Amount.ZERO,
                        new Amount(balance(account)),
                        Optional.of(Signed.by(signer(account), new DepositRefusal(key(account), hash, why, now))),
                        Optional.of(back.note()));
            }
            add(account, paid.minor());
            return new WalletAnswer.Deposited(
                    List.of(), paid, new Amount(balance(account)), Optional.empty(), Optional.empty());
        });
    }

    /** Takes what a lineage ends in off the notes; a unit that was taken before is a breach. */
    private Amount settle(Bytes packed, Bulletin bulletin) {
        Lineage lineage = LineageCodec.decode(packed, LineageBounds.DEPOSIT);
        if (!(LineageCheck.check(lineage, LineageCheck.Context.deposit(bulletin, verifier))
                instanceof LineageCheck.Result.Sound sound)) {
            wrong.add("a lineage that does not hold");
            return Amount.ZERO;
        }
        Amount sum = Amount.ZERO;
        for (Slice slice : sound.outputsOf(lineage.head().transfer())) {
            List<Range> taken = settled.computeIfAbsent(slice.note(), n -> new ArrayList<>());
            if (taken.stream().anyMatch(slice.range()::overlaps)) {
                wrong.add("paid twice: " + slice.range() + " of " + slice.note());
            }
            taken.add(slice.range());
            sum = sum.plus(slice.amount());
        }
        return sum;
    }

    private WalletAnswer renew(String account, WalletMessage m, WalletRequest.Renew renew) {
        if (renew.fresh().stream().anyMatch(p -> keys.containsKey(p.key().thumbprint()))) {
            wrong.add(account + " offers a key that was bound before");
            return refused(RefusalCode.OUT_OF_RANGE);
        }
        List<Signed<PurseCertificate>> all = new ArrayList<>();
        for (Counters c : renew.counters()) {
            if (!renew.retire().contains(c.key())) {
                all.add(certificate(account, keys.get(c.key()), c.seq(), c.spentTotal()));
            }
        }
        all.addAll(bind(account, m, renew.fresh()));
        return new WalletAnswer.Renewed(all, Amount.ZERO);
    }

    private List<Signed<PurseCertificate>> bind(String account, WalletMessage m, List<KeyProof> proofs) {
        List<Signed<PurseCertificate>> all = new ArrayList<>();
        for (KeyProof proof : proofs) {
            if (!proof.verifies(verifier, m.institution(), m.id())) {
                wrong.add(account + ": a key that is not proved");
            }
            keys.put(proof.key().thumbprint(), proof.key());
            owners.put(proof.key().thumbprint(), account);
            all.add(certificate(account, proof.key(), 0, 0));
        }
        return all;
    }

    private Signed<PurseCertificate> certificate(String account, PublicKey key, long seq, long spent) {
        return Signed.by(
                signer(account),
                new PurseCertificate(
                        key(account),
                        key,
                        4,
                        ElementClass.SOFTWARE,
                        currency(account),
                        limits,
                        now.minus(Period.ofDays(1)),
                        now.plus(Period.ofDays(100)),
                        seq,
                        spent));
    }
}
