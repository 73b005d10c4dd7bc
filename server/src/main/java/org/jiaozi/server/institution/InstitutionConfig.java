package org.jiaozi.server.institution;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jiaozi.core.value.Limit;
import org.jiaozi.server.http.Bounds;

/**
 * What an institution's server is told at its start.
 *
 * @param code what the central bank calls it, as in its connection certificate
 * @param name for people
 * @param dataDir its keys ({@code keys}), connection identity ({@code tls}), whom it trusts ({@code trust.json}) and
 *     membership ({@code member.json})
 * @param quota the number of the quota its notes count against
 * @param port where wallets and operators reach it; 0 means any
 * @param centralUrl the central bank's address, without a slash at the end
 * @param jdbcUrl its database
 * @param clock the time
 * @param inboxEvery how often the central bank is asked for events
 * @param webhook where signed events are posted, if anywhere
 * @param bounds what it bears at once
 */
public record InstitutionConfig(
        String code,
        String name,
        Path dataDir,
        long quota,
        int port,
        String centralUrl,
        String jdbcUrl,
        InstantSource clock,
        Duration inboxEvery,
        Optional<URI> webhook,
        Bounds bounds) {

    /** One within the usual bounds. */
    public InstitutionConfig(
            String code,
            String name,
            Path dataDir,
            long quota,
            int port,
            String centralUrl,
            String jdbcUrl,
            InstantSource clock,
            Duration inboxEvery,
            Optional<URI> webhook) {
        this(
                code,
                name,
                dataDir,
                quota,
                port,
                centralUrl,
                jdbcUrl,
                clock,
                inboxEvery,
                webhook,
                Bounds.usual(Limit.SERVICE_MESSAGE_BYTES));
    }
}
