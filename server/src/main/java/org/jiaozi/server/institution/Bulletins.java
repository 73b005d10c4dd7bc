package org.jiaozi.server.institution;

import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.BulletinChain;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Limit;
import org.jiaozi.server.ServiceFault;
import org.jiaozi.server.db.Database;

/** The newest bulletin this institution has, checked against the root key and kept across restarts. */
final class Bulletins {
    private static final Logger LOG = Logger.getLogger(Bulletins.class.getName());

    private final Database db;
    private final CentralBank central;
    private final PublicKey rootKey;
    private final SignatureVerifier verifier;
    private final Newest<Signed<Bulletin>> newest;

    Bulletins(Database db, CentralBank central, PublicKey rootKey, SignatureVerifier verifier) {
        this.db = db;
        this.central = central;
        this.rootKey = rootKey;
        this.verifier = verifier;
        this.newest = new Newest<>(db.snapshot(Bulletins::latest));
    }

    /** The newest one that is stored. */
    static Optional<Signed<Bulletin>> latest(Handle h) {
        return h.createQuery("SELECT cose FROM bulletin ORDER BY epoch DESC LIMIT 1")
                .map((row, context) -> read(Bytes.of(row.getBytes("cose"))))
                .findOne();
    }

    /** The newest one in hand; fetched if there is none yet. */
    Signed<Bulletin> current() {
        return newest.get()
                .or(this::fetched)
                .orElseThrow(() -> new ServiceFault(
                        RefusalCode.UNREACHABLE, "no bulletin yet", new IllegalStateException("no bulletin yet")));
    }

    private Optional<Signed<Bulletin>> fetched() {
        refresh();
        return newest.get();
    }

    /** Asks the central bank for a newer one. */
    void refresh() {
        newest.renew(this::newer);
    }

    private Optional<Signed<Bulletin>> newer(Optional<Signed<Bulletin>> known) {
        Optional<Bytes> offered =
                central.bulletin(known.map(k -> k.statement().epoch()).orElse(0L));
        if (offered.isEmpty()) {
            return Optional.empty();
        }
        try {
            Signed<Bulletin> candidate = read(offered.get());
            return switch (BulletinChain.accept(known, candidate, rootKey, verifier)) {
                case BulletinChain.Outcome.Accepted accepted -> {
                    db.useSerializable(h -> h.createUpdate("INSERT INTO bulletin (epoch, cose) VALUES (:epoch, :cose)"
                                    + " ON CONFLICT (epoch) DO NOTHING")
                            .bind("epoch", accepted.bulletin().statement().epoch())
                            .bind("cose", accepted.bulletin().encode().toArray())
                            .execute());
                    yield Optional.of(accepted.bulletin());
                }
                case BulletinChain.Outcome.Unchanged ignored -> Optional.empty();
                case BulletinChain.Outcome.Refused refused -> {
                    LOG.log(Level.SEVERE, "bulletin of the central bank: {0}", refused.refusal());
                    yield Optional.empty();
                }
            };
        } catch (DecodeException e) {
            LOG.log(Level.SEVERE, "bulletin of the central bank", e);
            return Optional.empty();
        }
    }

    private static Signed<Bulletin> read(Bytes cose) {
        return Signed.decode(cose, Limit.SERVICE_MESSAGE_BYTES, Bulletin::read);
    }
}
