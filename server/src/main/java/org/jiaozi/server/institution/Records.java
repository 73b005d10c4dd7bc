package org.jiaozi.server.institution;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.institution.AccountState;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.StatementEntry;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Timestamp;

/** What only reads here, or only passes on: the account's statement, transfers for the record, evidence. */
final class Records {
    private static final int MOST_ENTRIES = 1000;
    private static final int LONGEST_TEXT = 80;

    private final Office office;

    Records(Office office) {
        this.office = office;
    }

    WalletAnswer read(Purses.Known sender, WalletRequest.ReadAccount request) {
        int entries = (int) Math.min(MOST_ENTRIES, request.entries());
        AccountState account = office.account(sender.account());
        return office.db()
                .snapshot(h -> new WalletAnswer.Account(
                        account.name(),
                        account.currency(),
                        account.balance(),
                        new Amount(DebtCollector.open(h, account.name())),
                        account.blocked(),
                        entries(h, account.name(), entries)));
    }

    static List<StatementEntry> entries(Handle h, String account, int most) {
        return h.createQuery("SELECT at, credit = :book AS credited, amount, text FROM posting"
                        + " WHERE debit = :book OR credit = :book ORDER BY id DESC LIMIT :most")
                .bind("book", Books.user(account))
                .bind("most", most)
                .map((row, context) -> new StatementEntry(
                        new Timestamp(row.getLong("at")),
                        row.getBoolean("credited"),
                        new Amount(row.getLong("amount")),
                        shown(row.getString("text"))))
                .list();
    }

    /** A statement's line has at most 256 bytes. */
    private static String shown(String text) {
        return text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text;
    }

    WalletAnswer upload(WalletRequest.Upload upload) {
        if (upload.lineages().isEmpty()) {
            return new WalletAnswer.Uploaded(List.of());
        }
        BankAnswer answer = office.ask(new BankRequest.PutOnRecord(upload.lineages()));
        return switch (answer) {
            case BankAnswer.Recorded recorded -> new WalletAnswer.Uploaded(recorded.transfers());
            case BankAnswer.Refused no -> new WalletAnswer.Refused(no.refusal());
            default -> Notes.refused(RefusalCode.INTERNAL, "an unexpected answer of the central bank");
        };
    }

    WalletAnswer evidence(WalletRequest.SubmitEvidence evidence) {
        BankAnswer answer = office.ask(new BankRequest.Convict(evidence.file()));
        return switch (answer) {
            case BankAnswer.Convicted convicted ->
                new WalletAnswer.EvidenceTaken(convicted.culprit(), convicted.fresh());
            case BankAnswer.Refused no -> new WalletAnswer.Refused(no.refusal());
            default -> Notes.refused(RefusalCode.INTERNAL, "an unexpected answer of the central bank");
        };
    }
}
