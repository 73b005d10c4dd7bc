package org.jiaozi.lab.faults;

import static org.jiaozi.lab.faults.Fault.in;

import java.util.List;

/** Faults of the registry and of the institutions' rules. */
final class RegistryFaults {
    private static final String DEPOSIT = "bank/registry/DepositDesk";
    private static final String RETURN = "bank/registry/ReturnDesk";
    private static final String RECORDER = "bank/registry/Recorder";
    private static final String SETTLING = "bank/registry/Settling";
    private static final String CLAIM = "bank/registry/ClaimDesk";
    private static final String NOTE = "bank/registry/NoteDesk";

    private RegistryFaults() {}

    static final List<Fault> ALL = List.of(
            Fault.of(
                    "the same deposit is settled anew each time",
                    in(DEPOSIT, "if (stored.isPresent()) {", "if (false) {")),
            Fault.of(
                    "a part that was settled is settled again",
                    in(SETTLING, "from = Math.max(from, range.hi());", "from = Math.max(from, range.hi() - 1);")),
            Fault.of(
                    "one input of a deposit is settled twice",
                    in(
                            SETTLING,
                            "            take(slice, part, Optional.empty());\n",
                            "            take(slice, part, Optional.empty());\n            if (input > 0) {\n                take(slice, part, Optional.empty());\n            }\n")),
            Fault.of(
                    "only the last transfer of a lineage is compared",
                    in(
                            RECORDER,
                            "for (Lineage.Link link : good.lineage().links()) {",
                            "for (Lineage.Link link : List.of(good.lineage().head())) {")),
            Fault.of(
                    "only the first input of a transfer is compared",
                    in(
                            RECORDER,
                            "        for (TransferInput input : fresh.transfer().statement().inputs()) {\n            draft.spending",
                            "        for (TransferInput input : List.of(fresh.transfer().statement().inputs().getFirst())) {\n            draft.spending")),
            Fault.of(
                    "sequence numbers are not compared",
                    in(
                            RECORDER,
                            "        draft.signed(fresh.link().signer(), fresh.transfer().statement().seq())\n                .forEach(t -> rivals.put(t.transfer().hash(), t));\n",
                            "")),
            Fault.of(
                    "a newcomer is compared with one rival only",
                    in(
                            RECORDER,
                            "        draft.put(fresh);\n        for (TransferRecorded rival : rivals.values()) {",
                            "        draft.put(fresh);\n        for (TransferRecorded rival : rivals.values().stream().limit(1).filter(r -> r.transfer().statement().seq() % 2 == 0).toList()) {")),
            Fault.of(
                    "a denial is compared with the payment alone that comes back",
                    in(
                            RETURN,
                            "(request.nonReceipt(), request.payee()));",
                            "(request.nonReceipt(), request.payee()), good.headHash());"),
                    in(
                            RECORDER,
                            "void deny(Effect.DenialKept denial) {",
                            "void deny(Effect.DenialKept denial, Hash only) {"),
                    in(
                            RECORDER,
                            "draft.answering(denial.payee(), denial.denial().statement().nonce())) {",
                            "draft.answering(denial.payee(), denial.denial().statement().nonce()).stream().filter(t -> t.transfer().hash().equals(only)).toList()) {")),
            Fault.of(
                    "a convicted key is in no bulletin",
                    in(RECORDER, "        revoke(culprit, InstitutionId.CENTRAL_BANK, \"convicted\");\n", "")),
            Fault.of("a spent denial convicts nobody", in(RECORDER, "if (evidence.contradicts()) {", "if (false) {")),
            Fault.of(
                    "later honest holders are not made whole",
                    in(SETTLING, "if (ownFault(conflict.cause())) {", "if (true) {")),
            Fault.of(
                    "a culprit is made whole by its own doing",
                    in(SETTLING, "return draft.conviction(holder).isPresent()", "return holder == null"),
                    in(
                            SETTLING,
                            "case Cause.ByCulprit(Thumbprint culprit) -> culprit.equals(holder);",
                            "case Cause.ByCulprit(Thumbprint culprit) -> false;")),
            Fault.of(
                    "what is withheld is paid at once as well",
                    in(
                            "bank/institution/Depositing",
                            ".filter(o -> paid ? o.kind().paid() : o.kind()",
                            ".filter(o -> paid ? o.kind() != Outcome.Kind.REFUSED : o.kind()")),
            Fault.of(
                    "a denied payment comes back each time it is asked for",
                    in(RETURN, "if (stored.isPresent()) {", "if (false) {"),
                    in(
                            SETTLING,
                            "if (ownFault(conflict.cause())) {",
                            "if (kind != RangeSettled.Kind.REFUNDED && ownFault(conflict.cause())) {"),
                    in(
                            SETTLING,
                            "case Cause.Own() -> throw new IllegalStateException(\"a holder does not compensate itself\");",
                            "case Cause.Own() -> draft.post(AccountKind.RESERVE, institution, into, institution, currency, amount, \"refund\", reference);")),
            Fault.of(
                    "anybody denies a payment",
                    in(
                            RETURN,
                            "return head.statement().payee().equals(payee.thumbprint())",
                            "return head.statement().payee() != null")),
            Fault.of(
                    "a denial needs no signature",
                    in(
                            RETURN,
                            "|| !request.nonReceipt().verifies(context.verifier(), payee.key())) {",
                            "|| payee.key() == null) {")),
            Fault.of(
                    "a refund goes to whoever asks",
                    in(
                            RETURN,
                            "if (!good.head().certificate().statement().issuer().institution().equals(caller)) {",
                            "if (false) {")),
            Fault.of(
                    "a deposit is paid to whoever brings it",
                    in(DEPOSIT, "if (!CheckedLineage.depositsAt(good, caller, context)) {", "if (false) {")),
            Fault.of(
                    "a deposit past grace is paid",
                    in(
                            DEPOSIT,
                            "if (context.now().isAfter(slice.expiry().plus(context.policy().grace()))) {",
                            "if (false) {")),
            Fault.of(
                    "a deposit is late at its note's expiry",
                    in(DEPOSIT, "slice.expiry().plus(context.policy().grace())", "slice.expiry()")),
            Fault.of("quotas are not looked at", in(NOTE, "if (note.value().minor() > left) {", "if (false) {")),
            Fault.of(
                    "one load makes as many notes as it likes",
                    in(
                            NOTE,
                            "return sameLoad.isPresent()\n",
                            "return sameLoad.isEmpty()\n                ? Optional.empty()\n                : note.value().isZero()\n")),
            Fault.of(
                            "a receipt admits nothing",
                            in(
                                    "core/evidence/Evidence",
                                    "return said.nonce().equals(denial.nonce()) && denial.denies(said.transfer());",
                                    "return false && said.nonce().equals(denial.nonce());"))
                    .by("evidence is refused"),
            Fault.of(
                            "a note that was refused is taken when it comes late",
                            in(NOTE, ".or(() -> issuer(note))", ".filter(r -> false).or(() -> issuer(note))"))
                    .by("is registered that was refused"),
            Fault.of("a claim is paid before its time", in(CLAIM, "if (context.now().isAfter(end)) {", "if (true) {")),
            Fault.of(
                    "an institution claims for keys that never asked it",
                    in("bank/registry/KeyDesk", "if (!key.verifies(context.verifier(), caller)) {", "if (false) {")),
            Fault.of(
                    "what a lost key moved on is claimed as well",
                    in(
                            CLAIM,
                            "List<Range> spent = draft.spending(new TransferInput(slice.source(), slice.range())).stream()",
                            "List<Range> spent = draft.spending(new TransferInput(slice.source(), slice.range())).stream()"
                                    + ".limit(0)")),
            Fault.of(
                    "a claim pays for one output only",
                    in(
                            CLAIM,
                            "                .flatMap(this::heldBy)\n",
                            "                .flatMap(this::heldBy)\n                .limit(1)\n")),
            Fault.of(
                    "netting counts a movement twice",
                    in(
                            "bank/registry/Netting",
                            "add(sums, flow.currency(), flow.credit().owner(), 0, flow.amount());",
                            "add(sums, flow.currency(), flow.credit().owner(), 0, 2 * flow.amount());")),
            Fault.of(
                    "releasing pays twice",
                    in(
                            "bank/registry/Operations",
                            "        draft.tell(w.institution(), n -> new InboxEvent.Released(n, deposit, w.amount()));\n",
                            "        draft.tell(w.institution(), n -> new InboxEvent.Released(n, deposit, w.amount()));\n        draft.tell(w.institution(), n -> new InboxEvent.Released(n, deposit, w.amount()));\n")));
}
