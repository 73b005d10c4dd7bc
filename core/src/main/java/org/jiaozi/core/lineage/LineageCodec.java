package org.jiaozi.core.lineage;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;

/**
 * The packed form of a lineage on every wire (spec 02, clause 9): fixed-width fields without what the reader works out
 * itself, namely COSE framing, parent hashes, and the holder of every note and payee of every transfer that a later
 * transfer spends. Signatures cover the full canonical bytes, which the reader rebuilds. A lineage has one packed form.
 */
public final class LineageCodec {
    static final int VERSION = 1;
    /** In a note's hop byte: the holder follows, since no transfer here spends the note. */
    static final int HOLDER_FOLLOWS = 0x80;

    private LineageCodec() {}

    /** Packs {@code lineage}, which must be of one currency and hold a note. */
    public static Bytes encode(Lineage lineage) {
        PackedWriter out = new PackedWriter();
        out.uint(VERSION, 1);
        out.text(currencyOf(lineage).code());
        Map<Hash, Integer> certificates = new LinkedHashMap<>();
        Map<Hash, Signed<PurseCertificate>> distinct = new LinkedHashMap<>();
        Set<Hash> spent = new HashSet<>();
        for (Lineage.Link link : lineage.links()) {
            certificates.putIfAbsent(link.certificate().hash(), certificates.size());
            distinct.putIfAbsent(link.certificate().hash(), link.certificate());
            link.transfer()
                    .statement()
                    .inputs()
                    .forEach(i -> spent.add(i.source().parent()));
        }
        out.varint(distinct.size());
        distinct.values().forEach(c -> certificate(out, c));
        Map<Hash, Integer> positions = new HashMap<>();
        out.varint(lineage.notes().size());
        for (Signed<Note> note : lineage.notes()) {
            note(out, note, spent.contains(note.hash()));
            positions.put(note.hash(), positions.size());
        }
        out.varint(lineage.links().size());
        for (Lineage.Link link : lineage.links()) {
            out.varint(certificates.get(link.certificate().hash()));
            transfer(
                    out,
                    link.transfer(),
                    positions,
                    spent.contains(link.transfer().hash()));
            positions.put(link.transfer().hash(), positions.size());
        }
        return out.toBytes();
    }

    /**
     * Reads a packed lineage within {@code bounds} and rebuilds every statement. Signatures are not checked here.
     *
     * @throws DecodeException with the refusal
     */
    public static Lineage decode(Bytes bytes, LineageBounds bounds) {
        return decode(bytes, bounds, StatementMemory.NONE);
    }

    /** The same for a reader who remembers what was read before. */
    public static Lineage decode(Bytes bytes, LineageBounds bounds, StatementMemory memory) {
        if (bytes.size() > bounds.bytes()) {
            throw new DecodeException(RefusalCode.LINEAGE_TOO_LARGE, bytes.size() + " bytes");
        }
        Lineage lineage = Fields.valid(() -> LineageReader.read(new PackedReader(bytes), bounds, memory));
        if (!encode(lineage).equals(bytes)) {
            throw new DecodeException(RefusalCode.NON_CANONICAL, "not the one packed form of this lineage");
        }
        return lineage;
    }

    private static Currency currencyOf(Lineage lineage) {
        List<Currency> all = lineage.notes().stream()
                .map(n -> n.statement().currency())
                .distinct()
                .toList();
        if (all.size() != 1) {
            throw new DecodeException(RefusalCode.CURRENCY_MISMATCH, all.size() + " currencies in one lineage");
        }
        Currency currency = all.getFirst();
        if (lineage.links().stream()
                .anyMatch(l -> !l.certificate().statement().currency().equals(currency))) {
            throw new DecodeException(RefusalCode.CURRENCY_MISMATCH, "a certificate for another currency");
        }
        return currency;
    }

    private static void certificate(PackedWriter out, Signed<PurseCertificate> signed) {
        PurseCertificate c = signed.statement();
        out.bytes(c.issuer().kid());
        out.bytes(c.key().compressed());
        out.uint(c.tier(), 1);
        out.uint(c.element().code(), 1);
        out.uint(c.limits().perPayment(), 6);
        out.uint(c.limits().total(), 6);
        out.uint(c.limits().count(), 4);
        out.uint(c.limits().holding(), 6);
        out.uint(c.notBefore().seconds(), 4);
        out.uint(c.expiry().seconds(), 4);
        out.uint(c.seqBase(), 6);
        out.uint(c.spentBase(), 6);
        out.bytes(signed.signature().bytes());
    }

    private static void note(PackedWriter out, Signed<Note> signed, boolean spent) {
        Note n = signed.statement();
        out.bytes(n.issuer().kid());
        out.uint(n.quota(), 4);
        out.uint(n.value().minor(), 6);
        out.uint(n.expiry().seconds(), 4);
        out.uint(spent ? n.maxHops() : n.maxHops() | HOLDER_FOLLOWS, 1);
        out.bytes(n.loadNonce().bytes());
        out.bytes(signed.signature().bytes());
        if (!spent) {
            out.bytes(n.holder().bytes());
        }
    }

    private static void transfer(
            PackedWriter out, Signed<Transfer> signed, Map<Hash, Integer> positions, boolean spent) {
        Transfer t = signed.statement();
        // the lowest bit says that the payee follows
        out.varint(t.inputs().size() * 2L + (spent ? 0 : 1));
        for (TransferInput input : t.inputs()) {
            Integer position = positions.get(input.source().parent());
            if (position == null) {
                throw new DecodeException(RefusalCode.UNKNOWN_PARENT, "a parent that is missing or comes later");
            }
            out.varint(position);
            out.varint(input.source().index());
            out.uint(input.range().lo(), 6);
            out.uint(input.range().hi(), 6);
        }
        out.bytes(t.nonce().bytes());
        out.uint(t.seq(), 6);
        out.uint(t.spentTotal(), 6);
        out.uint(t.at().seconds(), 4);
        out.bytes(signed.signature().bytes());
        if (!spent) {
            out.bytes(t.payee().bytes());
        }
    }
}
