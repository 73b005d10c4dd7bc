package org.jiaozi.core.policy;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Period;
import org.jiaozi.core.value.Timestamp;

/** Takes a profile's settings out of a text-keyed map; every key is required, and an unknown one is refused as 805. */
final class TextFields {
    private static final Pattern KEBAB = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
    private final Map<Cbor, Cbor> left;
    private final String path;

    private TextFields(Map<Cbor, Cbor> entries, String path) {
        this.left = entries;
        this.path = path;
    }

    static TextFields of(Cbor item, String path) {
        if (item instanceof Cbor.Dict dict) {
            return new TextFields(dict.entries(), path);
        }
        throw malformed(path + " is not a map");
    }

    /** A setting inside another one. */
    TextFields map(String key) {
        return of(item(key), path + "." + key);
    }

    List<Cbor> array(String key, int max) {
        return Fields.asArray(item(key), max);
    }

    long uint(String key, long max) {
        return between(key, 0, max);
    }

    long between(String key, long min, long max) {
        if (!(item(key) instanceof Cbor.Int i)) {
            throw malformed(path + "." + key + " is not an integer");
        }
        if (i.value() < min || i.value() > max) {
            throw new DecodeException(
                    RefusalCode.OUT_OF_RANGE,
                    path + "." + key + " is " + i.value() + ", allowed " + min + " to " + max);
        }
        return i.value();
    }

    Period period(String key) {
        return new Period(uint(key, Limit.UINT32));
    }

    Timestamp time(String key) {
        return new Timestamp(uint(key, Limit.UINT32));
    }

    boolean bool(String key) {
        if (item(key) instanceof Cbor.Bool b) {
            return b.value();
        }
        throw malformed(path + "." + key + " is not a Boolean");
    }

    String text(String key, int maxBytes) {
        return Fields.asText(item(key), maxBytes);
    }

    /** A name of 1 to 32 lower-case letters, digits and hyphens. */
    String name(String key) {
        String text = text(key, 32);
        if (!KEBAB.matcher(text).matches()) {
            throw malformed(path + "." + key + " is not a name: " + text);
        }
        return text;
    }

    void end() {
        if (!left.isEmpty()) {
            throw new DecodeException(
                    RefusalCode.UNKNOWN_PROFILE_KEY,
                    path + " has "
                            + left.keySet().stream()
                                    .map(TextFields::shown)
                                    .sorted()
                                    .toList());
        }
    }

    private static String shown(Cbor key) {
        return key instanceof Cbor.Text t ? t.value() : key.toString();
    }

    private Cbor item(String key) {
        Cbor value = left.remove(Cbor.of(key));
        if (value == null) {
            throw malformed(path + "." + key + " is missing");
        }
        return value;
    }

    private static DecodeException malformed(String detail) {
        return new DecodeException(RefusalCode.MALFORMED, detail);
    }
}
