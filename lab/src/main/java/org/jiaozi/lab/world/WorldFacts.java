package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jiaozi.bank.registry.Effect;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.lab.audit.KeyCheck;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.purse.PurseState;

/**
 * What a world leaves behind, as bytes and numbers: the auditor knows nothing else of it.
 *
 * @param check verifies signatures of this world
 * @param rootKey compressed
 * @param registryKey compressed
 * @param bulletin signed, the latest
 * @param notes signed, those on the registry's record
 * @param filings what reached the registry
 * @param settled what it says is outstanding no more
 * @param convictions whom it convicted
 * @param postings its books
 * @param honestKeys key names of the purses that nobody copied
 * @param honestSigned what those purses signed
 * @param honestHolding minor units that those purses still hold
 * @param honestUnanswered payments between them that nobody answered
 */
record WorldFacts(
        KeyCheck check,
        Bytes rootKey,
        Bytes registryKey,
        Bytes bulletin,
        List<Bytes> notes,
        List<Filed> filings,
        List<Settled> settled,
        List<Convicted> convictions,
        List<Moved> postings,
        Set<String> honestKeys,
        List<Link> honestSigned,
        long honestHolding,
        int honestUnanswered) {
    /** A signed transfer and the signed certificate it came with. */
    record Link(Bytes transfer, Bytes certificate) {}

    /** What is claimed of a filing. */
    enum Kind {
        DEPOSIT,
        REFUND,
        UPLOAD
    }

    /**
     * One filing.
     *
     * @param honest whether it comes from a purse that nobody copied
     * @param notes signed
     * @param links parents first; the last is what it is about
     * @param denial for a refund: the signed non-receipt and its maker's signed certificate
     * @param answer for a deposit: the registry's signed answer
     * @param refunded for a refund: minor units, below 0 if refused
     */
    record Filed(
            Kind kind,
            boolean honest,
            List<Bytes> notes,
            List<Link> links,
            Optional<Link> denial,
            Optional<Bytes> answer,
            long refunded) {}

    record Settled(String note, long lo, long hi, String kind) {}

    record Convicted(String culprit, Bytes file, long owed, long recovered, long fromFund, long fromInstitution) {}

    record Moved(String debit, String credit, String currency, long amount, String reason) {}

    static WorldFacts of(World world, Map<Filing, BankAnswer> filed) {
        KeyCheck check = (key, message, signature) -> Signature.isNormal(signature)
                && world.crypto().verifier().verify(new PublicKey(key), message, new Signature(signature));
        List<Bytes> notes = new ArrayList<>();
        List<Settled> settled = new ArrayList<>();
        List<Moved> postings = new ArrayList<>();
        for (Effect effect : world.bank().effects()) {
            if (effect instanceof Effect.NoteKept e) {
                notes.add(e.note().encode());
            } else if (effect instanceof Effect.RangeSettled e) {
                settled.add(new Settled(
                        e.note().hex(), e.range().lo(), e.range().hi(), e.kind().name()));
            } else if (effect instanceof Effect.Posted e) {
                postings.add(new Moved(
                        e.posting().debit().toString(),
                        e.posting().credit().toString(),
                        e.posting().currency().code(),
                        e.posting().amount().minor(),
                        e.posting().reason()));
            }
        }
        List<Convicted> convictions = world.bank().convictions().stream()
                .map(c -> new Convicted(
                        c.culprit().hex(),
                        c.file(),
                        c.owed().minor(),
                        c.recovered().minor(),
                        c.fromFund().minor(),
                        c.fromInstitution().minor()))
                .toList();
        List<Filed> filings = new ArrayList<>();
        filed.forEach((filing, answer) -> filings.add(fact(world, filing, answer)));
        Set<String> honestKeys = new HashSet<>();
        List<Link> honestSigned = new ArrayList<>();
        long holding = 0;
        int unanswered = 0;
        for (Device device : world.devices()) {
            if (!world.isCloned(device.purse())) {
                device.disk()
                        .purse()
                        .pseudonyms()
                        .forEach(p -> honestKeys.add(p.thumbprint().hex()));
                for (PurseState.LogEntry e : device.everSigned().values()) {
                    honestSigned.add(
                            new Link(e.transfer().encode(), e.certificate().encode()));
                }
                holding = Math.addExact(holding, device.disk().purse().holding().minor());
                unanswered += unanswered(world, device);
            }
        }
        return new WorldFacts(
                check,
                world.bank().rootKey(),
                world.bank().registryKey(),
                world.bank().bulletin().encode(),
                notes,
                filings,
                settled,
                convictions,
                postings,
                honestKeys,
                honestSigned,
                holding,
                unanswered);
    }

    /** The longest chain of transfers after a note that was filed, deposits included. */
    int mostHops() {
        return filings.stream().mapToInt(f -> f.links().size()).max().orElse(0);
    }

    private static int unanswered(World world, Device payer) {
        int open = 0;
        for (WalletState.Payment payment : payer.disk().payments().values()) {
            boolean toHonest = world.devices().stream()
                    .anyMatch(d -> !world.isCloned(d.purse())
                            && d.owns(payment.sent()
                                    .request()
                                    .certificate()
                                    .statement()
                                    .thumbprint()));
            if (toHonest && payment.receipt().isEmpty() && payment.nonReceipt().isEmpty()) {
                open++;
            }
        }
        return open;
    }

    private static Filed fact(World world, Filing filing, BankAnswer answer) {
        Lineage lineage = filing.lineage();
        return new Filed(
                switch (filing) {
                    case Filing.Deposit ignored -> Kind.DEPOSIT;
                    case Filing.Refund ignored -> Kind.REFUND;
                    case Filing.Upload ignored -> Kind.UPLOAD;
                },
                !world.isCloned(filing.device().purse()),
                lineage.notes().stream().map(n -> n.encode()).toList(),
                lineage.links().stream()
                        .map(l ->
                                new Link(l.transfer().encode(), l.certificate().encode()))
                        .toList(),
                filing instanceof Filing.Refund r
                        ? Optional.of(new Link(r.denial().encode(), r.payee().encode()))
                        : Optional.empty(),
                answer instanceof BankAnswer.OwnersChanged a
                        ? Optional.of(a.answer().encode())
                        : Optional.empty(),
                answer instanceof BankAnswer.Refunded a ? a.amount().minor() : -1);
    }
}
