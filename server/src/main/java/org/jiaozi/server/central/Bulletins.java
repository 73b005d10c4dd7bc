package org.jiaozi.server.central;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.bulletin.InstitutionKey;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/** Makes, stores and finds bulletins. */
final class Bulletins {
    private static final int MAX_BYTES = Bulletin.MAX_BYTES + 1024;

    private final CentralKeys keys;

    Bulletins(CentralKeys keys) {
        this.keys = keys;
    }

    /** The newest, if there is any. */
    Optional<Signed<Bulletin>> latest(Handle handle) {
        return handle.createQuery("SELECT cose FROM bulletin ORDER BY epoch DESC LIMIT 1")
                .map((row, context) -> decode(row.getBytes("cose")))
                .findOne();
    }

    Optional<Signed<Bulletin>> ofEpoch(Handle handle, long epoch) {
        return handle.createQuery("SELECT cose FROM bulletin WHERE epoch = ?")
                .bind(0, epoch)
                .map((row, context) -> decode(row.getBytes("cose")))
                .findOne();
    }

    private static Signed<Bulletin> decode(byte[] cose) {
        return Signed.decode(Bytes.of(cose), MAX_BYTES, Bulletin::read);
    }

    /** Signs and stores the next epoch, from the institutions and revocations on record. */
    Signed<Bulletin> publish(Handle handle, Profile policy, Timestamp now) {
        long epoch = latest(handle).map(b -> b.statement().epoch()).orElse(0L) + 1;
        Bulletin next = new Bulletin(
                CentralKeys.ROOT,
                epoch,
                now,
                now.plus(policy.bulletinValidity()),
                institutions(handle),
                new TreeSet<>(handle.createQuery("SELECT key FROM revocation")
                        .map((row, context) -> Thumbprint.of(row.getBytes("key")))
                        .list()),
                keys.registry().publicKey(),
                policy);
        Signed<Bulletin> signed = Signed.by(keys.root(), next);
        handle.createUpdate("INSERT INTO bulletin VALUES (?, ?)")
                .bind(0, epoch)
                .bind(1, signed.encode().toArray())
                .execute();
        return signed;
    }

    /** Institutions that have registered a key. */
    private static List<InstitutionEntry> institutions(Handle handle) {
        return handle.createQuery("SELECT i.*, (SELECT CASE WHEN s.gone THEN s.since END FROM standing s"
                        + " WHERE s.institution = i.id ORDER BY s.id DESC LIMIT 1) AS gone_since"
                        + " FROM institution i WHERE EXISTS"
                        + " (SELECT 1 FROM institution_key k WHERE k.institution = i.id) ORDER BY i.id")
                .map((row, context) -> new InstitutionEntry(
                        new InstitutionId(row.getInt("id")),
                        row.getString("code"),
                        row.getString("name"),
                        keysOf(handle, row.getInt("id")),
                        Bytes.of(row.getBytes("sealing_key")),
                        row.getString("url"),
                        Optional.ofNullable(row.getObject("gone_since", Long.class))
                                .map(Timestamp::new)))
                .list();
    }

    private static List<InstitutionKey> keysOf(Handle handle, int institution) {
        return handle.createQuery("SELECT * FROM institution_key WHERE institution = ? ORDER BY generation")
                .bind(0, institution)
                .map((row, context) -> new InstitutionKey(
                        row.getInt("generation"),
                        new PublicKey(Bytes.of(row.getBytes("key"))),
                        new Timestamp(row.getLong("not_before")),
                        new Timestamp(row.getLong("not_after"))))
                .list();
    }
}
