package org.jiaozi.lab;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;

/**
 * Holds that nothing becomes durable but by passing {@code DurableSteps}: otherwise the tests that kill at every step would not
 * know of it.
 */
@AnalyzeClasses(
        packages = "org.jiaozi",
        importOptions = {ImportOption.DoNotIncludeTests.class, LayoutTest.NoTestJars.class})
final class DurabilityTest {
    private static final String STEPS = "org.jiaozi.server.durable.DurableSteps";

    /** What makes something durable. Whoever calls it stands on both sides of it. */
    private static final Map<String, Set<String>> MAKES_DURABLE = Map.of(
            "java.nio.channels.FileChannel", Set.of("force"),
            "java.io.FileDescriptor", Set.of("sync"),
            "java.nio.file.Files", Set.of("move"),
            "java.sql.Connection", Set.of("commit"),
            "org.jdbi.v3.core.Handle", Set.of("commit", "inTransaction", "useTransaction"),
            "org.jdbi.v3.core.Jdbi", Set.of("inTransaction", "useTransaction", "withHandle", "useHandle", "open"),
            "org.flywaydb.core.Flyway", Set.of("migrate"));

    /** What changes a file that nobody may need after a power cut; each of these has a reason. */
    private static final Set<String> NEEDS_NO_DISK = Set.of(
            // pictures for a camera, made again by the same command
            "org.jiaozi.cli.transport.MessageFile",
            "org.jiaozi.cli.transport.QrCodes",
            // room that is given up again
            "org.jiaozi.cli.wallet.store.Room",
            // answers that the institution gives again
            "org.jiaozi.cli.wallet.online.CarryCommand",
            // copied anew at every start
            "org.jiaozi.cli.up.Whole",
            // who runs: of no meaning after a power cut
            "org.jiaozi.cli.up.ChildProcess",
            // programs, unpacked again where they are missing
            "org.jiaozi.server.postgres.PostgresBinaries",
            // makes what the launcher's cache is recorded from, and deletes it
            "org.jiaozi.cli.TrainingRun");

    private static final Set<String> CHANGES_FILES = Set.of(
            "write",
            "writeString",
            "newOutputStream",
            "newBufferedWriter",
            "newByteChannel",
            "copy",
            "createFile",
            "createLink",
            "createSymbolicLink",
            "delete",
            "deleteIfExists");

    @ArchTest
    static final ArchRule everyDurableStepPassesTheDoor = codeUnits()
            .that(describe(
                    "make something durable",
                    unit -> unit.getAccessesFromSelf().stream().anyMatch(DurabilityTest::makesDurable)))
            .and(describe("are the product's", unit -> inProduct(unit.getOwner())))
            .should(passTheDoor());

    @ArchTest
    static final ArchRule filesAreWrittenThroughTheDoor = noClasses()
            .that(describe(
                    "are the product's and not excepted",
                    type -> inProduct(type)
                            && !type.getPackageName().equals("org.jiaozi.server.durable")
                            && !NEEDS_NO_DISK.contains(outermost(type))))
            .should()
            .accessTargetWhere(describe(
                    "writes a file",
                    access -> (owner(access).equals("java.nio.file.Files")
                                    && CHANGES_FILES.contains(access.getTarget().getName()))
                            || (owner(access).equals("java.nio.file.StandardOpenOption")
                                    && Set.of("SYNC", "DSYNC")
                                            .contains(access.getTarget().getName()))
                            || (owner(access).equals("java.io.File")
                                    && Set.of("delete", "renameTo", "createNewFile")
                                            .contains(access.getTarget().getName()))
                            || Set.of("java.io.FileOutputStream", "java.io.FileWriter", "java.io.RandomAccessFile")
                                    .contains(owner(access))));

    @ArchTest
    static final ArchRule databasesAreOpenedWhereTheDoorIs = noClasses()
            .that(describe(
                    "are the product's and open no database",
                    type -> inProduct(type)
                            && !Set.of(
                                            "org.jiaozi.server.db.Database",
                                            "org.jiaozi.cli.wallet.store.Database",
                                            "org.jiaozi.server.postgres.EmbeddedPostgres")
                                    .contains(outermost(type))))
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.sql\\.(DriverManager|Connection)|com\\.zaxxer\\.hikari\\..*|org\\.flywaydb\\..*"
                    + "|org\\.jdbi\\.v3\\.core\\.Jdbi");

    private static boolean inProduct(JavaClass type) {
        String name = type.getName();
        return name.startsWith("org.jiaozi.server.") || name.startsWith("org.jiaozi.cli.");
    }

    private static String outermost(JavaClass type) {
        return type.getName().replaceFirst("[$].*", "");
    }

    private static String owner(JavaAccess<?> access) {
        return access.getTarget().getOwner().getName();
    }

    private static boolean makesDurable(JavaAccess<?> access) {
        AccessTarget target = access.getTarget();
        return MAKES_DURABLE.getOrDefault(target.getOwner().getName(), Set.of()).contains(target.getName());
    }

    private static long steps(JavaCodeUnit unit, String name) {
        return unit.getAccessesFromSelf().stream()
                .filter(a -> owner(a).equals(STEPS) && a.getTarget().getName().equals(name))
                .count();
    }

    private static ArchCondition<JavaCodeUnit> passTheDoor() {
        return new ArchCondition<>("pass " + STEPS + " there") {
            @Override
            public void check(JavaCodeUnit unit, ConditionEvents events) {
                // each thing that becomes durable is one step, and has both its sides
                boolean passes = steps(unit, "before") == steps(unit, "after")
                        && steps(unit, "pass") + steps(unit, "before")
                                >= unit.getAccessesFromSelf().stream()
                                        .filter(DurabilityTest::makesDurable)
                                        .count();
                boolean helps = unit.getName().equals("syncFolderOf")
                        && unit.getOwner().getPackageName().equals("org.jiaozi.server.durable");
                if (!passes && !helps && !NEEDS_NO_DISK.contains(outermost(unit.getOwner()))) {
                    events.add(SimpleConditionEvent.violated(
                            unit, unit.getFullName() + " makes something durable by itself"));
                }
            }
        };
    }
}
