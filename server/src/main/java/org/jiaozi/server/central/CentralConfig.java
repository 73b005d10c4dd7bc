package org.jiaozi.server.central;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.value.Limit;
import org.jiaozi.server.http.Bounds;

/**
 * What a central bank is started with.
 *
 * @param dataDir keys, certificate authority and {@code trust.json}; created on first use
 * @param port where it listens on 127.0.0.1; 0 means any free port
 * @param jdbcUrl its own database
 * @param clock its time; connections are judged by the machine's own
 * @param policy in force until an operator sets another one; only used when there is no bulletin yet
 * @param members institutions that may join; each finds its connection certificate under {@code members/CODE}
 * @param bounds what it bears at once
 */
public record CentralConfig(
        Path dataDir,
        int port,
        String jdbcUrl,
        InstantSource clock,
        Profile policy,
        List<Member> members,
        Bounds bounds) {
    public CentralConfig {
        members = List.copyOf(members);
    }

    /** One within the usual bounds. */
    public CentralConfig(
            Path dataDir, int port, String jdbcUrl, InstantSource clock, Profile policy, List<Member> members) {
        this(dataDir, port, jdbcUrl, clock, policy, members, Bounds.usual(Limit.SERVICE_MESSAGE_BYTES));
    }

    /**
     * An institution that may join. It registers its keys itself, over a connection under this code.
     *
     * @param code lower-case letters, digits and hyphens, at most 16
     * @param name for people
     */
    public record Member(String code, String name) {}
}
