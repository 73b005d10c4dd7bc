package org.jiaozi.lab.faults;

import static org.jiaozi.lab.faults.Fault.in;

import java.util.List;

/** Faults of purses and of the wallets around them. */
final class PurseFaults {
    private static final String ASKING = "wallet/purse/Asking";
    private static final String LEDGER = "wallet/purse/Ledger";
    private static final String MOVING = "wallet/purse/Moving";
    private static final String SOFTWARE = "wallet/purse/SoftwarePurse";

    private PurseFaults() {}

    static final List<Fault> ALL = List.of(
            Fault.of(
                    "a payment is sent before it is written down",
                    in(
                            "wallet/host/PayerSession",
                            "turn(d.state(), tap, new PayerTap.Event.Paid(d.result()), false, context);",
                            "turn(wallet, tap, new PayerTap.Event.Paid(d.result()), false, context);")),
            Fault.of(
                    "a message is sent before it is written down",
                    in(
                            "wallet/sync/Sync",
                            "new Outbox(Optional.of(m.message()), signed.outbox().toLoad()));",
                            "new Outbox(Optional.empty(), signed.outbox().toLoad()));")),
            Fault.of(
                    "a request's nonce can be consumed twice",
                    in(
                            ASKING,
                            "Optional<Answered> before = state.answer(nonce);\n        if (before.isPresent()) {",
                            "Optional<Answered> before = Optional.empty();\n        if (before.isPresent()) {"),
                    in(LEDGER, "        requests.remove(answer.nonce());\n", "")),
            Fault.of(
                    "a payment is credited whatever request it names",
                    in(
                            "core/tap/PaymentCheck",
                            "boolean answers = transfer.nonce().equals(asked.nonce());",
                            "boolean answers = true;"),
                    in(
                            ASKING,
                            "PurseState.OpenRequest open = state.requests().get(nonce);\n        if (open == null) {",
                            "PurseState.OpenRequest open = state.requests().values().stream()"
                                    + ".filter(r -> r.key().equals(transfer.payee())).findFirst().orElse(null);\n"
                                    + "        if (open == null) {")),
            Fault.of(
                    "the pointer does not move when a slice is used up",
                    in(
                            LEDGER,
                            "return from == slice.range().hi()\n                        ? null",
                            "return from == slice.range().hi()\n                        ? slice")),
            Fault.of(
                    "the pointer moves one unit too little",
                    in(LEDGER, "new Range(from, slice.range().hi()),", "new Range(from - 1, slice.range().hi()),")),
            Fault.of(
                    "a sequence number is not counted on",
                    in(
                            "wallet/purse/Pseudonym",
                            "certificate, Math.addExact(seq, 1), Math.addExact",
                            "certificate, Math.max(seq, 1), Math.addExact")),
            Fault.of(
                    "sequence numbers restart with a new certificate",
                    in(
                            "wallet/purse/Pseudonym",
                            "new Pseudonym(key, Optional.of(next), seq, spentTotal, status)",
                            "new Pseudonym(key, Optional.of(next), next.statement().seqBase() == 0 ? seq : 0, spentTotal,"
                                    + " status)")),
            Fault.of(
                    "an old copy takes the answer to an earlier report for its own",
                    in(
                            "wallet/host/Wallet",
                            "reports ? state.with(new Outbox(Optional.empty(), state.outbox().toLoad())) : state;",
                            "state;")),
            Fault.of(
                    "an old copy of which all keys were dead takes itself for well",
                    in(
                            SOFTWARE,
                            "state.pseudonyms().forEach(p -> next.replace(p.with(Pseudonym.Status.SUSPECT)));",
                            "state.pseudonyms().stream().filter(p -> p.status() != Pseudonym.Status.DEAD)"
                                    + ".forEach(p -> next.replace(p.with(Pseudonym.Status.SUSPECT)));")),
            Fault.of(
                    "a note of another first holder is credited",
                    in(ASKING, "if (!key.equals(note.holder())) {", "if (false) {")),
            Fault.of(
                    "a nonce is the one that the host names, and a note is credited again",
                    in(
                            "wallet/purse/FreshNonce",
                            "return new Nonce(Sha256.hash(named).bytes().slice(0, Nonce.SIZE));",
                            "return named.size() == 0 ? new Nonce(named) : random;"),
                    in(
                            LEDGER,
                            "if (slices.putIfAbsent(slice.source(), slice) != null) {",
                            "if (slices.put(slice.source(), slice) == slice) {")),
            Fault.of(
                    "a deposit takes what was moved before",
                    in(
                            "wallet/purse/PurseRules",
                            "} else if (!slice.range().contains(input.range())",
                            "} else if (false"),
                    in(
                            "wallet/purse/PurseRules",
                            "if (slice == null) {",
                            "if (slice == null && state.log().isEmpty()) {"),
                    in(
                            "wallet/purse/PurseRules",
                            "} else if (!slice.holder().equals(key)) {",
                            "} else if (slice != null && !slice.holder().equals(key)) {")),
            Fault.of(
                    "an old copy goes on as if it were none",
                    in(
                            SOFTWARE,
                            "state.pseudonyms().forEach(p -> next.replace(p.with(Pseudonym.Status.SUSPECT)));",
                            "")),
            Fault.of(
                    "an old copy still deposits",
                    in(
                            MOVING,
                            "        if (state.rolledBack()) {\n            return SoftwarePurse.no(RefusalCode.ROLLED_BACK, \"\");\n        }\n",
                            ""),
                    in(
                            "wallet/sync/Sync",
                            "if (state.purse().rolledBack()) {\n            return recover",
                            "if (false) {\n            return recover"),
                    in(
                            SOFTWARE,
                            "        if (state.rolledBack()) {\n            return no(RefusalCode.ROLLED_BACK, \"\");\n        }\n        Optional<Pseudonym> pseudonym = state.pseudonym(c.message().sender());",
                            "        Optional<Pseudonym> pseudonym = state.pseudonym(c.message().sender());"),
                    in(
                            "wallet/sync/Sync",
                            "p.certificate().isPresent() && p.status() == Pseudonym.Status.ACTIVE)",
                            "p.certificate().isPresent())")),
            Fault.of(
                    "a lapsed payment is taken back offline",
                    in(
                            "wallet/host/Wallet",
                            "return payment == null ? state : state.with(nonce, payment.denied(nonReceipt));",
                            "java.util.TreeMap<org.jiaozi.core.statement.SliceRef, Slice> back = new java.util.TreeMap<>(state.purse().slices());\n"
                                    + "        PurseState.LogEntry entry = state.purse().log().get(nonce);\n"
                                    + "        if (payment == null || entry == null) {\n            return state;\n        }\n"
                                    + "        for (org.jiaozi.core.statement.TransferInput i : entry.transfer().statement().inputs()) {\n"
                                    + "            Signed<Note> any = state.lineage().notes().values().iterator().next();\n"
                                    + "            back.putIfAbsent(i.source(), new Slice(i.source(), i.range(), any.hash(), any.statement().currency(),"
                                    + " entry.certificate().statement().thumbprint(), 0, 5, any.statement().expiry()));\n        }\n"
                                    + "        PurseState p = state.purse();\n"
                                    + "        return state.with(new PurseState(p.mark() + 1, p.pseudonyms(), back, p.requests(), p.loads(),"
                                    + " p.answered(), p.log()));"),
                    in(
                            "wallet/host/Wallet",
                            "import org.jiaozi.wallet.purse.PurseStep;",
                            "import org.jiaozi.wallet.purse.PurseState;\nimport org.jiaozi.wallet.purse.PurseStep;")),
            Fault.of(
                    "a fault of the service is taken for its last word",
                    in("wallet/sync/Answers", "a.refusal().code().isFault()\n", "a.refusal().code() == null\n")),
            Fault.of(
                    "a payer pays one request twice",
                    in(
                            "wallet/host/Paying",
                            "Payment before = state.payments().get(asked.nonce());",
                            "Payment before = null;"),
                    in(
                            "wallet/host/PayerSession",
                            "nonce -> Optional.ofNullable(before.payments().get(nonce)).map(WalletState.Payment::sent));",
                            "nonce -> Optional.empty());"),
                    in(MOVING, "LogEntry before = state.log().get(request.nonce());", "LogEntry before = null;")));
}
