package org.jiaozi.server.institution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.server.central.CentralActs;
import org.jiaozi.server.central.CentralServer;
import org.jiaozi.server.db.Database;

/**
 * What must be killed at whether or not any errand comes to it: else a step that no errand takes would be missed by nobody.
 *
 * @param where how the role of those begins whose steps these are
 * @param steps kinds of change that have a name of their own, and methods that change a database
 * @param others those of them that nothing is killed at, and why
 */
record KilledCoverage(String where, Set<String> steps, Map<String, String> others) {
    private static final Set<String> CHANGES = Set.of("serializable", "useSerializable", "transaction", "together");
    private static final String FILLING = "fills a record that nobody serves, and begins anew where it was cut off";

    static KilledCoverage institutions() {
        Set<String> steps = methods(InstitutionServer.class);
        Stream.of(InboxEvent.class, WalletRequest.class)
                .flatMap(kinds -> Stream.of(kinds.getPermittedSubclasses()))
                .forEach(kind -> steps.add(kind.getSimpleName()));
        return new KilledCoverage(
                "bank-",
                steps,
                Map.of(
                        "Operations.replaceNote",
                        "wants another policy between two steps of one return: RefusedAndRepeatedTest makes it",
                        "InstitutionFilling.enrol",
                        FILLING,
                        "InstitutionFilling.loaded",
                        FILLING,
                        "InstitutionFilling.deposited",
                        FILLING));
    }

    static KilledCoverage centralBanks() {
        Set<String> steps = methods(CentralServer.class);
        steps.addAll(CentralActs.names());
        return new KilledCoverage(
                World.CENTRAL,
                steps,
                Map.of(
                        "CentralBank.<init>",
                        "signs the first bulletin: KilledStartsTest kills the first start",
                        "CentralFilling.put",
                        FILLING));
    }

    /** The same without what some test does not come to, where it is one of these steps. */
    KilledCoverage but(Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(others);
        more.forEach((step, why) -> {
            if (steps.contains(step)) {
                all.put(step, why);
            }
        });
        return new KilledCoverage(where, steps, all);
    }

    /** Those of a package that ask for a change, as moments name them. */
    private static Set<String> methods(Class<?> one) {
        try {
            Path folder = Path.of(one.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .resolve(one.getPackageName().replace('.', '/'));
            Set<String> methods = new TreeSet<>();
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".class")).toList()) {
                    String type = file.getFileName().toString().replaceFirst("([$].*)?[.]class$", "");
                    for (MethodModel method : ClassFile.of().parse(file).methods()) {
                        if (changes(method)) {
                            methods.add(type + "."
                                    + method.methodName().stringValue().replaceFirst("^lambda[$](.*)[$][0-9]+$", "$1"));
                        }
                    }
                }
            }
            return methods;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean changes(MethodModel method) {
        String database = Database.class.getName().replace('.', '/');
        return method.code().stream()
                .flatMap(code -> code.elementStream())
                .anyMatch(e -> e instanceof InvokeInstruction call
                        && call.owner().asInternalName().equals(database)
                        && CHANGES.contains(call.name().stringValue()));
    }

    /** What is amiss where these moments were killed at. */
    List<String> gaps(Collection<String> moments) {
        List<String> gaps = new ArrayList<>();
        for (String step : steps) {
            Set<String> sides = moments.stream()
                    .filter(m -> m.split(" ", 3)[1].startsWith(where) && is(step, m))
                    .map(m -> m.replaceFirst(" .*", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
            if (others.containsKey(step) ? !sides.isEmpty() : sides.size() < 2) {
                gaps.add(step + (others.containsKey(step) ? " is no exception any more" : " only " + sides));
            }
        }
        others.keySet().stream().filter(o -> !steps.contains(o)).forEach(o -> gaps.add(o + " is no step"));
        return gaps;
    }

    private static boolean is(String step, String moment) {
        return moment.contains(" commit " + step + " ")
                || moment.matches(".*[ >]" + step.replace(".", "[.]") + ":[0-9]+");
    }
}
