package org.jiaozi.lab.faults;

import static org.jiaozi.lab.faults.Fault.in;

import java.util.List;

/** Faults of who bears what a culprit cost. */
final class LossFaults {
    private static final String DESK = "bank/registry/ConvictionDesk";
    private static final String SETTLING = "bank/registry/Settling";
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
                            "                        conviction.certifier(),\n",
                            "                        institution,\n")),
            Fault.of(
                    "nobody looks at what is due to a flagged holder",
                    in(
                            "bank/registry/DepositDesk",
                            "settling.compensate(flagged ? Optional.of(context.policy().reviewAbove()) : Optional.empty());",
                            "settling.compensate(Optional.empty());")));
}
