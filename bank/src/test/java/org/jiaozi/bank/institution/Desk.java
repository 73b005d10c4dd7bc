package org.jiaozi.bank.institution;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.bulletin.InstitutionKey;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.policy.Tier;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.PurseCertificate.Limits;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Period;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.fake.FakeCrypto;

/** One institution at one moment, with a tier that is identified (1) and one that is not (4). */
final class Desk {
    static final Currency CNY = new Currency("CNY");
    static final Timestamp NOW = new Timestamp(1_800_000_000);
    static final InstitutionId SELF = new InstitutionId(1);
    static final Nonce MESSAGE = new Nonce(Sha256.hash(new byte[] {1}).bytes().slice(0, Nonce.SIZE));

    final FakeCrypto crypto = FakeCrypto.forSimulation(3);

    Signer signer(String name) {
        return crypto.signer(name);
    }

    Thumbprint key(String name) {
        return signer(name).publicKey().thumbprint();
    }

    KeyProof proof(String name) {
        return KeyProof.by(signer(name), SELF, MESSAGE);
    }

    PurseKeyState state(String name, long seq, long spent) {
        return new PurseKeyState(signer(name).publicKey(), ElementClass.CARD, PurseKeyState.Status.ACTIVE, seq, spent);
    }

    static AccountState account(int tier, long balance, AccountState.Block block) {
        return new AccountState("a-1", tier, CNY, new Amount(balance), block, false);
    }

    Setting setting() {
        Bulletin bulletin = new Bulletin(
                new IssuerKeyId(InstitutionId.CENTRAL_BANK, 0),
                5,
                NOW,
                NOW.plus(Period.ofDays(1)),
                List.of(entry(1), entry(2)),
                new TreeSet<>(),
                signer("registry").publicKey(),
                policy());
        return new Setting(new IssuerKeyId(SELF, 0), 1, bulletin, NOW, crypto);
    }

    private InstitutionEntry entry(int number) {
        return new InstitutionEntry(
                new InstitutionId(number),
                "bank-" + number,
                "Bank " + number,
                List.of(new InstitutionKey(0, signer("bank-" + number).publicKey(), NOW, NOW.plus(Period.ofDays(9)))),
                Sha256.hash(new byte[] {(byte) number}).bytes(),
                "");
    }

    private static Profile policy() {
        Limits offline = new Limits(500, 1001, 11, 2000);
        return new Profile(
                "test",
                CNY,
                5,
                Period.ofDays(10),
                Period.ofDays(5),
                Period.ofDays(2),
                new Period(600),
                new Period(60),
                Period.ofDays(1),
                new Amount(40),
                new Amount(50),
                64,
                64,
                Amount.ZERO,
                3,
                true,
                Map.of(
                        ElementClass.SOFTWARE,
                        500,
                        ElementClass.PHONE,
                        1000,
                        ElementClass.CARD,
                        1000,
                        ElementClass.HSM,
                        1000),
                List.of(
                        new Tier(1, "known", true, offline, new Tier.AccountLimits(9000, 3000, 5000, 7000)),
                        new Tier(4, "unknown", false, offline, new Tier.AccountLimits(900, 300, 500, 700))),
                List.of());
    }
}
