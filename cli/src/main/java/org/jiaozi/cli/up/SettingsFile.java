package org.jiaozi.cli.up;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jiaozi.cli.CommandFailure;

/**
 * Settings as a file holds them: one that a user writes, or {@code up.json}. Whatever is wrong is one line that names the
 * file and the key.
 *
 * @param stated the keys that the file names; the others have their defaults
 */
record SettingsFile(Settings settings, Set<String> stated) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final String DATABASE = "database";
    private static final Set<String> KEYS =
            Set.of("portBase", "profile", "reserve", "quota", "guarantee", "institutions");
    private static final Set<String> INSTITUTION_KEYS = Set.of("code", "name", "webhook");

    /** What a user wrote. */
    static SettingsFile read(Path file) {
        SettingsFile read = read(file, false);
        try {
            var _ = PolicyFile.named(read.settings().profile());
            return read;
        } catch (CommandFailure e) {
            throw new CommandFailure(file + ": " + e.getMessage(), e);
        }
    }

    /** What the first start left. */
    static Settings stored(DataFolder data) {
        Settings settings = read(data.settings(), true).settings();
        // its own PostgreSQL is gone: what was served must be somewhere
        return settings.database().isEmpty() && !data.hasCluster() && data.hasServed()
                ? settings.withDatabase("jdbc:postgresql:")
                : settings;
    }

    private static SettingsFile read(Path file, boolean stored) {
        try {
            JsonNode node = tree(file);
            Set<String> known = new HashSet<>(KEYS);
            if (stored) {
                known.add(DATABASE);
            }
            only(node, known, "");
            Settings defaults = Settings.DEFAULT;
            Settings settings = new Settings(
                    (int) number(node, "portBase", defaults.portBase(), Settings.HIGHEST_PORT),
                    text(node, "profile", defaults.profile()),
                    number(node, "reserve", defaults.reserve(), Settings.MOST),
                    number(node, "quota", defaults.quota(), Settings.MOST),
                    number(node, "guarantee", defaults.guarantee(), Settings.MOST),
                    node.has("institutions") ? institutions(node.path("institutions")) : defaults.institutions(),
                    text(node, DATABASE, ""));
            Set<String> stated = new HashSet<>();
            node.fieldNames().forEachRemaining(stated::add);
            return new SettingsFile(settings, Set.copyOf(stated));
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(file + ": " + e.getMessage(), e);
        }
    }

    /** A JSON object; what is none is told without the parser's own words. */
    static JsonNode tree(Path file) {
        try {
            JsonNode node = JSON.readTree(Files.readString(file));
            if (!node.isObject()) {
                throw new CommandFailure(file + " is not a JSON object");
            }
            return node;
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            String what =
                    String.valueOf(e.getOriginalMessage()).startsWith("Duplicate field") ? "a key twice" : "no JSON";
            throw new CommandFailure(file + ": " + what + where, e);
        } catch (NoSuchFileException e) {
            throw new CommandFailure("there is no file " + file, e);
        } catch (IOException e) {
            throw new CommandFailure("cannot read " + file, e);
        }
    }

    private static void only(JsonNode node, Set<String> known, String path) {
        Set<String> names = new TreeSet<>();
        node.fieldNames().forEachRemaining(names::add);
        names.removeAll(known);
        if (!names.isEmpty()) {
            throw new IllegalArgumentException("unknown key " + path
                    + names.iterator().next() + ", known are " + String.join(", ", new TreeSet<>(known)));
        }
    }

    private static long number(JsonNode node, String key, long otherwise, long most) {
        JsonNode value = node.path(key);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isIntegralNumber()) {
            throw new IllegalArgumentException(key + " is no whole number");
        }
        if (!value.canConvertToLong() || value.longValue() < 0 || value.longValue() > most) {
            throw new IllegalArgumentException(key + " is " + value.asText() + ", allowed 0 to " + most);
        }
        return value.longValue();
    }

    private static String text(JsonNode node, String key, String otherwise) {
        JsonNode value = node.path(key);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isTextual()) {
            throw new IllegalArgumentException(key + " is no text");
        }
        return value.textValue();
    }

    private static List<Settings.Institution> institutions(JsonNode list) {
        if (!list.isArray()) {
            throw new IllegalArgumentException("institutions is no list");
        }
        List<Settings.Institution> all = new ArrayList<>();
        for (JsonNode one : list) {
            String path = "institutions[" + all.size() + "]";
            if (!one.isObject()) {
                throw new IllegalArgumentException(path + " is no object");
            }
            only(one, INSTITUTION_KEYS, path + ".");
            for (String due : List.of("code", "name")) {
                if (!one.path(due).isTextual()) {
                    throw new IllegalArgumentException(path + "." + due + " is due, as text");
                }
            }
            all.add(new Settings.Institution(
                    one.path("code").textValue(), one.path("name").textValue(), text(one, "webhook", "")));
        }
        return all;
    }
}
