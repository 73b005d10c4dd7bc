package org.jiaozi.cli.evidence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.output.Reason;
import org.jiaozi.cli.wallet.session.Trust;
import org.jiaozi.cli.wallet.session.WalletAction;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.evidence.Evidence;
import org.jiaozi.core.evidence.EvidenceCheck;
import org.jiaozi.core.evidence.EvidenceFile;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.Es256Verifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says who is convicted by which two statements; needs the file and the root key, no network and no wallet. */
@Command(
        name = "verify",
        description = "Says who is convicted by which two statements, from the file and the root key alone.",
        mixinStandardHelpOptions = true)
public final class VerifyCommand extends WalletAction.WithoutWallet {
    @Parameters(paramLabel = "FILE", description = "The evidence file.")
    private Path file = Path.of("");

    @Option(names = "--root", paramLabel = "HEX", description = "The central bank's root key, compressed.")
    private Optional<String> root = Optional.empty();

    @Option(names = "--trust", paramLabel = "FILE", description = "trust.json, which holds the root key.")
    private Optional<Path> trust = Optional.empty();

    @Override
    protected void run(Printer printer) {
        if (root.isPresent() == trust.isPresent()) {
            throw CommandFailure.usage("say whom you trust: --root HEX or --trust FILE");
        }
        PublicKey key = root.isPresent()
                ? Trust.root(root.get())
                : Trust.read(trust.orElseThrow()).rootKey();
        switch (EvidenceCheck.verify(read(), key, new Es256Verifier())) {
            case EvidenceCheck.Verdict.Refused no
            when no.refusal().code() == RefusalCode.MALFORMED ->
                throw CommandFailure.refused(new Refusal(
                        RefusalCode.MALFORMED,
                        file + " is no evidence file: " + no.refusal().detail()));
            case EvidenceCheck.Verdict.Refused no -> throw CommandFailure.refused(no.refusal());
            case EvidenceCheck.Verdict.Convicts yes -> {
                Map<String, Object> json = ok();
                json.put("convicted", yes.culprit().hex());
                json.put("kind", yes.kind().name());
                json.put("first", yes.first().hex());
                json.put("second", yes.second().hex());
                json.put("certifier", yes.certifier().number());
                printer.json(json);
                printer.human("Purse key " + yes.culprit().hex() + ", certified by institution " + yes.certifier()
                        + ", is convicted: " + meaning(yes.kind()));
                printer.human("  first statement   " + yes.first().hex());
                printer.human("  second statement  " + yes.second().hex());
            }
        }
    }

    private static String meaning(Evidence.Kind kind) {
        return switch (kind) {
            case OVERLAP -> "it signed the same range away twice";
            case SEQUENCE -> "it signed two transfers with one sequence number";
            case CONTRADICTION -> "it denied what it had received";
        };
    }

    private Bytes read() {
        try {
            if (Files.size(file) > EvidenceFile.MAX_BYTES) {
                throw CommandFailure.refused(new Refusal(RefusalCode.TOO_LARGE, file.toString()));
            }
            return Bytes.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new CommandFailure("cannot read " + file + ": " + Reason.of(e), e);
        }
    }
}
