package org.jiaozi.server.institution;

import java.util.List;
import java.util.Optional;
import org.jiaozi.bank.institution.CoreBanking;
import org.jiaozi.bank.institution.Decision;
import org.jiaozi.bank.institution.Issuing;
import org.jiaozi.bank.institution.PurseKeyState;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;

/** Operations that make notes for a purse: loads, and returns of what a payee denies having received. */
final class Notes {
    private final Office office;
    private final Operations operations;

    Notes(Office office, Operations operations) {
        this.office = office;
        this.operations = operations;
    }

    /** One nonce makes one note. */
    static String reference(String account, Nonce nonce) {
        return "note:" + account + ":" + nonce.hex();
    }

    /** One denied transfer comes back once, under whatever nonce it is asked for. */
    private static String returning(Hash denied) {
        return "return:" + denied.hex();
    }

    /** Whether the operation that a request names was begun: what was accepted then is not refused afterwards. */
    boolean begun(Purses.Known sender, WalletRequest request) {
        return switch (request) {
            case WalletRequest.Load load -> stored(reference(sender.account(), load.loadNonce()));
            case WalletRequest.ReturnUnreceived denied ->
                stored(returning(head(denied).transfer().hash()));
            default -> false;
        };
    }

    private boolean stored(String reference) {
        return office.db().snapshot(h -> Operations.find(h, reference)).isPresent();
    }

    private static Lineage.Link head(WalletRequest.ReturnUnreceived request) {
        return LineageCodec.decode(request.lineage(), LineageBounds.DEPOSIT).head();
    }

    static WalletAnswer refused(RefusalCode code, String detail) {
        return new WalletAnswer.Refused(new Refusal(code, detail));
    }

    private static WalletAnswer unexpected(BankAnswer answer) {
        return refused(
                RefusalCode.INTERNAL,
                "the central bank answered " + answer.getClass().getSimpleName());
    }

    WalletAnswer load(Purses.Known sender, WalletRequest.Load load) {
        String reference = reference(sender.account(), load.loadNonce());
        Optional<Operation> before = office.db().snapshot(h -> Operations.find(h, reference));
        Operation fresh;
        if (before.isPresent()) {
            fresh = before.get();
        } else {
            List<PurseKeyState> keys = office.db().snapshot(h -> Purses.ofPurse(h, sender.purse()));
            switch (Issuing.load(office.setting(), load, office.account(sender.account()), keys)) {
                case Decision.Denied<Note> no -> {
                    return new WalletAnswer.Refused(no.refusal());
                }
                case Decision.Granted<Note> yes ->
                    fresh = Operation.fresh(
                            reference,
                            Operation.Kind.LOAD,
                            sender.account(),
                            load,
                            Optional.of(office.sign(yes.value())),
                            load.amount());
            }
        }
        return operations.perform(fresh, stored -> stored.request().equals(load), this::runLoad);
    }

    /** Hold, register, capture; released if the central bank says no. */
    WalletAnswer runLoad(Operation operation) {
        Signed<Note> note = operation.note().orElseThrow();
        CoreBanking.Answer held = office.banking()
                .hold(
                        operation.reference(),
                        operation.account(),
                        note.statement().value(),
                        "load");
        if (held instanceof CoreBanking.Answer.Refused no) {
            return new WalletAnswer.Refused(no.refusal());
        }
        BankAnswer answer = office.ask(new BankRequest.RegisterNote(note));
        if (answer instanceof BankAnswer.Refused no) {
            return new WalletAnswer.Refused(operations.giveUp(operation, no.refusal()));
        }
        return answer instanceof BankAnswer.Registered ? registered(operation) : unexpected(answer);
    }

    /** What is left of a load once the central bank has its note: what was held pays for it. */
    WalletAnswer registered(Operation operation) {
        Signed<Note> note = operation.note().orElseThrow();
        if (office.banking().capture(operation.reference(), CoreBanking.Contra.FLOAT, "load")
                instanceof CoreBanking.Answer.Refused no) {
            return new WalletAnswer.Refused(
                    new Refusal(RefusalCode.INTERNAL, no.refusal().toString()));
        }
        operations.issued(operation, note, h -> {});
        return new WalletAnswer.Loaded(note);
    }

    WalletAnswer giveBack(Purses.Known sender, WalletRequest.ReturnUnreceived request) {
        String reference = returning(head(request).transfer().hash());
        if (!stored(reference)) {
            Optional<Refusal> no = refuses(sender, request);
            if (no.isPresent()) {
                return new WalletAnswer.Refused(no.get());
            }
        }
        Operation fresh = Operation.fresh(
                reference, Operation.Kind.RETURN, sender.account(), request, Optional.empty(), Amount.ZERO);
        // the note is the one that was made, whatever nonce and holder this question names
        return operations.perform(fresh, stored -> true, this::runReturn);
    }

    private Optional<Refusal> refuses(Purses.Known sender, WalletRequest.ReturnUnreceived request) {
        Lineage.Link denied = head(request);
        if (!request.nonReceipt().statement().denies(denied.transfer().hash())
                || !request.nonReceipt()
                        .statement()
                        .nonce()
                        .equals(denied.transfer().statement().nonce())) {
            return Optional.of(new Refusal(RefusalCode.WRONG_REQUEST, "the non-receipt is of another payment"));
        }
        List<PurseKeyState> keys = office.db().snapshot(h -> Purses.ofAccount(h, sender.account()));
        if (keys.stream().noneMatch(k -> k.thumbprint().equals(denied.signer()))
                || keys.stream().noneMatch(k -> k.active() && k.thumbprint().equals(request.holder()))) {
            return Optional.of(new Refusal(RefusalCode.UNKNOWN_PURSE, "payer or holder is no key of this account"));
        }
        if (stored(reference(sender.account(), request.loadNonce()))) {
            return Optional.of(new Refusal(RefusalCode.REPLAYED, "the nonce was used for a load"));
        }
        return Optional.empty();
    }

    /** Refund at the central bank, then a note over what came back. */
    WalletAnswer runReturn(Operation operation) {
        WalletRequest.ReturnUnreceived request = (WalletRequest.ReturnUnreceived) operation.request();
        Operation settled = operation;
        if (operation.note().isEmpty()) {
            BankAnswer answer =
                    office.ask(new BankRequest.Refund(request.lineage(), request.nonReceipt(), request.payee()));
            if (answer instanceof BankAnswer.Refused no) {
                return new WalletAnswer.Refused(no.refusal());
            }
            if (!(answer instanceof BankAnswer.Refunded refunded)) {
                return unexpected(answer);
            }
            if (refunded.amount().isZero()) {
                return refused(RefusalCode.ALREADY_REDEEMED, "nothing of the payment is left");
            }
            settled = operations.settle(
                    operation,
                    Optional.empty(),
                    Optional.of(note(operation, request, refunded.amount())),
                    refunded.amount());
        }
        Signed<Note> note = settled.note().orElseThrow();
        BankAnswer answer = office.ask(new BankRequest.RegisterNote(note));
        if (answer instanceof BankAnswer.Refused no && !no.refusal().code().isFault()) {
            // policy, key, time or quota are others than when the note was signed: what the registry refused it never
            // takes,
            // and under one nonce it takes one note only, so another may go in its place
            office.bulletins().refresh();
            note = operations.replaceNote(settled, office.sign(Issuing.again(office.setting(), note.statement())));
            answer = office.ask(new BankRequest.RegisterNote(note));
        }
        if (answer instanceof BankAnswer.Refused no) {
            // the refund is the account's already, so the operation stays open until a note is taken; where another's
            // load has
            // used the nonce, the holder asks for the same refund under a new one
            return no.refusal().code() == RefusalCode.NOTE_CONFLICT
                    ? new WalletAnswer.Refused(no.refusal())
                    : refused(RefusalCode.BUSY, no.refusal().toString());
        }
        if (!(answer instanceof BankAnswer.Registered)) {
            return unexpected(answer);
        }
        issueFromClearing(operations, office, settled, note, "return");
        return new WalletAnswer.Loaded(note);
    }

    private Signed<Note> note(Operation operation, WalletRequest.ReturnUnreceived request, Amount amount) {
        return office.sign(Issuing.note(
                office.setting(),
                office.account(operation.account()).currency(),
                amount,
                request.holder(),
                request.loadNonce()));
    }

    /** The central bank owes the value and the holder has a note over it. */
    static void issueFromClearing(
            Operations operations, Office office, Operation operation, Signed<Note> note, String text) {
        operations.issued(
                operation,
                note,
                h -> Books.post(
                        h,
                        operation.reference() + ":note",
                        Books.CLEARING,
                        Books.FLOAT,
                        note.statement().value(),
                        text,
                        office.now()));
    }
}
