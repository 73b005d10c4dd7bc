package org.jiaozi.lab.faults;

import static org.jiaozi.lab.faults.Fault.in;

import java.util.List;

/**
 * Faults of what everybody checks: ranges, lineages, payments, bulletins, evidence. That anybody moves what is another's is not
 * among them: the packed form of a lineage leaves a hop's payee to be read from the next hop's signer, so that nobody can even
 * write such a transfer down.
 */
final class CheckFaults {
    private static final String LINEAGE = "core/lineage/LineageCheck";
    private static final String PAYMENT = "core/tap/PaymentCheck";

    private CheckFaults() {}

    static final List<Fault> ALL = List.of(
            Fault.of(
                    "ranges that only touch are taken to overlap",
                    in(
                            "core/value/Range",
                            "return lo < other.hi && other.lo < hi;",
                            "return lo <= other.hi && other.lo <= hi;")),
            Fault.of(
                    "a range may end one past its parent",
                    in(
                            "core/value/Range",
                            "return lo <= other.lo && other.hi <= hi;",
                            "return lo <= other.lo && other.hi <= hi + 1;")),
            Fault.of(
                    "a range may end anywhere",
                    in(LINEAGE, "if (!parent.range().contains(input.range())) {", "if (false) {")),
            Fault.of(
                    "one hop too many is allowed",
                    in(LINEAGE, "if (hops > context.hopLimit()", "if (hops - 1 > context.hopLimit()")),
            Fault.of(
                    "a deposit counts as a hop",
                    in(
                            LINEAGE,
                            "int hops = deposit ? parent.hops() : parent.hops() + 1;",
                            "int hops = parent.hops() + 1;"),
                    in(
                            LINEAGE,
                            "        if (context.deposit() || isDeposit(t)) {\n            return Optional.empty();\n        }\n        Note note",
                            "        Note note")),
            Fault.of(
                    "transfers need no signature",
                    in(LINEAGE, "if (!transfer.verifies(context.verifier(), c.key())) {", "if (false) {")),
            Fault.of(
                    "certificates need no signature",
                    in(LINEAGE, "if (!certificate.verifies(context.verifier(), key.get())) {", "if (false) {"),
                    in("core/tap/TapContext", "if (!certificate.verifies(verifier, issuer.get())) {", "if (false) {")),
            Fault.of(
                    "a payee looks at no counters",
                    in(
                            LINEAGE,
                            "if (t.seq() <= c.seqBase() || t.seq() - c.seqBase() > limits.count()) {",
                            "if (false) {")),
            Fault.of(
                    "a payee looks at no totals",
                    in(LINEAGE, "if (spent < t.amount().minor() || spent > limits.total()) {", "if (false) {")),
            Fault.of(
                    "a certificate is good for ever",
                    in(LINEAGE, "if (transfer.statement().at().isAfter(c.expiry())) {", "if (false) {"),
                    in("core/tap/TapContext", "if (now.isAfter(c.expiry())) {", "if (false) {"),
                    in(
                            PAYMENT,
                            "reasons.add(new Refusal(RefusalCode.WRONG_REQUEST, \"not dated as the request\"));",
                            ""),
                    in("wallet/purse/PurseRules", "if (at.isAfter(c.expiry())) {", "if (false) {")),
            Fault.of(
                    "money through a revoked key is taken",
                    in(LINEAGE, "if (!context.deposit() && context.revoked().test(c.thumbprint())) {", "if (false) {"),
                    in("core/tap/TapContext", "if (bulletin.statement().isRevoked(c.thumbprint())) {", "if (false) {")),
            Fault.of(
                    "another amount than was asked is taken",
                    in(PAYMENT, "if (!transfer.amount().equals(asked.amount())) {", "if (false) {"),
                    in(
                            "wallet/purse/Asking",
                            "if (!transfer.amount().equals(open.amount())\n                || c.slices().size() != transfer.inputs().size()) {",
                            "if (c.slices().size() != transfer.inputs().size()) {")),
            Fault.of(
                    "a fork that is known is taken all the same",
                    in(
                            PAYMENT,
                            "                evidence = conflict.apply(payment);\n                if (evidence.isPresent()) {",
                            "                if (evidence.isPresent()) {")),
            Fault.of(
                    "signatures are compared instead of payloads",
                    in(
                            "core/evidence/Evidence",
                            "return !one.equals(other)\n                    && one.statement().seq()",
                            "return !one.signature().equals(other.signature())\n                    && one.statement().seq()"),
                    in(
                            "bank/registry/Recorder",
                            "if (draft.transfer(link.transfer().hash()).isEmpty()) {",
                            "if (draft.transfer(link.transfer().hash()).filter(t -> t.transfer().signature().equals(link.transfer().signature())).isEmpty()) {")),
            Fault.of(
                    "forks at an index above 0 are not seen",
                    in(
                            "core/statement/TransferInput",
                            "return source.equals(other.source) &&",
                            "return source.index() == 0 && source.equals(other.source) &&")),
            Fault.of(
                    "evidence needs no signatures",
                    in("core/evidence/EvidenceCheck", "        if (!signed) {", "        if (false) {"),
                    in(
                            "core/evidence/EvidenceCheck",
                            "if (formStands && !file.bulletin().verifies(verifier, rootKey)) {",
                            "if (false) {")),
            Fault.of(
                    "a bulletin needs no signature",
                    in("core/bulletin/BulletinChain", "if (!candidate.verifies(verifier, rootKey)) {", "if (false) {")),
            Fault.of(
                    "a payee's denial of one transfer counts for none",
                    in(
                            "core/evidence/Evidence",
                            "return received.payee().equals(payee)\n",
                            "return !received.payee().equals(payee)\n")));
}
