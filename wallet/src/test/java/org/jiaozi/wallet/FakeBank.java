package org.jiaozi.wallet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCheck;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.Counters;
import org.jiaozi.core.message.Handover;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;

/** An institution with one account that answers as the protocol says, idempotently, and counts what it gave and took. */
final class FakeBank {
    final World world;
    long balance;
    long issued;
    int reports;
    final Set<Hash> uploaded = new HashSet<>();
    final Set<Hash> deposits = new HashSet<>();
    final List<Signed<Handover>> handovers = new ArrayList<>();
    final Set<Hash> evidence = new HashSet<>();
    Optional<Refusal> refuseDeposits = Optional.empty();
    Optional<Refusal> refuseLoads = Optional.empty();
    private final Map<Nonce, WalletAnswer> answers = new HashMap<>();
    private final Map<Nonce, WalletAnswer> loads = new HashMap<>();
    private final Map<Thumbprint, PublicKey> keys = new HashMap<>();

    FakeBank(World world, World.Device device, long balance) {
        this.world = world;
        this.balance = balance;
        device.state.purse().pseudonyms().forEach(p -> trust(p.key()));
    }

    /** One that has bound these keys and no other. */
    FakeBank(World world, List<PublicKey> bound) {
        this.world = world;
        bound.forEach(this::trust);
    }

    final void trust(PublicKey key) {
        keys.put(key.thumbprint(), key);
    }

    WalletAnswer answer(Signed<WalletMessage> message) {
        PublicKey sender = keys.get(message.statement().sender());
        if (sender == null || !message.verifies(world.crypto, sender)) {
            throw new AssertionError("not signed by a known key");
        }
        WalletAnswer before = answers.get(message.statement().id());
        if (before != null) {
            return before;
        }
        WalletAnswer answer = decide(message.statement());
        // a fault decides nothing
        if (!(answer instanceof WalletAnswer.Refused no && no.refusal().code().isFault())) {
            answers.put(message.statement().id(), answer);
        }
        return answer;
    }

    private WalletAnswer decide(WalletMessage message) {
        return switch (message.body()) {
            case WalletRequest.Upload u -> {
                List<Hash> hashes = new ArrayList<>();
                u.lineages().forEach(l -> hashes.add(decode(l).head().transfer().hash()));
                uploaded.addAll(hashes);
                yield new WalletAnswer.Uploaded(hashes);
            }
            case WalletRequest.Deposit d -> deposit(decode(d.lineage()));
            case WalletRequest.Load ignored when refuseLoads.isPresent() -> new WalletAnswer.Refused(refuseLoads.get());
            case WalletRequest.TakeOver t -> {
                handovers.add(t.handover());
                yield deposit(decode(t.lineage()));
            }
            case WalletRequest.Load l -> {
                if (!loads.containsKey(l.loadNonce())) {
                    if (balance < l.amount().minor()) {
                        yield new WalletAnswer.Refused(Refusal.of(RefusalCode.INSUFFICIENT_BALANCE));
                    }
                    balance -= l.amount().minor();
                }
                yield note(l.holder(), l.amount().minor(), l.loadNonce());
            }
            case WalletRequest.ReturnUnreceived r ->
                note(
                        r.holder(),
                        decode(r.lineage())
                                .head()
                                .transfer()
                                .statement()
                                .amount()
                                .minor(),
                        r.loadNonce());
            case WalletRequest.Renew r -> renew(message, r);
            case WalletRequest.SubmitEvidence s -> {
                evidence.add(org.jiaozi.core.crypto.Sha256.hash(s.file()));
                yield new WalletAnswer.EvidenceTaken(message.sender(), true);
            }
            case WalletRequest.ReportLost ignored -> new WalletAnswer.LostReported(++reports);
            case WalletRequest.Enrol ignored -> throw new AssertionError();
            case WalletRequest.ReadAccount ignored -> throw new AssertionError();
            case WalletRequest.Remit ignored -> throw new AssertionError();
            case WalletRequest.ClaimLost ignored -> throw new AssertionError();
        };
    }

    private WalletAnswer note(Thumbprint holder, long value, Nonce load) {
        return loads.computeIfAbsent(load, n -> {
            issued += value;
            return new WalletAnswer.Loaded(world.note(holder, value, n));
        });
    }

    private WalletAnswer deposit(Lineage lineage) {
        if (!keys.containsKey(lineage.head().signer())) {
            throw new AssertionError("a deposit by a key that is not bound here");
        }
        if (refuseDeposits.isPresent()) {
            return new WalletAnswer.Refused(refuseDeposits.get());
        }
        var check = LineageCheck.check(
                lineage,
                new LineageCheck.Context(
                        world.bulletin.statement()::issuerKey,
                        k -> false,
                        world.crypto,
                        n -> n.maxHops(),
                        true,
                        p -> world.bulletin
                                .statement()
                                .institutionByDepositKey(p)
                                .isPresent()));
        if (check instanceof LineageCheck.Result.Unsound no) {
            throw new AssertionError(no.refusal().toString());
        }
        long amount = lineage.head().transfer().statement().amount().minor();
        if (deposits.add(lineage.head().transfer().hash())) {
            balance += amount;
        }
        return new WalletAnswer.Deposited(
                List.of(), new Amount(amount), new Amount(balance), Optional.empty(), Optional.empty());
    }

    private WalletAnswer renew(WalletMessage message, WalletRequest.Renew renew) {
        List<Signed<PurseCertificate>> certificates = new ArrayList<>();
        for (Counters c : renew.counters()) {
            if (!renew.retire().contains(c.key())) {
                certificates.add(world.certificate(
                        java.util.Objects.requireNonNull(keys.get(c.key())), c.seq(), c.spentTotal()));
            }
        }
        for (KeyProof proof : renew.fresh()) {
            if (!proof.verifies(world.crypto, message.institution(), message.id())) {
                throw new AssertionError("a key that is not proved");
            }
            keys.put(proof.key().thumbprint(), proof.key());
            certificates.add(world.certificate(proof.key(), 0, 0));
        }
        return new WalletAnswer.Renewed(certificates, Amount.ZERO);
    }

    private static Lineage decode(Bytes packed) {
        return LineageCodec.decode(packed, LineageBounds.DEPOSIT);
    }
}
