package org.jiaozi.server.central;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jiaozi.bank.registry.Registry;
import org.jiaozi.bank.registry.RegistryContext;
import org.jiaozi.bank.registry.RegistryView;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.RememberingVerifier;
import org.jiaozi.crypto.SystemEntropy;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.db.Database;
import org.jiaozi.server.metrics.Metrics;

/**
 * Puts on record what an institution would have asked for message by message: decided and written as the server does, but
 * many to a commit. For a registry that is filled before it is measured. Who asks is not in doubt, so no message is signed
 * and no answer kept.
 */
public final class CentralFilling implements AutoCloseable {
    /** One to fill by; the schema's migration takes two. */
    private static final int CONNECTIONS = 2;

    /** Signatures that are verified once. */
    private static final int REMEMBERED = 1 << 16;

    private final Database database;
    private final CentralKeys keys;
    private final Signed<Bulletin> bulletin;
    private final InstantSource clock;
    private final SignatureVerifier verifier = new RememberingVerifier(new Es256Verifier(), REMEMBERED);
    private final Registry.Preparing preparing = new OnAllCores();
    private final Known known = new Known();

    private CentralFilling(Database database, CentralKeys keys, Signed<Bulletin> bulletin, InstantSource clock) {
        this.database = database;
        this.keys = keys;
        this.bulletin = bulletin;
        this.clock = clock;
    }

    /**
     * Opens the registry of a central bank that has served before.
     *
     * @param dataDir its keys
     * @throws StartFailure in one line
     */
    public static CentralFilling open(Path dataDir, String jdbcUrl, InstantSource clock) {
        CentralKeys keys = CentralKeys.openOrCreate(dataDir, new SystemEntropy());
        Database database =
                Database.open(jdbcUrl, CentralServer.MIGRATIONS, CONNECTIONS, Database.Access.LOOKED_UP, new Metrics());
        try {
            Signed<Bulletin> bulletin = database.snapshot(new Bulletins(keys)::latest)
                    .orElseThrow(() -> new StartFailure("The central bank in " + dataDir + " has never served."));
            return new CentralFilling(database, keys, bulletin, clock);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** Decides and writes all of it in one transaction; what each is answered, in order. One after the other. */
    public List<BankAnswer> put(InstitutionId caller, List<BankRequest> requests) {
        RegistryContext context = new RegistryContext(
                new Timestamp(clock.instant().getEpochSecond()),
                bulletin,
                keys.root().publicKey(),
                verifier,
                CentralKeys.REGISTRY,
                keys.registry());
        List<Registry.Prepared> prepared = requests.parallelStream()
                .map(r -> Registry.prepare(caller, r, context, preparing))
                .toList();
        Written written = database.serializable("filling", handle -> {
            known.sure(handle);
            RegistryView view =
                    new SqlRegistryView(handle, Fetched.of(handle, Registry.Prepared.reads(prepared), known));
            List<Registry.Decision> decisions = Registry.decide(prepared, view, context);
            EffectWriter writing = new EffectWriter(handle, context.now(), known);
            writing.write(decisions.stream().flatMap(d -> d.effects().stream()).toList());
            return new Written(decisions.stream().map(Registry.Decision::answer).toList(), writing.certificates());
        });
        known.committed(written.certificates());
        return written.answers();
    }

    private record Written(List<BankAnswer> answers, Map<Hash, Long> certificates) {}

    @Override
    public void close() {
        database.close();
    }
}
