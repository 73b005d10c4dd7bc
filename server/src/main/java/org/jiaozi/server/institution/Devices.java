package org.jiaozi.server.institution;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jiaozi.bank.institution.AccountState;
import org.jiaozi.bank.institution.CoreBanking;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.BoundKey;
import org.jiaozi.core.message.Claim;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;

/** Lost devices: blocked at once, claimed after expiry and grace. */
final class Devices {
    private static final Logger LOG = Logger.getLogger(Devices.class.getName());

    /** In the place of an epoch: for some key the central bank would not take this institution's word. */
    private static final long NOT_ALL_LISTED = 0;

    private final Office office;
    private final DebtCollector debts;

    Devices(Office office, DebtCollector debts) {
        this.office = office;
        this.debts = debts;
    }

    /** Blocks here first, so that nothing leaves the account even while the central bank is silent. */
    WalletAnswer reportLost(Purses.Known sender, WalletRequest.ReportLost report) {
        record Reported(List<BoundKey> bound, boolean all) {}
        Reported keys = office.db().serializable(h -> {
            if (Purses.account(h, sender.account()).orElseThrow().block() == AccountState.Block.NONE) {
                Purses.block(h, sender.account(), AccountState.Block.LOST);
            }
            Purses.revokeAll(h, sender.purse());
            return new Reported(Purses.bound(h, sender.purse(), false), !Purses.lostWithoutProof(h, sender.purse()));
        });
        if (!keys.all()) {
            LOG.log(
                    Level.SEVERE,
                    "account {0}: keys were bound before their proofs were kept, and no bulletin will list them",
                    sender.account());
            if (keys.bound().isEmpty()) {
                return new WalletAnswer.LostReported(NOT_ALL_LISTED);
            }
        }
        String reason = report.remark().isEmpty() ? "reported lost" : "reported lost: " + report.remark();
        BankAnswer answer = office.ask(new BankRequest.Revoke(keys.bound(), limit(reason)));
        return switch (answer) {
            case BankAnswer.Revoked revoked -> {
                office.bulletins().refresh();
                yield new WalletAnswer.LostReported(keys.all() ? revoked.epoch() : NOT_ALL_LISTED);
            }
            case BankAnswer.Refused no -> new WalletAnswer.Refused(no.refusal());
            default -> Notes.refused(RefusalCode.INTERNAL, "an unexpected answer of the central bank");
        };
    }

    private static String limit(String text) {
        return text.length() > 80 ? text.substring(0, 80) : text;
    }

    WalletAnswer claim(Purses.Known sender, WalletRequest.ClaimLost request) {
        Claim claim = request.claim().statement();
        PublicKey key = sender.sender().key();
        if (!request.claim().verifies(office.verifier(), key)) {
            return Notes.refused(RefusalCode.BAD_SIGNATURE, "the claim");
        }
        if (!claim.institution().equals(office.membership().key().institution())) {
            return Notes.refused(RefusalCode.WRONG_INSTITUTION, "the claim");
        }
        if (!claim.account().equals(sender.account())) {
            return Notes.refused(RefusalCode.UNKNOWN_ACCOUNT, "the claim names another account");
        }
        List<BoundKey> lost = office.db().snapshot(h -> Purses.bound(h, sender.purse(), true));
        if (lost.isEmpty()) {
            return Notes.refused(
                    RefusalCode.UNKNOWN_PURSE,
                    office.db().snapshot(h -> Purses.lostWithoutProof(h, sender.purse()))
                            ? "the keys of this purse were bound before their proofs were kept: an operator has to see it"
                            : "no key of this purse was reported lost");
        }
        // known before it is asked for: an answer may be lost, and what a claimant owes comes by the claim's name
        office.db()
                .useSerializable(h -> h.createUpdate("INSERT INTO claim (id, account, returned, pending)"
                                + " VALUES (:id, :account, 0, 0) ON CONFLICT (id) DO NOTHING")
                        .bind("id", claim.id().bytes().toArray())
                        .bind("account", sender.account())
                        .execute());
        BankAnswer answer = office.ask(new BankRequest.RegisterClaim(lost, request.claim(), key));
        return switch (answer) {
            case BankAnswer.ClaimRegistered registered -> credit(sender.account(), request.claim(), registered);
            case BankAnswer.Refused no -> new WalletAnswer.Refused(no.refusal());
            default -> Notes.refused(RefusalCode.INTERNAL, "an unexpected answer of the central bank");
        };
    }

    /** The central bank names totals; what is new is stored before it is credited, so that a repetition credits the same. */
    private synchronized WalletAnswer credit(
            String account, Signed<Claim> claim, BankAnswer.ClaimRegistered registered) {
        byte[] id = claim.statement().id().bytes().toArray();
        long total = registered.returned().minor();
        for (Row row = pending(id, total); row.pending() > 0; row = pending(id, total)) {
            String reference = "claim:" + claim.statement().id().hex() + ":" + row.returned();
            CoreBanking.Answer answer = office.banking()
                    .credit(reference, account, new Amount(row.pending()), CoreBanking.Contra.CLEARING, "lost device");
            if (answer instanceof CoreBanking.Answer.Refused no) {
                return new WalletAnswer.Refused(no.refusal());
            }
            office.db()
                    .useSerializable(h -> h.createUpdate(
                                    "UPDATE claim SET returned = returned + pending, pending = 0 WHERE id = :id")
                            .bind("id", id)
                            .execute());
        }
        debts.collect(account);
        return new WalletAnswer.Claimed(registered.returned(), registered.pending(), registered.due());
    }

    private record Row(long returned, long pending) {}

    private Row pending(byte[] id, long total) {
        return office.db().serializable(h -> {
            h.createUpdate("UPDATE claim SET pending = :total - returned"
                            + " WHERE id = :id AND pending = 0 AND returned < :total")
                    .bind("id", id)
                    .bind("total", total)
                    .execute();
            return h.createQuery("SELECT returned, pending FROM claim WHERE id = :id")
                    .bind("id", id)
                    .map((row, context) -> new Row(row.getLong("returned"), row.getLong("pending")))
                    .one();
        });
    }
}
