package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jiaozi.core.evidence.Evidence;
import org.jiaozi.core.evidence.EvidenceFile;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.BoundKey;
import org.jiaozi.core.message.Claim;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.message.OwnerChange;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.wallet.purse.Pseudonym;

/** Institutions that try what the registry must not let them, and purses of their own making. */
final class RogueHouses {
    private RogueHouses() {}

    static void act(World world) {
        Optional<CentralBank.Asked> found = world.central().earlier(asked -> true);
        if (found.isEmpty()) {
            return;
        }
        Dice dice = world.dice();
        House house = dice.pick(world.bank().houses());
        CentralBank.Asked earlier = found.get();
        world.tally().count(Tally.Event.ROGUE_INSTITUTION);
        try {
            switch (dice.below(11)) {
                case 0, 1 -> otherRequest(world, house);
                case 2 -> issue(world, house, earlier, false);
                case 3 -> issue(world, house, earlier, true);
                case 4, 5 -> bend(world, house, earlier);
                case 6 -> claim(world, house);
                case 7 -> accuse(world, house);
                case 8, 9 -> world.madeUp().appear(house);
                default -> recover(world, house);
            }
        } catch (Died died) {
            world.story().tell(() -> died.getMessage() + ", dies");
        }
    }

    /** What another institution asked, as its own. */
    private static void otherRequest(World world, House house) {
        boolean refunds = world.dice().chance(50);
        Optional<CentralBank.Asked> found = world.central()
                .earlier(asked -> !asked.caller().equals(house.id())
                        && (refunds
                                ? asked.request() instanceof BankRequest.Refund
                                : asked.request() instanceof BankRequest.ChangeOwners
                                        || asked.request() instanceof BankRequest.RegisterNote));
        if (found.isPresent()) {
            CentralBank.Asked earlier = found.get();
            BankAnswer answer = world.central().tried(house, earlier.request());
            boolean paid = switch (answer) {
                case BankAnswer.Refunded back -> !back.amount().isZero();
                case BankAnswer.Registered _ -> true;
                case BankAnswer.OwnersChanged changed ->
                    changed.answer().statement().settlements().stream()
                            .anyMatch(s -> !s.outcomes().isEmpty());
                default -> false;
            };
            world.judge().expect(!paid, house + " gets what is another's");
        }
    }

    /** A second note for one load, or one above every quota. */
    private static void issue(World world, House house, CentralBank.Asked earlier, boolean tooMuch) {
        if (earlier.request() instanceof BankRequest.RegisterNote r) {
            Note n = r.note().statement();
            Amount value = tooMuch ? new Amount(WorldBank.LIMIT + 1) : n.value().plus(new Amount(1));
            Note twin = new Note(
                    house.keyId(),
                    n.quota(),
                    n.currency(),
                    value,
                    n.expiry(),
                    n.maxHops(),
                    n.holder(),
                    tooMuch ? world.nonce() : n.loadNonce());
            if (!tooMuch && !(n.issuer().equals(house.keyId()) && world.bank().registered(r.note()))) {
                return;
            }
            BankAnswer answer =
                    world.central().tried(house, new BankRequest.RegisterNote(Signed.by(house.signer(), twin)));
            world.judge()
                    .expect(
                            answer instanceof BankAnswer.Refused,
                            tooMuch ? "a note above every quota is registered" : "one load makes two notes");
        }
    }

    /** Bytes that were right before one bit of them changed, or lists that carry one deposit twice. */
    private static void bend(World world, House house, CentralBank.Asked earlier) {
        Dice dice = world.dice();
        switch (earlier.request()) {
            case BankRequest.ChangeOwners r -> {
                Bytes lineage = r.changes().getFirst().lineage();
                List<OwnerChange> changes = new ArrayList<>();
                changes.add(new OwnerChange(dice.chance(50) ? bent(dice, lineage) : lineage, false));
                changes.add(new OwnerChange(lineage, false));
                world.central().tried(world.bank().house(earlier.caller()), new BankRequest.ChangeOwners(changes));
            }
            case BankRequest.PutOnRecord r ->
                world.central()
                        .tried(
                                house,
                                new BankRequest.PutOnRecord(List.of(
                                        bent(dice, r.lineages().getFirst()),
                                        r.lineages().getLast())));
            case BankRequest.Convict r -> world.central().tried(house, new BankRequest.Convict(bent(dice, r.file())));
            default -> {}
        }
    }

    private static Bytes bent(Dice dice, Bytes right) {
        byte[] bytes = right.toArray();
        bytes[dice.below(bytes.length)] ^= (byte) (1 << dice.below(8));
        return Bytes.of(bytes);
    }

    /** Claims what keys hold that never asked it for a certificate. */
    private static void claim(World world, House house) {
        Device victim = world.dice().pick(world.devices());
        if (victim.house().equals(house) || victim.disk().purse().pseudonyms().isEmpty()) {
            return;
        }
        Pseudonym key = world.dice().pick(victim.disk().purse().pseudonyms());
        // the key's word, made up by the institution itself
        KeyProof forged = new KeyProof(
                key.key(),
                KeyProof.by(house.signer(), house.id(), world.nonce()).proof());
        Claim claim = new Claim(house.id(), "nobody", world.nonce(), world.now());
        BankAnswer answer = world.central()
                .tried(
                        house,
                        new BankRequest.RegisterClaim(
                                List.of(new BoundKey(forged, world.nonce())),
                                Signed.by(house.signer(), claim),
                                house.signer().publicKey()));
        world.judge().expect(answer instanceof BankAnswer.Refused, house + " claims for a key of another");
    }

    /** Evidence against somebody honest, one of whose statements it made up. */
    private static void accuse(World world, House house) {
        Device victim = world.dice().pick(world.devices());
        for (var entry : victim.disk().purse().log().values()) {
            Transfer t = entry.transfer().statement();
            Transfer other = new Transfer(t.inputs(), t.payee(), world.nonce(), t.seq(), t.spentTotal(), t.at());
            Evidence evidence = new Evidence.SequenceEvidence(
                    entry.certificate(), entry.transfer(), Signed.by(house.signer(), other));
            Bytes file = new EvidenceFile(evidence, world.bank().bulletin()).encode();
            world.central().tried(house, new BankRequest.Convict(file));
            return;
        }
    }

    /** Says what another's culprit paid. */
    private static void recover(World world, House house) {
        for (Device device : world.devices()) {
            for (Pseudonym p : device.disk().purse().pseudonyms()) {
                if (!device.house().equals(house)
                        && !world.madeUp().isShared(p.thumbprint())
                        && world.judge().culprits().contains(p.thumbprint().hex())) {
                    BankAnswer answer =
                            world.central().tried(house, new BankRequest.ReportRecovery(p.thumbprint(), new Amount(1)));
                    world.judge().expect(answer instanceof BankAnswer.Refused, house + " speaks for another's culprit");
                    return;
                }
            }
        }
    }
}
