package org.jiaozi.lab.world;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jiaozi.bank.registry.Effect;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.lab.judge.Judge;

/** Puts what the platform's values hold into the bytes and numbers that a judge understands. Not thread-safe. */
final class Witness {
    private record LinkKey(Hash transfer, Signature signature, Hash certificate, Signature issuer) {}

    private final Map<LinkKey, Judge.Link> links = new HashMap<>();
    private final Map<Hash, Bytes> certificates = new HashMap<>();
    private final Map<Hash, Bytes> notes = new HashMap<>();

    /** The bytes of a link; the same link gets the same byte strings. */
    Judge.Link link(Lineage.Link link) {
        LinkKey key = new LinkKey(
                link.transfer().hash(),
                link.transfer().signature(),
                link.certificate().hash(),
                link.certificate().signature());
        return links.computeIfAbsent(
                key, k -> new Judge.Link(link.transfer().encode(), certificate(link.certificate())));
    }

    List<Judge.Link> links(Lineage lineage) {
        return lineage.links().stream().map(this::link).toList();
    }

    /** A forged certificate has another name than the one it is made from. */
    Bytes certificate(Signed<PurseCertificate> certificate) {
        return certificates.computeIfAbsent(certificate.hash(), h -> certificate.encode());
    }

    Bytes note(Signed<Note> note) {
        return notes.computeIfAbsent(note.hash(), h -> note.encode());
    }

    /** Tells a judge what is on record from now on. */
    void record(Judge judge, List<Effect> effects, Timestamp now) {
        for (Effect effect : effects) {
            record(judge, effect, now.seconds());
        }
    }

    private void record(Judge judge, Effect effect, long now) {
        switch (effect) {
            case Effect.NoteKept e -> judge.noteKept(note(e.note()), e.late());
            case Effect.RefusalKept e -> judge.noteRefused(e.what().hex());
            case Effect.TransferRecorded e -> {
                Judge.Link link = link(e.link());
                judge.recorded(link.transfer(), link.certificate());
            }
            case Effect.RangeSettled e -> judge.settled(settled(e), now);
            case Effect.ConvictionSet e ->
                judge.convicted(
                        e.culprit().hex(),
                        e.certifier().number(),
                        e.file(),
                        e.owed().minor(),
                        e.recovered().minor(),
                        e.fromFund().minor(),
                        e.fromInstitution().minor());
            case Effect.DenialKept e -> judge.denied(e.denial().encode(), certificate(e.certificate()));
            case Effect.RefundKept e ->
                judge.refunded(
                        e.transfer().hex(), e.institution().number(), e.amount().minor());
            case Effect.WithheldKept e ->
                judge.withheld(
                        e.deposit().hex(), e.institution().number(), e.amount().minor(), e.released());
            case Effect.ClaimMoved e -> judge.claimMoved(e.from().hex(), settled(e.now()));
            case Effect.ClaimKept e ->
                judge.claimKept(
                        e.id().hex(),
                        e.institution().number(),
                        e.keys().stream().map(k -> k.hex()).toList());
            case Effect.Told e -> told(judge, e.institution().number(), e.event());
            case Effect.Posted e ->
                judge.posted(
                        e.posting().debit().toString(),
                        e.posting().credit().toString(),
                        e.posting().amount().minor(),
                        e.posting().reason());
            case Effect.QuotaSet e ->
                judge.quota(e.institution().number(), e.limit().minor());
            case Effect.DepositSettled _,
                    Effect.KeyRevoked _,
                    Effect.StandingSet _,
                    Effect.HonouredKept _,
                    Effect.RemitKept _,
                    Effect.KeyShown _,
                    Effect.CycleClosed _ -> {}
        }
    }

    private static Judge.Settled settled(Effect.RangeSettled e) {
        return new Judge.Settled(
                e.note().hex(),
                e.range().lo(),
                e.range().hi(),
                e.kind().name(),
                e.paidTo().number(),
                e.at().parent().hex(),
                e.at().index(),
                e.claim().map(c -> c.hex()).orElse(""));
    }

    private static void told(Judge judge, int institution, InboxEvent event) {
        switch (event) {
            case InboxEvent.Conviction e ->
                judge.toldConviction(institution, e.culprit().hex(), e.owed().minor());
            case InboxEvent.ClaimantDebt e ->
                judge.toldDebt(institution, e.claimId().hex(), e.amount().minor());
            case InboxEvent.Netted e ->
                judge.toldCycle(
                        institution,
                        e.netIn().minor(),
                        e.netOut().minor(),
                        e.floatRedeemed().minor());
            case InboxEvent.Released _,
                    InboxEvent.RemitArrived _,
                    InboxEvent.RemitReturned _,
                    InboxEvent.HonouredElsewhere _ -> {}
        }
    }
}
