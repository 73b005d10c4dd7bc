package org.jiaozi.lab.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jiaozi.cli.up.PolicyFile;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.bulletin.InstitutionKey;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.PurseCertificate.Limits;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Period;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.Entropy;
import org.jiaozi.crypto.Es256Signer;
import org.jiaozi.crypto.HpkeSealer;
import org.jiaozi.crypto.SecretKey;
import org.jiaozi.crypto.fake.SeededEntropy;

/** A central bank, an institution and purses with real ES256 keys, all from one seed: what is measured is made of these. */
final class BenchMoney {
    static final Timestamp NOW = new Timestamp(1_900_000_000L);
    private static final InstitutionId BANK = new InstitutionId(1);
    private static final IssuerKeyId BANK_KEY = new IssuerKeyId(BANK, 0);
    /** What a note is stamped with, whatever the policy says: five hops are measured. */
    private static final int MOST_HOPS = 8;

    private static final long FOREVER = 4_000_000_000L;
    private static final Limits LIMITS = new Limits(1_000_000, 100_000_000, 100_000, 100_000_000);

    final Entropy entropy;
    final HpkeSealer sealer;
    final Signer root;
    final Signer bank;
    final Profile profile = PolicyFile.named("circulating");
    final Currency currency = profile.currency();
    final Signed<Bulletin> bulletin;

    BenchMoney(long seed) {
        entropy = new SeededEntropy(seed);
        sealer = new HpkeSealer(entropy);
        root = signer();
        bank = signer();
        InstitutionKey key = new InstitutionKey(0, bank.publicKey(), new Timestamp(0), new Timestamp(FOREVER));
        bulletin = Signed.by(
                root,
                new Bulletin(
                        new IssuerKeyId(InstitutionId.CENTRAL_BANK, 0),
                        1,
                        NOW,
                        NOW.plus(profile.bulletinValidity()),
                        List.of(new InstitutionEntry(
                                BANK,
                                "bank-1",
                                "Bank 1",
                                List.of(key),
                                sealer.newKeyPair().publicKey(),
                                "https://bank-1")),
                        new TreeSet<>(),
                        signer().publicKey(),
                        profile));
    }

    Signer signer() {
        return Es256Signer.of(SecretKey.generate(entropy));
    }

    Nonce nonce() {
        return new Nonce(entropy.next(Nonce.SIZE));
    }

    InstitutionId institution() {
        return BANK;
    }

    /** A purse key with its certificate. */
    record Purse(Signer signer, Signed<PurseCertificate> certificate) {
        Thumbprint key() {
            return signer.publicKey().thumbprint();
        }
    }

    Purse purse() {
        Signer signer = signer();
        return new Purse(
                signer,
                Signed.by(
                        bank,
                        new PurseCertificate(
                                BANK_KEY,
                                signer.publicKey(),
                                4,
                                ElementClass.SOFTWARE,
                                currency,
                                LIMITS,
                                NOW.minus(Period.ofDays(1)),
                                NOW.plus(profile.certificateValidity()),
                                0,
                                0)));
    }

    /** A note for {@code holder}, under the nonce of its load. */
    Signed<Note> note(Thumbprint holder, long value, Nonce load) {
        return Signed.by(
                bank,
                new Note(
                        BANK_KEY,
                        1,
                        currency,
                        new Amount(value),
                        NOW.plus(profile.noteValidity()),
                        MOST_HOPS,
                        holder,
                        load));
    }

    /** All of what the lineage's head moved goes on to {@code payee}. */
    Lineage pay(Lineage before, Purse payer, Thumbprint payee, long seq) {
        SliceRef source = before.links().isEmpty()
                ? new SliceRef(before.notes().getFirst().hash(), 0)
                : new SliceRef(before.head().transfer().hash(), 0);
        Range all = before.links().isEmpty()
                ? new Range(0, before.notes().getFirst().statement().value().minor())
                : before.head().transfer().statement().inputs().getFirst().range();
        Transfer transfer = new Transfer(
                List.of(new TransferInput(source, all)),
                payee,
                nonce(),
                seq,
                all.amount().minor(),
                NOW);
        return before.plus(new Lineage.Link(Signed.by(payer.signer(), transfer), payer.certificate()));
    }

    /** A note that went from purse to purse, so many times. */
    Lineage lineage(int hops) {
        List<Purse> holders = new ArrayList<>();
        for (int i = 0; i <= hops; i++) {
            holders.add(purse());
        }
        Lineage lineage = Lineage.of(note(holders.getFirst().key(), 1_000, nonce()));
        for (int i = 0; i < hops; i++) {
            lineage = pay(lineage, holders.get(i), holders.get(i + 1).key(), 1);
        }
        return lineage;
    }
}
