package org.jiaozi.bank.institution;

import java.util.Optional;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;

/** Who signed a wallet message, and what that entitles to (spec 07, clause 5). */
public sealed interface Sender {
    /** The key behind the signature. */
    PublicKey key();

    /** A purse. */
    record Purse(PurseKeyState state) implements Sender {
        @Override
        public PublicKey key() {
            return state.key();
        }
    }

    /** The key that the holder keeps outside the device. */
    record Holder(PublicKey key) implements Sender {}

    /**
     * Whether this sender may ask that: money leaves an account only for an active purse and an account that is not
     * blocked; depositing, uploading and handing in evidence are open to every key; the holder's key reports and claims.
     *
     * @return 205, 703, 713 or 718
     */
    default Optional<Refusal> refuses(WalletRequest request, AccountState account) {
        return switch (request) {
            case WalletRequest.Enrol ignored -> no(RefusalCode.NOT_AUTHORISED, "an account key enrols");
            case WalletRequest.Load ignored -> spends(account);
            case WalletRequest.Renew ignored -> spends(account);
            case WalletRequest.Remit ignored -> spends(account);
            case WalletRequest.ReturnUnreceived ignored -> spends(account);
            case WalletRequest.Deposit ignored -> ofAPurse();
            case WalletRequest.TakeOver ignored -> ofAPurse();
            case WalletRequest.Upload ignored -> ofAPurse();
            case WalletRequest.ReadAccount ignored -> Optional.empty();
            case WalletRequest.SubmitEvidence ignored -> Optional.empty();
            case WalletRequest.ReportLost ignored -> ofTheHolder();
            case WalletRequest.ClaimLost ignored -> ofTheHolder();
        };
    }

    private Optional<Refusal> spends(AccountState account) {
        return switch (this) {
            case Holder ignored -> no(RefusalCode.NOT_AUTHORISED, "only a purse may ask this");
            case Purse purse ->
                switch (purse.state().status()) {
                    case REVOKED -> no(RefusalCode.PURSE_REVOKED, "");
                    case RETIRED -> no(account.blocked() ? RefusalCode.ACCOUNT_BLOCKED : RefusalCode.KEYS_RETIRED, "");
                    case ACTIVE -> account.blocked() ? no(RefusalCode.ACCOUNT_BLOCKED, "") : Optional.empty();
                };
        };
    }

    private Optional<Refusal> ofAPurse() {
        return switch (this) {
            case Purse ignored -> Optional.empty();
            case Holder ignored -> no(RefusalCode.NOT_AUTHORISED, "only a purse may ask this");
        };
    }

    private Optional<Refusal> ofTheHolder() {
        return switch (this) {
            case Holder ignored -> Optional.empty();
            case Purse ignored -> no(RefusalCode.NOT_AUTHORISED, "only the account key may ask this");
        };
    }

    private static Optional<Refusal> no(RefusalCode code, String detail) {
        return Optional.of(new Refusal(code, detail));
    }
}
