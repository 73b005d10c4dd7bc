package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jiaozi.bank.institution.AccountState.Block;
import org.jiaozi.bank.institution.Certifying;
import org.jiaozi.bank.institution.Decision;
import org.jiaozi.bank.institution.Depositing;
import org.jiaozi.bank.institution.Issuing;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.DepositRefusal;
import org.jiaozi.core.message.OwnerChange;
import org.jiaozi.core.message.RegistryAnswer;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.policy.Tier;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Hash;

/** Deposits: forwarded to the registry, credited on its word only, or given back as a note. Not thread-safe. */
final class TellerDeposits {
    /** Rarer than once in so many deposits an institution refuses one that it should take. */
    private static final int SAYS_NO = 40;

    /** Of what is under way, so much goes together. */
    private static final int BATCH = 6;

    private static final List<RefusalCode> NOES =
            Stream.of(RefusalCode.values()).filter(code -> !code.isFault()).toList();

    private final Teller teller;
    private final Map<Hash, Work> works = new LinkedHashMap<>();

    private static final class Work {
        final Account account;
        final WalletRequest.Deposit request;
        Optional<Boolean> back = Optional.empty();
        Optional<Signed<Note>> note = Optional.empty();
        Optional<WalletAnswer> answer = Optional.empty();

        Work(Account account, WalletRequest.Deposit request) {
            this.account = account;
            this.request = request;
        }
    }

    TellerDeposits(Teller teller) {
        this.teller = teller;
    }

    /** Whose deposit it is. */
    Account owner(Hash deposit) {
        return java.util.Objects.requireNonNull(works.get(deposit)).account;
    }

    WalletAnswer deposit(Account account, WalletRequest.Deposit request) {
        Lineage lineage;
        try {
            lineage = LineageCodec.decode(request.lineage(), LineageBounds.DEPOSIT);
        } catch (DecodeException e) {
            return new WalletAnswer.Refused(e.refusal());
        }
        return switch (Depositing.check(teller.setting(), lineage, account.states())) {
            case Decision.Denied<Lineage.Link> no -> new WalletAnswer.Refused(no.refusal());
            case Decision.Granted<Lineage.Link> head -> {
                Hash hash = head.value().transfer().hash();
                if (!teller.world().calm() && teller.world().dice().oneIn(SAYS_NO)) {
                    // without a reason, and whatever it settled before: the holder asks again, and is owed the same
                    yield Teller.refused(teller.world().dice().pick(NOES), "");
                }
                teller.durable(() -> works.putIfAbsent(hash, new Work(account, request)));
                yield goOn(java.util.Objects.requireNonNull(works.get(hash)));
            }
        };
    }

    private WalletAnswer goOn(Work work) {
        if (work.answer.isEmpty()) {
            Lineage.Link head = LineageCodec.decode(work.request.lineage(), LineageBounds.DEPOSIT)
                    .head();
            WalletAnswer answer = settle(work.account, head, work);
            if (answer instanceof WalletAnswer.Refused no && no.refusal().code().isFault()) {
                return answer;
            }
            if (answer instanceof WalletAnswer.Refused) {
                // nothing was booked: the same transfer may come again, and the registry judges it again
                teller.durable(() -> works.remove(head.transfer().hash()));
                return answer;
            }
            teller.durable(() -> work.answer = Optional.of(answer));
            teller.inbox().collect(work.account);
        }
        return work.answer.orElseThrow();
    }

    /** Whether anything waits for its answer. */
    boolean halfway() {
        return works.values().stream().anyMatch(work -> work.answer.isEmpty());
    }

    /** Goes on with whatever was cut off. */
    void resume() {
        List.copyOf(works.values()).forEach(this::goOn);
    }

    private WalletAnswer settle(Account account, Lineage.Link head, Work work) {
        BankAnswer said = teller.ask(new BankRequest.ChangeOwners(batch(work)));
        if (!(said instanceof BankAnswer.OwnersChanged changed)) {
            return said instanceof BankAnswer.Refused no
                    ? new WalletAnswer.Refused(no.refusal())
                    : Teller.refused(RefusalCode.INTERNAL, "an unexpected answer of the central bank");
        }
        Hash hash = head.transfer().hash();
        teller.world().judge().answered(account.name, changed.answer().encode(), hash.hex());
        return switch (Depositing.settlement(teller.setting(), changed.answer(), hash)) {
            case Decision.Denied<RegistryAnswer.Settlement> no -> new WalletAnswer.Refused(no.refusal());
            case Decision.Granted<RegistryAnswer.Settlement> yes -> book(account, head, yes.value(), work);
        };
    }

    /** A deposit, and now and then others that are under way: one of them twice, before or after it. */
    private List<OwnerChange> batch(Work work) {
        Dice dice = teller.world().dice();
        List<Work> together = new ArrayList<>(List.of(work));
        if (dice.chance(30)) {
            works.values().stream()
                    .filter(w -> w.answer.isEmpty() && w != work)
                    .limit(BATCH)
                    .forEach(together::add);
            together.add(dice.pick(together));
            dice.shuffle(together);
        }
        return together.stream()
                .map(w -> new OwnerChange(w.request.lineage(), w.account.flagged || w.account.block == Block.CONVICTED))
                .toList();
    }

    private WalletAnswer book(Account account, Lineage.Link head, RegistryAnswer.Settlement settlement, Work work) {
        Amount paid = Depositing.paid(settlement);
        String reference = "deposit:" + settlement.deposit().hex();
        if (work.back.isEmpty() && !paid.isZero()) {
            choose(account, head, paid, work);
        }
        Optional<Signed<DepositRefusal>> refusal = Optional.empty();
        Amount credited = paid;
        if (work.note.isPresent()
                && teller.ask(new BankRequest.RegisterNote(work.note.get())) instanceof BankAnswer.Registered) {
            long value = paid.minor();
            teller.durable(() -> {
                if (teller.till().move(reference + ":note", "clearing", "float", value)) {
                    account.issued += value;
                }
            });
            refusal = Optional.of(Signed.by(
                    teller.house().signer(),
                    new DepositRefusal(
                            teller.house().keyId(),
                            settlement.deposit(),
                            reason(account, paid).code().number(),
                            teller.server().now())));
            credited = Amount.ZERO;
        } else if (!paid.isZero()) {
            teller.durable(() -> {
                work.note = Optional.empty();
                if (teller.till().move(reference + ":credit", "clearing", "customer:" + account.name, paid.minor())) {
                    account.balance += paid.minor();
                }
            });
        }
        teller.durable(() -> {
            if (teller.till().move(reference + ":counted", "outside", "outside", 0)) {
                account.deposited += head.transfer().statement().amount().minor();
            }
        });
        return new WalletAnswer.Deposited(
                settlement.outcomes(), credited, new Amount(account.balance), refusal, work.note);
    }

    private void choose(Account account, Lineage.Link head, Amount paid, Work work) {
        boolean back = refusesCredit(account, paid).isPresent();
        // the purse opened a load under the deposit's nonce
        Note note = Issuing.note(
                teller.setting(),
                WorldBank.CURRENCY,
                paid,
                head.signer(),
                head.transfer().statement().nonce());
        teller.durable(() -> {
            work.back = Optional.of(back);
            work.note = back ? Optional.of(Signed.by(teller.house().signer(), note)) : Optional.empty();
        });
    }

    private Refusal reason(Account account, Amount paid) {
        return refusesCredit(account, paid).orElse(Refusal.of(RefusalCode.OVER_HOLDING_LIMIT));
    }

    private Optional<Refusal> refusesCredit(Account account, Amount paid) {
        return Certifying.tier(teller.setting(), account.state()) instanceof Decision.Granted<Tier> tier
                ? Depositing.refusesCredit(tier.value(), account.state(), paid)
                : Optional.empty();
    }
}
