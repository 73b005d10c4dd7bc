package org.jiaozi.lab.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.crypto.Entropy;
import org.jiaozi.crypto.Es256Signer;
import org.jiaozi.crypto.SecretKey;
import org.jiaozi.crypto.fake.SeededEntropy;

/**
 * Purses and notes that are on record. Keys follow from the seed; what institutions signed of them is kept.
 *
 * @param bulletin in force when they were made
 * @param institution whose all of it is
 * @param purses payers first, then merchants
 * @param notes the note at {@code i} belongs to payer {@code i % payers}
 * @param counters what the purses had signed when this was stored
 */
record Stock(
        WorkShape.Stock shape,
        Signed<Bulletin> bulletin,
        InstitutionId institution,
        List<Purse> purses,
        List<Signed<Note>> notes,
        Counters counters) {

    /** A purse of one key. */
    record Purse(Signer signer, String account, Signed<PurseCertificate> certificate) {
        Thumbprint thumbprint() {
            return certificate.statement().thumbprint();
        }
    }

    /** How many transfers each purse has signed, and what it has spent by them. Not thread-safe. */
    static final class Counters {
        private final long[] signed;
        private final long[] spent;
        /** Payments made so far. */
        private long payments;

        Counters(int purses) {
            signed = new long[purses];
            spent = new long[purses];
        }

        long sign(int purse) {
            return ++signed[purse];
        }

        long spend(int purse, long amount) {
            spent[purse] = Math.addExact(spent[purse], amount);
            return spent[purse];
        }

        long payments() {
            return payments;
        }

        long nextPayment() {
            return payments++;
        }

        /** From here on payments are counted anew. */
        void restart() {
            payments = 0;
        }

        void write(DataOutputStream out) throws IOException {
            out.writeLong(payments);
            for (int i = 0; i < signed.length; i++) {
                out.writeLong(signed[i]);
                out.writeLong(spent[i]);
            }
        }

        static Counters read(DataInputStream in, int purses) throws IOException {
            Counters counters = new Counters(purses);
            counters.payments = in.readLong();
            for (int i = 0; i < purses; i++) {
                counters.signed[i] = in.readLong();
                counters.spent[i] = in.readLong();
            }
            return counters;
        }
    }

    /** What is drawn for one purpose: the same each time, and another for another. */
    static Entropy draws(long seed, String purpose, long number) {
        byte[] words = purpose.getBytes(StandardCharsets.UTF_8);
        byte[] all = ByteBuffer.allocate(16 + words.length)
                .putLong(seed)
                .putLong(number)
                .put(words)
                .array();
        return new SeededEntropy(
                ByteBuffer.wrap(Sha256.hash(all).bytes().toArray()).getLong());
    }

    /** The keys that a seed makes for a purpose. */
    static List<Signer> signers(long seed, String purpose, int number) {
        return IntStream.range(0, number)
                .parallel()
                .<Signer>mapToObj(i -> Es256Signer.of(SecretKey.generate(draws(seed, purpose, i))))
                .toList();
    }

    /** The same purses when they have signed more. */
    Stock at(Counters later) {
        return new Stock(shape, bulletin, institution, purses, notes, later);
    }

    InstitutionEntry entry() {
        return bulletin.statement().institution(institution).orElseThrow();
    }

    int merchants() {
        return shape.merchants();
    }

    /** Where a merchant is among the purses. */
    int place(int merchant) {
        return shape.payers() + merchant;
    }

    void write(Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            bytes(out, bulletin.encode());
            out.writeInt(institution.number());
            for (Purse purse : purses) {
                out.writeUTF(purse.account());
                bytes(out, purse.certificate().encode());
            }
            for (Signed<Note> note : notes) {
                bytes(out, note.encode());
            }
            counters.write(out);
        }
    }

    /** Whose all of it is, and under which bulletin. */
    record Issuer(Signed<Bulletin> bulletin, InstitutionId institution) {
        private static Issuer read(DataInputStream in) throws IOException {
            return new Issuer(
                    Signed.decode(bytes(in), Limit.SERVICE_MESSAGE_BYTES, Bulletin::read),
                    new InstitutionId(in.readInt()));
        }
    }

    private static DataInputStream open(Path file) throws IOException {
        return new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
    }

    /** That alone, without the keys. */
    static Issuer issuer(Path file) throws IOException {
        try (DataInputStream in = open(file)) {
            return Issuer.read(in);
        }
    }

    static Stock read(Path file, WorkShape.Stock shape) throws IOException {
        int number = shape.payers() + shape.merchants();
        List<Signer> signers = signers(shape.seed(), "purse", number);
        try (DataInputStream in = open(file)) {
            Issuer issuer = Issuer.read(in);
            List<Purse> purses = new ArrayList<>();
            for (int i = 0; i < number; i++) {
                purses.add(new Purse(
                        signers.get(i),
                        in.readUTF(),
                        Signed.decode(bytes(in), Limit.TAP_MESSAGE_BYTES, PurseCertificate::read)));
            }
            List<Signed<Note>> notes = new ArrayList<>();
            for (int i = 0; i < shape.notes(); i++) {
                notes.add(Signed.decode(bytes(in), Limit.TAP_MESSAGE_BYTES, Note::read));
            }
            return new Stock(shape, issuer.bulletin(), issuer.institution(), purses, notes, Counters.read(in, number));
        }
    }

    static void bytes(DataOutputStream out, Bytes bytes) throws IOException {
        out.writeInt(bytes.size());
        out.write(bytes.toArray());
    }

    static Bytes bytes(DataInputStream in) throws IOException {
        return Bytes.of(in.readNBytes(in.readInt()));
    }
}
