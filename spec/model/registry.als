// The registry: deposits and refunds in any order (spec 07). What a purse that keeps its rules signs is taken from
// purse.als, which checks it (HonestNeverConvicted); all others sign anything.
//
// What a filing gets depends on what came before it and on nothing later, so a registry here is an order of filings and
// what each was answered. A registry that has heard less is one with fewer filings.
module registry
open statements

sig Honest in PurseKey {}
fact { all k: Honest | not convicts[k, signer.k] }

// What an institution hands in.
abstract sig Filing { moved: Transfer }
sig Deposit extends Filing {}
sig Refund extends Filing { denial: Denial }

fact {
  all f: Deposit | f.moved.payee in BankKey
  all f: Refund | f.moved.payee in PurseKey
  // the same content is the same request, and gets the stored answer
  all disj f, g: Deposit | f.moved != g.moved
  all disj f, g: Refund | f.moved != g.moved or f.denial != g.denial
}

sig Registry {
  // what came before a filing
  prior: Filing -> Filing,
  // what was on record once it was heard
  record: Filing -> Transfer,
  denials: Filing -> Denial,
  // whom that convicts
  convicted: Filing -> PurseKey,
  // what it was paid: out of the issuer's float, or because somebody cheated
  redeemed: Filing -> Input -> Unit,
  whole: Filing -> Input -> Unit
}

fact Arrival {
  all r: Registry, f: Filing | f not in r.prior[f] and r.prior[r.prior[f]] in r.prior[f]
  all r: Registry, disj f, g: Filing | f in r.prior[g] iff g not in r.prior[f]
  all r: Registry, f: Filing | r.redeemed[f] + r.whole[f] in inputs[f.moved] <: units
  all r: Registry, f: Filing, k: PurseKey | k in r.convicted[f] iff convicts[k, r.record[f] + r.denials[f]]
  all mine, theirs: Input | culprit[mine, theirs] =
    (mine = theirs implies none
     else theirs in mine.path implies owner[theirs]
     else mine in theirs.path implies owner[mine]
     else ((mine.path - theirs.path) & source.((theirs.path - mine.path).source)).transfer.signer)
}

fun filer[f: Filing]: PurseKey { f.moved.signer }

// Who signed both ways where two ways from a note part; who denied what went on; nobody for one's own (clause 9).
one sig Blame { of: Input -> Input -> Key }
fun culprit[mine, theirs: Input]: set Key { theirs.(mine.(Blame.of)) }

// Where a unit was settled that `mine` takes as well.
pred rival[r: Registry, f: Filing, mine, theirs: Input, u: Unit] {
  mine != theirs and theirs.note = mine.note
  u in (f + r.prior[f]).(r.redeemed)[theirs]
}

pred atFault[r: Registry, f: Filing, mine, theirs: Input] {
  no culprit[mine, theirs] or culprit[mine, theirs] = filer[f] or filer[f] in r.convicted[f]
}

// A refund of what was refunded before, under another non-receipt.
pred answeredBefore[r: Registry, f: Filing] { f.moved in r.prior[f].moved }

// ---- the registry's rules

// rule: checksLineages - what does not hold is refused whole (spec 07, clause 6)
pred checksLineages { all f: Filing | sound[f.moved] }

// rule: deniedByItsPayee - a refund needs the payee's own word on exactly this transfer (401, 404)
pred deniedByItsPayee {
  all f: Refund | f.denial.signer = f.moved.payee and f.denial.nonce = f.moved.nonce and denies[f.denial, f.moved]
}

// rule: everythingGoesOnRecord - every transfer of every lineage, whatever becomes of it (clause 9)
pred everythingGoesOnRecord {
  all r: Registry, f: Filing | r.record[f] = (f + r.prior[f]).moved.lineage
}

// rule: denialsGoOnRecord - and every non-receipt
pred denialsGoOnRecord {
  all r: Registry, f: Filing | r.denials[f] = (f + r.prior[f]).denial
}

// rule: paysWhatIsFree - input by input, a part that is settled already is not redeemed again (clause 9)
pred paysWhatIsFree {
  all r: Registry, f: Filing, o: inputs[f.moved], u: r.redeemed[f][o] {
    no g: r.prior[f], p: note.(o.note) | u in r.redeemed[g][p]
    no e: o.earlier & note.(o.note) | u in r.redeemed[f][e]
  }
}

// rule: paysAllThatIsFree - and every other part is (clause 9)
pred paysAllThatIsFree {
  all r: Registry, f: Filing, o: inputs[f.moved], u: o.units |
    u in r.redeemed[f][o] or answeredBefore[r, f]
    or (some g: f + r.prior[f], p: note.(o.note) | u in r.redeemed[g][p])
}

// rule: makesOthersWhole - parts that were settled before are paid to whoever is not to blame (clause 9)
pred makesOthersWhole {
  all r: Registry, f: Filing, o: inputs[f.moved], u: o.units |
    not answeredBefore[r, f] and (some p: Input | rival[r, f, o, p, u] and not atFault[r, f, o, p])
      implies u in r.whole[f][o]
}

// rule: notByOwnFault - and to nobody else: not for one's own, not to who signed both ways, not to a convicted key
pred notByOwnFault {
  all r: Registry, f: Filing, o: inputs[f.moved], u: r.whole[f][o] |
    some p: Input | rival[r, f, o, p, u] and not atFault[r, f, o, p]
}

// rule: refundsOnce - the same transfer is refunded once (clause 11)
pred refundsOnce {
  all r: Registry, f: Filing | answeredBefore[r, f] implies no r.redeemed[f] and no r.whole[f]
}

fact Rules {
  checksLineages
  deniedByItsPayee
  everythingGoesOnRecord
  denialsGoOnRecord
  paysWhatIsFree
  paysAllThatIsFree
  makesOthersWhole
  notByOwnFault
  refundsOnce
}

// ---- what must hold

// issued = redeemed + refunded + outstanding: a unit of a note is settled at most once, and only units that it has.
assert MoneyConserved {
  all r: Registry, n: Note, u: Unit {
    lone { f: Filing, o: note.n | u in r.redeemed[f][o] }
    (some f: Filing, o: note.n | u in r.redeemed[f][o]) implies u in n.units
  }
}

// A part of a transfer is paid at most once: a deposit once, a refund once, whatever non-receipt it comes with.
assert PaidOnce {
  all r: Registry, o: Input, u: Unit | lone { f: Filing | u in r.redeemed[f][o] + r.whole[f][o] }
  all r: Registry, f: Filing | no r.redeemed[f] & r.whole[f]
}

// Whatever is paid beyond a note's units, a convicted key owes, and not the one that is paid.
assert CulpritOwesWhatIsMadeWhole {
  all r: Registry, f: Filing, o: inputs[f.moved], u: r.whole[f][o] |
    some p: Input, k: PurseKey - filer[f] | rival[r, f, o, p, u] and k in culprit[o, p] and k in r.convicted[f]
}

// An honest holder who files is paid in full, redeemed or made whole.
assert HonestHolderIsPaid {
  all r: Registry, f: Filing, o: inputs[f.moved], u: o.units | filer[f] in Honest implies
    some g: moved.(f.moved) | u in r.redeemed[g][o] + r.whole[g][o]
}

// Convictions and settled units do not depend on the order of arrival.
assert OrderDoesNotMatter {
  all r, s: Registry {
    Filing.(r.convicted) = Filing.(s.convicted)
    all n: Note, u: Unit |
      (some f: Filing, o: note.n | u in r.redeemed[f][o]) iff (some f: Filing, o: note.n | u in s.redeemed[f][o])
  }
}

// Who denies a transfer and passes on what it moved is convicted once both are known, in whichever order.
assert LieAboutReceiptConvicts {
  all r: Registry, f: Refund, g: Filing, o: inputs[f.moved] & inputs[g.moved].path - inputs[g.moved] |
    owner[o] in Filing.(r.convicted)
}

// Bounds: a note or two of two units, three keys and a bank's, three or four transfers with four inputs in all, three
// filings; two registries where orders are compared.
run ADoubleSpendIsMadeWhole {
  some r: Registry, f: Deposit | filer[f] in Honest and some r.whole[f]
} for 4 but 1 Registry, 3 PurseKey, 1 BankKey, 1 Note, 4 Transfer, 5 Output, 4 Input, 0 Receipt, 0 Denial, 4 Statement, 2 Unit, 2 Filing
run ARefundHappens {
  some r: Registry, f: Refund | filer[f] + f.denial.signer in Honest and some r.redeemed[f]
} for 3 but 1 Registry, 2 PurseKey, 1 BankKey, 1 Note, 2 Transfer, 3 Output, 2 Input, 0 Receipt, 1 Denial, 3 Statement, 2 Unit, 1 Filing
run ARefundOfWhatWasPassedOn {
  some r: Registry, f: Refund, g: Deposit | filer[f] + filer[g] in Honest and some r.whole[f] and some r.redeemed[g]
} for 4 but 1 Registry, 3 PurseKey, 1 BankKey, 1 Note, 4 Transfer, 5 Output, 4 Input, 0 Receipt, 1 Denial, 5 Statement, 2 Unit, 2 Filing

check MoneyConserved for 4 but 1 Registry, 3 PurseKey, 1 BankKey, 2 Note, 3 Transfer, 6 Output, 4 Input, 0 Receipt, 1 Denial, 4 Statement, 2 Unit, 3 Filing
check PaidOnce for 4 but 1 Registry, 3 PurseKey, 1 BankKey, 1 Note, 3 Transfer, 5 Output, 4 Input, 0 Receipt, 2 Denial, 5 Statement, 2 Unit, 3 Filing
check CulpritOwesWhatIsMadeWhole for 4 but 1 Registry, 3 PurseKey, 1 BankKey, 1 Note, 4 Transfer, 5 Output, 4 Input, 0 Receipt, 1 Denial, 5 Statement, 2 Unit, 3 Filing
check HonestHolderIsPaid for 4 but 1 Registry, 3 PurseKey, 1 BankKey, 1 Note, 4 Transfer, 5 Output, 4 Input, 0 Receipt, 1 Denial, 5 Statement, 2 Unit, 3 Filing
check OrderDoesNotMatter for 4 but 2 Registry, 3 PurseKey, 1 BankKey, 1 Note, 4 Transfer, 5 Output, 4 Input, 0 Receipt, 1 Denial, 5 Statement, 2 Unit, 3 Filing
check LieAboutReceiptConvicts for 4 but 1 Registry, 3 PurseKey, 1 BankKey, 1 Note, 4 Transfer, 5 Output, 4 Input, 0 Receipt, 1 Denial, 5 Statement, 2 Unit, 3 Filing
