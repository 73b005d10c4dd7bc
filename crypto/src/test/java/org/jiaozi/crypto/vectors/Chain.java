package org.jiaozi.crypto.vectors;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCheck;
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
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.Es256Signer;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.InsecureSecretAccess;
import org.jiaozi.crypto.SecretKey;

/** A small world with fixed keys from which tests take sound statements and spoil them one by one. */
final class Chain {
    static final IssuerKeyId BANK = new IssuerKeyId(new InstitutionId(7), 1);
    static final Currency CNY = new Currency("CNY");
    static final Timestamp NOW = new Timestamp(1_800_000_000L);
    static final Limits LIMITS = new Limits(50_000, 200_000, 100, 1_000_000);

    private final Map<String, Es256Signer> keys = new HashMap<>();
    final Es256Signer bank = key("bank");

    Es256Signer key(String name) {
        return keys.computeIfAbsent(
                name,
                n -> Es256Signer.deterministic(SecretKey.fromScalar(
                        Sha256.hash(("key " + n).getBytes(StandardCharsets.UTF_8))
                                .bytes(),
                        InsecureSecretAccess.get())));
    }

    Thumbprint thumb(String name) {
        return key(name).publicKey().thumbprint();
    }

    static Nonce nonce(String seed) {
        return new Nonce(
                Sha256.hash(seed.getBytes(StandardCharsets.UTF_8)).bytes().slice(0, Nonce.SIZE));
    }

    Signed<PurseCertificate> certificate(String name) {
        return certificate(name, LIMITS, CNY);
    }

    Signed<PurseCertificate> certificate(String name, Limits limits, Currency currency) {
        return Signed.by(
                bank,
                new PurseCertificate(
                        BANK,
                        key(name).publicKey(),
                        3,
                        ElementClass.SOFTWARE,
                        currency,
                        limits,
                        new Timestamp(NOW.seconds() - 1000),
                        new Timestamp(NOW.seconds() + 100_000),
                        0,
                        0));
    }

    Signed<Note> note(String holder, long value, int maxHops) {
        return Signed.by(
                bank,
                new Note(
                        BANK,
                        1,
                        CNY,
                        new Amount(value),
                        new Timestamp(NOW.seconds() + 50_000),
                        maxHops,
                        thumb(holder),
                        nonce("load " + holder + value)));
    }

    Transfer transfer(String payee, long seq, long spent, TransferInput... inputs) {
        return new Transfer(List.of(inputs), thumb(payee), nonce("request " + payee + seq + spent), seq, spent, NOW);
    }

    Lineage.Link link(String payer, Transfer transfer) {
        return new Lineage.Link(Signed.by(key(payer), transfer), certificate(payer));
    }

    static TransferInput input(Signed<?> parent, int index, long lo, long hi) {
        return new TransferInput(new SliceRef(parent.hash(), index), new Range(lo, hi));
    }

    /** A note of 10,000 that hops from h0 to h1 to h2 and so on, each paying the lower half minus nothing: 1,000 less. */
    Lineage hops(int count, int maxHops) {
        Lineage lineage = Lineage.of(note("h0", 10_000, maxHops));
        Signed<?> parent = lineage.notes().getFirst();
        long hi = 10_000;
        for (int i = 0; i < count; i++) {
            hi -= 1_000;
            Lineage.Link link = link("h" + i, transfer("h" + (i + 1), 1, hi, input(parent, 0, 0, hi)));
            lineage = lineage.plus(link);
            parent = link.transfer();
        }
        return lineage;
    }

    /** The same lineage with its last link replaced. */
    static Lineage withHead(Lineage lineage, Lineage.Link head) {
        List<Lineage.Link> links = new ArrayList<>(lineage.links());
        links.set(links.size() - 1, head);
        return new Lineage(lineage.notes(), links);
    }

    LineageCheck.Context context(boolean deposit, String... revoked) {
        List<Thumbprint> gone = List.of(revoked).stream().map(this::thumb).toList();
        return new LineageCheck.Context(
                id -> id.equals(BANK) ? Optional.of(bank.publicKey()) : Optional.empty(),
                gone::contains,
                new Es256Verifier(),
                Note::maxHops,
                deposit,
                payee -> payee.equals(thumb("deposit")));
    }

    static Bytes flip(Bytes bytes, int index) {
        byte[] raw = bytes.toArray();
        raw[index] ^= 1;
        return Bytes.of(raw);
    }
}
