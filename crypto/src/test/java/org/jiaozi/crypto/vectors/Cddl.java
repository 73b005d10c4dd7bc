package org.jiaozi.crypto.vectors;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;

/**
 * As much of CDDL (RFC 8610) as {@code spec/jiaozi.cddl} uses: choices, ranges, literals, maps of literal keys, arrays with
 * occurrences, generics, and the controls {@code .size}, {@code .regexp} and {@code .cbor}. Anything else does not parse.
 */
final class Cddl {
    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(-?\\d+|\"(?:[^\"\\\\]|\\\\.)*\"|[a-z][a-zA-Z0-9-]*|\\.[a-z]+|\\.\\.|[=/<>{}\\[\\](),?*:])\\s*");

    /** What a type allows. */
    sealed interface Type {
        record Choice(List<Type> of) implements Type {}

        record Int(long value) implements Type {}

        record Text(String value) implements Type {}

        record Span(long least, long most) implements Type {}

        record Named(String name, List<Type> arguments) implements Type {}

        record Control(Type target, String name, Type argument) implements Type {}

        record Dict(List<Entry> entries) implements Type {}

        record Arr(List<Item> items) implements Type {}
    }

    record Entry(boolean optional, Cbor key, Type value) {}

    record Item(long least, long most, Type type) {}

    private record Rule(List<String> parameters, Type type) {}

    private final Map<String, Rule> rules = new HashMap<>();
    private final Set<String> used = new HashSet<>();
    private final List<String> tokens = new ArrayList<>();
    private int at;

    Cddl(String text) {
        // no text in the file has a semicolon
        String code = text.replaceAll(";[^\\n]*", "");
        Matcher matcher = TOKEN.matcher(code);
        while (matcher.lookingAt()) {
            tokens.add(matcher.group(1));
            matcher.region(matcher.end(), code.length());
        }
        String rest = code.substring(matcher.regionStart());
        if (!rest.isBlank()) {
            throw new IllegalArgumentException("not CDDL: " + rest);
        }
        while (at < tokens.size()) {
            String name = next();
            List<String> parameters = new ArrayList<>();
            if (taken("<")) {
                do {
                    parameters.add(next());
                } while (taken(","));
                due(">");
            }
            due("=");
            rules.put(name, new Rule(parameters, type()));
        }
    }

    /** Names that no match has used yet. */
    Set<String> unused() {
        Set<String> rest = new HashSet<>(rules.keySet());
        rest.removeAll(used);
        return rest;
    }

    private String peek() {
        return at < tokens.size() ? tokens.get(at) : "";
    }

    private String next() {
        return tokens.get(at++);
    }

    private boolean taken(String token) {
        if (peek().equals(token)) {
            at++;
            return true;
        }
        return false;
    }

    private void due(String token) {
        if (!taken(token)) {
            throw new IllegalArgumentException("'" + token + "' is due before " + tokens.subList(at, tokens.size()));
        }
    }

    private Type type() {
        List<Type> choices = new ArrayList<>();
        do {
            choices.add(one());
        } while (taken("/"));
        return choices.size() == 1 ? choices.getFirst() : new Type.Choice(choices);
    }

    private Type one() {
        Type type = simple();
        if (taken("..")) {
            return new Type.Span(((Type.Int) type).value(), ((Type.Int) simple()).value());
        }
        return peek().startsWith(".") ? new Type.Control(type, next(), simple()) : type;
    }

    private Type simple() {
        String token = next();
        if (token.equals("(")) {
            Type inner = type();
            due(")");
            return inner;
        }
        if (token.equals("{")) {
            return dict();
        }
        if (token.equals("[")) {
            return array();
        }
        if (isNumber(token)) {
            return new Type.Int(Long.parseLong(token));
        }
        if (token.startsWith("\"")) {
            return new Type.Text(token.substring(1, token.length() - 1).replace("\\\\", "\\"));
        }
        List<Type> arguments = new ArrayList<>();
        if (taken("<")) {
            do {
                arguments.add(type());
            } while (taken(","));
            due(">");
        }
        return new Type.Named(token, arguments);
    }

    private static boolean isNumber(String token) {
        return token.matches("-?\\d+");
    }

    private Type dict() {
        List<Entry> entries = new ArrayList<>();
        while (!taken("}")) {
            boolean optional = taken("?");
            Type key = simple();
            due(":");
            entries.add(new Entry(
                    optional,
                    key instanceof Type.Text t ? Cbor.of(t.value()) : Cbor.of(((Type.Int) key).value()),
                    type()));
            taken(",");
        }
        return new Type.Dict(entries);
    }

    private Type array() {
        List<Item> items = new ArrayList<>();
        while (!taken("]")) {
            long least = 1;
            long most = 1;
            boolean counted = isNumber(peek())
                    && at + 1 < tokens.size()
                    && tokens.get(at + 1).equals("*");
            if (taken("?")) {
                least = 0;
            } else if (counted || peek().equals("*")) {
                least = counted ? Long.parseLong(next()) : 0;
                due("*");
                most = isNumber(peek()) ? Long.parseLong(next()) : Long.MAX_VALUE;
            }
            items.add(new Item(least, most, type()));
            taken(",");
        }
        return new Type.Arr(items);
    }

    /** Whether {@code item} is what {@code rule} describes; a generic one is written {@code name<argument>}. */
    boolean allows(String rule, Cbor item) {
        int bracket = rule.indexOf('<');
        Type type = bracket < 0
                ? new Type.Named(rule, List.of())
                : new Type.Named(
                        rule.substring(0, bracket),
                        List.of(new Type.Named(rule.substring(bracket + 1, rule.length() - 1), List.of())));
        return allows(type, item, Map.of());
    }

    private boolean allows(Type type, Cbor item, Map<String, Type> bound) {
        return switch (type) {
            case Type.Choice c -> c.of().stream().anyMatch(t -> allows(t, item, bound));
            case Type.Int i -> item.equals(Cbor.of(i.value()));
            case Type.Text t -> item.equals(Cbor.of(t.value()));
            case Type.Span s -> item instanceof Cbor.Int i && i.value() >= s.least() && i.value() <= s.most();
            case Type.Named n -> named(n, item, bound);
            case Type.Control c -> allows(c.target(), item, bound) && controlled(c, item, bound);
            case Type.Dict d -> item instanceof Cbor.Dict dict && dict(d, dict, bound);
            case Type.Arr a -> item instanceof Cbor.Arr arr && items(a.items(), arr.items(), bound);
        };
    }

    private boolean named(Type.Named type, Cbor item, Map<String, Type> bound) {
        if (bound.containsKey(type.name())) {
            return allows(bound.get(type.name()), item, Map.of());
        }
        Rule rule = rules.get(type.name());
        if (rule == null) {
            return switch (type.name()) {
                case "bytes" -> item instanceof Cbor.Bin;
                case "tstr" -> item instanceof Cbor.Text;
                case "bool" -> item instanceof Cbor.Bool;
                case "null" -> item instanceof Cbor.Null;
                default -> throw new IllegalArgumentException("no rule " + type.name());
            };
        }
        used.add(type.name());
        Map<String, Type> inner = new HashMap<>();
        for (int i = 0; i < rule.parameters().size(); i++) {
            inner.put(rule.parameters().get(i), type.arguments().get(i));
        }
        return allows(rule.type(), item, inner);
    }

    private boolean controlled(Type.Control control, Cbor item, Map<String, Type> bound) {
        return switch (control.name()) {
            case ".size" -> allows(control.argument(), Cbor.of(size(item)), bound);
            case ".regexp" -> ((Cbor.Text) item).value().matches(((Type.Text) control.argument()).value());
            case ".cbor" -> {
                try {
                    yield allows(control.argument(), Cbor.decode(((Cbor.Bin) item).value(), 1 << 24), bound);
                } catch (DecodeException notCbor) {
                    yield false;
                }
            }
            default -> throw new IllegalArgumentException("no control " + control.name());
        };
    }

    private static long size(Cbor item) {
        return item instanceof Cbor.Text t
                ? t.value().getBytes(StandardCharsets.UTF_8).length
                : ((Cbor.Bin) item).value().size();
    }

    private boolean dict(Type.Dict type, Cbor.Dict dict, Map<String, Type> bound) {
        int found = 0;
        for (Entry entry : type.entries()) {
            Cbor value = dict.get(entry.key());
            boolean fits = value == null ? entry.optional() : allows(entry.value(), value, bound);
            if (!fits) {
                return false;
            }
            found += value == null ? 0 : 1;
        }
        return found == dict.size();
    }

    private boolean items(List<Item> due, List<Cbor> items, Map<String, Type> bound) {
        if (due.isEmpty()) {
            return items.isEmpty();
        }
        Item first = due.getFirst();
        List<Item> rest = due.subList(1, due.size());
        int count = 0;
        while (count < items.size() && count < first.most() && allows(first.type(), items.get(count), bound)) {
            count++;
        }
        // as many as there are, and fewer where what follows needs them
        for (; count >= first.least(); count--) {
            if (items(rest, items.subList(count, items.size()), bound)) {
                return true;
            }
        }
        return false;
    }
}
