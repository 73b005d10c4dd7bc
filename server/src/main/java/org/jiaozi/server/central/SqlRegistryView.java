package org.jiaozi.server.central;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jiaozi.bank.ledger.AccountName;
import org.jiaozi.bank.registry.Effect;
import org.jiaozi.bank.registry.Effect.RangeSettled;
import org.jiaozi.bank.registry.Effect.TransferRecorded;
import org.jiaozi.bank.registry.Reads;
import org.jiaozi.bank.registry.RegistryView;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.message.Handover;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.message.RegistryAnswer.Settlement;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.server.central.Known.KnownNote;

/** The record as one transaction sees it. */
final class SqlRegistryView implements RegistryView {
    private final Handle handle;
    private final Fetched fetched;

    SqlRegistryView(Handle handle) {
        this(handle, Fetched.NOTHING);
    }

    /** One that need not ask for what was fetched in the same transaction. */
    SqlRegistryView(Handle handle, Fetched fetched) {
        this.handle = handle;
        this.fetched = fetched;
    }

    private Query query(String sql, Object... arguments) {
        Query query = handle.createQuery(sql);
        for (int i = 0; i < arguments.length; i++) {
            query.bind(i, arguments[i]);
        }
        return query;
    }

    @Override
    public Optional<Effect.NoteKept> note(Hash id) {
        Optional<KnownNote> known = fetched.notes().get(id);
        if (known != null) {
            return known.map(KnownNote::kept);
        }
        return query("SELECT cose, late FROM note WHERE id = ?", id.bytes().toArray())
                .map((row, context) -> RecordRows.note(row))
                .findOne();
    }

    @Override
    public Optional<Refusal> refused(InstitutionId asker, Hash what) {
        return query(
                        "SELECT code, detail FROM refusal_kept WHERE asker = ? AND what = ?",
                        asker.number(),
                        what.bytes().toArray())
                .map((row, context) ->
                        new Refusal(RefusalCode.byNumber(row.getInt("code")).orElseThrow(), row.getString("detail")))
                .findOne();
    }

    @Override
    public Optional<Hash> noteOfLoad(InstitutionId issuer, Nonce loadNonce) {
        return query(
                        "SELECT id FROM note WHERE issuer = ? AND load_nonce = ? ORDER BY serial LIMIT 1",
                        issuer.number(),
                        loadNonce.bytes().toArray())
                .map((row, context) -> new Hash(RecordRows.bytes(row, "id")))
                .findOne();
    }

    @Override
    public List<Effect.NoteKept> notesFor(Thumbprint key) {
        return query(
                        "SELECT cose, late FROM note WHERE holder = ? ORDER BY id",
                        key.bytes().toArray())
                .map((row, context) -> RecordRows.note(row))
                .list();
    }

    @Override
    public Optional<Effect.QuotaSet> quota(InstitutionId institution, long number, Currency currency) {
        return query(
                        "SELECT allowed, outstanding FROM quota WHERE institution = ? AND number = ? AND currency = ?",
                        institution.number(),
                        number,
                        currency.code())
                .map((row, context) -> new Effect.QuotaSet(
                        institution,
                        number,
                        currency,
                        new Amount(row.getLong("allowed")),
                        new Amount(row.getLong("outstanding"))))
                .findOne();
    }

    @Override
    public List<RangeSettled> settled(Hash note, Range range) {
        List<RangeSettled> known = fetched.settled().get(new Reads.Part(note, range));
        if (known != null) {
            return known;
        }
        return query(
                        "SELECT s.* FROM (SELECT ?::bytea AS id, ?::bigint AS low, ?::bigint AS high) v"
                                + " JOIN note n ON n.id = v.id JOIN settled s ON s.note = n.serial AND "
                                + RecordRows.settledIn("n.serial", "v.low", "v.high") + " ORDER BY s.lo",
                        note.bytes().toArray(),
                        range.lo(),
                        range.hi())
                .map((row, context) -> RecordRows.settled(note, row))
                .list();
    }

    @Override
    public Optional<Settlement> settlement(Hash deposit) {
        return query(
                        "SELECT settlement FROM deposit WHERE hash = ?",
                        deposit.bytes().toArray())
                .map((row, context) -> Stored.settlement(RecordRows.bytes(row, "settlement")))
                .findOne();
    }

    @Override
    public Optional<InstitutionId> settledFor(Hash deposit) {
        return query(
                        "SELECT institution FROM deposit WHERE hash = ?",
                        deposit.bytes().toArray())
                .map((row, context) -> RecordRows.institution(row, "institution"))
                .findOne();
    }

    @Override
    public Optional<Effect.StandingSet> standing(InstitutionId institution) {
        return query("SELECT * FROM standing WHERE institution = ? ORDER BY id DESC LIMIT 1", institution.number())
                .map((row, context) -> new Effect.StandingSet(
                        institution,
                        row.getBoolean("gone"),
                        new Timestamp(row.getLong("since")),
                        row.getString("reason")))
                .findOne();
    }

    @Override
    public Optional<Effect.HonouredKept> honoured(Hash deposit) {
        return query("SELECT * FROM honoured WHERE deposit = ?", deposit.bytes().toArray())
                .map((row, context) -> new Effect.HonouredKept(
                        Signed.decode(RecordRows.bytes(row, "handover"), Limit.TAP_MESSAGE_BYTES, Handover::read),
                        RecordRows.institution(row, "from_institution"),
                        new Currency(row.getString("currency")),
                        new Amount(row.getLong("due")),
                        row.getBoolean("released")))
                .findOne();
    }

    @Override
    public Optional<TransferRecorded> transfer(Hash hash) {
        Optional<TransferRecorded> known = fetched.transfers().get(hash);
        if (known != null) {
            return known;
        }
        return transfers("WHERE t.hash = ?", hash.bytes().toArray()).stream().findFirst();
    }

    @Override
    public List<TransferRecorded> spending(TransferInput input) {
        if (fetched.unspent().contains(input)) {
            return List.of();
        }
        SliceRef source = input.source();
        return transfers(
                RecordRows.SPENDING,
                source.parent().bytes().toArray(),
                source.index(),
                input.range().lo(),
                input.range().hi());
    }

    @Override
    public List<TransferRecorded> signed(Thumbprint signer, long seq) {
        if (fetched.unsigned().contains(new Reads.Signing(signer, seq))) {
            return List.of();
        }
        return transfers(RecordRows.SIGNED, signer.bytes().toArray(), seq);
    }

    @Override
    public List<TransferRecorded> paidTo(Thumbprint payee) {
        return transfers(RecordRows.PAYING, payee.bytes().firstEight()).stream()
                .filter(t -> t.transfer().statement().payee().equals(payee))
                .toList();
    }

    @Override
    public List<TransferRecorded> answering(Thumbprint payee, Nonce nonce) {
        long key = payee.bytes().firstEight();
        return transfers(RecordRows.ANSWERING, key, nonce.bytes().firstEight(), key).stream()
                .filter(t -> t.transfer().statement().payee().equals(payee)
                        && t.transfer().statement().nonce().equals(nonce))
                .toList();
    }

    private List<TransferRecorded> transfers(String condition, Object... arguments) {
        return query("SELECT" + RecordRows.TRANSFER + "FROM transfer t " + condition, arguments)
                .map((row, context) -> RecordRows.transfer(row))
                .list();
    }

    @Override
    public List<Effect.DenialKept> denials(Thumbprint payee, Nonce nonce) {
        if (fetched.undenied().contains(new Reads.Request(payee, nonce))) {
            return List.of();
        }
        return query(
                        "SELECT cose, certificate FROM denial WHERE payee = ? AND nonce = ? ORDER BY hash",
                        payee.bytes().toArray(),
                        nonce.bytes().toArray())
                .map((row, context) -> new Effect.DenialKept(
                        Signed.decode(RecordRows.bytes(row, "cose"), Limit.TAP_MESSAGE_BYTES, NonReceipt::read),
                        Signed.decode(
                                RecordRows.bytes(row, "certificate"), Limit.TAP_MESSAGE_BYTES, PurseCertificate::read)))
                .list();
    }

    @Override
    public Optional<Effect.RefundKept> refund(Hash transfer) {
        return query(
                        "SELECT institution, amount FROM refund WHERE transfer = ?",
                        transfer.bytes().toArray())
                .map((row, context) -> new Effect.RefundKept(
                        transfer, RecordRows.institution(row, "institution"), new Amount(row.getLong("amount"))))
                .findOne();
    }

    @Override
    public Optional<Effect.ClaimKept> claim(Nonce id) {
        return query("SELECT * FROM claim WHERE id = ?", id.bytes().toArray())
                .map((row, context) -> new Effect.ClaimKept(
                        id,
                        RecordRows.institution(row, "institution"),
                        row.getString("account"),
                        Stored.keys(RecordRows.bytes(row, "keys")),
                        RecordRows.bytes(row, "cose"),
                        new Amount(row.getLong("returned"))))
                .findOne();
    }

    @Override
    public List<Effect.ClaimMoved> claimsMoved(Hash note, Range range) {
        return query(
                        "SELECT m.* FROM claim_moved m JOIN note n ON n.serial = m.note"
                                + " WHERE n.id = ? AND m.lo < ? AND m.hi > ? ORDER BY m.number, m.lo",
                        note.bytes().toArray(),
                        range.hi(),
                        range.lo())
                .map((row, context) -> new Effect.ClaimMoved(
                        new Nonce(RecordRows.bytes(row, "from_claim")),
                        row.getInt("number"),
                        RecordRows.settled(note, row)))
                .list();
    }

    @Override
    public Optional<Effect.ConvictionSet> conviction(Thumbprint culprit) {
        return query(
                        "SELECT * FROM conviction WHERE culprit = ?",
                        culprit.bytes().toArray())
                .map((row, context) -> RecordRows.conviction(culprit, row))
                .findOne();
    }

    @Override
    public boolean revoked(Thumbprint key) {
        return query(
                        "SELECT 1 AS one FROM revocation WHERE key = ?",
                        key.bytes().toArray())
                .map((row, context) -> row.getInt("one"))
                .findOne()
                .isPresent();
    }

    @Override
    public List<InstitutionId> askedBy(Thumbprint key) {
        return query(
                        "SELECT institution FROM bound_key WHERE thumbprint = ? ORDER BY institution",
                        key.bytes().toArray())
                .map((row, context) -> RecordRows.institution(row, "institution"))
                .list();
    }

    @Override
    public Optional<Effect.WithheldKept> withheld(Hash deposit) {
        return query("SELECT * FROM withheld WHERE deposit = ?", deposit.bytes().toArray())
                .map((row, context) -> new Effect.WithheldKept(
                        deposit,
                        RecordRows.institution(row, "institution"),
                        new Currency(row.getString("currency")),
                        new Amount(row.getLong("amount")),
                        row.getBoolean("released")))
                .findOne();
    }

    @Override
    public Optional<Effect.RemitKept> remit(InstitutionId from, Nonce id) {
        return query(
                        "SELECT content, returned FROM remit WHERE from_institution = ? AND id = ?",
                        from.number(),
                        id.bytes().toArray())
                .map((row, context) -> new Effect.RemitKept(
                        from,
                        id,
                        new Hash(RecordRows.bytes(row, "content")),
                        RefusalCode.byNumber(row.getInt("returned"))))
                .findOne();
    }

    @Override
    public long balance(AccountName account, Currency currency) {
        return query(
                        "SELECT minor FROM balance WHERE account = ? AND currency = ?",
                        account.toString(),
                        currency.code())
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
    }

    @Override
    public long lastEvent(InstitutionId institution) {
        return query("SELECT coalesce(max(number), 0) FROM inbox_event WHERE institution = ?", institution.number())
                .mapTo(Long.class)
                .one();
    }

    @Override
    public List<InboxEvent> inbox(InstitutionId institution, long since, int most) {
        return query(
                        "SELECT body FROM inbox_event WHERE institution = ? AND number > ? ORDER BY number LIMIT ?",
                        institution.number(),
                        since,
                        most)
                .map((row, context) ->
                        InboxEvent.read(Cbor.decode(RecordRows.bytes(row, "body"), Limit.SERVICE_MESSAGE_BYTES)))
                .list();
    }

    @Override
    public long lastCycle() {
        return query("SELECT coalesce(max(number), 0) FROM netting_cycle")
                .mapTo(Long.class)
                .one();
    }

    @Override
    public List<Flow> flows() {
        return flows(Flows.NONE);
    }

    /** The same, with some of it summed before. */
    List<Flow> flows(Flows ahead) {
        return ahead.since(handle);
    }
}
