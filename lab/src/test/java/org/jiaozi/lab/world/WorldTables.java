package org.jiaozi.lab.world;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jiaozi.bank.registry.Effect;
import org.jiaozi.core.message.RegistryAnswer;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Timestamp;

/** Writes what a world's registry decided into the central bank's own tables, so that the auditor has what to read. */
public final class WorldTables {
    private final Connection connection;

    private WorldTables(Connection connection) {
        this.connection = connection;
    }

    /** Lives worlds with real signatures until one convicts somebody and claims nothing, writes it; returns the root key. */
    public static Bytes write(Connection connection, long seed) throws SQLException {
        World world = world(seed);
        WorldTables tables = new WorldTables(connection);
        tables.schema("central/V1__central_bank.sql");
        tables.schema("central/V2__gone_institutions.sql");
        tables.schema("central/V3__belonging.sql");
        tables.schema("central/V4__returned_remittances_and_bound_keys.sql");
        tables.schema("central/V5__requests_of_transfers.sql");
        tables.schema("central/V6__claims_that_move_on.sql");
        tables.schema("central/V7__postings_together.sql");
        tables.schema("central/V8__kept_refusals.sql");
        tables.schema("central/V9__settling_by_the_thousand.sql");
        tables.schema("central/V10__what_need_not_be_looked_up.sql");
        tables.schema("central/V11__inputs_by_note.sql");
        tables.schema("central/V12__hashes_in_small_indexes.sql");
        tables.schema("central/V13__numbers_in_stretches.sql");
        tables.schema("central/V14__narrow_rows.sql");
        for (House house : world.bank().houses()) {
            String name = "bank-" + house.id();
            tables.put(
                    "INSERT INTO institution VALUES (?, ?, ?, '', ?)",
                    house.id().number(),
                    name,
                    name,
                    Bytes.of(new byte[32]));
        }
        tables.put("INSERT INTO bulletin VALUES (1,?)", world.bank().bulletin().encode());
        tables.effects(world.bank().effects());
        return world.bank().rootKey();
    }

    private static World world(long from) {
        for (long seed = from; seed < from + 20; seed++) {
            World world = new World(WorldOptions.of(seed, 500).of(8).real(), false);
            WorldReport report = world.live();
            if (!report.sound()) {
                throw new IllegalStateException("world " + seed + ": " + report.breaches());
            }
            if (report.convicted() > 0 && report.tally().of(Tally.Event.CLAIM) == 0) {
                return world;
            }
        }
        throw new IllegalStateException("nobody is convicted in worlds from " + from + " on");
    }

    private void schema(String name) throws SQLException {
        try (InputStream in = WorldTables.class.getResourceAsStream("/db/" + name);
                Statement statement = connection.createStatement()) {
            if (in == null) {
                throw new IllegalStateException("no migration " + name);
            }
            statement.execute(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void put(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i] instanceof Bytes b ? b.toArray() : values[i]);
            }
            statement.executeUpdate();
        }
    }

    private void effects(List<Effect> effects) throws SQLException {
        Map<String, Effect> last = new TreeMap<>();
        Map<SliceRef, Range> whole = new HashMap<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.RangeSettled e) {
                whole.put(e.at(), e.range());
            }
        }
        // what is settled at an input just as it was taken says that input
        Map<SliceRef, TransferInput> inputs = new HashMap<>();
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.NoteKept e -> note(e);
                case Effect.TransferRecorded e -> transfer(e, whole, inputs);
                case Effect.RangeSettled e ->
                    put(
                            "INSERT INTO settled (note, note_value, lo, hi, kind, paid_to, at_parent, at_index, via,"
                                    + " via_index) SELECT serial, value, ?, ?, ?, ?, ?, ?, ?, ? FROM note WHERE id = ?",
                            e.range().lo(),
                            e.range().hi(),
                            e.kind().name(),
                            e.paidTo().number(),
                            e.at().parent().bytes(),
                            e.at().index(),
                            inputs.containsKey(e.at()) ? via(inputs.get(e.at())) : null,
                            inputs.containsKey(e.at())
                                    ? inputs.get(e.at()).source().index()
                                    : null,
                            e.note().bytes());
                case Effect.DepositSettled e ->
                    put(
                            "INSERT INTO deposit VALUES (?, ?, ?, ?, ?, 0)",
                            e.settlement().deposit().bytes(),
                            e.institution().number(),
                            e.depositor().bytes(),
                            e.currency().code(),
                            new RegistryAnswer(
                                            new IssuerKeyId(InstitutionId.CENTRAL_BANK, 0),
                                            new Timestamp(0),
                                            List.of(e.settlement()))
                                    .payload());
                case Effect.ConvictionSet e -> last.put("c" + e.culprit().hex(), e);
                case Effect.WithheldKept e -> last.put("w" + e.deposit().hex(), e);
                case Effect.Posted e ->
                    put(
                            "INSERT INTO posting (debit, credit, currency, amount, reason, reference, booked_at)"
                                    + " VALUES (?, ?, ?, ?, ?, ?, 0)",
                            e.posting().debit().toString(),
                            e.posting().credit().toString(),
                            e.posting().currency().code(),
                            e.posting().amount().minor(),
                            e.posting().reason(),
                            e.posting().reference());
                case Effect.Told e ->
                    put(
                            "INSERT INTO inbox_event VALUES (?, ?, ?)",
                            e.institution().number(),
                            e.event().number(),
                            e.event().cbor().encode());
                case Effect.RefusalKept ignored -> {}
                case Effect.QuotaSet ignored -> {}
                case Effect.KeyRevoked ignored -> {}
                case Effect.DenialKept ignored -> {}
                case Effect.RefundKept ignored -> {}
                case Effect.ClaimKept ignored -> {}
                case Effect.ClaimMoved ignored -> {}
                case Effect.RemitKept ignored -> {}
                case Effect.KeyShown ignored -> {}
                case Effect.StandingSet ignored -> {}
                case Effect.HonouredKept ignored -> {}
                case Effect.CycleClosed e -> cycle(e);
            }
        }
        for (Effect effect : last.values()) {
            latest(effect);
        }
    }

    private void cycle(Effect.CycleClosed e) throws SQLException {
        put(
                "INSERT INTO netting_cycle SELECT ?, (SELECT coalesce(max(to_posting), 0) FROM netting_cycle),"
                        + " (SELECT max(id) FROM posting), 0",
                e.cycle());
        for (Effect.Position p : e.positions()) {
            put(
                    "INSERT INTO netting_position VALUES (?, ?, ?, ?, ?, ?)",
                    e.cycle(),
                    p.institution().number(),
                    p.currency().code(),
                    p.grossIn(),
                    p.grossOut(),
                    p.floatRedeemed());
        }
    }

    private void note(Effect.NoteKept e) throws SQLException {
        Note n = e.note().statement();
        put(
                "INSERT INTO note (id, issuer, currency, value, expiry, holder, load_nonce, late, cose)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                e.note().hash().bytes(),
                e.issuer().number(),
                n.currency().code(),
                n.value().minor(),
                n.expiry().seconds(),
                n.holder().bytes(),
                n.loadNonce().bytes(),
                e.late(),
                e.note().encode());
    }

    /** The number of the transfer that an input takes from, 0 where it takes from a note. */
    private long via(TransferInput input) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT coalesce((SELECT number FROM transfer WHERE hash = ?), 0)")) {
            query.setBytes(1, input.source().parent().bytes().toArray());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private void transfer(Effect.TransferRecorded e, Map<SliceRef, Range> whole, Map<SliceRef, TransferInput> settled)
            throws SQLException {
        Hash hash = e.transfer().hash();
        put(
                "INSERT INTO certificate (hash, key, issuer, cose) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                e.link().certificate().hash().bytes(),
                e.link().signer().bytes(),
                1,
                e.link().certificate().encode());
        List<TransferInput> inputs = e.transfer().statement().inputs();
        boolean[] alone = new boolean[inputs.size()];
        for (int i = 0; i < inputs.size(); i++) {
            SliceRef here = new SliceRef(hash, i);
            if (inputs.get(i).range().equals(whole.get(here))) {
                settled.put(here, inputs.get(i));
            } else {
                alone[i] = true;
            }
        }
        boolean only = inputs.size() == 1 && alone[0];
        TransferInput first = inputs.getFirst();
        put(
                "INSERT INTO transfer (hash, certificate, seq, payee, request, cose, notes, note, via, via_index, lo, hi)"
                        + " SELECT ?, number, ?, first_bytes(?), first_bytes(?), ?, ?, (SELECT serial FROM note WHERE id = ?),"
                        + " ?, ?, ?, ? FROM certificate WHERE hash = ?",
                hash.bytes(),
                e.transfer().statement().seq(),
                e.transfer().statement().payee().bytes(),
                e.transfer().statement().nonce().bytes(),
                e.transfer().encode(),
                only ? null : Bytes.fromHex(e.notes().stream().map(Hash::hex).collect(Collectors.joining())),
                only ? e.notes().getFirst().bytes() : new byte[0],
                only ? via(first) : null,
                only ? first.source().index() : null,
                only ? first.range().lo() : null,
                only ? first.range().hi() : null,
                e.link().certificate().hash().bytes());
        for (int i = 0; i < inputs.size(); i++) {
            if (alone[i] && !only) {
                put(
                        "INSERT INTO transfer_input (transfer, position, parent, parent_index, lo, hi, note, via)"
                                + " VALUES (?, ?, ?, ?, ?, ?, (SELECT serial FROM note WHERE id = ?), ?)",
                        hash.bytes(),
                        i,
                        inputs.get(i).source().parent().bytes(),
                        inputs.get(i).source().index(),
                        inputs.get(i).range().lo(),
                        inputs.get(i).range().hi(),
                        e.notes().get(i).bytes(),
                        via(inputs.get(i)));
            }
        }
    }

    private void latest(Effect effect) throws SQLException {
        if (effect instanceof Effect.ConvictionSet c) {
            put(
                    "INSERT INTO conviction VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    c.culprit().bytes(),
                    c.certifier().number(),
                    c.currency().code(),
                    c.file(),
                    c.owed().minor(),
                    c.recovered().minor(),
                    c.fromFund().minor(),
                    c.fromInstitution().minor());
        } else if (effect instanceof Effect.WithheldKept w) {
            put(
                    "INSERT INTO withheld VALUES (?, ?, ?, ?, ?)",
                    w.deposit().bytes(),
                    w.institution().number(),
                    w.currency().code(),
                    w.amount().minor(),
                    w.released());
        }
    }
}
