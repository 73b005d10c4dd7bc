package org.jiaozi.server.institution;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What an institution's server is told at its start.
 *
 * @param dataDir its keys ({@code keys}), TLS identity ({@code tls}) and membership ({@code member.json})
 * @param port where wallets and operators reach it; 0 means any
 * @param centralUrl the central bank's address, without a slash at the end
 * @param jdbcUrl its database
 * @param clock the time
 * @param inboxEvery how often the central bank is asked for events
 * @param webhook where signed events are posted, if anywhere
 */
public record InstitutionConfig(
        Path dataDir,
        int port,
        String centralUrl,
        String jdbcUrl,
        InstantSource clock,
        Duration inboxEvery,
        Optional<URI> webhook) {}
