package org.jiaozi.server.institution;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.institution.Decision;
import org.jiaozi.bank.institution.Enrolling;
import org.jiaozi.bank.institution.PurseKeyState;
import org.jiaozi.bank.institution.Renewing;
import org.jiaozi.bank.institution.Setting;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/** Enrolment and renewal: keys in, certificates out, in one transaction with the stored answer. */
final class Enrolments {
    private final Office office;
    private final Messages messages;

    Enrolments(Office office, Messages messages) {
        this.office = office;
        this.messages = messages;
    }

    /** What a one-time code is stored as; hyphens and case are for people. */
    static Bytes codeHash(String code) {
        String plain = code.replace("-", "").toUpperCase(Locale.ROOT);
        return Sha256.hash(Bytes.of(plain.getBytes(StandardCharsets.UTF_8))).bytes();
    }

    WalletAnswer enrol(WalletMessage message, WalletRequest.Enrol enrol) {
        Setting setting = office.setting();
        return office.db().serializable(enrol.getClass().getSimpleName(), h -> {
            Bytes code = codeHash(enrol.code());
            Decision<Enrolling.Enrolment> decision =
                    Enrolling.decide(setting, message.id(), enrol, code(h, code), known(h, enrol));
            WalletAnswer answer = switch (decision) {
                case Decision.Denied<Enrolling.Enrolment> no -> new WalletAnswer.Refused(no.refusal());
                case Decision.Granted<Enrolling.Enrolment> yes -> bind(h, message, enrol, code, yes.value());
            };
            messages.keep(h, message, answer);
            return answer;
        });
    }

    private Optional<Enrolling.Code> code(Handle h, Bytes hash) {
        return h.createQuery("SELECT account, expires_at, used_at FROM enrolment_code WHERE code_hash = :hash")
                .bind("hash", hash.toArray())
                .map((row, context) -> new Enrolling.Code(
                        Purses.account(h, row.getString("account")).orElseThrow(),
                        new Timestamp(row.getLong("expires_at")),
                        row.getObject("used_at") != null))
                .findOne();
    }

    private static boolean known(Handle h, WalletRequest.Enrol enrol) {
        return Purses.find(h, enrol.accountKey().thumbprint()).isPresent()
                || enrol.keys().stream()
                        .map(KeyProof::key)
                        .anyMatch(k -> Purses.find(h, k.thumbprint()).isPresent());
    }

    /** Puts a granted enrolment on record inside the caller's transaction. */
    WalletAnswer.Enrolled bind(
            Handle h, WalletMessage message, WalletRequest.Enrol enrol, Bytes code, Enrolling.Enrolment enrolment) {
        String account = enrolment.account().name();
        h.createUpdate("UPDATE enrolment_code SET used_at = :now WHERE code_hash = :hash")
                .bind("now", office.now().seconds())
                .bind("hash", code.toArray())
                .execute();
        Purses.bindAccountKey(h, account, enrol.accountKey(), office.now());
        enrolment.keys().forEach(k -> Purses.put(h, account, message.sender(), k, office.now()));
        Purses.proven(h, enrol.keys(), message.id());
        return new WalletAnswer.Enrolled(account, certify(h, enrolment.certificates()));
    }

    private List<Signed<PurseCertificate>> certify(Handle h, List<PurseCertificate> certificates) {
        List<Signed<PurseCertificate>> signed =
                certificates.stream().map(office::sign).toList();
        signed.forEach(c -> Purses.certified(h, c, office.now()));
        return signed;
    }

    WalletAnswer renew(WalletMessage message, WalletRequest.Renew renew, Purses.Known sender) {
        Setting setting = office.setting();
        return office.db().serializable(renew.getClass().getSimpleName(), h -> {
            List<PurseKeyState> keys = Purses.ofPurse(h, sender.purse());
            ElementClass element =
                    keys.isEmpty() ? ElementClass.SOFTWARE : keys.getFirst().element();
            Decision<Renewing.Renewal> decision = renew.fresh().stream()
                            .anyMatch(k -> Purses.find(h, k.key().thumbprint()).isPresent())
                    ? Decision.denied(
                            org.jiaozi.core.refusal.RefusalCode.OUT_OF_RANGE, "a fresh key that is bound already")
                    : Renewing.decide(
                            setting,
                            message.id(),
                            renew,
                            Purses.account(h, sender.account()).orElseThrow(),
                            element,
                            keys,
                            flow(h, sender.purse()));
            WalletAnswer answer = switch (decision) {
                case Decision.Denied<Renewing.Renewal> no -> new WalletAnswer.Refused(no.refusal());
                case Decision.Granted<Renewing.Renewal> yes -> {
                    Renewing.Renewal renewal = yes.value();
                    renewal.keys().forEach(k -> Purses.put(h, sender.account(), sender.purse(), k, office.now()));
                    Purses.proven(h, renew.fresh(), message.id());
                    yield new WalletAnswer.Renewed(certify(h, renewal.certificates()), renewal.missing());
                }
            };
            messages.keep(h, message, answer);
            return answer;
        });
    }

    private static Renewing.Flow flow(Handle h, Thumbprint purse) {
        return h.createQuery("SELECT"
                        + " (SELECT coalesce(sum(n.value), 0) FROM note n JOIN purse_key k ON k.thumbprint = n.holder"
                        + " WHERE k.purse = :purse)::bigint AS issued,"
                        + " (SELECT coalesce(sum(d.moved), 0) FROM deposit d"
                        + " JOIN purse_key k ON k.thumbprint = d.signer WHERE k.purse = :purse)::bigint AS deposited")
                .bind("purse", purse.bytes().toArray())
                .map((row, context) -> new Renewing.Flow(row.getLong("issued"), row.getLong("deposited")))
                .one();
    }
}
