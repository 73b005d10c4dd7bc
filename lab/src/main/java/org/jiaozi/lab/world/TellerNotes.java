package org.jiaozi.lab.world;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.bank.institution.Decision;
import org.jiaozi.bank.institution.Issuing;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/** Loads, and returns of what a payee denies: stored step by step and gone on with. Not thread-safe. */
final class TellerNotes {
    private final Teller teller;
    private final Map<String, Work> works = new LinkedHashMap<>();

    /** What was begun under a reference. */
    private static final class Work {
        final Account account;
        final WalletRequest request;
        Optional<Signed<Note>> note = Optional.empty();
        /** Nothing while it is not decided which of two notes the customer gets. */
        Optional<Signed<Note>> handed = Optional.empty();

        Optional<WalletAnswer> answer = Optional.empty();

        Work(Account account, WalletRequest request) {
            this.account = account;
            this.request = request;
        }
    }

    TellerNotes(Teller teller) {
        this.teller = teller;
    }

    private static String loading(Account account, Nonce nonce) {
        return "note:" + account.name + ":" + nonce.hex();
    }

    private static String returning(WalletRequest.ReturnUnreceived request) {
        return "return:" + head(request).transfer().hash().hex();
    }

    private static Lineage.Link head(WalletRequest.ReturnUnreceived request) {
        return LineageCodec.decode(request.lineage(), LineageBounds.DEPOSIT).head();
    }

    boolean begun(Account account, WalletRequest request) {
        return switch (request) {
            case WalletRequest.Load load -> works.containsKey(loading(account, load.loadNonce()));
            case WalletRequest.ReturnUnreceived denied -> works.containsKey(returning(denied));
            default -> false;
        };
    }

    /** Hold, register, capture; released if the central bank says no. */
    WalletAnswer load(Account account, Thumbprint purse, WalletRequest.Load load) {
        String reference = loading(account, load.loadNonce());
        Work before = works.get(reference);
        if (before == null) {
            switch (Issuing.load(teller.setting(), load, account.state(), account.current(purse))) {
                case Decision.Denied<Note> no -> {
                    return new WalletAnswer.Refused(no.refusal());
                }
                case Decision.Granted<Note> yes ->
                    teller.durable(() -> {
                        Work work = new Work(account, load);
                        work.note = Optional.of(Signed.by(teller.house().signer(), yes.value()));
                        works.put(reference, work);
                    });
            }
        }
        Work work = java.util.Objects.requireNonNull(works.get(reference));
        if (!work.request.equals(load)) {
            return Teller.refused(RefusalCode.REPLAYED, "another load under this nonce");
        }
        return goOn(reference, work);
    }

    private WalletAnswer goOn(String reference, Work work) {
        if (work.answer.isEmpty()) {
            WalletAnswer answer = work.request instanceof WalletRequest.Load load
                    ? register(work.account, reference, work, load.amount().minor())
                    : refund(work.account, reference, work);
            if (isFault(answer)) {
                return answer;
            }
            if (answer instanceof WalletAnswer.Refused && work.request instanceof WalletRequest.ReturnUnreceived) {
                // nothing was booked: the same transfer may come again, and the registry judges it again
                teller.durable(() -> works.remove(reference));
                return answer;
            }
            teller.durable(() -> work.answer = Optional.of(answer));
        }
        return work.answer.orElseThrow();
    }

    /** Whether anything waits for its answer. */
    boolean halfway() {
        return works.values().stream().anyMatch(work -> work.answer.isEmpty());
    }

    /** Goes on with whatever was cut off. */
    void resume() {
        for (String reference : List.copyOf(works.keySet())) {
            goOn(reference, java.util.Objects.requireNonNull(works.get(reference)));
        }
    }

    private WalletAnswer register(Account account, String reference, Work work, long amount) {
        Till till = teller.till();
        if (!till.did(reference + ":hold")) {
            if (account.balance < amount) {
                return Teller.refused(RefusalCode.INSUFFICIENT_BALANCE, "");
            }
            teller.durable(() -> {
                till.move(reference + ":hold", "customer:" + account.name, "held:" + account.name, amount);
                account.balance -= amount;
            });
        }
        Signed<Note> note = work.note.orElseThrow();
        // now and then an institution hands a note over that it did not register
        boolean forgets = !till.did(reference + ":release") && teller.world().rogueIssuer(note);
        if (!forgets && teller.ask(new BankRequest.RegisterNote(note)) instanceof BankAnswer.Refused no) {
            if (!no.refusal().code().isFault()) {
                teller.durable(() -> {
                    if (till.move(reference + ":release", "held:" + account.name, "customer:" + account.name, amount)) {
                        account.balance += amount;
                    }
                });
            }
            return new WalletAnswer.Refused(no.refusal());
        }
        teller.durable(() -> {
            if (till.move(reference + ":capture", "held:" + account.name, "float", amount)) {
                account.issued += amount;
            }
        });
        if (work.handed.isEmpty()) {
            // what is signed is signed, whether or not it dies now
            work.handed = Optional.of(forgets ? note : twin(account, note, reference));
            teller.durable(() -> {});
        }
        return new WalletAnswer.Loaded(work.handed.orElseThrow());
    }

    /** Now and then the customer gets another note for the load than the one that is on record. */
    private Signed<Note> twin(Account account, Signed<Note> note, String reference) {
        World world = teller.world();
        if (world.calm() || !world.dice().oneIn(40)) {
            return note;
        }
        Note n = note.statement();
        Note other = new Note(
                n.issuer(),
                n.quota(),
                n.currency(),
                n.value(),
                new Timestamp(n.expiry().seconds() - 1 - world.dice().below(86_400)),
                n.maxHops(),
                n.holder(),
                n.loadNonce());
        Signed<Note> twin = Signed.by(teller.house().signer(), other);
        world.tally().count(Tally.Event.TWIN_NOTE);
        world.story().tell(() -> teller.house() + " signs a second note for a load, and hands that over");
        world.unregistered(twin);
        world.judge().twin(account.name, n.value().minor());
        teller.till().move(reference + ":twin", "outside", "float", n.value().minor());
        return twin;
    }

    private static boolean isFault(WalletAnswer answer) {
        return answer instanceof WalletAnswer.Refused no && no.refusal().code().isFault();
    }

    /** Refund at the central bank, then a note over what came back. */
    WalletAnswer giveBack(Account account, WalletRequest.ReturnUnreceived request) {
        String reference = returning(request);
        if (!works.containsKey(reference)) {
            Lineage.Link denied = head(request);
            boolean ours =
                    account.keys.stream().anyMatch(k -> k.state.thumbprint().equals(denied.signer()))
                            && account.keys.stream()
                                    .anyMatch(k -> k.state.active()
                                            && k.state.thumbprint().equals(request.holder()));
            if (!ours) {
                return Teller.refused(RefusalCode.UNKNOWN_PURSE, "payer or holder is no key of this account");
            }
            teller.durable(() -> works.put(reference, new Work(account, request)));
        }
        Work work = java.util.Objects.requireNonNull(works.get(reference));
        return goOn(reference, work);
    }

    private WalletAnswer refund(Account account, String reference, Work work) {
        WalletRequest.ReturnUnreceived request = (WalletRequest.ReturnUnreceived) work.request;
        if (work.note.isEmpty()) {
            BankAnswer answer =
                    teller.ask(new BankRequest.Refund(request.lineage(), request.nonReceipt(), request.payee()));
            if (answer instanceof BankAnswer.Refused no) {
                return new WalletAnswer.Refused(no.refusal());
            }
            BankAnswer.Refunded refunded = (BankAnswer.Refunded) answer;
            if (refunded.amount().isZero()) {
                return Teller.refused(RefusalCode.ALREADY_REDEEMED, "nothing of the payment is left");
            }
            sign(
                    work,
                    Issuing.note(
                            teller.setting(),
                            WorldBank.CURRENCY,
                            refunded.amount(),
                            request.holder(),
                            request.loadNonce()));
        }
        BankAnswer answer = teller.ask(new BankRequest.RegisterNote(work.note.orElseThrow()));
        if (answer instanceof BankAnswer.Refused no && !no.refusal().code().isFault()) {
            // the registry never took it, and never will: another goes in its place
            sign(work, Issuing.again(teller.setting(), work.note.orElseThrow().statement()));
            answer = teller.ask(new BankRequest.RegisterNote(work.note.orElseThrow()));
        }
        if (answer instanceof BankAnswer.Refused no) {
            return no.refusal().code() == RefusalCode.NOTE_CONFLICT
                    ? new WalletAnswer.Refused(no.refusal())
                    : Teller.refused(RefusalCode.BUSY, no.refusal().toString());
        }
        Signed<Note> note = work.note.orElseThrow();
        teller.durable(() -> {
            long value = note.statement().value().minor();
            if (teller.till().move(reference + ":note", "clearing", "float", value)) {
                account.issued += value;
            }
        });
        teller.world().tally().count(Tally.Event.RETURN);
        return new WalletAnswer.Loaded(note);
    }

    private void sign(Work work, Note note) {
        teller.durable(() -> work.note = Optional.of(Signed.by(teller.house().signer(), note)));
    }
}
