package org.jiaozi.cli.up;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jiaozi.cli.CommandFailure;

/**
 * How a whole is set up: from its first start on in {@code up.json}.
 *
 * @param portBase the central bank's port; institutions follow
 * @param profile the policy of the first start
 * @param reserve minor units that each institution's reserve holds at first
 * @param quota minor units of notes that each institution may have outstanding
 * @param guarantee minor units that the guarantee fund holds at first
 * @param institutions who takes part, in order
 * @param database where the databases are if not in the folder's own PostgreSQL: an address without credentials, else empty
 */
record Settings(
        int portBase,
        String profile,
        long reserve,
        long quota,
        long guarantee,
        List<Institution> institutions,
        String database) {
    /** The most minor units of a sum. */
    static final long MOST = (1L << 48) - 1;

    static final int HIGHEST_PORT = 65_000;
    private static final int LOWEST_PORT = 1024;
    private static final int MOST_INSTITUTIONS = 16;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** As the bulletin takes it, and such that a database can be named after it. */
    private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9-]{0,15}");

    private static final int MAX_NAME = 64;

    /** Folders and databases that are something else. */
    private static final Set<String> TAKEN = Set.of("central", "logs", "run", "operators", "postgres");

    /** One of them; its webhook may be empty. */
    record Institution(String code, String name, String webhook) {
        Institution {
            if (!CODE.matcher(code).matches() || TAKEN.contains(code)) {
                throw new IllegalArgumentException("'" + code + "' is no code for an institution: 1 to 16 lower-case"
                        + " letters, digits and hyphens, a letter first, and none of "
                        + String.join(", ", TAKEN.stream().sorted().toList()));
            }
            if (name.isBlank() || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME) {
                throw new IllegalArgumentException("the name of " + code + " is due, at most " + MAX_NAME + " bytes");
            }
            if (!webhook.isEmpty() && !isWeb(webhook)) {
                throw new IllegalArgumentException(
                        "the webhook of " + code + " is no http or https address: " + webhook);
            }
        }

        private static boolean isWeb(String address) {
            try {
                URI uri = URI.create(address);
                return uri.getHost() != null && Set.of("http", "https").contains(String.valueOf(uri.getScheme()));
            } catch (IllegalArgumentException e) {
                return false;
            }
        }
    }

    static final Settings DEFAULT = new Settings(
            7400,
            "circulating",
            100_000_000_00L,
            50_000_000_00L,
            1_000_000_00L,
            List.of(new Institution("bank-a", "Bank A", ""), new Institution("bank-b", "Bank B", "")),
            "");

    /** @throws IllegalArgumentException in one line for people */
    Settings {
        institutions = List.copyOf(institutions);
        if (portBase < LOWEST_PORT || portBase > HIGHEST_PORT) {
            throw new IllegalArgumentException(
                    "portBase is " + portBase + ", allowed " + LOWEST_PORT + " to " + HIGHEST_PORT);
        }
        if (institutions.isEmpty() || institutions.size() > MOST_INSTITUTIONS) {
            throw new IllegalArgumentException(
                    institutions.size() + " institutions, allowed 1 to " + MOST_INSTITUTIONS);
        }
        Set<String> codes = new HashSet<>();
        for (Institution institution : institutions) {
            if (!codes.add(institution.code())) {
                throw new IllegalArgumentException("two institutions have the code " + institution.code());
            }
        }
        if (guarantee / institutions.size() > reserve) {
            throw new IllegalArgumentException(
                    "guarantee is paid out of the reserves and is more than they hold together");
        }
    }

    void store(DataFolder data) {
        ObjectNode node = JSON.createObjectNode()
                .put("portBase", portBase)
                .put("profile", profile)
                .put("reserve", reserve)
                .put("quota", quota)
                .put("guarantee", guarantee);
        ArrayNode all = node.putArray("institutions");
        institutions.forEach(
                i -> all.addObject().put("code", i.code()).put("name", i.name()).put("webhook", i.webhook()));
        node.put("database", database);
        DataFolder.write(data.settings(), node.toPrettyString() + "\n");
    }

    /** With what the command line says; the policy is the first start's, later ones are published by the operator. */
    Settings with(Optional<Integer> base, Optional<String> otherProfile) {
        return new Settings(
                base.orElse(portBase), otherProfile.orElse(profile), reserve, quota, guarantee, institutions, database);
    }

    Settings withDatabase(String address) {
        return new Settings(portBase, profile, reserve, quota, guarantee, institutions, address);
    }

    /** The keys in which two differ; where the databases are is no such key. */
    List<String> differences(Settings other) {
        List<String> keys = new ArrayList<>();
        differs(keys, "portBase", portBase, other.portBase);
        differs(keys, "profile", profile, other.profile);
        differs(keys, "reserve", reserve, other.reserve);
        differs(keys, "quota", quota, other.quota);
        differs(keys, "guarantee", guarantee, other.guarantee);
        differs(keys, "institutions", institutions, other.institutions);
        return keys;
    }

    private static void differs(List<String> keys, String key, Object one, Object other) {
        if (!one.equals(other)) {
            keys.add(key);
        }
    }

    /** The port of a role. */
    int port(String role) {
        if (role.equals(DataFolder.CENTRAL)) {
            return portBase;
        }
        for (int i = 0; i < institutions.size(); i++) {
            if (institutions.get(i).code().equals(role)) {
                return portBase + 1 + i;
            }
        }
        throw new CommandFailure("no institution " + role + " here; there are "
                + institutions.stream().map(Institution::code).toList());
    }

    String url(String role) {
        return "https://127.0.0.1:" + port(role);
    }
}
