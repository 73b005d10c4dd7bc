package org.jiaozi.wallet.purse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.message.Handover;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Statement;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.wallet.purse.PurseState.LogEntry;

/**
 * The software twin of a card. A step signs in memory and returns the state that holds the signature; the runner makes
 * that state durable and only then releases the answer. A crash in between loses a signature nobody saw (spec 06, clause
 * 10).
 */
public final class SoftwarePurse implements SecureElement {
    @Override
    public PurseStep execute(PurseState state, PurseCommand command, PurseContext context) {
        return step(state, command, context);
    }

    /** One command on one state. */
    public static PurseStep step(PurseState state, PurseCommand command, PurseContext context) {
        return switch (command) {
            case PurseCommand.AddKeys c -> addKeys(state, c.keys());
            case PurseCommand.ProveKey c -> prove(state, c, context);
            case PurseCommand.InstallCertificates c -> install(state, c.certificates(), context);
            case PurseCommand.OpenRequest c -> Asking.open(state, c, context);
            case PurseCommand.OpenLoad c -> Asking.openLoad(state, c);
            case PurseCommand.DropLoad c -> Asking.dropLoad(state, c.nonce());
            case PurseCommand.CreditNote c -> Asking.creditNote(state, c.note(), context);
            case PurseCommand.Pay c -> Moving.pay(state, c, context);
            case PurseCommand.Credit c -> Asking.credit(state, c, context);
            case PurseCommand.Close c -> Asking.close(state, c.nonce(), context);
            case PurseCommand.Deposit c -> Moving.deposit(state, c, context);
            case PurseCommand.SignMessage c -> signMessage(state, c, context);
            case PurseCommand.HandOver c -> handOver(state, c.handover(), context);
            case PurseCommand.Acknowledge c -> acknowledge(state, c);
            case PurseCommand.RetireKeys c -> retire(state, c);
            case PurseCommand.MarkRolledBack ignored -> markRolledBack(state);
        };
    }

    private static PurseStep addKeys(PurseState state, List<PublicKey> keys) {
        Ledger next = new Ledger(state);
        for (PublicKey key : keys) {
            if (state.pseudonym(key.thumbprint()).isEmpty()) {
                next.add(Pseudonym.fresh(key));
            }
        }
        return new PurseStep.Done(next.done(), new PurseAnswer.Ok());
    }

    private static PurseStep prove(PurseState state, PurseCommand.ProveKey c, PurseContext context) {
        Optional<Pseudonym> pseudonym = state.pseudonym(c.key());
        // an old copy may prove keys made after it was found out: they are how it gets well
        if (pseudonym.isEmpty() || !isAlive(pseudonym.get())) {
            return state.rolledBack() ? no(RefusalCode.ROLLED_BACK, "") : no(RefusalCode.WRONG_STATE, "no such key");
        }
        Signer signer = context.keys().apply(pseudonym.get().key());
        return new PurseStep.Done(state, new PurseAnswer.Proved(KeyProof.by(signer, c.institution(), c.messageId())));
    }

    private static boolean isAlive(Pseudonym key) {
        return key.status() == Pseudonym.Status.ACTIVE || key.status() == Pseudonym.Status.RETIRED;
    }

    private static PurseStep install(
            PurseState state, List<Signed<PurseCertificate>> certificates, PurseContext context) {
        Ledger next = new Ledger(state);
        for (Signed<PurseCertificate> certificate : certificates) {
            PurseCertificate c = certificate.statement();
            Optional<Pseudonym> own = state.pseudonym(c.thumbprint());
            if (own.isEmpty() || !isAlive(own.get())) {
                return no(RefusalCode.NOT_FOR_THIS_PURSE, "a certificate for another key");
            }
            Optional<PublicKey> issuer = context.bulletin().issuerKey(c.issuer());
            if (issuer.isEmpty()) {
                return no(
                        RefusalCode.UNKNOWN_ISSUER_KEY,
                        "institution " + c.issuer().institution());
            }
            if (!certificate.verifies(context.verifier(), issuer.get())) {
                return no(RefusalCode.BAD_SIGNATURE, "the certificate");
            }
            // bases beyond the counters would widen the limits by what was never synced
            if (c.seqBase() > own.get().seq() || c.spentBase() > own.get().spentTotal()) {
                return no(RefusalCode.OUT_OF_RANGE, "a certificate ahead of the counters");
            }
            // an institution certifies a retired key where a wallet comes to it with value under that key
            next.replace(own.get().with(certificate).with(Pseudonym.Status.ACTIVE));
        }
        return new PurseStep.Done(next.done(), new PurseAnswer.Ok());
    }

    private static PurseStep signMessage(PurseState state, PurseCommand.SignMessage c, PurseContext context) {
        if (state.rolledBack()) {
            return no(RefusalCode.ROLLED_BACK, "");
        }
        Optional<Pseudonym> pseudonym = state.pseudonym(c.message().sender());
        if (pseudonym.isEmpty() || pseudonym.get().status() == Pseudonym.Status.DEAD) {
            return no(RefusalCode.NOT_ENROLLED, "");
        }
        return new PurseStep.Done(state, new PurseAnswer.MessageSigned(sign(pseudonym.get(), c.message(), context)));
    }

    private static PurseStep handOver(PurseState state, Handover handover, PurseContext context) {
        if (state.rolledBack()) {
            return no(RefusalCode.ROLLED_BACK, "");
        }
        Optional<Pseudonym> depositor = state.log().values().stream()
                .filter(e ->
                        e.isDeposit() && !e.settled() && e.transfer().hash().equals(handover.deposit()))
                .findFirst()
                .flatMap(e -> state.pseudonym(e.certificate().statement().thumbprint()));
        if (depositor.isEmpty() || depositor.get().status() == Pseudonym.Status.DEAD) {
            return no(RefusalCode.WRONG_STATE, "no deposit of this purse that waits");
        }
        return new PurseStep.Done(state, new PurseAnswer.HandedOver(sign(depositor.get(), handover, context)));
    }

    private static PurseStep acknowledge(PurseState state, PurseCommand.Acknowledge c) {
        Ledger next = new Ledger(state);
        boolean changed = false;
        for (Map.Entry<Nonce, LogEntry> e : state.log().entrySet()) {
            if (!e.getValue().settled()
                    && c.transfers().contains(e.getValue().transfer().hash())) {
                next.log(e.getKey(), e.getValue().settledNow()).closeLoad(e.getKey());
                changed = true;
            }
        }
        return new PurseStep.Done(changed ? next.done() : state, new PurseAnswer.Ok());
    }

    private static PurseStep retire(PurseState state, PurseCommand.RetireKeys c) {
        Ledger next = new Ledger(state);
        List<Slice> forfeited = new ArrayList<>();
        for (Pseudonym p : state.pseudonyms()) {
            if (c.keys().contains(p.thumbprint())) {
                boolean suspect = p.status() == Pseudonym.Status.SUSPECT;
                boolean gone = suspect || p.status() == Pseudonym.Status.DEAD;
                next.replace(p.with(gone ? Pseudonym.Status.DEAD : Pseudonym.Status.RETIRED));
                if (suspect) {
                    state.slices().values().stream()
                            .filter(s -> s.holder().equals(p.thumbprint()))
                            .forEach(forfeited::add);
                }
            }
        }
        forfeited.forEach(s -> next.forfeit(s.source()));
        return new PurseStep.Done(next.forgetDone().done(), new PurseAnswer.Retired(forfeited));
    }

    private static PurseStep markRolledBack(PurseState state) {
        Ledger next = new Ledger(state);
        // dead ones too: only what is suspect is reported, and where all are dead others may have been bound since
        state.pseudonyms().forEach(p -> next.replace(p.with(Pseudonym.Status.SUSPECT)));
        return new PurseStep.Done(next.done(), new PurseAnswer.Ok());
    }

    static <T extends Statement> Signed<T> sign(Pseudonym pseudonym, T statement, PurseContext context) {
        return Signed.by(context.keys().apply(pseudonym.key()), statement);
    }

    static PurseStep no(RefusalCode code, String detail) {
        return PurseStep.Refused.with(code, detail);
    }
}
