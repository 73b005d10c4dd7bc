package org.jiaozi.lab.world;

import java.util.List;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.OwnerChange;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Nonce;

/** What a wallet has its institution bring before the registry; it may arrive at any time, and more than once. */
sealed interface Filing {
    /** Who files it. */
    Device device();

    /** The institution that passes it on. */
    House house();

    /** Its head is what it is about. */
    Lineage lineage();

    BankRequest request();

    /** Value handed in. */
    record Deposit(Device device, House house, Lineage lineage, boolean flagged) implements Filing {
        @Override
        public BankRequest request() {
            return new BankRequest.ChangeOwners(List.of(new OwnerChange(LineageCodec.encode(lineage), flagged)));
        }
    }

    /** A payment whose payee denies it. */
    record Refund(
            Device device,
            House house,
            Lineage lineage,
            Nonce nonce,
            Signed<NonReceipt> denial,
            Signed<PurseCertificate> payee)
            implements Filing {
        @Override
        public BankRequest request() {
            return new BankRequest.Refund(LineageCodec.encode(lineage), denial, payee);
        }
    }

    /** A payment put on record. */
    record Upload(Device device, House house, Lineage lineage) implements Filing {
        @Override
        public BankRequest request() {
            return new BankRequest.PutOnRecord(List.of(LineageCodec.encode(lineage)));
        }
    }
}
