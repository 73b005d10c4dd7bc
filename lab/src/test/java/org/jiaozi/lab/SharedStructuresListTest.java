package org.jiaozi.lab;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Every class that threads share state through has a Lincheck test, or a reason why it has none. Such a class is known
 * by a volatile field, a synchronized method or block, or a field of {@code java.util.concurrent}.
 */
final class SharedStructuresListTest {
    private static final Path ROOT = Path.of(Objects.requireNonNull(System.getProperty("jiaozi.root")));

    /** The class, and the test that names it. */
    private static final Map<String, String> CHECKED = Map.ofEntries(
            entry("crypto.BoundedCache", "crypto/src/test/java/org/jiaozi/crypto/SharedStructuresTest.java"),
            entry("crypto.Es256Choice", "crypto/src/test/java/org/jiaozi/crypto/SharedStructuresTest.java"),
            entry("crypto.Es256Verifier", "crypto/src/test/java/org/jiaozi/crypto/SharedStructuresTest.java"),
            entry("crypto.fake.SeededEntropy", "crypto/src/test/java/org/jiaozi/crypto/SharedStructuresTest.java"),
            entry("server.central.InForce", "server/src/test/java/org/jiaozi/server/central/SharedStructuresTest.java"),
            entry("server.http.Door", "server/src/test/java/org/jiaozi/server/http/SharedStructuresTest.java"),
            entry(
                    "server.institution.KeyedLocks",
                    "server/src/test/java/org/jiaozi/server/institution/SharedStructuresTest.java"),
            entry(
                    "server.institution.Newest",
                    "server/src/test/java/org/jiaozi/server/institution/SharedStructuresTest.java"),
            entry(
                    "server.institution.WakeUp",
                    "server/src/test/java/org/jiaozi/server/institution/SharedStructuresTest.java"));

    private static final String IN_THE_DATABASE =
            "holds no state: it makes threads take turns at rows, which the database's serializable transactions guard";

    private static final Map<String, String> EXEMPT = Map.ofEntries(
            entry("server.institution.DebtCollector", IN_THE_DATABASE),
            entry("server.institution.DepositLots", IN_THE_DATABASE),
            entry("server.institution.Devices", IN_THE_DATABASE),
            entry("server.institution.InboxReader", IN_THE_DATABASE),
            entry("server.institution.Suspense", IN_THE_DATABASE),
            entry(
                    "server.lot.LotWorker",
                    "has threads of its own, which LotWorkerTest holds and lets go one lot at a time"),
            entry("server.db.Pulse", "one future of the JDK, replaced under one monitor when it is done"),
            entry(
                    "server.http.Patience",
                    "each connection's time under its own monitor, and a set of the JDK of all of them"),
            entry("server.durable.DurableSteps", "one reference that only tests set, before and after all else runs"),
            entry("server.institution.InstitutionServer", "an executor of one thread, which the JDK keeps"),
            entry(
                    "cli.up.Whole",
                    "its parts are processes; one monitor around a list that is emptied once, at the end"));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("org.jiaozi.crypto", "org.jiaozi.server", "org.jiaozi.cli");

    @Test
    void everySharedStructureHasItsLincheckTestOrAReason() throws IOException {
        Set<String> found = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            if (shares(type)) {
                found.add(name(type));
            }
        }
        Set<String> listed = new TreeSet<>(CHECKED.keySet());
        listed.addAll(EXEMPT.keySet());
        assertThat(found)
                .as("write a Lincheck test for a new one and list it, or say why it has none; drop what is gone")
                .isEqualTo(listed);
    }

    @Test
    void everyListedTestUsesItsStructureUnderLincheck() throws IOException {
        for (Map.Entry<String, String> each : CHECKED.entrySet()) {
            String type = each.getKey().substring(each.getKey().lastIndexOf('.') + 1);
            // the build runs these, and no others, with the optimising compiler
            assertThat(each.getValue()).endsWith("/SharedStructuresTest.java");
            assertThat(Files.readString(ROOT.resolve(each.getValue())))
                    .as(each.getKey())
                    .contains("new " + type)
                    .contains("ModelCheckingOptions");
        }
    }

    private static String name(JavaClass type) {
        return type.getName().replaceFirst("\\$.*", "").replaceFirst("^org\\.jiaozi\\.", "");
    }

    private static boolean shares(JavaClass type) throws IOException {
        return type.getFields().stream().anyMatch(SharedStructuresListTest::sharedField)
                || type.getMethods().stream().anyMatch(m -> m.getModifiers().contains(JavaModifier.SYNCHRONIZED))
                || hasSynchronizedBlock(type);
    }

    private static boolean sharedField(JavaField field) {
        return field.getModifiers().contains(JavaModifier.VOLATILE)
                || field.getAllInvolvedRawTypes().stream()
                        .anyMatch(t -> t.getPackageName().startsWith("java.util.concurrent")
                                && !t.getName().equals("java.util.concurrent.TimeUnit"));
    }

    /** Bytecode readers do not show monitors, so the source is asked. */
    private static boolean hasSynchronizedBlock(JavaClass type) throws IOException {
        String outer = type.getName().replaceFirst("\\$.*", "");
        Path file = ROOT.resolve(outer.split("\\.", -1)[2])
                .resolve("src/main/java")
                .resolve(outer.replace('.', '/') + ".java");
        return Files.exists(file) && Files.readString(file).contains("synchronized (");
    }
}
