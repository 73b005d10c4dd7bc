package org.jiaozi.server.institution;

import java.util.List;
import java.util.Optional;
import org.jiaozi.bank.institution.AccountState;
import org.jiaozi.bank.institution.Certifying;
import org.jiaozi.bank.institution.CoreBanking;
import org.jiaozi.bank.institution.Decision;
import org.jiaozi.bank.institution.Depositing;
import org.jiaozi.bank.institution.Issuing;
import org.jiaozi.bank.institution.PurseKeyState;
import org.jiaozi.bank.institution.Setting;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.lineage.StatementMemory;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.DepositRefusal;
import org.jiaozi.core.message.Handover;
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
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.server.RememberedStatements;

/** Deposits: forwarded to the registry, credited on its word only, or given back as a note. */
final class Deposits {
    private final Office office;
    private final Operations operations;
    private final DebtCollector debts;
    private final StatementMemory memory = new RememberedStatements();

    Deposits(Office office, Operations operations, DebtCollector debts) {
        this.office = office;
        this.operations = operations;
        this.debts = debts;
    }

    static String reference(Hash deposit) {
        return "deposit:" + deposit.hex();
    }

    /** How the books name what an operation credits. */
    static String credit(String reference) {
        return reference + ":credit";
    }

    WalletAnswer deposit(Purses.Known sender, WalletRequest.Deposit request) {
        return perform(sender, request, check(sender, request));
    }

    /** The deposit itself, if it is one that the registry may be asked about. */
    Optional<Lineage.Link> sound(Purses.Known sender, WalletRequest.Deposit request) {
        return check(sender, request) instanceof Decision.Granted<Lineage.Link>(Lineage.Link head)
                ? Optional.of(head)
                : Optional.empty();
    }

    /** A deposit that its holder signed to an institution that is gone. */
    WalletAnswer takeOver(Purses.Known sender, WalletRequest.TakeOver request) {
        Lineage lineage = LineageCodec.decode(request.lineage(), LineageBounds.DEPOSIT);
        return perform(
                sender,
                request,
                Depositing.checkHandover(office.setting(), lineage, request.handover(), sender.account()));
    }

    private WalletAnswer perform(Purses.Known sender, WalletRequest request, Decision<Lineage.Link> checked) {
        return switch (checked) {
            case Decision.Denied<Lineage.Link> no -> new WalletAnswer.Refused(no.refusal());
            case Decision.Granted<Lineage.Link> head ->
                operations.perform(
                        Operation.fresh(
                                reference(head.value().transfer().hash()),
                                Operation.Kind.DEPOSIT,
                                sender.account(),
                                request,
                                Optional.empty(),
                                head.value().transfer().statement().amount()),
                        // the same deposit may come with another packing of its lineage
                        stored -> true,
                        this::run);
        };
    }

    private Decision<Lineage.Link> check(Purses.Known sender, WalletRequest.Deposit request) {
        try {
            Lineage lineage = LineageCodec.decode(request.lineage(), LineageBounds.DEPOSIT, memory);
            List<PurseKeyState> keys = office.db().snapshot(h -> Purses.ofAccount(h, sender.account()));
            Decision<Lineage.Link> decision = Depositing.check(office.setting(), lineage, keys);
            if (decision instanceof Decision.Denied<Lineage.Link> no
                    && no.refusal().code() == RefusalCode.WRONG_INSTITUTION) {
                // a key of ours that the bulletin in hand does not list yet
                office.bulletins().refresh();
                return Depositing.check(office.setting(), lineage, keys);
            }
            return decision;
        } catch (DecodeException e) {
            return Decision.denied(e.refusal());
        }
    }

    WalletAnswer run(Operation operation) {
        AccountState account = office.account(operation.account());
        Optional<Signed<Handover>> handover =
                operation.request() instanceof WalletRequest.TakeOver t ? Optional.of(t.handover()) : Optional.empty();
        Bytes lineage = operation.request() instanceof WalletRequest.TakeOver t
                ? t.lineage()
                : ((WalletRequest.Deposit) operation.request()).lineage();
        Lineage.Link head = LineageCodec.decode(lineage, LineageBounds.DEPOSIT).head();
        OwnerChange change = new OwnerChange(lineage, flagged(account));
        BankAnswer answer = office.ask(
                handover.isPresent()
                        ? new BankRequest.Honour(change, handover.get())
                        : new BankRequest.ChangeOwners(List.of(change)));
        if (answer instanceof BankAnswer.Refused no) {
            return new WalletAnswer.Refused(no.refusal());
        }
        if (answer instanceof BankAnswer.OwnersChanged changed && handover.isEmpty()) {
            return settled(operation, head, account, changed.answer(), Optional.empty());
        }
        if (answer instanceof BankAnswer.Honoured honoured && handover.isPresent()) {
            return settled(operation, head, account, honoured.answer(), honoured.note());
        }
        return Notes.refused(RefusalCode.INTERNAL, "an unexpected answer of the central bank");
    }

    private WalletAnswer settled(
            Operation operation,
            Lineage.Link head,
            AccountState account,
            Signed<RegistryAnswer> answer,
            Optional<Signed<Note>> handedOn) {
        return switch (settlement(answer, head.transfer().hash())) {
            case Decision.Denied<RegistryAnswer.Settlement> no ->
                // an answer that cannot be believed says nothing of the deposit
                new WalletAnswer.Refused(
                        no.refusal().code() == RefusalCode.BAD_SIGNATURE
                                        && !answer.verifies(office.verifier(), registryKey())
                                ? new Refusal(RefusalCode.INTERNAL, "the registry's signature")
                                : no.refusal());
            case Decision.Granted<RegistryAnswer.Settlement> yes ->
                handedOn.isPresent()
                        // the institution that is gone had given it back: nothing is booked here
                        ? new WalletAnswer.Deposited(
                                yes.value().outcomes(),
                                Amount.ZERO,
                                office.balance(operation.account()),
                                Optional.empty(),
                                handedOn)
                        : book(operation, head, account, yes.value());
        };
    }

    static boolean flagged(AccountState account) {
        return account.flagged() || account.block() == AccountState.Block.CONVICTED;
    }

    private org.jiaozi.core.crypto.PublicKey registryKey() {
        return office.bulletins().current().statement().registryKey();
    }

    private Decision<RegistryAnswer.Settlement> settlement(Signed<RegistryAnswer> answer, Hash deposit) {
        if (!answer.verifies(office.verifier(), registryKey())) {
            office.bulletins().refresh();
        }
        return Depositing.settlement(office.setting(), answer, deposit);
    }

    /** Credits what the registry settled, or gives it back; may run any number of times. */
    WalletAnswer book(
            Operation operation, Lineage.Link head, AccountState account, RegistryAnswer.Settlement settlement) {
        Amount paid = Depositing.paid(settlement);
        Operation settled =
                operation.step().isPresent() || paid.isZero() ? operation : choose(operation, head, account, paid);
        Optional<Signed<Note>> returned = Optional.empty();
        Optional<Signed<DepositRefusal>> refusal = Optional.empty();
        Amount credited = paid;
        if (settled.step().equals(Optional.of(Operation.Step.NOTE))) {
            Signed<Note> note = settled.note().orElseThrow();
            BankAnswer answer = office.ask(new BankRequest.RegisterNote(note));
            if (answer instanceof BankAnswer.Registered) {
                Notes.issueFromClearing(operations, office, settled, note, "deposit given back");
                returned = Optional.of(note);
                refusal = Optional.of(office.sign(new DepositRefusal(
                        office.membership().key(),
                        head.transfer().hash(),
                        reason(account, paid).code().number(),
                        office.now())));
                credited = Amount.ZERO;
            } else if (answer instanceof BankAnswer.Refused no
                    && no.refusal().code().isFault()) {
                return new WalletAnswer.Refused(no.refusal());
            } else {
                // no note can be made, and nobody goes without
                operations.creditInstead(settled);
            }
        }
        if (!credited.isZero()
                && office.banking()
                                .credit(
                                        credit(operation.reference()),
                                        operation.account(),
                                        credited,
                                        CoreBanking.Contra.CLEARING,
                                        "deposit")
                        instanceof CoreBanking.Answer.Refused no) {
            return new WalletAnswer.Refused(
                    new Refusal(RefusalCode.INTERNAL, no.refusal().toString()));
        }
        WalletAnswer.Deposited answer = new WalletAnswer.Deposited(
                settlement.outcomes(), credited, office.balance(operation.account()), refusal, returned);
        store(operation, head, settlement, answer);
        debts.collect(operation.account());
        return answer;
    }

    private Operation choose(Operation operation, Lineage.Link head, AccountState account, Amount paid) {
        boolean back = refusesCredit(office.setting(), account, paid).isPresent();
        if (!back) {
            return operations.settle(
                    operation, Optional.of(Operation.Step.CREDIT), Optional.empty(), operation.amount());
        }
        // the purse opened a load under the deposit's nonce (spec 06, clause 11)
        Note note = Issuing.note(
                office.setting(),
                account.currency(),
                paid,
                head.signer(),
                head.transfer().statement().nonce());
        return operations.settle(
                operation, Optional.of(Operation.Step.NOTE), Optional.of(office.sign(note)), operation.amount());
    }

    private Refusal reason(AccountState account, Amount paid) {
        return refusesCredit(office.setting(), account, paid).orElse(Refusal.of(RefusalCode.OVER_HOLDING_LIMIT));
    }

    /** Why what a deposit brought does not go to the account. */
    static Optional<Refusal> refusesCredit(Setting setting, AccountState account, Amount paid) {
        return Certifying.tier(setting, account) instanceof Decision.Granted<Tier>(Tier tier)
                ? Depositing.refusesCredit(tier, account, paid)
                : Optional.empty();
    }

    private void store(
            Operation operation,
            Lineage.Link head,
            RegistryAnswer.Settlement settlement,
            WalletAnswer.Deposited answer) {
        office.db().useSerializable(h -> {
            int added = h.createUpdate("INSERT INTO deposit"
                            + " (hash, account, signer, moved, credited, withheld, returned, answer, booked_at)"
                            + " VALUES (:hash, :account, :signer, :moved, :credited, :withheld, :returned,"
                            + " :answer, :now) ON CONFLICT (hash) DO NOTHING")
                    .bind("hash", head.transfer().hash().bytes().toArray())
                    .bind("account", operation.account())
                    .bind("signer", head.signer().bytes().toArray())
                    .bind("moved", head.transfer().statement().amount().minor())
                    .bind("credited", answer.credited().minor())
                    .bind("withheld", Depositing.withheld(settlement).minor())
                    .bind(
                            "returned",
                            answer.returned()
                                    .map(n -> n.statement().value().minor())
                                    .orElse(0L))
                    .bind("answer", answer.cbor().encode().toArray())
                    .bind("now", office.now().seconds())
                    .execute();
            if (added == 1) {
                DepositEvents.booked(h, head.transfer().hash(), operation.account());
            }
        });
    }
}
