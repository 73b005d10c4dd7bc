package org.jiaozi.wallet.sync;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jiaozi.core.evidence.EvidenceFile;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.tap.PayeeTap;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletContext;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.host.WalletState.FoundEvidence;
import org.jiaozi.wallet.host.WalletState.Outbox;
import org.jiaozi.wallet.host.WalletState.Payment;
import org.jiaozi.wallet.host.WalletState.Received;
import org.jiaozi.wallet.host.WalletStep;
import org.jiaozi.wallet.purse.Pseudonym;
import org.jiaozi.wallet.purse.PurseAnswer;
import org.jiaozi.wallet.purse.PurseCommand;
import org.jiaozi.wallet.sync.SyncRun.Did;

/**
 * Takes in what an institution answered. An answer that the purse cannot take now, a note for a full purse, leaves the
 * message under way, and so does a fault of the service, which decided nothing: the same message is sent again another
 * time.
 */
final class Answers {
    /** Where that leaves wallet and run. */
    record Taken(WalletState state, SyncRun run) {}

    private Answers() {}

    static Taken take(WalletState state, SyncRun run, WalletAnswer answer, WalletContext context) {
        Optional<Signed<WalletMessage>> pending = state.outbox().pending();
        if (pending.isEmpty()) {
            return new Taken(state, run);
        }
        WalletRequest asked = pending.get().statement().body();
        WalletState clear =
                state.with(new Outbox(Optional.empty(), state.outbox().toLoad()));
        return switch (answer) {
            case WalletAnswer.Refused a ->
                a.refusal().code().isFault()
                        ? new Taken(state, run.blocked(a.refusal()))
                        : refused(dropped(clear, asked, context), run, asked, a.refusal());
            case WalletAnswer.Enrolled a -> install(clear, run, a.certificates(), context);
            case WalletAnswer.Loaded a -> loaded(state, clear, run, asked, a.note(), context);
            case WalletAnswer.Renewed a -> renewed(clear, run, asked, a, context);
            case WalletAnswer.Deposited a -> deposited(state, clear, run, asked, a, context);
            case WalletAnswer.Uploaded a -> uploaded(clear, run, Set.copyOf(a.acknowledged()), context);
            case WalletAnswer.EvidenceTaken ignored -> evidenceTaken(clear, run, asked);
            case WalletAnswer.Account ignored -> new Taken(clear, run);
            case WalletAnswer.Remitted ignored -> new Taken(clear, run);
            case WalletAnswer.LostReported ignored -> recovered(clear, run, context);
            case WalletAnswer.Claimed ignored -> new Taken(clear, run);
        };
    }

    /** No note comes any more under the nonce of a load or a return that was refused; the next go draws another. */
    private static WalletState dropped(WalletState clear, WalletRequest asked, WalletContext context) {
        return switch (asked) {
            case WalletRequest.Load load -> force(clear, new PurseCommand.DropLoad(load.loadNonce()), context);
            case WalletRequest.ReturnUnreceived denied ->
                force(clear, new PurseCommand.DropLoad(denied.loadNonce()), context);
            default -> clear;
        };
    }

    /** A no from the institution ends the item for this go; what was to be loaded stays on the account for good reasons. */
    private static Taken refused(WalletState clear, SyncRun run, WalletRequest asked, Refusal refusal) {
        return switch (asked) {
            case WalletRequest.Load ignored ->
                new Taken(
                        refusal.code().retry() == RefusalCode.Retry.NO
                                ? clear.with(new Outbox(Optional.empty(), Amount.ZERO))
                                : clear,
                        run.refused(Sync.RELOAD, refusal));
            case WalletRequest.Renew ignored -> new Taken(clear, run.refused(Sync.RENEWAL, refusal));
            case WalletRequest.Upload ignored -> new Taken(clear, run.refused(Sync.UPLOAD, refusal));
            // the transfer is signed: a later sync asks about the same one, never about another
            case WalletRequest.Deposit d ->
                new Taken(clear, run.refused(head(d.lineage()).hash().bytes(), refusal));
            case WalletRequest.TakeOver t ->
                new Taken(clear, run.refused(head(t.lineage()).hash().bytes(), refusal));
            case WalletRequest.ReturnUnreceived r ->
                new Taken(clear, run.refused(nonceOf(r).bytes(), refusal));
            case WalletRequest.SubmitEvidence s -> new Taken(clear, run.refused(evidenceName(s), refusal));
            case WalletRequest.Enrol ignored -> new Taken(clear, run.refused(Bytes.EMPTY, refusal));
            case WalletRequest.ReadAccount ignored -> new Taken(clear, run.refused(Bytes.EMPTY, refusal));
            case WalletRequest.Remit ignored -> new Taken(clear, run.refused(Bytes.EMPTY, refusal));
            case WalletRequest.ReportLost ignored -> new Taken(clear, run.refused(Bytes.EMPTY, refusal));
            case WalletRequest.ClaimLost ignored -> new Taken(clear, run.refused(Bytes.EMPTY, refusal));
        };
    }

    private static Signed<Transfer> head(Bytes lineage) {
        return LineageCodec.decode(lineage, LineageBounds.DEPOSIT).head().transfer();
    }

    private static Nonce nonceOf(WalletRequest.ReturnUnreceived asked) {
        return asked.nonReceipt().statement().nonce();
    }

    private static Taken install(
            WalletState clear, SyncRun run, List<Signed<PurseCertificate>> certificates, WalletContext context) {
        PurseCommand command = new PurseCommand.InstallCertificates(certificates);
        return switch (Wallet.purse(clear, command, context)) {
            case WalletStep.Done<PurseAnswer> d ->
                new Taken(d.state(), run.renewedNow().did(Did.RENEWED, new Amount(certificates.size())));
            case WalletStep.Refused<PurseAnswer> no -> new Taken(clear, run.refused(Sync.RENEWAL, no.refusal()));
        };
    }

    private static Taken renewed(
            WalletState clear, SyncRun run, WalletRequest asked, WalletAnswer.Renewed answer, WalletContext context) {
        WalletState next = clear;
        if (asked instanceof WalletRequest.Renew renew) {
            next = force(next, new PurseCommand.RetireKeys(Set.copyOf(renew.retire())), context);
        }
        return install(next, run, answer.certificates(), context);
    }

    /** The account key reported the old copy's keys lost: they are dead, and the wallet enrols anew. */
    private static Taken recovered(WalletState clear, SyncRun run, WalletContext context) {
        Set<Thumbprint> suspects = clear.purse().pseudonyms().stream()
                .filter(p -> p.status() == Pseudonym.Status.SUSPECT)
                .map(Pseudonym::thumbprint)
                .collect(Collectors.toSet());
        WalletState next = force(clear, new PurseCommand.RetireKeys(suspects), context);
        return new Taken(next, run.did(Did.RECOVERED, new Amount(suspects.size())));
    }

    private static Taken loaded(
            WalletState before,
            WalletState clear,
            SyncRun run,
            WalletRequest asked,
            Signed<Note> note,
            WalletContext context) {
        return switch (Wallet.load(clear, note, context)) {
            case WalletStep.Refused<Slice> no ->
                // an old copy has no use for it: it goes to whom its keys are reported lost for
                isElsewhere(no.refusal()) || before.purse().rolledBack()
                        ? new Taken(madeGood(clear, asked), run.refused(Bytes.EMPTY, no.refusal()))
                        : new Taken(before, run.blocked(no.refusal()));
            case WalletStep.Done<Slice> d -> {
                WalletState next = d.state();
                Amount value = note.statement().value();
                if (asked instanceof WalletRequest.ReturnUnreceived) {
                    yield new Taken(madeGood(next, asked), run.did(Did.RETURNED, value));
                }
                Amount due = next.outbox().toLoad();
                next = next.with(new Outbox(Optional.empty(), due.minus(due.min(value))));
                yield new Taken(next, run.did(Did.LOADED, value));
            }
        };
    }

    /** The payment that a return was about, if it was one, is made good. */
    private static WalletState madeGood(WalletState state, WalletRequest asked) {
        if (asked instanceof WalletRequest.ReturnUnreceived returned) {
            Nonce nonce = nonceOf(returned);
            Payment payment = state.payments().get(nonce);
            if (payment != null) {
                return state.with(nonce, payment.returnedNow());
            }
        }
        return state;
    }

    /**
     * Whether a note is refused because it answers a question of another life of this wallet: of an old copy whose memory
     * is lost, say. Asking again brings the same note; what it holds is the lost key's, and comes by a claim.
     */
    private static boolean isElsewhere(Refusal refusal) {
        return refusal.code() == RefusalCode.NONCE_CONSUMED || refusal.code() == RefusalCode.NOT_FOR_THIS_PURSE;
    }

    private static Taken deposited(
            WalletState before,
            WalletState clear,
            SyncRun run,
            WalletRequest asked,
            WalletAnswer.Deposited answer,
            WalletContext context) {
        Bytes lineage;
        if (asked instanceof WalletRequest.Deposit deposit) {
            lineage = deposit.lineage();
        } else if (asked instanceof WalletRequest.TakeOver takeOver) {
            lineage = takeOver.lineage();
        } else {
            return new Taken(clear, run);
        }
        Signed<Transfer> transfer = head(lineage);
        if (answer.refusal().isPresent() && answer.returned().isEmpty()) {
            // not taken and not given back: the value is still due
            return new Taken(clear, run.refused(transfer.hash().bytes(), refusalOf(answer)));
        }
        WalletState next = clear;
        if (answer.returned().isPresent()) {
            switch (Wallet.load(clear, answer.returned().get(), context)) {
                case WalletStep.Refused<Slice> no -> {
                    if (!isElsewhere(no.refusal()) && !before.purse().rolledBack()) {
                        return new Taken(before, run.blocked(no.refusal()));
                    }
                }
                case WalletStep.Done<Slice> d -> next = d.state();
            }
        }
        next = force(next, new PurseCommand.Acknowledge(Set.of(transfer.hash())), context);
        Amount moved = transfer.statement().amount();
        Amount shortfall = moved.minus(moved.min(answer.credited()));
        Amount due = next.outbox().toLoad();
        // what was not credited cannot be loaded again
        next = next.with(new Outbox(Optional.empty(), due.minus(due.min(shortfall))));
        SyncRun done = run.did(Did.DEPOSITED, answer.credited());
        return answer.refusal().isEmpty()
                ? new Taken(next, done)
                : new Taken(next, done.refused(DepositPlan.name(holder(transfer, clear)), refusalOf(answer)));
    }

    private static Thumbprint holder(Signed<Transfer> transfer, WalletState state) {
        return java.util.Objects.requireNonNull(state.lineage().links().get(transfer.hash()))
                .signer();
    }

    private static Refusal refusalOf(WalletAnswer.Deposited answer) {
        int number = answer.refusal().orElseThrow().statement().code();
        return new Refusal(
                RefusalCode.byNumber(number).orElse(RefusalCode.INTERNAL),
                answer.returned().isPresent() ? "the deposit came back as a note" : "the deposit was not taken");
    }

    private static Taken uploaded(WalletState clear, SyncRun run, Set<Hash> acknowledged, WalletContext context) {
        WalletState next = force(clear, new PurseCommand.Acknowledge(acknowledged), context);
        int count = 0;
        for (Map.Entry<Nonce, Payment> e : clear.payments().entrySet()) {
            if (!e.getValue().uploaded()
                    && acknowledged.contains(e.getValue().sent().transfer())) {
                next = next.with(e.getKey(), e.getValue().uploadedNow());
                count++;
            }
        }
        for (Map.Entry<Nonce, Received> e : clear.requests().entrySet()) {
            Optional<Hash> credited = e.getValue().own().answer().flatMap(PayeeTap.Answer::accepted);
            if (!e.getValue().uploaded()
                    && credited.filter(acknowledged::contains).isPresent()) {
                next = next.with(e.getKey(), new Received(e.getValue().own(), true));
                count++;
            }
        }
        SyncRun done = run.did(Did.UPLOADED, new Amount(count));
        // an institution that acknowledges nothing is not asked over and over
        return new Taken(
                next,
                count > 0
                        ? done
                        : done.refused(Sync.UPLOAD, new Refusal(RefusalCode.INTERNAL, "the upload was not taken")));
    }

    private static Taken evidenceTaken(WalletState clear, SyncRun run, WalletRequest asked) {
        WalletState next = clear;
        if (asked instanceof WalletRequest.SubmitEvidence submitted) {
            next = next.with(
                    new FoundEvidence(EvidenceFile.decode(submitted.file()).evidence(), true));
        }
        return new Taken(next, run.did(Did.SUBMITTED_EVIDENCE, new Amount(1)));
    }

    private static Bytes evidenceName(WalletRequest.SubmitEvidence asked) {
        return WalletState.nameOf(EvidenceFile.decode(asked.file()).evidence()).bytes();
    }

    /** A command that no honest state refuses. */
    private static WalletState force(WalletState state, PurseCommand command, WalletContext context) {
        return switch (Wallet.purse(state, command, context)) {
            case WalletStep.Done<PurseAnswer> d -> d.state();
            case WalletStep.Refused<PurseAnswer> no -> throw new IllegalStateException("purse: " + no.refusal());
        };
    }
}
