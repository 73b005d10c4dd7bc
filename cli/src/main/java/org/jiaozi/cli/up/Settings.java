package org.jiaozi.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
 */
record Settings(
        int portBase, String profile, long reserve, long quota, long guarantee, List<Institution> institutions) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> KEYS =
            Set.of("portBase", "profile", "reserve", "quota", "guarantee", "institutions");

    /** One of them; its webhook may be empty. */
    record Institution(String code, String name, String webhook) {}

    static final Settings DEFAULT = new Settings(
            7400,
            "circulating",
            100_000_000_00L,
            50_000_000_00L,
            1_000_000_00L,
            List.of(new Institution("bank-a", "Bank A", ""), new Institution("bank-b", "Bank B", "")));

    Settings {
        institutions = List.copyOf(institutions);
        if (portBase < 1024 || portBase > 65_000) {
            throw new CommandFailure("portBase is " + portBase + ", allowed 1024 to 65000");
        }
        if (institutions.isEmpty() || institutions.size() > 16) {
            throw new CommandFailure("1 to 16 institutions, not " + institutions.size());
        }
    }

    /** The settings of a folder: those of its first start, else of the file, else the default. */
    static Settings of(DataFolder data, Optional<Path> file) {
        if (Files.exists(data.settings())) {
            return load(data);
        }
        return file.map(Settings::read).orElse(DEFAULT);
    }

    static Settings load(DataFolder data) {
        return read(data.settings());
    }

    private static Settings read(Path file) {
        try {
            JsonNode node = JSON.readTree(Files.readString(file));
            for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
                String name = names.next();
                if (!KEYS.contains(name)) {
                    throw new CommandFailure(file + ": unknown key " + name + ", known are "
                            + KEYS.stream().sorted().toList());
                }
            }
            List<Institution> institutions = new ArrayList<>();
            for (JsonNode i : node.path("institutions")) {
                institutions.add(new Institution(
                        i.required("code").asText(),
                        i.required("name").asText(),
                        i.path("webhook").asText("")));
            }
            return new Settings(
                    node.path("portBase").asInt(DEFAULT.portBase),
                    node.path("profile").asText(DEFAULT.profile),
                    node.path("reserve").asLong(DEFAULT.reserve),
                    node.path("quota").asLong(DEFAULT.quota),
                    node.path("guarantee").asLong(DEFAULT.guarantee),
                    institutions.isEmpty() ? DEFAULT.institutions : institutions);
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandFailure("cannot read " + file + ": " + e.getMessage(), e);
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
        DataFolder.write(data.settings(), node.toPrettyString() + "\n");
    }

    /** With what the command line says; the policy is the first start's, later ones are published by the operator. */
    Settings with(Optional<Integer> base, Optional<String> otherProfile) {
        return new Settings(
                base.orElse(portBase), otherProfile.orElse(profile), reserve, quota, guarantee, institutions);
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
