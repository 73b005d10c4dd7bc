package org.jiaozi.server.central;

import org.jiaozi.core.message.BankRequest;
import org.jiaozi.server.SuddenDeath;

/** Where a central bank can be made to die, so that tests see what a power cut leaves. */
@FunctionalInterface
interface CentralCrash {
    /** The moments of one change at which a crash makes a difference. */
    enum Step {
        /** Decided and written, not committed: it never happened. */
        BEFORE_COMMIT,
        /** Durable with its answer, which has not left. */
        AFTER_COMMIT
    }

    /** What changes the record. */
    enum Act {
        REGISTER_NOTE,
        CHANGE_OWNERS,
        REFUND,
        PUT_ON_RECORD,
        REVOKE,
        REGISTER_CLAIM,
        CONVICT,
        REPORT_RECOVERY,
        REMIT_ACROSS,
        HONOUR,
        RETURN_REMIT,
        JOIN,
        BULLETIN,
        QUOTA,
        RESERVE,
        CONTRIBUTION,
        NETTING,
        RELEASE,
        DECLARE;

        /** What a request that changes something is. */
        static Act of(BankRequest request) {
            return switch (request) {
                case BankRequest.RegisterNote _ -> REGISTER_NOTE;
                case BankRequest.ChangeOwners _ -> CHANGE_OWNERS;
                case BankRequest.Refund _ -> REFUND;
                case BankRequest.PutOnRecord _ -> PUT_ON_RECORD;
                case BankRequest.Revoke _ -> REVOKE;
                case BankRequest.RegisterClaim _ -> REGISTER_CLAIM;
                case BankRequest.Convict _ -> CONVICT;
                case BankRequest.ReportRecovery _ -> REPORT_RECOVERY;
                case BankRequest.RemitAcross _ -> REMIT_ACROSS;
                case BankRequest.Honour _ -> HONOUR;
                case BankRequest.ReturnRemit _ -> RETURN_REMIT;
                case BankRequest.ReadInbox _ -> throw new IllegalStateException("reading changes nothing");
            };
        }
    }

    /** Comes here when {@code act} is at {@code step}; returns, or ends the process. */
    void reached(Act act, Step step);

    /**
     * Dies, without any clean-up, where {@code JIAOZI_CENTRAL_CRASH_AT} says, such as {@code NETTING_AFTER_COMMIT};
     * nowhere if it is not set.
     */
    static CentralCrash fromEnvironment() {
        String where = System.getenv("JIAOZI_CENTRAL_CRASH_AT");
        return where == null || where.isBlank()
                ? (act, step) -> {}
                : (act, step) -> {
                    if (where.equals(act + "_" + step)) {
                        SuddenDeath.now();
                    }
                };
    }
}
