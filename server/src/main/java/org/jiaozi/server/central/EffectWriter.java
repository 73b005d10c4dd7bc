package org.jiaozi.server.central;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jiaozi.bank.ledger.Posting;
import org.jiaozi.bank.registry.Effect;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Timestamp;
import org.jspecify.annotations.Nullable;

/** Writes a decision's effects, in order, in the transaction in which it was made. */
final class EffectWriter {
    private final Handle handle;
    private final Timestamp now;

    EffectWriter(Handle handle, Timestamp now) {
        this.handle = handle;
        this.now = now;
    }

    void write(List<Effect> effects) {
        effects.forEach(this::write);
    }

    private void run(String sql, @Nullable Object... arguments) {
        try (Update update = handle.createUpdate(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                update.bind(i, arguments[i] instanceof Bytes bytes ? bytes.toArray() : arguments[i]);
            }
            update.execute();
        }
    }

    private void write(Effect effect) {
        switch (effect) {
            case Effect.NoteKept e -> note(e);
            case Effect.QuotaSet e ->
                run(
                        "INSERT INTO quota VALUES (?, ?, ?, ?, ?) ON CONFLICT (institution, number, currency)"
                                + " DO UPDATE SET allowed = EXCLUDED.allowed, outstanding = EXCLUDED.outstanding",
                        e.institution().number(),
                        e.number(),
                        e.currency().code(),
                        e.limit().minor(),
                        e.used().minor());
            case Effect.TransferRecorded e -> transfer(e);
            case Effect.RangeSettled e ->
                run(
                        "INSERT INTO settled (note, note_value, lo, hi, kind, paid_to, at_parent, at_index, claim)"
                                + " SELECT serial, value, ?, ?, ?, ?, ?, ?, ? FROM note WHERE id = ?",
                        e.range().lo(),
                        e.range().hi(),
                        e.kind().name(),
                        e.paidTo().number(),
                        e.at().parent().bytes(),
                        e.at().index(),
                        e.claim().map(Nonce::bytes).map(Bytes::toArray).orElse(null),
                        e.note().bytes());
            case Effect.DepositSettled e ->
                run(
                        "INSERT INTO deposit VALUES (?, ?, ?, ?, ?, ?)",
                        e.settlement().deposit().bytes(),
                        e.institution().number(),
                        e.depositor().bytes(),
                        e.currency().code(),
                        Stored.settlement(e.settlement()),
                        now.seconds());
            case Effect.ConvictionSet e -> conviction(e);
            case Effect.KeyRevoked e ->
                run(
                        "INSERT INTO revocation VALUES (?, ?, ?, ?)",
                        e.key().bytes(),
                        e.by().number(),
                        e.reason(),
                        now.seconds());
            case Effect.DenialKept e ->
                run(
                        "INSERT INTO denial VALUES (?, ?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING",
                        e.denial().hash().bytes(),
                        e.payee().bytes(),
                        e.denial().statement().nonce().bytes(),
                        e.denial().encode(),
                        e.certificate().encode());
            case Effect.RefundKept e ->
                run(
                        "INSERT INTO refund VALUES (?, ?, ?)",
                        e.transfer().bytes(),
                        e.institution().number(),
                        e.amount().minor());
            case Effect.ClaimKept e ->
                run(
                        "INSERT INTO claim VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                                + " keys = EXCLUDED.keys, cose = EXCLUDED.cose, returned = EXCLUDED.returned",
                        e.id().bytes(),
                        e.institution().number(),
                        e.account(),
                        Stored.keys(e.keys()),
                        e.claim(),
                        e.returned().minor());
            case Effect.ClaimMoved e ->
                run(
                        "INSERT INTO claim_moved"
                                + " (note, lo, hi, from_claim, number, kind, paid_to, at_parent, at_index, claim)"
                                + " SELECT serial, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM note WHERE id = ?",
                        e.now().range().lo(),
                        e.now().range().hi(),
                        e.from().bytes(),
                        e.number(),
                        e.now().kind().name(),
                        e.now().paidTo().number(),
                        e.now().at().parent().bytes(),
                        e.now().at().index(),
                        e.now().claim().map(Nonce::bytes).map(Bytes::toArray).orElse(null),
                        e.now().note().bytes());
            case Effect.StandingSet e ->
                run(
                        "INSERT INTO standing (institution, gone, since, reason) VALUES (?, ?, ?, ?)",
                        e.institution().number(),
                        e.gone(),
                        e.since().seconds(),
                        e.reason());
            case Effect.HonouredKept e ->
                run(
                        "INSERT INTO honoured VALUES (?, ?, ?, ?, ?, ?, ?)"
                                + " ON CONFLICT (deposit) DO UPDATE SET released = EXCLUDED.released",
                        e.deposit().bytes(),
                        e.from().number(),
                        e.to().number(),
                        e.handover().encode(),
                        e.currency().code(),
                        e.due().minor(),
                        e.released());
            case Effect.WithheldKept e ->
                run(
                        "INSERT INTO withheld VALUES (?, ?, ?, ?, ?)"
                                + " ON CONFLICT (deposit) DO UPDATE SET released = EXCLUDED.released",
                        e.deposit().bytes(),
                        e.institution().number(),
                        e.currency().code(),
                        e.amount().minor(),
                        e.released());
            case Effect.RemitKept e ->
                run(
                        "INSERT INTO remit VALUES (?, ?, ?, ?)"
                                + " ON CONFLICT (from_institution, id) DO UPDATE SET returned = EXCLUDED.returned",
                        e.from().number(),
                        e.id().bytes(),
                        e.content().bytes(),
                        e.returned().map(RefusalCode::number).orElse(null));
            case Effect.KeyShown e ->
                run(
                        "INSERT INTO bound_key VALUES (?, ?, ?, ?, ?, ?)",
                        e.key().thumbprint().bytes(),
                        e.institution().number(),
                        e.key().key().compressed(),
                        e.key().message().bytes(),
                        e.key().proof().proof().bytes(),
                        now.seconds());
            case Effect.Posted e -> posting(e.posting());
            case Effect.Told e ->
                run(
                        "INSERT INTO inbox_event VALUES (?, ?, ?)",
                        e.institution().number(),
                        e.event().number(),
                        e.event().cbor().encode());
            case Effect.CycleClosed e -> cycle(e);
        }
    }

    private void note(Effect.NoteKept e) {
        Note note = e.note().statement();
        run(
                "INSERT INTO note (id, issuer, currency, value, expiry, holder, load_nonce, late, cose)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                e.note().hash().bytes(),
                e.issuer().number(),
                note.currency().code(),
                note.value().minor(),
                note.expiry().seconds(),
                note.holder().bytes(),
                note.loadNonce().bytes(),
                e.late(),
                e.note().encode());
    }

    private void transfer(Effect.TransferRecorded e) {
        PurseCertificate certificate = e.link().certificate().statement();
        run(
                "INSERT INTO certificate VALUES (?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING",
                e.link().certificate().hash().bytes(),
                certificate.thumbprint().bytes(),
                certificate.issuer().institution().number(),
                e.link().certificate().encode());
        Transfer t = e.transfer().statement();
        Hash hash = e.transfer().hash();
        run(
                "INSERT INTO transfer VALUES (?, ?, ?, ?, ?, ?, ?)",
                hash.bytes(),
                e.link().signer().bytes(),
                t.seq(),
                t.payee().bytes(),
                e.link().certificate().hash().bytes(),
                e.transfer().encode(),
                t.nonce().bytes());
        for (int i = 0; i < t.inputs().size(); i++) {
            TransferInput input = t.inputs().get(i);
            run(
                    "INSERT INTO transfer_input VALUES (?, ?, ?, ?, ?, ?, ?)",
                    hash.bytes(),
                    i,
                    input.source().parent().bytes(),
                    input.source().index(),
                    input.range().lo(),
                    input.range().hi(),
                    e.notes().get(i).bytes());
        }
    }

    private void conviction(Effect.ConvictionSet e) {
        run(
                "INSERT INTO conviction VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (culprit) DO UPDATE SET"
                        + " owed = EXCLUDED.owed, recovered = EXCLUDED.recovered, from_fund = EXCLUDED.from_fund,"
                        + " from_institution = EXCLUDED.from_institution",
                e.culprit().bytes(),
                e.certifier().number(),
                e.currency().code(),
                e.file(),
                e.owed().minor(),
                e.recovered().minor(),
                e.fromFund().minor(),
                e.fromInstitution().minor());
    }

    private void posting(Posting p) {
        run(
                "INSERT INTO posting (debit, credit, currency, amount, reason, reference, booked_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                p.debit().toString(),
                p.credit().toString(),
                p.currency().code(),
                p.amount().minor(),
                p.reason(),
                p.reference(),
                now.seconds());
    }

    private void cycle(Effect.CycleClosed e) {
        run(
                "INSERT INTO netting_cycle SELECT ?, (SELECT coalesce(max(to_posting), 0) FROM netting_cycle),"
                        + " (SELECT max(id) FROM posting), ?",
                e.cycle(),
                now.seconds());
        for (Effect.Position p : e.positions()) {
            run(
                    "INSERT INTO netting_position VALUES (?, ?, ?, ?, ?, ?)",
                    e.cycle(),
                    p.institution().number(),
                    p.currency().code(),
                    p.grossIn(),
                    p.grossOut(),
                    p.floatRedeemed());
        }
    }
}
