package org.jiaozi.lab.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jiaozi.core.value.Bytes;

/**
 * A transfer as the auditor reads it, with who signed it.
 *
 * @param hash its name
 * @param signer the key of the certificate it came with
 * @param payee whom it pays
 * @param nonce what it answers
 * @param seq its number
 * @param inputs what it moves
 */
public record RawTransfer(
        String hash, String signer, String payee, String nonce, long seq, List<Input> inputs, RawStatement statement) {
    /**
     * One moved range.
     *
     * @param parent the parent's hash
     * @param index which output of it
     */
    public record Input(String parent, long index, long lo, long hi) {
        boolean meets(Input other) {
            return parent.equals(other.parent) && index == other.index && lo < other.hi && other.lo < hi;
        }
    }

    /** Reads a transfer and the certificate it was signed under. */
    public static RawTransfer of(RawStatement transfer, RawStatement certificate) {
        return read(transfer, RawStatement.thumbprint(RawStatement.certifiedKey(certificate)));
    }

    /** Reads a transfer that {@code signer} is said to have signed. */
    static RawTransfer read(RawStatement transfer, String signer) {
        Raw body = transfer.body();
        List<Input> inputs = new ArrayList<>();
        for (Raw input : body.at(1).list()) {
            List<Raw> p = input.list();
            inputs.add(new Input(
                    p.get(0).bytes().hex(),
                    p.get(1).integer(),
                    p.get(2).integer(),
                    p.get(3).integer()));
        }
        return new RawTransfer(
                transfer.hash(),
                signer,
                body.at(2).bytes().hex(),
                body.at(3).bytes().hex(),
                body.at(4).integer(),
                List.copyOf(inputs),
                transfer);
    }

    /** Minor units it moves. */
    public long amount() {
        return inputs.stream()
                .mapToLong(i -> Math.subtractExact(i.hi(), i.lo()))
                .reduce(0, Math::addExact);
    }

    /** Why an honest key never signs both, if so. */
    public Optional<String> contradicts(RawTransfer other) {
        return overlap(other).or(() -> sameNumber(other) ? Optional.of("both are number " + seq) : Optional.empty());
    }

    /** A part of something that two different transfers of one key move. */
    Optional<String> overlap(RawTransfer other) {
        if (!anotherOfOneKey(other)) {
            return Optional.empty();
        }
        for (Input mine : inputs) {
            for (Input theirs : other.inputs) {
                if (mine.meets(theirs)) {
                    return Optional.of("both move a part of output " + mine.index() + " of " + mine.parent());
                }
            }
        }
        return Optional.empty();
    }

    /** Whether two different transfers of one key have one number. */
    boolean sameNumber(RawTransfer other) {
        return anotherOfOneKey(other) && seq == other.seq;
    }

    private boolean anotherOfOneKey(RawTransfer other) {
        return !hash.equals(other.hash) && signer.equals(other.signer);
    }

    /** A copy of the bytes that were signed, for messages. */
    public Bytes payload() {
        return statement.payload();
    }
}
