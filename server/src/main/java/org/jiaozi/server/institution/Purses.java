package org.jiaozi.server.institution;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.institution.AccountState;
import org.jiaozi.bank.institution.PurseKeyState;
import org.jiaozi.bank.institution.Sender;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.message.BoundKey;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/** Accounts and the keys bound to them, as rows. All methods run inside the caller's transaction. */
final class Purses {
    private Purses() {}

    /** Who signed, which account that is, and which purse. */
    record Known(Sender sender, String account, Thumbprint purse) {}

    static Optional<AccountState> account(Handle h, String name) {
        return h.createQuery("SELECT * FROM account WHERE name = :name")
                .bind("name", name)
                .map((row, context) -> new AccountState(
                        name,
                        row.getInt("tier"),
                        new Currency(row.getString("currency")),
                        // the core-banking port knows it; see Office.account
                        Amount.ZERO,
                        AccountState.Block.valueOf(row.getString("block")),
                        row.getBoolean("flagged")))
                .findOne();
    }

    static void block(Handle h, String account, AccountState.Block block) {
        h.createUpdate("UPDATE account SET block = :block WHERE name = :name")
                .bind("block", block.name())
                .bind("name", account)
                .execute();
    }

    /** Keeps what an operator did to the block, and why. */
    static void record(Handle h, String account, AccountState.Block block, String reason, Timestamp now) {
        h.createUpdate("INSERT INTO block_record (account, block, reason, at) VALUES (:account, :block, :reason, :now)")
                .bind("account", account)
                .bind("block", block.name())
                .bind("reason", reason)
                .bind("now", now.seconds())
                .execute();
    }

    /** What an operator last said of the block; empty where nobody did. */
    static String blockReason(Handle h, String account) {
        return h.createQuery("SELECT reason FROM block_record WHERE account = :account ORDER BY id DESC LIMIT 1")
                .bind("account", account)
                .mapTo(String.class)
                .findOne()
                .orElse("");
    }

    static Optional<Known> find(Handle h, Thumbprint key) {
        Optional<Known> purse = h.createQuery("SELECT * FROM purse_key WHERE thumbprint = :key")
                .bind("key", key.bytes().toArray())
                .map((row, context) -> new Known(
                        new Sender.Purse(state(row)), row.getString("account"), Thumbprint.of(row.getBytes("purse"))))
                .findOne();
        return purse.isPresent()
                ? purse
                : h.createQuery("SELECT account, public_key FROM account_key WHERE thumbprint = :key")
                        .bind("key", key.bytes().toArray())
                        .map((row, context) -> new Known(
                                new Sender.Holder(new PublicKey(Bytes.of(row.getBytes("public_key")))),
                                row.getString("account"),
                                key))
                        .findOne();
    }

    /** Every key of the account, in the order in which they were bound. */
    static List<PurseKeyState> ofAccount(Handle h, String account) {
        return h.createQuery("SELECT * FROM purse_key WHERE account = :account ORDER BY position")
                .bind("account", account)
                .map((row, context) -> state(row))
                .list();
    }

    /** The keys of one purse that are not revoked. */
    static List<PurseKeyState> ofPurse(Handle h, Thumbprint purse) {
        return h.createQuery("SELECT * FROM purse_key WHERE purse = :purse AND status <> 'REVOKED' ORDER BY position")
                .bind("purse", purse.bytes().toArray())
                .map((row, context) -> state(row))
                .list();
    }

    private static PurseKeyState state(ResultSet row) throws SQLException {
        return new PurseKeyState(
                new PublicKey(Bytes.of(row.getBytes("public_key"))),
                ElementClass.of(row.getInt("element")),
                PurseKeyState.Status.valueOf(row.getString("status")),
                row.getLong("seq"),
                row.getLong("spent"));
    }

    /** Stores a key's state; a new key is bound to the account and purse. */
    static void put(Handle h, String account, Thumbprint purse, PurseKeyState key, Timestamp now) {
        h.createUpdate("INSERT INTO purse_key"
                        + " (thumbprint, account, purse, public_key, element, status, seq, spent, bound_at)"
                        + " VALUES (:key, :account, :purse, :public, :element, :status, :seq, :spent, :now)"
                        + " ON CONFLICT (thumbprint) DO UPDATE SET status = :status, seq = :seq, spent = :spent")
                .bind("key", key.thumbprint().bytes().toArray())
                .bind("account", account)
                .bind("purse", purse.bytes().toArray())
                .bind("public", key.key().compressed().toArray())
                .bind("element", key.element().code())
                .bind("status", key.status().name())
                .bind("seq", key.seq())
                .bind("spent", key.spent())
                .bind("now", now.seconds())
                .execute();
    }

    /** Keeps what proves to the central bank that these keys asked to be certified here. */
    static void proven(Handle h, List<KeyProof> proofs, Nonce message) {
        for (KeyProof proof : proofs) {
            h.createUpdate("UPDATE purse_key SET proof = :proof, proof_message = :message WHERE thumbprint = :key")
                    .bind("proof", proof.proof().bytes().toArray())
                    .bind("message", message.bytes().toArray())
                    .bind("key", proof.key().thumbprint().bytes().toArray())
                    .execute();
        }
    }

    /**
     * Every key that the holder's enrolment bound, retired ones included: value may still lie under them. One without a
     * proof is left out, for the central bank would not hear of it.
     */
    static List<BoundKey> bound(Handle h, Thumbprint purse, boolean revokedOnly) {
        return h.createQuery("SELECT public_key, proof, proof_message FROM purse_key WHERE purse = :purse"
                        + " AND proof IS NOT NULL AND (status = 'REVOKED' OR NOT :revoked) ORDER BY position")
                .bind("purse", purse.bytes().toArray())
                .bind("revoked", revokedOnly)
                .map((row, context) -> boundKey(row))
                .list();
    }

    /** Whether some key that was reported lost has no proof: it was bound before proofs were kept. */
    static boolean lostWithoutProof(Handle h, Thumbprint purse) {
        return h.createQuery("SELECT 1 FROM purse_key WHERE purse = :purse AND proof IS NULL AND status = 'REVOKED'"
                        + " LIMIT 1")
                .bind("purse", purse.bytes().toArray())
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    /** One key with its proof, if it has one. */
    static Optional<BoundKey> boundKey(Handle h, Thumbprint key) {
        return h.createQuery("SELECT public_key, proof, proof_message FROM purse_key WHERE thumbprint = :key"
                        + " AND proof IS NOT NULL")
                .bind("key", key.bytes().toArray())
                .map((row, context) -> boundKey(row))
                .findOne();
    }

    private static BoundKey boundKey(ResultSet row) throws SQLException {
        return new BoundKey(
                new KeyProof(
                        new PublicKey(Bytes.of(row.getBytes("public_key"))),
                        new Signature(Bytes.of(row.getBytes("proof")))),
                new Nonce(Bytes.of(row.getBytes("proof_message"))));
    }

    static void bindAccountKey(Handle h, String account, PublicKey key, Timestamp now) {
        h.createUpdate("INSERT INTO account_key (thumbprint, account, public_key, bound_at)"
                        + " VALUES (:key, :account, :public, :now)")
                .bind("key", key.thumbprint().bytes().toArray())
                .bind("account", account)
                .bind("public", key.compressed().toArray())
                .bind("now", now.seconds())
                .execute();
    }

    static void certified(Handle h, Signed<PurseCertificate> certificate, Timestamp now) {
        h.createUpdate("INSERT INTO certificate (hash, thumbprint, cose, issued_at)"
                        + " VALUES (:hash, :key, :cose, :now) ON CONFLICT (hash) DO NOTHING")
                .bind("hash", certificate.hash().bytes().toArray())
                .bind("key", certificate.statement().thumbprint().bytes().toArray())
                .bind("cose", certificate.encode().toArray())
                .bind("now", now.seconds())
                .execute();
    }

    static void revoke(Handle h, Thumbprint key) {
        h.createUpdate("UPDATE purse_key SET status = 'REVOKED' WHERE thumbprint = :key")
                .bind("key", key.bytes().toArray())
                .execute();
    }

    /** Revokes every key of a purse. */
    static void revokeAll(Handle h, Thumbprint purse) {
        h.createUpdate("UPDATE purse_key SET status = 'REVOKED' WHERE purse = :purse")
                .bind("purse", purse.bytes().toArray())
                .execute();
    }
}
