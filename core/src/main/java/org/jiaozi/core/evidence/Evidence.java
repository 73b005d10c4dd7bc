package org.jiaozi.core.evidence;

import java.util.Optional;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Receipt;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Thumbprint;

/**
 * Two statements of one purse key that an honest purse never makes both (spec 07, clauses E1 to E3). Holding such a
 * value says nothing yet: {@link EvidenceCheck} says whether it convicts. Of two transfers the one with the lower hash
 * comes first, so that the same pair is the same evidence whoever found it.
 */
public sealed interface Evidence {
    /** The culprit's certificate. */
    Signed<PurseCertificate> certificate();

    Kind kind();

    /** The hash of the first statement. */
    Hash first();

    /** The hash of the second statement. */
    Hash second();

    /** The purse key it speaks of. */
    default Thumbprint culprit() {
        return certificate().statement().thumbprint();
    }

    /** Whether the two statements contradict each other, signatures aside. */
    boolean contradicts();

    /** The three ways in which two statements convict. */
    enum Kind {
        /** (a) two transfers take overlapping ranges of one output. */
        OVERLAP(1),
        /** (b) two different transfers have the same sequence number. */
        SEQUENCE(2),
        /** (c) a non-receipt against a receipt, or against spending what it denies. */
        CONTRADICTION(3);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        /** What stands for it in a file. */
        public int number() {
            return number;
        }
    }

    /** Kind (a): {@code one} and {@code other} take overlapping ranges of the same output. */
    record OverlapEvidence(Signed<PurseCertificate> certificate, Signed<Transfer> one, Signed<Transfer> other)
            implements Evidence {
        public OverlapEvidence {
            if (one.hash().compareTo(other.hash()) > 0) {
                Signed<Transfer> lower = other;
                other = one;
                one = lower;
            }
        }

        @Override
        public Kind kind() {
            return Kind.OVERLAP;
        }

        @Override
        public Hash first() {
            return one.hash();
        }

        @Override
        public Hash second() {
            return other.hash();
        }

        @Override
        public boolean contradicts() {
            return !one.equals(other) && overlap(one.statement(), other.statement());
        }
    }

    /** Kind (b): {@code one} and {@code other} differ and have the same sequence number. */
    record SequenceEvidence(Signed<PurseCertificate> certificate, Signed<Transfer> one, Signed<Transfer> other)
            implements Evidence {
        public SequenceEvidence {
            if (one.hash().compareTo(other.hash()) > 0) {
                Signed<Transfer> lower = other;
                other = one;
                one = lower;
            }
        }

        @Override
        public Kind kind() {
            return Kind.SEQUENCE;
        }

        @Override
        public Hash first() {
            return one.hash();
        }

        @Override
        public Hash second() {
            return other.hash();
        }

        @Override
        public boolean contradicts() {
            return !one.equals(other)
                    && one.statement().seq() == other.statement().seq();
        }
    }

    /** Kind (c): a non-receipt and what the same payee says otherwise. */
    record ContradictionEvidence(Signed<PurseCertificate> certificate, Signed<NonReceipt> denial, Admission admission)
            implements Evidence {
        @Override
        public Kind kind() {
            return Kind.CONTRADICTION;
        }

        @Override
        public Hash first() {
            return denial.hash();
        }

        @Override
        public Hash second() {
            return admission.hash();
        }

        @Override
        public boolean contradicts() {
            return admission.of(culprit(), denial.statement());
        }
    }

    /** How a payee admits having credited a transfer. */
    sealed interface Admission {
        /** The hash of the statement that admits. */
        Hash hash();

        /** Whether {@code payee} thereby admits what {@code denial} denies. */
        boolean of(Thumbprint payee, NonReceipt denial);

        /** It signed a receipt. */
        record ByReceipt(Signed<Receipt> receipt) implements Admission {
            @Override
            public Hash hash() {
                return receipt.hash();
            }

            @Override
            public boolean of(Thumbprint payee, NonReceipt denial) {
                Receipt said = receipt.statement();
                return said.nonce().equals(denial.nonce()) && denial.denies(said.transfer());
            }
        }

        /**
         * It spent what it received.
         *
         * @param spending the payee's own transfer, one of whose inputs comes from {@code received}
         * @param received the payer's transfer; what counts is its hash, which the payee signed, so its own signature
         *     is not needed
         */
        record BySpending(Signed<Transfer> spending, Transfer received) implements Admission {
            @Override
            public Hash hash() {
                return spending.hash();
            }

            @Override
            public boolean of(Thumbprint payee, NonReceipt denial) {
                Hash parent = org.jiaozi.core.crypto.Sha256.hash(received.sigStructure());
                return received.payee().equals(payee)
                        && received.nonce().equals(denial.nonce())
                        && denial.denies(parent)
                        && spending.statement().inputs().stream()
                                .anyMatch(i -> i.source().parent().equals(parent));
            }
        }
    }

    /**
     * What two transfers of one key prove, if anything: kind (a) before kind (b). Both must be signed by the
     * certificate's key, which the caller has checked or {@link EvidenceCheck} will.
     */
    static Optional<Evidence> between(
            Signed<Transfer> one, Signed<Transfer> other, Signed<PurseCertificate> certificate) {
        OverlapEvidence overlap = new OverlapEvidence(certificate, one, other);
        if (overlap.contradicts()) {
            return Optional.of(overlap);
        }
        SequenceEvidence sequence = new SequenceEvidence(certificate, one, other);
        return sequence.contradicts() ? Optional.of(sequence) : Optional.empty();
    }

    private static boolean overlap(Transfer one, Transfer other) {
        return one.inputs().stream().anyMatch(i -> other.inputs().stream().anyMatch(i::conflictsWith));
    }
}
