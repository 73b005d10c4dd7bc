// What purses sign, and what a lineage is. Everything else in this folder is built on this file.
//
// A note is a ruler of units. An output is a note, or what one input of a transfer moved; so an input names the output it
// takes from, and is itself the output that the payee gets (spec 05, clause 1). Two atoms are two payloads: the same
// payload under another signature is the same atom (spec 05, clause 2).
module statements
open util/ordering[Unit] as ruler

sig Unit {}
sig Nonce {}

// Sequence numbers are compared and otherwise only counted (purse.als).
sig Seq {}

abstract sig Key {}
// A deposit key that the bulletin lists.
sig BankKey extends Key {}
// A key that an institution certified.
sig PurseKey extends Key {}

abstract sig Output {
  units: some Unit,
  // the outputs from the note to this one, both included; worked out from `source`
  path: set Output,
  note: Note
}
sig Note extends Output { holder: PurseKey, load: Nonce }
// `earlier` are the inputs of the same transfer with a lower index.
sig Input extends Output { source: Output, transfer: Transfer, earlier: set Input }

abstract sig Statement { signer: PurseKey, nonce: Nonce }
sig Transfer extends Statement {
  payee: Key,
  number: Seq,
  // itself and the transfers it comes from; worked out
  lineage: set Transfer
}
// The payee credited this transfer.
sig Receipt extends Statement { credited: Transfer }
// The payee credited nothing for this request but `accepted`.
sig Denial extends Statement { accepted: lone Transfer }

fun inputs[t: Transfer]: set Input { transfer.t }
fun owner[o: Output]: Key { o.holder + o.transfer.payee }

// A part [lo, hi) of the ruler: with two units, all between them.
pred contiguous[part: set Unit] {
  all a, b: part | ruler/nexts[a] & ruler/prevs[b] in part
}

// Whether no unit of `whole` lies below some unit of `part` without being in it.
pred lowest[part, whole: set Unit] { no ruler/prevs[part] & (whole - part) }

fact Form {
  // a note is a range from 0
  all n: Note | ruler/first in n.units
  all o: Output | contiguous[o.units]
  all t: Transfer | some inputs[t]
  all i: Input | i.earlier in inputs[i.transfer] - i and i.earlier.earlier in i.earlier
  all disj i, j: Input | i.transfer = j.transfer implies (i in j.earlier iff j not in i.earlier)
  // a statement contains its parents' hashes, so none is its own ancestor
  no t: Transfer | t in t.^(~transfer.source.transfer)
  path = Output <: *source
  note = path :> Note
  lineage = ~transfer.path.transfer
  // one atom for one payload
  all disj a, b: Receipt | a.signer != b.signer or a.nonce != b.nonce or a.credited != b.credited
  all disj a, b: Denial | a.signer != b.signer or a.nonce != b.nonce or a.accepted != b.accepted
  all disj a, b: Transfer | not samePayload[a, b]
}

pred samePayload[a, b: Transfer] {
  a.signer = b.signer and a.payee = b.payee and a.nonce = b.nonce and a.number = b.number
  all i: inputs[a] | some j: inputs[b] | i.source = j.source and i.units = j.units
  all j: inputs[b] | some i: inputs[a] | i.source = j.source and i.units = j.units
}

// ---- what institution, registry and payee check of a lineage (spec 05, clause 7, item 4, and clause 1)

// rule: heldByItsSigner - what an input takes was held by the key that signs it (305)
pred heldByItsSigner[t: Transfer] {
  all i: inputs[t] | owner[i.source] = t.signer
}

// rule: insideItsParent - an input's range lies in what its parent moved (301)
pred insideItsParent[t: Transfer] {
  all i: inputs[t] | i.units in i.source.units
}

// rule: inputsApart - two inputs of one transfer do not overlap on one output (302)
pred inputsApart[t: Transfer] {
  all disj i, j: inputs[t] | i.source = j.source implies no i.units & j.units
}

pred sound[t: Transfer] {
  all a: t.lineage | heldByItsSigner[a] and insideItsParent[a] and inputsApart[a]
}

// ---- evidence (spec 07, clauses E1 to E3): what convicts a key, given what it said

pred overlapping[a, b: Transfer] {
  a != b and a.signer = b.signer
  some i: inputs[a], j: inputs[b] | i.source = j.source and some i.units & j.units
}

pred sameSeq[a, b: Transfer] { a != b and a.signer = b.signer and a.number = b.number }

pred denies[d: Denial, t: Transfer] { t not in d.accepted }

pred admittedByReceipt[d: Denial, r: Receipt] {
  d.signer = r.signer and d.nonce = r.nonce and denies[d, r.credited]
}

pred admittedBySpending[d: Denial, s: Transfer] {
  d.signer = s.signer
  some i: inputs[s] | let t = i.source.transfer |
    some t and t.payee = d.signer and t.nonce = d.nonce and denies[d, t]
}

pred convicts[k: PurseKey, said: set Statement] {
  let mine = said & signer.k |
    (some a, b: mine & Transfer | overlapping[a, b] or sameSeq[a, b])
    or (some d: mine & Denial, r: mine & Receipt | admittedByReceipt[d, r])
    or (some d: mine & Denial, s: mine & Transfer | admittedBySpending[d, s])
}
