package org.jiaozi.server.institution;

import java.time.InstantSource;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.institution.AccountState;
import org.jiaozi.bank.institution.CoreBanking;
import org.jiaozi.bank.institution.Setting;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Statement;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.Entropy;
import org.jiaozi.server.db.Database;

/** What every desk of the institution works with. */
record Office(
        Membership membership,
        InstitutionKeys keys,
        Database db,
        CentralBank central,
        Bulletins bulletins,
        CoreBanking banking,
        SignatureVerifier verifier,
        Entropy entropy,
        InstantSource clock) {

    Timestamp now() {
        return new Timestamp(clock.instant().getEpochSecond());
    }

    /** Where and when rules apply at this moment. */
    Setting setting() {
        return new Setting(
                membership.key(), membership.quota(), bulletins.current().statement(), now(), verifier);
    }

    <T extends Statement> Signed<T> sign(T statement) {
        Signer signer = keys.signer();
        return Signed.by(signer, statement);
    }

    /**
     * Asks the central bank. That this institution is declared gone is no answer to what it asks: what the registry may
     * have done before must not be undone here, so it counts as silence (spec 07, clause 10).
     */
    BankAnswer ask(BankRequest request) {
        BankAnswer answer = asked(request);
        return answer instanceof BankAnswer.Refused(Refusal(RefusalCode code, String detail))
                        && code == RefusalCode.INSTITUTION_GONE
                ? new BankAnswer.Refused(new Refusal(RefusalCode.BUSY, "this institution is declared gone " + detail))
                : answer;
    }

    /** If the registry's key has changed meanwhile, once more with the newest bulletin. */
    private BankAnswer asked(BankRequest request) {
        PublicKey key = bulletins.current().statement().registryKey();
        BankAnswer answer = central.ask(request, key);
        if (answer instanceof BankAnswer.Refused(Refusal(RefusalCode code, String ignored))
                && code == RefusalCode.INTERNAL) {
            bulletins.refresh();
            PublicKey fresh = bulletins.current().statement().registryKey();
            return fresh.equals(key) ? answer : central.ask(request, fresh);
        }
        return answer;
    }

    /** The account as it is now; whoever names it has looked it up before. */
    AccountState account(Handle h, String name) {
        AccountState stored = Purses.account(h, name)
                .orElseThrow(() -> new IllegalStateException("account " + name + " has vanished"));
        return new AccountState(
                name,
                stored.tier(),
                stored.currency(),
                banking.balance(name).orElse(Amount.ZERO),
                stored.block(),
                stored.flagged());
    }

    AccountState account(String name) {
        return db.snapshot(h -> account(h, name));
    }

    Amount balance(String account) {
        return banking.balance(account).orElse(Amount.ZERO);
    }
}
