// Purses over time: what they store, what they sign, what leaves them (spec 05, clauses 3 and 4; spec 06).
//
// Everybody hears whatever has left a device, may deliver it to anybody, as often as they like, late or never. A device
// stores first and lets bytes leave afterwards, so it can be cut off between any two steps; a message that is lost is one
// that nobody acts on. Hosts choose nonces, inputs and order. Broken keys say anything. Devices are copied at any time.
module purse
open statements
open util/ordering[Seq] as counter

// One copy of a purse: what is stored on it. Copies of a device have its key.
sig Device {
  key: PurseKey,
  // of each slice what is left
  var holds: Output -> Unit,
  var requests: set Nonce,
  var loads: set Nonce,
  // nonces that it ever opened. A purse keeps no such list: its nonces have the mark in them, which never comes twice
  var opened: set Nonce,
  // what it signed: log of transfers, receipts and denials
  var kept: set Statement,
  var last: lone Seq,
  // what has left it, and had left the device that it was copied from
  var sent: set Statement
}
// Somebody has got the key out of the element, or the element does as it likes.
sig Broken in PurseKey {}
// Notes that were loaded before the story begins.
sig Loaded in Note {}

var sig Running in Device {}
// Old copies that were put back, and whose mark is behind the one kept outside.
var sig Behind in Device {}
// Keys that once ran on two devices, mark and all.
var sig Cloned in PurseKey {}

// What has left some device; whoever is broken may say anything at any time, so it has said it.
fun public: set Statement { signer.Broken + Device.sent }

// What has left one, or may leave it next.
fun saidBy[d: Device]: set Statement { d.sent + d.kept }

fun said: set Statement { public + saidBy[Running] }

fun honest: set PurseKey { PurseKey - Broken - Cloned }

// ---- what a purse refuses (spec 06, clauses 2, 8 and 11)

// rule: opensANonceOnce - a request, a load, and a deposit with the load under its nonce, open a nonce never opened before
pred opensANonceOnce[d: Device, n: Nonce] { n not in d.opened }

// rule: creditsWhatItAskedFor - only a payment under a nonce that it opened (401)
pred creditsWhatItAskedFor[d: Device, t: Transfer] { t.nonce in d.requests }

// rule: creditsItsOwn - only a payment to its key (404)
pred creditsItsOwn[d: Device, t: Transfer] { t.payee = d.key }

// rule: consumesTheNonce - crediting and denying close the nonce for good
pred consumesTheNonce[d: Device, n: Nonce] { d.requests' = d.requests - n }

// rule: loadsWhatItOpened - only a note for a load that is open (403), and its own (404)
pred loadsWhatItOpened[d: Device, o: Note] { o.load in d.loads and o.holder = d.key }

// rule: closesTheLoad - one load makes one note
pred closesTheLoad[d: Device, n: Nonce] { d.loads' = d.loads - n }

// rule: deniesTruly - a denial names what was credited for the nonce, and nothing can be credited under it afterwards
pred deniesTruly[d: Device, x: Denial] {
  x.nonce in d.requests + (d.kept & (Receipt + Denial)).nonce
  x.accepted = (d.kept & Receipt & nonce.(x.nonce)).credited
}

// rule: takesWhatIsLeft - an input takes the lowest part of what is left of a slice (301, 304)
pred takesWhatIsLeft[d: Device, t: Transfer] {
  all i: inputs[t] | i.units in d.holds[i.source] and lowest[i.units, d.holds[i.source]]
}

// No slice twice in one transfer (302). Who breaks this is paid by nobody: inputsApart.
pred takesEachSliceOnce[t: Transfer] {
  all disj i, j: inputs[t] | i.source != j.source
}

// rule: paysARequestOnce - a nonce in the log gets the stored bytes again and no other transfer (401)
pred paysARequestOnce[d: Device, t: Transfer] { t.nonce not in (d.kept & Transfer).nonce }

// rule: countsUp - the sequence number is above the key's last
pred countsUp[d: Device, t: Transfer] { t.number not in d.last + counter/prevs[d.last] }

// rule: leavesNoGap - and one more than it, so that two copies that both pay use one number
pred leavesNoGap[d: Device, t: Transfer] {
  counter/prevs[t.number] in d.last + counter/prevs[d.last]
}

// rule: movesItsPointers - what is signed away is no longer held, nor is it numbered again
pred movesItsPointers[d: Device, t: Transfer] {
  d.holds' = d.holds - { o: Output, u: Unit | some i: inputs[t] | o = i.source and u in i.units }
  d.last' = t.number
}

// rule: storedBeforeItLeaves - pointer, counter, log and signature are durable before any byte leaves
pred storedBeforeItLeaves[d: Device, s: Statement] { s in d.kept }

// rule: oldCopySignsNothing - a directory behind its mark signs nothing (604)
pred oldCopySignsNothing[d: Device] { d not in Behind }

// ---- what a payee's wallet checks around its purse; the purse itself takes this on its host's word

// rule: checksTheLineage - every statement of it is signed and it holds (spec 05, clause 7)
pred checksTheLineage[t: Transfer] { t.lineage in public and sound[t] }

// ---- steps

pred same[d: Device] {
  d.holds' = d.holds
  d.requests' = d.requests
  d.loads' = d.loads
  d.opened' = d.opened
  d.kept' = d.kept
  d.last' = d.last
  d.sent' = d.sent
}

// Only d changes, and nothing leaves it.
pred within[d: Device] {
  d.sent' = d.sent
  all e: Device - d | same[e]
  Running' = Running
  Behind' = Behind
  Cloned' = Cloned
}

pred canAct[d: Device] {
  d in Running and d.key not in Broken
  oldCopySignsNothing[d]
}

pred ask[d: Device, n: Nonce] {
  canAct[d]
  opensANonceOnce[d, n]
  d.requests' = d.requests + n
  d.opened' = d.opened + n
  d.loads' = d.loads and d.holds' = d.holds and d.kept' = d.kept and d.last' = d.last
  within[d]
}

pred openLoad[d: Device, n: Nonce] {
  canAct[d]
  opensANonceOnce[d, n]
  d.loads' = d.loads + n
  d.opened' = d.opened + n
  d.requests' = d.requests and d.holds' = d.holds and d.kept' = d.kept and d.last' = d.last
  within[d]
}

// There is room for so many answers. What was said under one nonce goes together.
pred forget[d: Device, n: Nonce] {
  canAct[d]
  d.kept' = d.kept - (Receipt + Denial) & nonce.n
  d.requests' = d.requests and d.loads' = d.loads and d.opened' = d.opened and d.holds' = d.holds and d.last' = d.last
  within[d]
}

pred loadNote[d: Device, o: Note] {
  canAct[d]
  loadsWhatItOpened[d, o]
  closesTheLoad[d, o.load]
  d.holds' = d.holds + o -> o.units
  d.requests' = d.requests and d.opened' = d.opened and d.kept' = d.kept and d.last' = d.last
  within[d]
}

pred credit[d: Device, t: Transfer, r: Receipt] {
  canAct[d]
  checksTheLineage[t]
  creditsWhatItAskedFor[d, t]
  creditsItsOwn[d, t]
  r.signer = d.key and r.nonce = t.nonce and r.credited = t
  consumesTheNonce[d, t.nonce]
  d.holds' = d.holds + { o: inputs[t], u: Unit | u in o.units }
  d.kept' = d.kept + r
  d.loads' = d.loads and d.opened' = d.opened and d.last' = d.last
  within[d]
}

pred deny[d: Device, x: Denial] {
  canAct[d]
  x.signer = d.key
  deniesTruly[d, x]
  consumesTheNonce[d, x.nonce]
  d.kept' = d.kept + x
  d.loads' = d.loads and d.opened' = d.opened and d.last' = d.last and d.holds' = d.holds
  within[d]
}

pred wouldSign[d: Device, t: Transfer] {
  t.signer = d.key
  takesWhatIsLeft[d, t]
  takesEachSliceOnce[t]
  paysARequestOnce[d, t]
  countsUp[d, t]
  leavesNoGap[d, t]
  t.payee in BankKey implies opensANonceOnce[d, t.nonce]
}

// A payment, or a deposit: that opens a load, under which it comes back as a note if it is refused.
pred move[d: Device, t: Transfer] {
  canAct[d]
  wouldSign[d, t]
  movesItsPointers[d, t]
  d.kept' = d.kept + t
  t.payee in BankKey implies {
    d.loads' = d.loads + t.nonce
    d.opened' = d.opened + t.nonce
  } else {
    d.loads' = d.loads
    d.opened' = d.opened
  }
  d.requests' = d.requests
  within[d]
}

// Sent, and sent again after a tear: what is stored and nothing else.
pred emit[d: Device, s: Statement] {
  canAct[d]
  s in d.kept or (s in Transfer and wouldSign[d, s])
  storedBeforeItLeaves[d, s]
  d.sent' = d.sent + s
  d.holds' = d.holds and d.requests' = d.requests and d.loads' = d.loads
  d.opened' = d.opened and d.kept' = d.kept and d.last' = d.last
  all e: Device - d | same[e]
  Running' = Running and Behind' = Behind and Cloned' = Cloned
}

// An old copy of the directory, here that of the beginning, is put back. The mark outside stays what it is; so if anything
// happened since, the copy is behind it.
pred restore[d: Device] {
  d in Running
  d.holds' = { o: Loaded & holder.(d.key), u: Unit | u in o.units }
  d.opened' = (Loaded & holder.(d.key)).load
  no d.requests' and no d.loads' and no d.kept' and no d.last'
  d.sent' = d.sent
  all e: Device - d | same[e]
  Behind' = Behind + d
  Running' = Running and Cloned' = Cloned
}

// rule: copiesOneMoment - what is stored is one state, and a copy has all of it as it was at one moment
pred copiesOneMoment[d, c: Device] {
  c.holds' = d.holds and c.requests' = d.requests and c.loads' = d.loads
  c.opened' = d.opened and c.kept' = d.kept and c.last' = d.last
}

// A copy with its mark: nobody can tell the two apart, and both run. So does an image that is put back with its mark, after
// which the device that it was taken of may run no more.
pred clone[d, c: Device] {
  d in Running and c not in Running and c.key = d.key
  copiesOneMoment[d, c]
  c.sent' = d.sent
  all e: Device - c | same[e]
  Running' = Running + c
  Cloned' = Cloned + d.key
  Behind' = (d in Behind implies Behind + c else Behind)
}

pred idle {
  all e: Device | same[e]
  Running' = Running and Behind' = Behind and Cloned' = Cloned
}

pred begin {
  no Cloned and no Behind and no sent
  all d: Device | one key.(d.key) & Running
  all o: Loaded | some key.(o.holder) & Running
  all d: Device {
    no d.kept and no d.last
    d not in Running implies no d.holds and no d.requests and no d.loads and no d.opened
    d in Running implies {
      d.holds = { o: Loaded & holder.(d.key), u: Unit | u in o.units }
      d.opened = d.requests + d.loads + (Loaded & holder.(d.key)).load
      no d.requests & d.loads and no (d.requests + d.loads) & (Loaded & holder.(d.key)).load
    }
  }
}

fact Story {
  begin
  always {
    always idle
    or (some d: Device, n: Nonce | ask[d, n] or openLoad[d, n] or forget[d, n])
    or (some d: Device, o: Note | loadNote[d, o])
    or (some d: Device, t: Transfer, r: Receipt | credit[d, t, r])
    or (some d: Device, x: Denial | deny[d, x])
    or (some d: Device, t: Transfer | move[d, t])
    or (some d: Device, s: Statement | emit[d, s])
    or (some d: Device | restore[d])
    or (some disj d, c: Device | clone[d, c])
  }
}

// ---- what must hold

// A key that never ran on two devices: no evidence of any kind can be made of what it said, whoever delivers that, in whatever
// order, and whatever broken keys and copies of others do.
assert HonestNeverConvicted {
  always all k: honest | not convicts[k, said]
}

// What one copy said convicts nobody: evidence takes two copies, each of which said a half that the other did not. So copies
// that never contradict each other are not convicted either.
assert OneCopyIsNeverConvicted {
  always all d: Running | d.key not in Broken implies not convicts[d.key, saidBy[d]]
}

// Two copies that both paid since they parted are convicted, from whatever slices they paid.
assert CopiesThatPayAreConvicted {
  always all disj d, e: Running | let k = d.key |
    k = e.key - Broken and some (d.kept - e.kept) & Transfer and some (e.kept - d.kept) & Transfer
      implies convicts[k, said]
}

// On one device, copy or not, a nonce credits at most one transfer, and an output is credited at most once, however often it
// is delivered.
assert TapCreditsOnce {
  always all d: Running - Behind - Behind' | d.key not in Broken implies
    (all n: Nonce | lone (d.kept & Receipt & nonce.n))
    and (all o: Output | (no d.holds[o] and after some d.holds[o]) implies historically no d.holds[o])
}

// A key pays a request at most once, however often it is asked, or its copies do and are convicted.
assert TapPaysOnce {
  always all k: PurseKey - Broken, n: Nonce |
    lone (said & Transfer & signer.k & nonce.n) or (k in Cloned and convicts[k, said])
}

// While no key is broken, a unit of a note is in two hands only if a copy still holds what another copy of it holds or has
// paid out of, or if copies of one key have paid it twice, which is convicted.
assert HonestMoneyIsInOnePlace {
  no Broken implies always all n: Note, u: Unit, d, e: Running - Behind, o, p: Output |
    (d != e or o != p) and n = o.note & p.note and u in d.holds[o] & e.holds[p] implies
      (o in p.path and d.key in Cloned & owner[o])
      or (p in o.path and e.key in Cloned & owner[p])
      or (some k: Cloned & o.path.transfer.signer & p.path.transfer.signer | convicts[k, said])
}

// Bounds: two keys, either of them broken, copied or neither; a note or two of two units that one of them holds at the start;
// two or three transfers; three nonces; up to three devices, so that a copy of either key runs beside the other; five states,
// that is four steps, enough for every way to break a rule.
run APaymentIsCredited {
  no Broken and eventually (some d: Device, r: Receipt, t: Transfer | credit[d, t, r] and t.signer != d.key)
} for 3 but exactly 2 PurseKey, 1 BankKey, 2 Device, 1 Note, 2 Unit, 1 Receipt, 0 Denial, 1 Transfer, 2 Output, 2 Statement, exactly 4 steps
run ATwoHopChain {
  no Broken
  eventually (some d: Device, r: Receipt, t: Transfer | credit[d, t, r]
    and some u: t.lineage - t | u.signer != t.signer and d.key not in u.signer + t.signer)
} for 3 but exactly 3 PurseKey, 1 BankKey, 3 Device, 1 Note, 1 Unit, 2 Receipt, 0 Denial, 2 Transfer, 3 Output, 4 Statement, exactly 7 steps
run ACloneIsConvicted {
  no Broken and eventually (some k: Cloned | convicts[k, said])
} for 3 but exactly 2 PurseKey, 1 BankKey, 2 Device, 1 Note, 2 Unit, 0 Receipt, 0 Denial, 2 Transfer, 3 Output, 2 Statement, exactly 4 steps
run CopiesThatKeepApart {
  no Broken and eventually (some disj d, e: Running | d.key = e.key and not convicts[d.key, said]
    and some (d.kept - e.kept) & Transfer and some (e.kept - d.kept) & Receipt)
} for 3 but exactly 2 PurseKey, 1 BankKey, 3 Device, 2 Note, 1 Unit, 1 Receipt, 0 Denial, 2 Transfer, 4 Output, 3 Statement, exactly 6 steps
run AnHonestDenial {
  eventually (some d: Device, x: Denial | deny[d, x] and some x.accepted)
} for 3 but exactly 2 PurseKey, 1 BankKey, 1 Device, 1 Note, 2 Unit, 1 Receipt, 1 Denial, 1 Transfer, 2 Output, 3 Statement, exactly 4 steps

check HonestNeverConvicted for 3 but exactly 2 PurseKey, 1 BankKey, exactly 3 Device, 1 Note, 2 Unit, 1 Receipt, 1 Denial, 2 Transfer, 3 Output, 4 Statement, exactly 5 steps
check OneCopyIsNeverConvicted for 3 but exactly 2 PurseKey, 1 BankKey, exactly 2 Device, 1 Note, 2 Unit, 1 Receipt, 1 Denial, 3 Transfer, 4 Output, 5 Statement, exactly 5 steps
check CopiesThatPayAreConvicted for 3 but exactly 2 PurseKey, 1 BankKey, exactly 2 Device, 2 Note, 2 Unit, 0 Receipt, 0 Denial, 3 Transfer, 5 Output, 3 Statement, exactly 5 steps
check TapCreditsOnce for 3 but exactly 2 PurseKey, 1 BankKey, exactly 2 Device, 1 Note, 2 Unit, 2 Receipt, 1 Denial, 2 Transfer, 3 Output, 5 Statement, exactly 5 steps
check TapPaysOnce for 3 but exactly 2 PurseKey, 1 BankKey, exactly 2 Device, 2 Note, 2 Unit, 1 Receipt, 1 Denial, 3 Transfer, 5 Output, 4 Statement, exactly 5 steps
check HonestMoneyIsInOnePlace for 3 but exactly 2 PurseKey, 1 BankKey, exactly 3 Device, 1 Note, 2 Unit, 2 Receipt, 0 Denial, 2 Transfer, 4 Output, 4 Statement, exactly 5 steps
