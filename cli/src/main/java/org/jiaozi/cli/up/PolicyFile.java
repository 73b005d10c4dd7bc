package org.jiaozi.cli.up;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.policy.RegionalOverride;
import org.jspecify.annotations.Nullable;

/** Policies by name or from a file, read so that the file and the key are named where one is wrong. */
public final class PolicyFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};
    private static final String SHIPPED = "/org/jiaozi/core/policy/profiles/";

    /** Every profile has all keys, so any that ships shows which there are. */
    private static final String PROFILE_KEYS = "circulating.json";

    private static final String OVERRIDE_KEYS = "disaster.override.json";

    private PolicyFile() {}

    /** A profile that ships, by name, or one in a file. */
    public static Profile named(String nameOrFile) {
        JsonNode shipped = shipped(nameOrFile + ".json");
        if (shipped != null) {
            return Profile.fromMap(JSON.convertValue(shipped, MAP));
        }
        Path file = Path.of(nameOrFile);
        if (!Files.isRegularFile(file)) {
            throw CommandFailure.usage("there is no policy profile " + nameOrFile + ", nor a file of that name");
        }
        profile(file);
        return Profile.fromMap(JSON.convertValue(SettingsFile.tree(file), MAP));
    }

    /** The name of one that ships, or a file's absolute path: what means the same at a later start from another folder. */
    static String settled(String nameOrFile) {
        var _ = named(nameOrFile);
        return shipped(nameOrFile + ".json") != null
                ? nameOrFile
                : Path.of(nameOrFile).toAbsolutePath().normalize().toString();
    }

    /** A sound profile, as the central bank takes it. */
    static JsonNode profile(Path file) {
        return checked(file, PROFILE_KEYS, "profile", map -> Profile.fromMap(map));
    }

    /** A sound override, as the central bank takes it. */
    static JsonNode override(Path file) {
        return checked(file, OVERRIDE_KEYS, "override", map -> RegionalOverride.fromMap(map));
    }

    @FunctionalInterface
    private interface Reader {
        Object read(Map<String, Object> map);
    }

    private static JsonNode checked(Path file, String keys, String name, Reader reader) {
        JsonNode node = SettingsFile.tree(file);
        List<String> wrong = new ArrayList<>();
        compare(needed(keys), node, name, wrong);
        if (wrong.isEmpty()) {
            try {
                reader.read(JSON.convertValue(node, MAP));
            } catch (DecodeException e) {
                wrong.add(e.refusal().detail());
            } catch (IllegalArgumentException e) {
                wrong.add(String.valueOf(e.getMessage()));
            }
        }
        if (!wrong.isEmpty()) {
            throw new CommandFailure(file + ": " + String.join("; ", wrong));
        }
        return node;
    }

    private static void compare(JsonNode model, JsonNode node, String path, List<String> wrong) {
        if (model.isObject() && node.isObject()) {
            model.properties().forEach(field -> {
                String inner = path + "." + field.getKey();
                JsonNode value = node.get(field.getKey());
                if (value == null) {
                    wrong.add(inner + " is missing");
                } else {
                    compare(field.getValue(), value, inner, wrong);
                }
            });
            node.fieldNames().forEachRemaining(key -> {
                if (!model.has(key)) {
                    wrong.add("unknown key " + path + "." + key);
                }
            });
        } else if (model.isArray() && node.isArray() && !model.isEmpty()) {
            for (int i = 0; i < node.size(); i++) {
                compare(model.get(0), node.get(i), path + "[" + i + "]", wrong);
            }
        } else if (model.getNodeType() != node.getNodeType()) {
            wrong.add(path + " is " + node.getNodeType().name().toLowerCase(java.util.Locale.ROOT) + " where "
                    + model.getNodeType().name().toLowerCase(java.util.Locale.ROOT) + " is due");
        }
    }

    private static JsonNode needed(String name) {
        JsonNode shipped = shipped(name);
        if (shipped == null) {
            throw new IllegalStateException("no " + name + " ships");
        }
        return shipped;
    }

    private static @Nullable JsonNode shipped(String name) {
        // a path is no name
        try (InputStream text = name.contains("/") ? null : Profile.class.getResourceAsStream(SHIPPED + name)) {
            return text == null ? null : JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
