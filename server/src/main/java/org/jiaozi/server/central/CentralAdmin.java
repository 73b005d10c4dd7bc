package org.jiaozi.server.central;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.registry.Effect;
import org.jiaozi.bank.registry.Netting;
import org.jiaozi.bank.registry.Operations;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.policy.RegionalOverride;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Period;
import org.jiaozi.core.value.Timestamp;

/** What the central bank's operators can do; over HTTP under {@code /v1/operator}, or in this process. */
public final class CentralAdmin {
    /** How long an institution signs with a key before it should have registered another. */
    private static final Period KEY_LIFE = Period.ofDays(3650);

    private static final String QUOTAS = "SELECT i.code AS institution, q.number, q.currency, q.allowed, q.outstanding"
            + " FROM quota q JOIN institution i ON i.id = q.institution";

    private static final String CYCLES = "SELECT number AS cycle, closed_at AS \"closedAt\","
            + " from_posting AS \"afterPosting\", to_posting AS \"toPosting\" FROM netting_cycle";

    private static final int MOST_CYCLES = 1000;

    private final CentralBank bank;

    CentralAdmin(CentralBank bank) {
        this.bank = bank;
    }

    /**
     * Registers an institution's keys and lists it in the next bulletin. The same again changes nothing; another key is
     * its next generation, and the earlier ones stay listed.
     *
     * @param code what its connection certificate names
     * @param name for people
     * @param publicKey signs notes, certificates and messages, and names deposits
     * @param sealingKey X25519
     * @param url where wallets reach it
     */
    public InstitutionId addInstitution(String code, String name, PublicKey publicKey, Bytes sealingKey, String url) {
        return join(code, name, publicKey, sealingKey, url, 0, 0).institution();
    }

    /**
     * As {@link #addInstitution}; says which generation the key is.
     *
     * @param place the member's place among all members, from 1: its number, unless that is taken; 0 for none
     * @param places how many there are: a number beyond takes nobody's place
     */
    IssuerKeyId join(
            String code, String name, PublicKey publicKey, Bytes sealingKey, String url, int place, int places) {
        Timestamp now = bank.now();
        if (!bank.look(handle -> listed(handle, code, name, publicKey, sealingKey, url))) {
            bank.change(CentralCrash.Act.JOIN, (handle, view) -> {
                list(handle, new Listing(code, name, publicKey, sealingKey, url, place, places), now);
                return bank.publishIn(handle, p -> p);
            });
        }
        return bank.look(handle -> handle.createQuery(
                        "SELECT institution, generation FROM institution_key WHERE key = ?")
                .bind(0, publicKey.compressed().toArray())
                .map((row, context) ->
                        new IssuerKeyId(new InstitutionId(row.getInt("institution")), row.getInt("generation")))
                .one());
    }

    private record Listing(
            String code, String name, PublicKey publicKey, Bytes sealingKey, String url, int place, int places) {}

    /** A new member's number: all may start at once, and who comes first must not matter. */
    private static int fresh(Handle handle, Listing listing) {
        boolean taken = listing.place() == 0
                || handle.createQuery("SELECT 1 FROM institution WHERE id = ?")
                        .bind(0, listing.place())
                        .mapTo(Integer.class)
                        .findOne()
                        .isPresent();
        return taken
                ? handle.createQuery("SELECT greatest(coalesce(max(id), 0), ?) + 1 FROM institution")
                        .bind(0, listing.places())
                        .mapTo(Integer.class)
                        .one()
                : listing.place();
    }

    private static void list(Handle handle, Listing listing, Timestamp now) {
        int id = idOf(handle, listing.code()).map(InstitutionId::number).orElseGet(() -> fresh(handle, listing));
        handle.createUpdate("INSERT INTO institution VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                        + " name = EXCLUDED.name, url = EXCLUDED.url, sealing_key = EXCLUDED.sealing_key")
                .bind(0, id)
                .bind(1, listing.code())
                .bind(2, listing.name())
                .bind(3, listing.url())
                .bind(4, listing.sealingKey().toArray())
                .execute();
        handle.createUpdate("INSERT INTO institution_key SELECT ?, coalesce(max(generation) + 1, 0), ?, ?, ?"
                        + " FROM institution_key WHERE institution = ? ON CONFLICT (key) DO NOTHING")
                .bind(0, id)
                .bind(1, listing.publicKey().compressed().toArray())
                .bind(2, now.seconds())
                .bind(3, now.plus(KEY_LIFE).seconds())
                .bind(4, id)
                .execute();
    }

    private static boolean listed(
            Handle handle, String code, String name, PublicKey publicKey, Bytes sealingKey, String url) {
        return handle.createQuery("SELECT i.id FROM institution i JOIN institution_key k ON k.institution = i.id"
                        + " WHERE i.code = ? AND i.name = ? AND k.key = ? AND i.sealing_key = ? AND i.url = ?")
                .bind(0, code)
                .bind(1, name)
                .bind(2, publicKey.compressed().toArray())
                .bind(3, sealingKey.toArray())
                .bind(4, url)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    private static Optional<InstitutionId> idOf(Handle handle, String code) {
        return handle.createQuery("SELECT id FROM institution WHERE code = ?")
                .bind(0, code)
                .mapTo(Integer.class)
                .findOne()
                .map(InstitutionId::new);
    }

    /** The number behind a code. */
    public Optional<InstitutionId> institution(String code) {
        return bank.look(handle -> idOf(handle, code));
    }

    /** Signs the next bulletin as things are. */
    public Signed<Bulletin> publishBulletin() {
        return bank.publish(p -> p);
    }

    /** Sets another policy, from the next bulletin on. */
    public Signed<Bulletin> setPolicy(Profile policy) {
        return bank.publish(p -> policy);
    }

    /**
     * Says that an institution is gone: it is heard no more, and deposits at it are honoured elsewhere; or that it is back.
     * The next bulletin says so.
     */
    public Signed<Bulletin> declare(InstitutionId institution, boolean gone, String reason) {
        return bank.change(CentralCrash.Act.DECLARE, (handle, view) -> {
            Timestamp now = bank.now();
            new EffectWriter(handle, now).write(Operations.declare(view, institution, gone, now, reason));
            return bank.publishIn(handle, p -> p);
        });
    }

    /** Adds a dated relief for a region, from the next bulletin on. */
    public Signed<Bulletin> addOverride(RegionalOverride override) {
        return bank.publish(p -> p.withOverride(override));
    }

    /** Allows an institution that much outstanding. */
    public void setQuota(InstitutionId institution, long number, Currency currency, Amount limit) {
        bank.operate(
                CentralCrash.Act.QUOTA,
                Optional.empty(),
                view -> Optional.of(Operations.setQuota(view, institution, number, currency, limit)));
    }

    /** Puts money into a reserve, once for each reference. */
    public void fundReserve(InstitutionId institution, Currency currency, Amount amount, String reference) {
        bank.operate(
                CentralCrash.Act.RESERVE,
                Optional.of(reference),
                view -> Optional.of(Operations.fundReserve(view, institution, currency, amount, reference)));
    }

    /** Moves reserve money into the guarantee fund, once for each reference; false where the reserve lacks it. */
    public boolean contribute(InstitutionId institution, Currency currency, Amount amount, String reference) {
        return bank.operate(
                CentralCrash.Act.CONTRIBUTION,
                Optional.of(reference),
                view -> Operations.contribute(view, institution, currency, amount, reference));
    }

    /** Closes a netting cycle; empty where nothing moved. */
    public Optional<Long> net() {
        return net(ahead(Flows.PIECE));
    }

    /** Sums what the next cycle takes in: nothing is settled while a cycle closes. */
    Flows ahead(long piece) {
        return Flows.ahead(bank, piece);
    }

    Optional<Long> net(Flows ahead) {
        long[] cycle = new long[1];
        bank.operate(CentralCrash.Act.NETTING, Optional.empty(), view -> {
            List<Effect> effects = Netting.close(view, view.flows(ahead));
            cycle[0] = effects.isEmpty() ? 0 : view.lastCycle() + 1;
            return Optional.of(effects);
        });
        return cycle[0] == 0 ? Optional.empty() : Optional.of(cycle[0]);
    }

    /** The last netting cycles, the newest first: when each closed, after which posting it begins and with which it ends. */
    public List<Map<String, Object>> cycles() {
        return bank.look(handle -> handle.createQuery(CYCLES + " ORDER BY number DESC LIMIT ?")
                .bind(0, MOST_CYCLES)
                .mapToMap()
                .list());
    }

    /** One of them with the position of each institution in each currency. */
    public Optional<Map<String, Object>> cycle(long number) {
        return bank.look(handle -> {
            Optional<Map<String, Object>> cycle = handle.createQuery(CYCLES + " WHERE number = ?")
                    .bind(0, number)
                    .mapToMap()
                    .findOne();
            cycle.ifPresent(c -> c.put(
                    "positions",
                    handle.createQuery("SELECT i.code AS institution, p.currency, p.gross_in AS \"grossIn\","
                                    + " p.gross_out AS \"grossOut\", p.float_redeemed AS \"floatRedeemed\", p.net"
                                    + " FROM netting_position p JOIN institution i ON i.id = p.institution"
                                    + " WHERE p.cycle = ? ORDER BY p.currency, i.id")
                            .bind(0, number)
                            .mapToMap()
                            .list()));
            return cycle;
        });
    }

    /** Releases what was withheld of a deposit. */
    public void release(Hash deposit) {
        bank.operate(
                CentralCrash.Act.RELEASE, Optional.empty(), view -> Optional.of(Operations.release(view, deposit)));
    }

    /** Every account that was ever posted to. */
    public List<Map<String, Object>> accounts() {
        return bank.look(handle -> handle.createQuery(
                        "SELECT account, currency, minor AS balance FROM balance ORDER BY account, currency")
                .mapToMap()
                .list());
    }

    /** Quotas, and what is outstanding under them. */
    public List<Map<String, Object>> quotas() {
        return bank.look(handle -> handle.createQuery(QUOTAS + " ORDER BY i.id, q.number, q.currency")
                .mapToMap()
                .list());
    }

    /** One of them. */
    Map<String, Object> quota(InstitutionId institution, long number, Currency currency) {
        return bank.look(
                handle -> handle.createQuery(QUOTAS + " WHERE q.institution = ? AND q.number = ? AND q.currency = ?")
                        .bind(0, institution.number())
                        .bind(1, number)
                        .bind(2, currency.code())
                        .mapToMap()
                        .one());
    }

    /** What was withheld, released or not. */
    public List<Map<String, Object>> withheld() {
        return bank.look(
                handle -> handle.createQuery("SELECT encode(w.deposit, 'hex') AS deposit, i.code AS institution,"
                                + " w.currency, w.amount, w.released FROM withheld w JOIN institution i ON i.id = w.institution"
                                + " UNION ALL SELECT encode(h.deposit, 'hex'), i.code, h.currency, h.due, h.released"
                                + " FROM honoured h JOIN institution i ON i.id = h.to_institution WHERE h.due > 0"
                                + " ORDER BY deposit")
                        .mapToMap()
                        .list());
    }

    /** Who was convicted, what it cost, and who bears it. */
    public List<Map<String, Object>> convictions() {
        return bank.look(handle -> handle.createQuery(
                        "SELECT encode(c.culprit, 'hex') AS culprit, i.code AS certifier, c.currency, c.owed,"
                                + " c.recovered, c.from_fund AS \"fromFund\","
                                + " c.from_institution AS \"fromInstitution\""
                                + " FROM conviction c JOIN institution i ON i.id = c.certifier ORDER BY c.culprit")
                .mapToMap()
                .list());
    }

    /** The evidence file against a convicted key. */
    public Optional<Bytes> evidence(org.jiaozi.core.value.Thumbprint culprit) {
        return bank.look(handle -> handle.createQuery("SELECT file FROM conviction WHERE culprit = ?")
                .bind(0, culprit.bytes().toArray())
                .map((row, context) -> Bytes.of(row.getBytes("file")))
                .findOne());
    }
}
