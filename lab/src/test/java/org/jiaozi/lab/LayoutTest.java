package org.jiaozi.lab;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Holds the arrows between the modules, and that the pure ones know nothing of the world. */
@AnalyzeClasses(
        packages = "org.jiaozi",
        importOptions = {ImportOption.DoNotIncludeTests.class, LayoutTest.NoTestJars.class})
final class LayoutTest {
    /** The JDK packages that neither reach the world nor hold state of it. */
    private static final Set<String> HARMLESS_PACKAGES = Set.of(
            "java.lang",
            "java.lang.annotation",
            "java.lang.invoke",
            "java.lang.runtime",
            "java.math",
            "java.nio",
            "java.nio.charset",
            "java.time",
            "java.util",
            "java.util.function",
            "java.util.regex",
            "java.util.stream",
            "org.jspecify.annotations");

    /** Single classes of other packages: memory and arithmetic only. */
    private static final Set<String> HARMLESS_CLASSES = Set.of(
            "java.io.ByteArrayInputStream",
            "java.io.ByteArrayOutputStream",
            "java.io.IOException",
            "java.io.UncheckedIOException",
            "java.security.MessageDigest",
            "java.security.NoSuchAlgorithmException");

    /** Classes of harmless packages that are clocks, dice, threads or doors. */
    private static final Set<String> HARMFUL_CLASSES = Set.of(
            "java.lang.Process",
            "java.lang.ProcessBuilder",
            "java.lang.ProcessHandle",
            "java.lang.Runtime",
            "java.lang.Thread",
            "java.lang.ThreadLocal",
            "java.time.Clock",
            "java.time.InstantSource",
            "java.util.Random",
            "java.util.Scanner",
            "java.util.ServiceLoader",
            "java.util.SplittableRandom",
            "java.util.Timer");

    /** What a pure class may call of a class that also asks the world. */
    private static final Map<String, Set<String>> HARMLESS_CALLS =
            Map.of("java.lang.System", Set.of("arraycopy", "identityHashCode"));

    private static final Map<String, Set<String>> HARMFUL_CALLS = Map.of(
            "java.lang.Math", Set.of("random"),
            "java.util.UUID", Set.of("randomUUID"),
            "java.util.Collections", Set.of("shuffle"));

    private static final Pattern MODULE = Pattern.compile("org\\.jiaozi\\.(\\w+)\\..*");

    @ArchTest
    static final ArchRule coreIsPure = pure("core", true);

    @ArchTest
    static final ArchRule walletIsPure = pure("wallet", false);

    @ArchTest
    static final ArchRule bankIsPure = pure("bank", false);

    @ArchTest
    static final ArchRule pureCodeAsksNoClockAndNoDice = noClasses()
            .that()
            .resideInAnyPackage("org.jiaozi.core..", "org.jiaozi.wallet..", "org.jiaozi.bank..")
            .should()
            .accessTargetWhere(describe("asks the world", LayoutTest::asksTheWorld));

    @ArchTest
    static final ArchRule coreKnowsNobody = knowsOnly("core");

    @ArchTest
    static final ArchRule cryptoKnowsCore = knowsOnly("crypto", "core");

    @ArchTest
    static final ArchRule walletKnowsCore = knowsOnly("wallet", "core");

    @ArchTest
    static final ArchRule bankKnowsCore = knowsOnly("bank", "core");

    @ArchTest
    static final ArchRule serverKnowsTheBank = knowsOnly("server", "core", "crypto", "bank");

    @ArchTest
    static final ArchRule cliKnowsWalletAndServer = knowsOnly("cli", "core", "crypto", "wallet", "bank", "server");

    @ArchTest
    static final ArchRule nobodyButTheLabKnowsTheLab = noClasses()
            .that()
            .resideOutsideOfPackage("org.jiaozi.lab..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.jiaozi.lab..");

    @ArchTest
    static final ArchRule theJudgeWorksEverythingOutItself =
            worksEverythingOutItself("org.jiaozi.lab.judge", Set.of("org.jiaozi.core.value.Bytes"));

    /** Databases have to be started and figures printed: neither says what is right. */
    @ArchTest
    static final ArchRule theAuditorWorksEverythingOutItself = worksEverythingOutItself(
            "org.jiaozi.lab.audit",
            Set.of(
                    "org.jiaozi.core.value.Bytes",
                    "org.jiaozi.core.value.Currency",
                    "org.jiaozi.cli.CommandFailure",
                    "org.jiaozi.cli.ExitCode",
                    "org.jiaozi.cli.output.AmountParser",
                    "org.jiaozi.cli.output.JsonOption",
                    "org.jiaozi.cli.output.Printer",
                    "org.jiaozi.server.StartFailure",
                    "org.jiaozi.server.postgres.EmbeddedPostgres"));

    @ArchTest
    static final ArchRule onlyTheLabSignsWithWhatCostsAHash = noClasses()
            .that()
            .resideOutsideOfPackages("org.jiaozi.lab..", "org.jiaozi.crypto.fake..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.jiaozi.crypto.fake..")
            .because("whoever knows a simulated world's seed has its keys");

    private static ArchRule pure(String module, boolean encodes) {
        return classes()
                .that()
                .resideInAPackage("org.jiaozi." + module + "..")
                .should()
                .onlyDependOnClassesThat(harmless(encodes))
                .because("pure code is given the world as arguments");
    }

    private static DescribedPredicate<JavaClass> harmless(boolean encodes) {
        return describe("neither reach the world nor come from a third party", type -> {
            JavaClass base = type.getBaseComponentType();
            String name = base.getName();
            String outermost = name.contains("$") ? name.substring(0, name.indexOf('$')) : name;
            if (name.startsWith("org.jiaozi.")) {
                return true; // the arrows have rules of their own
            }
            if (HARMFUL_CLASSES.contains(outermost)) {
                return false;
            }
            return base.isPrimitive()
                    || HARMLESS_PACKAGES.contains(base.getPackageName())
                    || HARMLESS_CLASSES.contains(outermost)
                    || (encodes && name.startsWith("com.upokecenter."));
        });
    }

    private static boolean asksTheWorld(JavaAccess<?> access) {
        AccessTarget target = access.getTarget();
        String owner = target.getOwner().getName();
        String name = target.getName();
        Set<String> allowed = HARMLESS_CALLS.get(owner);
        return (allowed != null && !allowed.contains(name))
                || HARMFUL_CALLS.getOrDefault(owner, Set.of()).contains(name)
                || (owner.startsWith("java.time.") && name.equals("now"))
                || Set.of("parallel", "parallelStream").contains(name);
    }

    private static ArchRule knowsOnly(String module, String... others) {
        Set<String> known = Set.of(others);
        return classes()
                .that()
                .resideInAPackage("org.jiaozi." + module + "..")
                .should()
                .onlyDependOnClassesThat(describe("are its own or of " + known, type -> {
                    String name = type.getBaseComponentType().getName();
                    if (!name.startsWith("org.jiaozi.")) {
                        return true;
                    }
                    String owner = MODULE.matcher(name).replaceFirst("$1");
                    return owner.equals(module) || known.contains(owner);
                }));
    }

    /** Of the project only what is listed, beside the auditor's own reader and arithmetic. */
    private static ArchRule worksEverythingOutItself(String judging, Set<String> known) {
        return classes()
                .that()
                .resideInAPackage(judging)
                .should()
                .onlyDependOnClassesThat(describe("are its own, the auditor's or of " + known, type -> {
                    JavaClass base = type.getBaseComponentType();
                    return !base.getName().startsWith("org.jiaozi.")
                            || List.of(judging, "org.jiaozi.lab.audit").contains(base.getPackageName())
                            || known.contains(base.getName());
                }))
                .because("a mistake of the code that it judges must not be its own as well");
    }

    /** Tests that a module shares as a jar are still tests. */
    static final class NoTestJars implements ImportOption {
        @Override
        public boolean includes(com.tngtech.archunit.core.importer.Location location) {
            return !location.contains("-tests.jar");
        }
    }
}
