package org.jiaozi.cli.wallet;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.transport.MessageFile;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.session.WalletAction;
import org.jiaozi.core.evidence.EvidenceFile;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.purse.Pseudonym;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the wallet holds. */
@Command(name = "show", description = "Shows what the wallet holds and what is open.", mixinStandardHelpOptions = true)
public final class ShowCommand extends WalletAction.OnWallet {
    @Option(
            names = "--evidence-out",
            paramLabel = "DIR",
            description = "Write the evidence found, one file each, as 'jiaozi evidence verify' reads it.")
    private Optional<Path> evidenceOut = Optional.empty();

    @Override
    protected void run(Printer printer) {
        try (Session session = Session.withoutPin(options())) {
            WalletState state = session.state();
            String account = session.store().text("account").orElse("");
            Map<String, Object> json = ok();
            json.put("wallet", session.store().id());
            json.put("account", account);
            json.put("institution", state.settings().institution().number());
            json.put("currency", state.settings().currency().code());
            json.put("holding", state.purse().holding().minor());
            json.put("rolledBack", state.purse().rolledBack());
            json.put("epoch", state.bulletin().statement().epoch());
            json.put(
                    "keys",
                    state.purse().pseudonyms().stream().map(p -> key(state, p)).toList());
            json.put(
                    "slices",
                    state.purse().slices().values().stream()
                            .map(ShowCommand::slice)
                            .toList());
            json.put("pendingReceipts", pendingReceipts(state));
            json.put("pendingReturns", pendingReturns(state));
            json.put("openRequests", state.purse().requests().size());
            json.put(
                    "evidence",
                    state.evidence().values().stream()
                            .filter(e -> !e.submitted())
                            .count());
            evidenceOut.ifPresent(folder -> json.put("evidenceFiles", writeEvidence(state, folder)));
            json.put("log", state.purse().log().size());
            json.put(
                    "unanswered",
                    session.store().outgoing().size()
                            + state.outbox().pending().stream().count());
            printer.json(json);
            human(printer, session, state, account);
        }
    }

    private static List<String> writeEvidence(WalletState state, Path folder) {
        List<String> files = new ArrayList<>();
        state.evidence().forEach((name, found) -> {
            Path file = folder.resolve(name.hex().substring(0, 16) + ".evidence");
            MessageFile.write(
                    file,
                    new EvidenceFile(found.evidence(), state.bulletin())
                            .encode()
                            .toArray());
            files.add(file.toString());
        });
        return files;
    }

    private static void human(Printer printer, Session session, WalletState state, String account) {
        printer.human("Holds " + session.shown(state.purse().holding()) + " in "
                + state.purse().slices().size() + " slice(s); account " + account + " at institution "
                + state.settings().institution() + "; bulletin "
                + state.bulletin().statement().epoch());
        for (Slice slice : state.purse().slices().values()) {
            printer.human("  " + session.shown(slice.amount()) + "  after " + slice.hops() + " of " + slice.maxHops()
                    + " hops, until " + Instant.ofEpochSecond(slice.expiry().seconds()));
        }
        if (pendingReceipts(state) > 0) {
            printer.human(pendingReceipts(state) + " payments without a receipt: final all the same");
        }
        if (pendingReturns(state) > 0) {
            printer.human(pendingReturns(state) + " payments come back at the next sync");
        }
        if (state.purse().rolledBack()) {
            printer.human("This directory is an old copy: it signs nothing until a sync has retired its keys");
        }
    }

    private static long pendingReceipts(WalletState state) {
        return state.payments().values().stream()
                .filter(p -> p.receipt().isEmpty() && p.nonReceipt().isEmpty())
                .count();
    }

    private static long pendingReturns(WalletState state) {
        return state.payments().values().stream()
                .filter(WalletState.Payment::returnDue)
                .count();
    }

    private static Map<String, Object> key(WalletState state, Pseudonym p) {
        Map<String, Object> key = new LinkedHashMap<>();
        key.put("key", p.thumbprint().hex());
        key.put("status", p.status().name());
        key.put("seq", p.seq());
        key.put("spentTotal", p.spentTotal());
        key.put("holding", state.purse().holding(p.thumbprint()).minor());
        key.put(
                "validUntil",
                p.certificate().map(c -> c.statement().expiry().seconds()).orElse(0L));
        return key;
    }

    private static Map<String, Object> slice(Slice s) {
        Map<String, Object> slice = new LinkedHashMap<>();
        slice.put("note", s.note().hex());
        slice.put("parent", s.source().parent().hex());
        slice.put("lo", s.range().lo());
        slice.put("hi", s.range().hi());
        slice.put("amount", s.amount().minor());
        slice.put("hops", s.hops());
        slice.put("maxHops", s.maxHops());
        slice.put("expiry", s.expiry().seconds());
        slice.put("holder", s.holder().hex());
        return slice;
    }
}
