package org.jiaozi.core.lineage;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.PurseCertificate.Limits;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/** Rebuilds statements from the packed form: first the fields, then holders and payees, then parents before children. */
final class LineageReader {
    /** A statement that lacks only its holder (a note) or payee and parent hashes (a transfer). */
    private record Pending<T>(Optional<Thumbprint> holder, T rest) {}

    private record RawInput(int parent, int index, Range range) {}

    private record RawTransfer(int certificate, List<RawInput> inputs, Function<Resolved, Signed<Transfer>> build) {}

    private record Resolved(List<TransferInput> inputs, Thumbprint payee) {}

    private final PackedReader in;
    private final StatementMemory memory;

    private LineageReader(PackedReader in, StatementMemory memory) {
        this.in = in;
        this.memory = memory;
    }

    static Lineage read(PackedReader in, LineageBounds bounds, StatementMemory memory) {
        return new LineageReader(in, memory).read(bounds);
    }

    private Lineage read(LineageBounds bounds) {
        if (in.uint(1) != LineageCodec.VERSION) {
            throw new DecodeException(RefusalCode.UNKNOWN_TYPE, "lineage version");
        }
        Currency currency = new Currency(in.text(Currency.MAX_LENGTH));
        List<Signed<PurseCertificate>> certificates = new ArrayList<>();
        for (int left = in.count(bounds.links()); left > 0; left--) {
            certificates.add(certificate(currency));
        }
        List<Pending<Function<Thumbprint, Signed<Note>>>> notes = new ArrayList<>();
        for (int left = in.count(bounds.notes()); left > 0; left--) {
            notes.add(note(currency));
        }
        List<Pending<RawTransfer>> transfers = new ArrayList<>();
        int count = in.count(bounds.links());
        for (int i = 0; i < count; i++) {
            int maxInputs = i == count - 1 ? bounds.inputs() : Limit.TAP_INPUTS;
            transfers.add(transfer(certificates.size(), notes.size() + i, maxInputs));
        }
        in.end();
        return assemble(certificates, notes, transfers);
    }

    private static Lineage assemble(
            List<Signed<PurseCertificate>> certificates,
            List<Pending<Function<Thumbprint, Signed<Note>>>> notes,
            List<Pending<RawTransfer>> transfers) {
        List<Optional<Thumbprint>> holders = new ArrayList<>();
        notes.forEach(n -> holders.add(n.holder()));
        transfers.forEach(t -> holders.add(t.holder()));
        for (Pending<RawTransfer> t : transfers) {
            Thumbprint signer =
                    certificates.get(t.rest().certificate()).statement().thumbprint();
            for (RawInput input : t.rest().inputs()) {
                if (holders.get(input.parent()).isEmpty()) {
                    holders.set(input.parent(), Optional.of(signer));
                }
            }
        }
        List<Hash> hashes = new ArrayList<>();
        Set<Hash> seen = new HashSet<>();
        List<Signed<Note>> noteList = new ArrayList<>();
        for (Pending<Function<Thumbprint, Signed<Note>>> n : notes) {
            Signed<Note> note = n.rest().apply(known(holders.get(hashes.size())));
            noteList.add(note);
            once(seen, note.hash());
            hashes.add(note.hash());
        }
        List<Lineage.Link> links = new ArrayList<>();
        for (Pending<RawTransfer> t : transfers) {
            List<TransferInput> inputs = t.rest().inputs().stream()
                    .map(i -> new TransferInput(new SliceRef(hashes.get(i.parent()), i.index()), i.range()))
                    .toList();
            Signed<Transfer> transfer = t.rest().build().apply(new Resolved(inputs, known(holders.get(hashes.size()))));
            links.add(new Lineage.Link(transfer, certificates.get(t.rest().certificate())));
            once(seen, transfer.hash());
            hashes.add(transfer.hash());
        }
        return new Lineage(noteList, links);
    }

    /** Two entries of one statement, under one signature or two, would be two packed forms of one lineage. */
    private static void once(Set<Hash> seen, Hash statement) {
        if (!seen.add(statement)) {
            throw new DecodeException(RefusalCode.NON_CANONICAL, "a statement that is in the lineage twice");
        }
    }

    private static Thumbprint known(Optional<Thumbprint> holder) {
        return holder.orElseThrow(
                () -> new DecodeException(RefusalCode.MALFORMED, "neither spent here nor given a holder"));
    }

    private Signed<PurseCertificate> certificate(Currency currency) {
        int begin = in.position();
        PurseCertificate certificate = new PurseCertificate(
                IssuerKeyId.fromKid(in.bytes(3)),
                new PublicKey(in.bytes(PublicKey.SIZE)),
                (int) in.uint(1),
                ElementClass.of(in.uint(1)),
                currency,
                new Limits(in.uint(6), in.uint(6), in.uint(4), in.uint(6)),
                new Timestamp(in.uint(4)),
                new Timestamp(in.uint(4)),
                in.uint(6),
                in.uint(6));
        Signature signature = Fields.asSignature(in.bytes(64));
        return memory.certificate(packed(currency, begin), () -> new Signed<>(certificate, signature));
    }

    private Pending<Function<Thumbprint, Signed<Note>>> note(Currency currency) {
        int begin = in.position();
        IssuerKeyId issuer = IssuerKeyId.fromKid(in.bytes(3));
        long quota = in.uint(4);
        Amount value = new Amount(in.uint(6));
        Timestamp expiry = new Timestamp(in.uint(4));
        int hops = (int) in.uint(1);
        Nonce nonce = new Nonce(in.bytes(Nonce.SIZE));
        Signature signature = Fields.asSignature(in.bytes(64));
        Bytes packed = packed(currency, begin);
        boolean follows = (hops & LineageCodec.HOLDER_FOLLOWS) != 0;
        int maxHops = hops & ~LineageCodec.HOLDER_FOLLOWS;
        return new Pending<>(
                follows ? Optional.of(new Thumbprint(in.bytes(Thumbprint.SIZE))) : Optional.empty(),
                holder -> memory.note(
                        packed.concat(holder.bytes()),
                        () -> new Signed<>(
                                new Note(issuer, quota, currency, value, expiry, maxHops, holder, nonce), signature)));
    }

    /** What was read since {@code begin}, under its currency: of fixed length but for that, which comes last. */
    private Bytes packed(Currency currency, int begin) {
        return in.since(begin).concat(Bytes.of(currency.code().getBytes(StandardCharsets.US_ASCII)));
    }

    private Pending<RawTransfer> transfer(int certificates, int parents, int maxInputs) {
        if (certificates == 0) {
            throw new DecodeException(RefusalCode.MALFORMED, "a transfer without a certificate");
        }
        int certificate = in.count(certificates - 1, RefusalCode.OUT_OF_RANGE);
        int countAndFlag = in.count(2 * Limit.DEPOSIT_INPUTS + 1, RefusalCode.TOO_MANY_INPUTS);
        int count = countAndFlag >> 1;
        if (count == 0 || count > maxInputs) {
            throw new DecodeException(RefusalCode.TOO_MANY_INPUTS, count + " where 1 to " + maxInputs + " are allowed");
        }
        List<RawInput> inputs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int parent = in.count(Integer.MAX_VALUE, RefusalCode.UNKNOWN_PARENT);
            if (parent >= parents) {
                throw new DecodeException(RefusalCode.UNKNOWN_PARENT, "parent " + parent + " of " + parents);
            }
            inputs.add(new RawInput(
                    parent,
                    in.count(Limit.DEPOSIT_INPUTS - 1, RefusalCode.OUT_OF_RANGE),
                    Transfer.range(in.uint(6), in.uint(6))));
        }
        Nonce nonce = new Nonce(in.bytes(Nonce.SIZE));
        long seq = in.uint(6);
        long spent = in.uint(6);
        Timestamp at = new Timestamp(in.uint(4));
        Signature signature = Fields.asSignature(in.bytes(64));
        Optional<Thumbprint> payee =
                (countAndFlag & 1) != 0 ? Optional.of(new Thumbprint(in.bytes(Thumbprint.SIZE))) : Optional.empty();
        return new Pending<>(
                payee,
                new RawTransfer(
                        certificate,
                        inputs,
                        r -> new Signed<>(new Transfer(r.inputs(), r.payee(), nonce, seq, spent, at), signature)));
    }
}
