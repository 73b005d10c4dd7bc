package org.jiaozi.lab.fuzz;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * No class takes bytes or text apart without a target that reaches it, or a reason why it has none. What takes apart is
 * known by what it calls: the codec, a JSON parser, numbers and hexadecimal out of text, PEM, pictures, files, streams.
 */
final class EveryReaderHasATargetTest {
    private static final Pattern TAKES_APART = Pattern.compile(
            "org\\.jiaozi\\.core\\.codec\\.(CborDecoder|Cbor)\\.decode|org\\.jiaozi\\.core\\.codec\\.Fields\\.(of|decode)"
                    + "|org\\.jiaozi\\.core\\.policy\\.TextFields\\.of|org\\.jiaozi\\.core\\.lineage\\.PackedReader\\.<init>"
                    + "|com\\.fasterxml\\.jackson\\.databind\\.Object(Mapper|Reader)\\.(read.*|convertValue)"
                    + "|com\\.upokecenter\\..*(Decode|FromJSON).*|java\\.lang\\.(Long|Integer)\\.parse.*"
                    + "|java\\.util\\.HexFormat\\.parseHex|java\\.util\\.Base64\\$Decoder\\.decode"
                    + "|java\\.security\\.cert\\.CertificateFactory\\.generate.*|java\\.security\\.KeyFactory\\.generate.*"
                    + "|javax\\.imageio\\..*\\.read|com\\.google\\.zxing.*\\.decode|java\\.io\\.InputStream\\.read.*"
                    + "|java\\.nio\\.file\\.Files\\.read(String|AllBytes|AllLines)|java\\.nio\\.ByteBuffer\\.wrap");

    /** The class, and the targets that run it. */
    private static final Map<String, String> READERS = Map.ofEntries(
            entry("core.codec.Cbor", "cbor"),
            entry("core.codec.Fields", "tap-message"),
            entry("core.statement.Signed", "note"),
            entry("core.statement.Headers", "note certificate"),
            entry("core.statement.Note", "note"),
            entry("core.statement.PurseCertificate", "certificate"),
            entry("core.statement.Transfer", "transfer"),
            entry("core.statement.Request", "request"),
            entry("core.statement.Receipt", "receipt"),
            entry("core.statement.NonReceipt", "non-receipt"),
            entry("core.message.DepositRefusal", "deposit-refusal"),
            entry("core.message.Claim", "claim"),
            entry("core.message.Handover", "handover"),
            entry("core.message.WalletMessage", "wallet-message wallet-request wallet-answer"),
            entry("core.message.BankMessage", "bank-message bank-request bank-answer"),
            entry("core.message.RegistryAnswer", "registry-answer"),
            entry("core.message.Envelope", "envelope sealed-envelope sealed-answer"),
            entry("core.lineage.LineageCodec", "lineage-tap lineage-deposit"),
            entry("core.tap.TapCodec", "tap-message sealed-payment"),
            entry("core.bulletin.Bulletin", "bulletin"),
            entry("core.bulletin.BulletinDelta", "bulletin-delta bulletin-applied"),
            entry("core.bulletin.InstitutionEntry", "bulletin"),
            entry("core.bulletin.InstitutionKey", "bulletin"),
            entry("core.policy.Profile", "profile"),
            entry("core.policy.Tier", "profile"),
            entry("core.policy.TextFields", "profile"),
            entry("core.policy.RegionalOverride", "profile override-file operator-body"),
            entry("core.evidence.EvidenceFile", "evidence evidence-file"),
            entry("core.value.Bytes", "hex"),
            entry("crypto.CorrettoEs256", "es256"),
            entry("crypto.PinVault", "pin-vault"),
            entry("wallet.host.RowCodec", "wallet-row"),
            entry("wallet.purse.PurseStateCodec", "purse-state"),
            entry("server.central.Json", "operator-body"),
            entry("server.http.Problem", "problem-cbor problem-json"),
            entry("server.institution.Membership", "member-file"),
            entry("server.tls.Pem", "pem-certificate pem-key"),
            entry("cli.output.AmountParser", "amount"),
            entry("cli.transport.QrCodes", "qr-picture"),
            entry("cli.transport.QrFrames", "qr-frames"),
            entry("cli.transport.UrFrame", "qr-frames"),
            entry("cli.transport.StreamTransport", "stream-frame"),
            entry("cli.up.PolicyFile", "profile-file override-file"),
            entry("cli.up.SettingsFile", "settings-file"),
            entry("cli.wallet.online.AccountKey", "account-key"),
            entry("cli.wallet.online.HolderOutbox", "holder-outbox"),
            entry("cli.wallet.session.Trust", "trust-file"),
            entry("cli.wallet.store.Mark", "mark"),
            entry("cli.wallet.tap.Carrier", "host-port"));

    /** Read by targets that call no primitive above themselves. */
    private static final Set<String> BESIDES = Set.of("hpke", "key-ring", "shell-words");

    private static final String BYTES_ONLY = "hands whole bytes to a reader that has a target";
    private static final String OWN_ROWS = "rows of its own database, by a reader that has a target";
    private static final String OWN_FILE = "a file that only this program writes, in its owner's folder";

    private static final Map<String, String> EXEMPT = Map.ofEntries(
            entry("core.tap.TapContext", "tells a bulletin from a delta; both have targets"),
            entry("wallet.sync.Sync", "tells a bulletin from a delta; both have targets"),
            entry("bank.registry.Netting", "a number that this class wrote into an account's name"),
            entry("server.central.SqlRegistryView", OWN_ROWS),
            entry("server.institution.Operations", OWN_ROWS),
            entry("server.institution.Suspense", OWN_ROWS),
            entry("server.central.MemberRoutes", "one whole number of an address, 101 where it is none"),
            entry("server.institution.InstitutionServer", "one whole number, matched as digits before"),
            entry("server.lot.LotWorker", "one whole number, matched as digits before"),
            entry("server.institution.SuspenseDesk", "one whole number, matched as digits before"),
            entry("server.institution.OperatorDesk", "a JSON tree, as server.central.Json reads one"),
            entry("server.central.Joining", "the answer of its own central bank over authenticated TLS"),
            entry("server.institution.Joining", "the answer of its own central bank over authenticated TLS"),
            entry("server.http.Body", BYTES_ONLY),
            entry("server.http.HttpCaller", "one whole number, matched as digits before"),
            entry("server.central.OperatorRoutes", "one whole number, matched as digits before"),
            entry("server.central.CentralKeys", OWN_FILE),
            entry("server.institution.InstitutionKeys", OWN_FILE),
            entry("server.db.Belonging", OWN_FILE),
            entry("server.postgres.ClusterFolder", OWN_FILE),
            entry("server.postgres.EmbeddedPostgres", OWN_FILE),
            entry("server.postgres.Orphan", OWN_FILE),
            entry("cli.TrainingRun", "runs at build time, on what it made itself"),
            entry("cli.evidence.VerifyCommand", BYTES_ONLY),
            entry("cli.transport.MessageFile", BYTES_ONLY),
            entry("cli.up.Caller", "the answer of its own server over authenticated TLS"),
            entry("cli.up.ChildProcess", OWN_FILE),
            entry("cli.up.Operating", "turns a map into JSON"),
            entry("cli.up.Whole", OWN_FILE),
            entry("cli.wallet.online.CarryCommand", BYTES_ONLY),
            entry("cli.wallet.online.MailBag", BYTES_ONLY),
            entry("cli.wallet.online.DepositGoal", OWN_ROWS),
            entry("cli.wallet.online.Errand", OWN_ROWS),
            entry("cli.wallet.session.WalletAction", "a number of a refusal that this program made"),
            entry("cli.wallet.session.WalletOptions", "a PIN, whose characters mean nothing"),
            entry("server.durable.DurableFile", "writes"),
            entry("cli.wallet.store.PinGuard", OWN_ROWS),
            entry("cli.wallet.store.WalletStore", OWN_ROWS));

    @Test
    void everyClassThatTakesBytesApartIsListed() {
        Set<String> found = new TreeSet<>();
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages("org.jiaozi")) {
            String name = type.getName().replaceFirst("\\$.*", "").replaceFirst("^org\\.jiaozi\\.", "");
            if (!name.matches("(lab|samples|testing)\\..*") && takesApart(type)) {
                found.add(name);
            }
        }
        Set<String> listed = new TreeSet<>(READERS.keySet());
        listed.addAll(EXEMPT.keySet());
        assertThat(found)
                .as("give a new reader a target, or say above why it has none; drop what reads no more")
                .isEqualTo(listed);
    }

    private static boolean takesApart(JavaClass type) {
        for (JavaAccess<?> access : type.getAccessesFromSelf()) {
            String called = access.getTarget().getOwner().getName() + "."
                    + access.getTarget().getName();
            if (TAKES_APART.matcher(called).matches()) {
                return true;
            }
        }
        return false;
    }

    @Test
    void noClassIsBothListedAndExempt() {
        assertThat(READERS.keySet()).doesNotContainAnyElementsOf(EXEMPT.keySet());
    }

    @Test
    void everyTargetIsSomebodysAndThereIsNoOther() {
        Set<String> named = READERS.values().stream()
                .flatMap(names -> Arrays.stream(names.split(" ")))
                .collect(Collectors.toCollection(TreeSet::new));
        named.addAll(BESIDES);
        assertThat(Targets.all().stream().map(Target::name)).containsExactlyInAnyOrderElementsOf(named);
    }
}
