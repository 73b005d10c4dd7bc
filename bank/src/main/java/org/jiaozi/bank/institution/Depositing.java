package org.jiaozi.bank.institution;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.message.Handover;
import org.jiaozi.core.message.Outcome;
import org.jiaozi.core.message.RegistryAnswer;
import org.jiaozi.core.policy.Tier;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Thumbprint;

/** Takes deposits: form and depositor here, value by the registry, credit only on its signed word (spec 07, clause 8). */
public final class Depositing {
    private Depositing() {}

    /**
     * Judges form and depositor; the registry checks the rest of the lineage.
     *
     * @param keys every purse key of the sender's account
     * @return the deposit's head, or the lowest of 101, 201, 706, 715
     */
    public static Decision<Lineage.Link> check(Setting setting, Lineage lineage, Collection<PurseKeyState> keys) {
        if (lineage.links().isEmpty()) {
            return Decision.denied(RefusalCode.MALFORMED, "a deposit without a transfer");
        }
        Lineage.Link head = lineage.head();
        if (!head.transfer()
                .verifies(setting.verifier(), head.certificate().statement().key())) {
            return Decision.denied(RefusalCode.BAD_SIGNATURE, "the deposit");
        }
        if (keys.stream().noneMatch(k -> k.thumbprint().equals(head.signer()))) {
            return Decision.denied(RefusalCode.UNKNOWN_PURSE, "the depositor is no key of this account");
        }
        Thumbprint payee = head.transfer().statement().payee();
        Optional<InstitutionEntry> payeeHere = setting.bulletin().institutionByDepositKey(payee);
        if (payeeHere.isEmpty() || !payeeHere.get().id().equals(setting.self())) {
            return Decision.denied(RefusalCode.WRONG_INSTITUTION, "the deposit names another payee");
        }
        return Decision.granted(head);
    }

    /**
     * Judges the form of a deposit at another institution that is to be paid here; whether that one is gone, and all else
     * of the lineage, is the registry's to judge.
     *
     * @param account the sender's, which the depositor must have named
     * @return the deposit's head, or the lowest of 101, 201, 401, 705, 715
     */
    public static Decision<Lineage.Link> checkHandover(
            Setting setting, Lineage lineage, Signed<Handover> handover, String account) {
        if (lineage.links().isEmpty()) {
            return Decision.denied(RefusalCode.MALFORMED, "a deposit without a transfer");
        }
        Lineage.Link head = lineage.head();
        PublicKey depositor = head.certificate().statement().key();
        if (!head.transfer().verifies(setting.verifier(), depositor)
                || !handover.verifies(setting.verifier(), depositor)) {
            return Decision.denied(RefusalCode.BAD_SIGNATURE, "the deposit or its handover");
        }
        Handover word = handover.statement();
        if (!word.deposit().equals(head.transfer().hash())) {
            return Decision.denied(RefusalCode.WRONG_REQUEST, "the handover names another deposit");
        }
        if (!word.account().equals(account)) {
            return Decision.denied(RefusalCode.UNKNOWN_ACCOUNT, "the handover names another account");
        }
        if (!word.institution().equals(setting.self())) {
            return Decision.denied(RefusalCode.WRONG_INSTITUTION, "the handover names another institution");
        }
        return Decision.granted(head);
    }

    /**
     * The registry's word on deposits, by deposit.
     *
     * @return 201 if the registry did not sign it, 804 if it tells more of one than a wallet could be told
     */
    public static Decision<Map<Hash, RegistryAnswer.Settlement>> settlements(
            Setting setting, Signed<RegistryAnswer> answer) {
        IssuerKeyId signer = answer.statement().registry();
        if (!signer.institution().equals(InstitutionId.CENTRAL_BANK)
                || !answer.verifies(setting.verifier(), setting.bulletin().registryKey())) {
            return Decision.denied(RefusalCode.BAD_SIGNATURE, "the registry's answer");
        }
        if (answer.statement().settlements().stream().anyMatch(s -> s.outcomes().size() > Outcome.MOST)) {
            return Decision.denied(RefusalCode.INTERNAL, "the registry tells more than a wallet reads");
        }
        Map<Hash, RegistryAnswer.Settlement> byDeposit = new HashMap<>();
        answer.statement().settlements().forEach(s -> byDeposit.putIfAbsent(s.deposit(), s));
        return Decision.granted(Map.copyOf(byDeposit));
    }

    /**
     * The registry's word on one deposit.
     *
     * @return 201 if the registry did not sign it, 804 if it does not speak of the deposit or tells more than a wallet could be
     *     told, or the registry's refusal
     */
    public static Decision<RegistryAnswer.Settlement> settlement(
            Setting setting, Signed<RegistryAnswer> answer, Hash deposit) {
        return switch (settlements(setting, answer)) {
            case Decision.Denied<Map<Hash, RegistryAnswer.Settlement>> no -> Decision.denied(no.refusal());
            case Decision.Granted<Map<Hash, RegistryAnswer.Settlement>> all -> {
                RegistryAnswer.Settlement settlement = all.value().get(deposit);
                if (settlement == null) {
                    yield Decision.denied(RefusalCode.INTERNAL, "the registry's answer leaves the deposit out");
                }
                yield settlement.refusals().isEmpty()
                        ? Decision.granted(settlement)
                        : Decision.denied(settlement.refusals().getFirst());
            }
        };
    }

    /** What a settlement pays now. */
    public static Amount paid(RegistryAnswer.Settlement settlement) {
        return sum(settlement, true);
    }

    /** What a settlement holds back until a person has looked. */
    public static Amount withheld(RegistryAnswer.Settlement settlement) {
        return sum(settlement, false);
    }

    private static Amount sum(RegistryAnswer.Settlement settlement, boolean paid) {
        return settlement.outcomes().stream()
                .filter(o -> paid ? o.kind().paid() : o.kind() == Outcome.Kind.WITHHELD)
                .map(Outcome::amount)
                .reduce(Amount.ZERO, Amount::plus);
    }

    /**
     * Whether the account takes that much: not when a person blocked it, nor above its class's balance. The value then
     * comes back as a note.
     *
     * @return 504, 703 or 716
     */
    public static Optional<Refusal> refusesCredit(Tier tier, AccountState account, Amount amount) {
        if (account.block() == AccountState.Block.OPERATOR) {
            return Optional.of(new Refusal(RefusalCode.ACCOUNT_BLOCKED, "deposits come back as notes"));
        }
        return account.block() == AccountState.Block.CONVICTED
                ? Optional.empty()
                : tier.refusesBalance(account.balance().plus(amount).minor());
    }
}
