package org.jiaozi.cli.wallet.online;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.output.Reason;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.session.Trust;
import org.jiaozi.cli.wallet.session.WalletAction;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.message.Envelope;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Limit;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.HpkeSealer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes somebody else's sealed messages to the network and brings the sealed answers back; can read neither. */
@Command(
        name = "carry",
        description = "Takes somebody else's sealed messages to their institution and brings back the answers.",
        mixinStandardHelpOptions = true)
public final class CarryCommand extends WalletAction.WithoutWallet {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Sealed messages, as sync --envelope-out writes.")
    private List<Path> files = List.of();

    @Option(
            names = "--institution",
            required = true,
            paramLabel = "URL",
            description = "Any institution: its bulletin says where the addressed ones answer.")
    private String url = "";

    @Option(names = "--trust", required = true, paramLabel = "FILE", description = "trust.json of the central bank.")
    private Path trustFile = Path.of("");

    @Override
    protected void run(Printer printer) {
        Trust trust = Trust.read(trustFile);
        List<Map<String, Object>> carried = new ArrayList<>();
        try (BankClient first = client(url, trust, printer)) {
            Bulletin bulletin = first.firstBulletin(trust).statement();
            for (Path file : files) {
                Bytes sealed = read(file);
                Envelope envelope = Envelope.decode(sealed);
                Optional<InstitutionEntry> to = bulletin.institution(envelope.institution());
                if (to.isEmpty()) {
                    throw CommandFailure.refused(new Refusal(
                            RefusalCode.WRONG_INSTITUTION, file + " is for an institution the bulletin does not list"));
                }
                String there = to.get().url().isEmpty() ? url : to.get().url();
                try (BankClient bank = client(there, trust, printer)) {
                    Path answer = file.resolveSibling(file.getFileName() + ".answer");
                    Bytes said = bank.post(sealed);
                    Files.write(answer, said.toArray());
                    Map<String, Object> one = new LinkedHashMap<>();
                    one.put("file", file.toString());
                    one.put("institution", envelope.institution().number());
                    one.put("answer", answer.toString());
                    one.put("bytes", said.size());
                    carried.add(one);
                    printer.human("Carried " + file + " to " + there + "; the answer is in " + answer);
                } catch (IOException e) {
                    throw new CommandFailure("cannot write the answer to " + file + ": " + Reason.of(e), e);
                }
            }
        }
        Map<String, Object> json = ok();
        json.put("carried", carried);
        printer.json(json);
    }

    private static BankClient client(String address, Trust trust, Printer printer) {
        return new BankClient(address, trust, new HpkeSealer(Session.entropy()), new Es256Verifier(), printer::human);
    }

    private static Bytes read(Path file) {
        try {
            if (Files.size(file) > Limit.SERVICE_MESSAGE_BYTES) {
                throw CommandFailure.refused(new Refusal(RefusalCode.TOO_LARGE, file.toString()));
            }
            return Bytes.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new CommandFailure("cannot read " + file + ": " + Reason.of(e), e);
        }
    }
}
