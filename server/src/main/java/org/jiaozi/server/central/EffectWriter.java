package org.jiaozi.server.central;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jiaozi.bank.registry.Effect;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * Writes a decision's effects in the transaction in which it was made. Rows of a kind go together, kinds in the order in which
 * they refer to each other, and within a kind in the order of the effects.
 */
final class EffectWriter {
    private final Handle handle;
    private final Timestamp now;
    private final ManyRows many;
    /** Of a quota the last word holds. */
    private final Map<List<Object>, Effect.QuotaSet> quotas = new LinkedHashMap<>();
    /** Claims, which what is settled refers to. */
    private final List<Runnable> claims = new ArrayList<>();
    /** What refers to transfers, claims and deposits. */
    private final List<Runnable> others = new ArrayList<>();

    /** One that knows nothing of what is on record. */
    EffectWriter(Handle handle, Timestamp now) {
        this(handle, now, new Known());
    }

    EffectWriter(Handle handle, Timestamp now, Known known) {
        this.handle = handle;
        this.now = now;
        this.many = new ManyRows(handle, now, known);
    }

    /** Certificates that are on record once the transaction is committed. */
    Map<Hash, Long> certificates() {
        return many.certificates();
    }

    void write(List<Effect> effects) {
        effects.forEach(this::write);
        flush();
    }

    private void flush() {
        many.writeNotes();
        quotas.values().forEach(this::quota);
        quotas.clear();
        many.writeTransfers();
        claims.forEach(Runnable::run);
        claims.clear();
        many.writeSettled();
        others.forEach(Runnable::run);
        others.clear();
        many.writePostings();
    }

    private void run(String sql, @Nullable Object... arguments) {
        try (Update update = handle.createUpdate(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                update.bind(i, arguments[i] instanceof Bytes bytes ? bytes.toArray() : arguments[i]);
            }
            update.execute();
        }
    }

    private void later(String sql, @Nullable Object... arguments) {
        others.add(() -> run(sql, arguments));
    }

    private void quota(Effect.QuotaSet e) {
        run(
                "INSERT INTO quota VALUES (?, ?, ?, ?, ?) ON CONFLICT (institution, number, currency)"
                        + " DO UPDATE SET allowed = EXCLUDED.allowed, outstanding = EXCLUDED.outstanding",
                e.institution().number(),
                e.number(),
                e.currency().code(),
                e.limit().minor(),
                e.used().minor());
    }

    private void write(Effect effect) {
        switch (effect) {
            case Effect.NoteKept e -> many.note(e);
            case Effect.RefusalKept e ->
                later(
                        "INSERT INTO refusal_kept VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                        e.asker().number(),
                        e.what().bytes(),
                        e.refusal().code().number(),
                        e.refusal().detail());
            case Effect.QuotaSet e -> quotas.put(List.of(e.institution(), e.number(), e.currency()), e);
            case Effect.TransferRecorded e -> many.transfer(e);
            case Effect.RangeSettled e -> many.settled(e);
            case Effect.DepositSettled e -> many.deposit(e);
            case Effect.ConvictionSet e -> others.add(() -> conviction(e));
            case Effect.KeyRevoked e ->
                later(
                        "INSERT INTO revocation VALUES (?, ?, ?, ?)",
                        e.key().bytes(),
                        e.by().number(),
                        e.reason(),
                        now.seconds());
            case Effect.DenialKept e ->
                later(
                        "INSERT INTO denial VALUES (?, ?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING",
                        e.denial().hash().bytes(),
                        e.payee().bytes(),
                        e.denial().statement().nonce().bytes(),
                        e.denial().encode(),
                        e.certificate().encode());
            case Effect.RefundKept e ->
                later(
                        "INSERT INTO refund VALUES (?, ?, ?)",
                        e.transfer().bytes(),
                        e.institution().number(),
                        e.amount().minor());
            case Effect.ClaimKept e -> claims.add(() -> claim(e));
            case Effect.ClaimMoved e ->
                later(
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
                later(
                        "INSERT INTO standing (institution, gone, since, reason) VALUES (?, ?, ?, ?)",
                        e.institution().number(),
                        e.gone(),
                        e.since().seconds(),
                        e.reason());
            case Effect.HonouredKept e ->
                later(
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
                later(
                        "INSERT INTO withheld VALUES (?, ?, ?, ?, ?)"
                                + " ON CONFLICT (deposit) DO UPDATE SET released = EXCLUDED.released",
                        e.deposit().bytes(),
                        e.institution().number(),
                        e.currency().code(),
                        e.amount().minor(),
                        e.released());
            case Effect.RemitKept e ->
                later(
                        "INSERT INTO remit VALUES (?, ?, ?, ?)"
                                + " ON CONFLICT (from_institution, id) DO UPDATE SET returned = EXCLUDED.returned",
                        e.from().number(),
                        e.id().bytes(),
                        e.content().bytes(),
                        e.returned().map(RefusalCode::number).orElse(null));
            case Effect.KeyShown e ->
                later(
                        "INSERT INTO bound_key VALUES (?, ?, ?, ?, ?, ?)",
                        e.key().thumbprint().bytes(),
                        e.institution().number(),
                        e.key().key().compressed(),
                        e.key().message().bytes(),
                        e.key().proof().proof().bytes(),
                        now.seconds());
            case Effect.Posted e -> many.posting(e.posting());
            case Effect.Told e ->
                later(
                        "INSERT INTO inbox_event VALUES (?, ?, ?)",
                        e.institution().number(),
                        e.event().number(),
                        e.event().cbor().encode());
            case Effect.CycleClosed e -> {
                // a cycle takes in the postings before it
                flush();
                cycle(e);
            }
        }
    }

    private void claim(Effect.ClaimKept e) {
        run(
                "INSERT INTO claim VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                        + " keys = EXCLUDED.keys, cose = EXCLUDED.cose, returned = EXCLUDED.returned",
                e.id().bytes(),
                e.institution().number(),
                e.account(),
                Stored.keys(e.keys()),
                e.claim(),
                e.returned().minor());
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
