// Two lineages that hold and take the same units part at a pair that convicts one key (spec 07, clause E8).
// Behaviour over time does not matter here: whatever transfers there are, however they came about.
module overlap
open statements

// Every transfer that somebody shows comes with a lineage that holds.
fact { all t: Transfer | sound[t] }

pred taken[a, b: Input] {
  a.note = b.note and some a.units & b.units
  a not in b.path and b not in a.path
}

assert EveryOverlapConvicts {
  all disj a, b: Input | taken[a, b] implies
    some x: a.transfer.lineage, y: b.transfer.lineage | overlapping[x, y]
}
// Bounds: two notes of three units, five transfers of three keys with four inputs in all.
run AnOverlap { some disj a, b: Input | taken[a, b] and a.transfer.payee + b.transfer.payee in BankKey } for 4 but 1 Note, 2 Transfer, 0 Receipt, 0 Denial, 2 Unit
check EveryOverlapConvicts for 6 but 2 Note, 5 Transfer, 0 Receipt, 0 Denial, 3 Unit, 3 PurseKey, 2 BankKey
