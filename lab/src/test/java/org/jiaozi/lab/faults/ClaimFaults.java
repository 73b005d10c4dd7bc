package org.jiaozi.lab.faults;

import static org.jiaozi.lab.faults.Fault.in;

import java.util.List;

/** Faults of what lost devices held: whom a claim pays, from whom it goes on to whom, and whose key says so. */
final class ClaimFaults {
    private static final String CLAIM = "bank/registry/ClaimDesk";
    private static final String SETTLING = "bank/registry/Settling";

    private ClaimFaults() {}

    static final List<Fault> ALL = List.of(
            Fault.of(
                            "what a claimant was paid moves on once and no further",
                            in(
                                    CLAIM,
                                    "            if (overtaken.isPresent()) {\n",
                                    "            if (overtaken.isPresent() && settled.moves() == 0) {\n"))
                    .by("with a claimant who had passed it on"),
            Fault.of(
                            "the first claimant pays every later one",
                            in(
                                    "bank/registry/Settled",
                                    "parts = parts.stream().flatMap(p -> p.after(move)).toList();",
                                    "parts = move.number() > 9 ? List.of() : parts;"))
                    .by("a claimant owes what another has"),
            Fault.of(
                            "a later claimant is paid nothing of what an earlier one was",
                            in(
                                    CLAIM,
                                    "case Cause.ByClaim(var earlier) -> Optional.of(earlier);",
                                    "case Cause.ByClaim _ -> Optional.empty();"))
                    .by("with a claimant who had passed it on"),
            Fault.of(
                            "what moves from a claimant is put down to whoever had it",
                            in(
                                    SETTLING,
                                    "new RangeSettled(before.row().note(), part, kind, institution, at, to);",
                                    "new RangeSettled(before.row().note(), part, kind, before.row().paidTo(), at, to);"))
                    .by("a claimant is paid for a key that it does not claim for"),
            Fault.of(
                            "a claimant is paid by whoever is none",
                            in(
                                    SETTLING,
                                    "draft.post(AccountKind.CLEARING, debtor, into, institution, currency, amount, \"claimant owes\", reference);",
                                    "draft.post(AccountKind.RESERVE, institution, into, institution, currency, amount, \"claimant owes\", reference);"))
                    .by("entered it"),
            Fault.of(
                            "the debt of one claimant is told as another's",
                            in(
                                    SETTLING,
                                    "new InboxEvent.ClaimantDebt(n, claim, amount, currency)",
                                    "new InboxEvent.ClaimantDebt(n, to.orElse(claim), amount, currency)"))
                    .by("is told that a claimant owes"),
            Fault.of(
                            "a claimant's debt is told to who is paid",
                            in(SETTLING, "draft.tell(debtor, n ->", "draft.tell(institution, n ->"))
                    .by("is told that a claimant owes"),
            Fault.of(
                            "an institution claims for one of the lost keys only",
                            in(
                                    "lab/world/TellerInbox",
                                    "                .filter(k -> k.state.status() == org.jiaozi.bank.institution.PurseKeyState.Status.REVOKED)\n",
                                    "                .filter(k -> k.state.status() == org.jiaozi.bank.institution.PurseKeyState.Status.REVOKED)\n                .limit(1)\n"))
                    .by("is due"),
            Fault.of(
                            "a claim under whatever account key is about the newest enrolment",
                            in(
                                    "lab/world/TellerInbox",
                                    "        List<BoundKey> lost = account.bound(purse).stream()\n",
                                    "        List<BoundKey> lost = account.bound(account.keys.getLast().purse).stream()\n"))
                    .by("is due"),
            Fault.of(
                            "an account key is bound a second time",
                            in("bank/institution/Enrolling", "\n                || known) {", ") {"))
                    .by("is bound once more"));
}
