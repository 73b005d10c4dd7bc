package org.jiaozi.lab.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jiaozi.cli.up.PolicyFile;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.bulletin.InstitutionKey;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.message.Handover;
import org.jiaozi.core.message.Outcome;
import org.jiaozi.core.message.RegistryAnswer;
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
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Period;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.fake.FakeCrypto;

/** Records of any length in memory, of one kind of thing each, for whoever counts what their audit takes. */
public final class LargeRecord implements Function<String, Consumer<byte[]>> {
    private static final Currency CNY = new Currency("CNY");
    private static final Timestamp NOW = new Timestamp(1_900_000_000L);
    private static final IssuerKeyId BANK = new IssuerKeyId(new InstitutionId(1), 0);
    private static final InstitutionId ELSEWHERE = new InstitutionId(2);
    /** Wide enough for all slices of a note to lie apart. */
    private static final long APART = 10;

    private static final long PAID = 7;

    private long postings;
    private final FakeCrypto crypto = FakeCrypto.forSimulation(1);
    private final Signer holder = crypto.signer("holder");
    private final Signed<PurseCertificate> certificate = Signed.by(
            crypto.signer("bank"),
            new PurseCertificate(
                    BANK,
                    holder.publicKey(),
                    1,
                    ElementClass.SOFTWARE,
                    CNY,
                    new Limits(1_000_000, 1_000_000, 1_000, 1_000_000),
                    NOW,
                    NOW.plus(Period.ofDays(1)),
                    0,
                    0));
    private final List<CentralRecord.NoteRow> notes = new ArrayList<>();
    private final List<CentralRecord.TransferRow> transfers = new ArrayList<>();
    private final Map<String, List<CentralRecord.InputRow>> inputs = new HashMap<>();
    private final List<CentralRecord.SettledRow> settled = new ArrayList<>();
    private final List<CentralRecord.DepositRow> deposits = new ArrayList<>();
    private final List<CentralRecord.HonouredRow> honoured = new ArrayList<>();
    private final List<CentralRecord.RemitRow> remits = new ArrayList<>();
    private final Movements movements = new Movements(new CyclesAudit(List.of(), new Findings()));

    /**
     * Makes one.
     *
     * @param what a number, and of what
     * @return audits it, whatever it is given; throws where it finds anything
     */
    @Override
    public Consumer<byte[]> apply(String what) {
        int many = Integer.parseInt(what.substring(0, what.indexOf(' ')));
        String kind = what.substring(what.indexOf(' ') + 1);
        LargeRecord made = new LargeRecord();
        Hash one = made.note(many * APART, "one");
        for (int i = 0; i < many; i++) {
            long lo = i * APART;
            switch (kind) {
                case "notes" -> made.deposit(made.note(APART, "of " + i), i, 0, PAID, Outcome.Kind.REDEEMED, 1);
                case "slices" -> made.deposit(one, i, lo, lo + PAID, Outcome.Kind.REDEEMED, 1);
                case "whole slices" -> made.deposit(one, i, lo, lo + APART, Outcome.Kind.REDEEMED, 1);
                case "claimed slices" -> {
                    made.settled.add(new CentralRecord.SettledRow(hex(one), lo, lo + PAID, "CLAIMED", 1, hex(one), 0));
                    made.deposit(one, i, lo, lo + PAID, Outcome.Kind.REFUSED, 1);
                }
                case "honoured slices" -> made.deposit(one, i, lo, lo + PAID, Outcome.Kind.REDEEMED, 2);
                case "remittances" -> made.remittance(i);
                case "parts", "parts, one claimed", "parts, one answered otherwise" -> made.part(one, i);
                default -> throw new IllegalArgumentException(kind);
            }
        }
        if (kind.startsWith("parts")) {
            made.inSums(one, many, kind);
        }
        CentralRecord record = made.record();
        Bytes root = crypto.signer("root").publicKey().compressed();
        return ignored -> {
            Findings findings = new Findings();
            new RegistryAudit(record, root, (key, message, signature) -> true, findings).run();
            RemitAudit.run(record, findings);
            if (!findings.breaches().isEmpty()) {
                throw new IllegalStateException(findings.breaches().getFirst());
            }
        };
    }

    private static String hex(Hash hash) {
        return hash.bytes().hex();
    }

    private static Nonce nonce(String text) {
        return new Nonce(
                Bytes.fromHex(RawStatement.sha256(Bytes.of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8))))
                        .slice(0, 16));
    }

    private Hash note(long value, String name) {
        Thumbprint first = holder.publicKey().thumbprint();
        Signed<Note> note = Signed.by(
                crypto.signer("bank"),
                new Note(BANK, 1, CNY, new Amount(value), NOW.plus(Period.ofDays(1)), 3, first, nonce(name)));
        notes.add(new CentralRecord.NoteRow(
                hex(note.hash()), 1, CNY.code(), value, first.bytes().hex(), false, note.encode()));
        return note.hash();
    }

    private void deposit(Hash note, int number, long lo, long hi, Outcome.Kind kind, int to) {
        int code = kind == Outcome.Kind.REFUSED ? RefusalCode.ALREADY_REDEEMED.number() : 0;
        Range all = new Range(lo, hi);
        String hash = deposit(note, number, all, List.of(new Outcome(0, all, kind, code)), to);
        if (kind == Outcome.Kind.REDEEMED) {
            settled.add(new CentralRecord.SettledRow(hex(note), lo, hi, "REDEEMED", to, hash, 0));
        }
    }

    private String deposit(Hash note, int number, Range all, List<Outcome> outcomes, int to) {
        Transfer transfer = new Transfer(
                List.of(new TransferInput(new SliceRef(note, 0), all)),
                crypto.signer("bank").publicKey().thumbprint(),
                nonce("payment " + number),
                number,
                all.amount().minor(),
                NOW);
        Signed<Transfer> signed = Signed.by(holder, transfer);
        String hash = hex(signed.hash());
        transfers.add(new CentralRecord.TransferRow(
                hash,
                holder.publicKey().thumbprint().bytes().hex(),
                number,
                transfer.payee().bytes().hex(),
                transfer.nonce().bytes().hex(),
                hex(certificate.hash()),
                signed.encode()));
        inputs.put(hash, List.of(new CentralRecord.InputRow(0, hex(note), 0, all.lo(), all.hi(), hex(note))));
        RegistryAnswer answer = new RegistryAnswer(
                new IssuerKeyId(InstitutionId.CENTRAL_BANK, 1),
                NOW,
                List.of(new RegistryAnswer.Settlement(signed.hash(), outcomes, List.of())));
        deposits.add(new CentralRecord.DepositRow(
                hash, to, holder.publicKey().thumbprint().bytes().hex(), answer.payload()));
        if (to != 1) {
            Bytes word = Signed.by(holder, new Handover(ELSEWHERE, "1001", signed.hash(), NOW))
                    .encode();
            honoured.add(new CentralRecord.HonouredRow(hash, 1, to, word, CNY.code(), 0, false));
        }
        return hash;
    }

    /** Of each two units, one that was settled before. */
    private void part(Hash note, long unit) {
        boolean before = unit % 2 == 1;
        settled.add(new CentralRecord.SettledRow(
                hex(note),
                unit,
                unit + 1,
                before ? "REFUNDED" : "REDEEMED",
                1,
                before ? hex(note) : "of the deposit",
                0));
    }

    /** The deposit of all these units, answered by how many became what. */
    private void inSums(Hash note, int units, String kind) {
        int free = Math.ceilDiv(units, 2) + (kind.endsWith("otherwise") ? 1 : 0);
        int mine = kind.endsWith("claimed") ? 1 : 0;
        if (mine > 0) {
            settled.replaceAll(
                    r -> r.lo() == 1 ? new CentralRecord.SettledRow(r.note(), 1, 2, "CLAIMED", 1, r.parent(), 0) : r);
        }
        List<Outcome> sums = new ArrayList<>();
        sums.add(new Outcome(0, new Range(0, free), Outcome.Kind.REDEEMED, 0));
        sums.add(new Outcome(0, new Range(free, units - mine), Outcome.Kind.MADE_WHOLE, 0));
        if (mine > 0) {
            sums.add(new Outcome(
                    0, new Range(units - mine, units), Outcome.Kind.REFUSED, RefusalCode.ALREADY_REDEEMED.number()));
        }
        String hash = deposit(note, 0, new Range(0, units), sums, 1);
        settled.replaceAll(r -> r.kind().equals("REDEEMED")
                ? new CentralRecord.SettledRow(r.note(), r.lo(), r.hi(), r.kind(), r.paidTo(), hash, 0)
                : r);
    }

    /** Of each two, one goes back. */
    private void remittance(int number) {
        String id = nonce("remittance " + number).hex();
        boolean returned = number % 2 == 0;
        remits.add(new CentralRecord.RemitRow(1, id, returned));
        post("clearing:1", "clearing:2", "remit", id);
        if (returned) {
            post("clearing:2", "clearing:1", "remit back", id);
        }
    }

    private void post(String debit, String credit, String reason, String reference) {
        movements.take(new Ledgers.Posting(++postings, debit, credit, CNY.code(), PAID, reason, reference));
    }

    private CentralRecord record() {
        InstitutionKey key = new InstitutionKey(0, crypto.signer("bank").publicKey(), NOW, NOW.plus(Period.ofDays(1)));
        Bulletin bulletin = new Bulletin(
                new IssuerKeyId(InstitutionId.CENTRAL_BANK, 0),
                1,
                NOW,
                NOW.plus(Period.ofDays(1)),
                List.of(new InstitutionEntry(
                        BANK.institution(),
                        "bank-1",
                        "Bank 1",
                        List.of(key),
                        Bytes.fromHex(RawStatement.sha256(Bytes.EMPTY)),
                        "")),
                new TreeSet<>(),
                crypto.signer("registry").publicKey(),
                PolicyFile.named("circulating"));
        return new CentralRecord(
                notes,
                Map.of(hex(certificate.hash()), certificate.encode()),
                transfers,
                inputs,
                settled,
                deposits,
                List.of(),
                List.of(),
                List.of(),
                honoured,
                remits,
                List.of(),
                List.of(),
                movements,
                new TreeMap<>(),
                List.of(Signed.by(crypto.signer("root"), bulletin).encode()),
                Map.of(),
                Map.of());
    }
}
