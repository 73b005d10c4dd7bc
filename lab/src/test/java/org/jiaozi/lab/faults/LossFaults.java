package org.jiaozi.lab.faults;

import static org.jiaozi.lab.faults.Fault.in;

import java.util.List;

/** Faults of who bears what a culprit cost. */
final class LossFaults {
    private static final String DESK = "bank/registry/ConvictionDesk";
    private static final String SETTLING = "bank/registry/Settling";
    private static final String NETTING = "bank/registry/Netting";
    private static final String WATERFALL = "bank/registry/Waterfall";

    private LossFaults() {}

    static final List<Fault> ALL = List.of(
            Fault.of(
                    "the guarantee fund has no cap",
                    in(WATERFALL, "owed.minus(culprit).min(cap).min(inFund);", "owed.minus(culprit).min(inFund);")),
            Fault.of(
                    "the guarantee fund pays nothing",
                    in(WATERFALL, "owed.minus(culprit).min(cap).min(inFund);", "Amount.ZERO;")),
            Fault.of(
                    "the guarantee fund pays twice",
                    in(
                            DESK,
                            "        book(FUND, Math.max(fundChange, 0), before.currency(), request.culprit());\n",
                            "        book(FUND, Math.max(fundChange, 0), before.currency(), request.culprit());\n        book(FUND, Math.max(fundChange, 0), before.currency(), request.culprit());\n")),
            Fault.of(
                    "the guarantee fund pays before the culprit",
                    in(
                            WATERFALL,
                            "        Amount culprit = recovered.min(owed);\n        Amount fund = owed.minus(culprit).min(cap).min(inFund);",
                            "        Amount fund = owed.min(cap).min(inFund);\n        Amount culprit = recovered.min(owed.minus(fund));")),
            Fault.of(
                    "the institution bears half of what is the fund's",
                    in(
                            WATERFALL,
                            "owed.minus(culprit).min(cap).min(inFund);",
                            "new Amount(owed.minus(culprit).min(cap).min(inFund).minor() / 2);")),
            Fault.of(
                    "what the fund bore is not given back to it",
                    in(DESK, "book(FUND, Math.min(fundChange, 0),", "book(clearing, Math.min(fundChange, 0),")),
            Fault.of(
                    "what the fund bore before counts against what is in it",
                    in(
                            DESK,
                            "draft.balance(FUND, before.currency())).plus(before.fromFund());",
                            "draft.balance(FUND, before.currency()));")),
            Fault.of(
                    "a larger report moves nothing back",
                    in(DESK, "before.recovered().compareTo(request.recovered()) > 0", "!before.recovered().isZero()")),
            Fault.of(
                    "anybody says what a culprit paid",
                    in(DESK, "if (!before.certifier().equals(caller)) {", "if (false) {")),
            Fault.of(
                    "a culprit owes for one part of a deposit only",
                    in(
                            SETTLING,
                            "            pay(conflict, withhold ? AccountKind.HELD : AccountKind.CLEARING);\n",
                            "            if (conflict == due.getFirst()) {\n                pay(conflict, withhold ? AccountKind.HELD : AccountKind.CLEARING);\n            }\n")),
            Fault.of(
                    "the institution that is paid answers for the culprit",
                    in(
                            SETTLING,
                            "                    conviction.certifier(),\n",
                            "                    institution,\n")),
            Fault.of(
                    "nobody looks at what is due to a flagged holder",
                    in(
                            "bank/registry/DepositDesk",
                            "settling.compensate(flagged ? Optional.of(context.policy().reviewAbove()) : Optional.empty());",
                            "settling.compensate(Optional.empty());")),
            Fault.of(
                            "what the payee of a denied payment moved on is not made whole",
                            in("bank/registry/ReturnDesk", "        settling.compensate(Optional.empty());\n", ""))
                    .by("of a denied payment"),
            Fault.of(
                            "an institution is told less than a culprit cost",
                            in(
                                    "bank/registry/Draft",
                                    "c.culprit(), c.owed(), c.currency()",
                                    "c.culprit(), c.recovered(), c.currency()"))
                    .by("its institution is told that"),
            Fault.of(
                            "a culprit keeps half of what its account holds",
                            in(
                                    "bank/institution/Debts",
                                    "return open().min(balance);",
                                    "return open().min(new Amount(balance.minor() / 2));"))
                    .by("a culprit keeps"),
            Fault.of(
                            "an institution keeps quiet about what it took from a culprit",
                            in(
                                    "lab/world/TellerInbox",
                                    "new BankRequest.ReportRecovery(culprit, debt.recovered())",
                                    "new BankRequest.ReportRecovery(culprit, Amount.ZERO)"))
                    .by("of a culprit's account"),
            Fault.of(
                            "netting pays into the first member's reserve",
                            in(
                                    NETTING,
                                    "                    gains ? AccountKind.RESERVE : AccountKind.CLEARING,\n                    p.institution(),\n",
                                    "                    gains ? AccountKind.RESERVE : AccountKind.CLEARING,\n                    gains ? positions.getFirst().institution() : p.institution(),\n"))
                    .by("netting moves money from"),
            Fault.of(
                            "an institution is told that it lost what it gained",
                            in(
                                    NETTING,
                                    "                            gains ? net : Amount.ZERO,\n                            gains ? Amount.ZERO : net));",
                                    "                            gains ? Amount.ZERO : net,\n                            gains ? net : Amount.ZERO));"))
                    .by("is told that netting brought it"),
            Fault.of(
                            "a contribution comes from nobody's reserve",
                            in(
                                    "bank/registry/Operations",
                                    "draft.post(reserve, AccountName.of(AccountKind.GUARANTEE),",
                                    "draft.post(AccountName.of(AccountKind.ISSUE), AccountName.of(AccountKind.GUARANTEE),"))
                    .by("a contribution comes from"));
}
