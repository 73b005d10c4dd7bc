package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jiaozi.server.institution.Killed.answer;
import static org.jiaozi.server.institution.Killed.insist;
import static org.jiaozi.server.institution.KilledErrands.deposit;
import static org.jiaozi.server.institution.KilledErrands.eventually;
import static org.jiaozi.server.institution.KilledErrands.fresh;
import static org.jiaozi.server.institution.KilledErrands.paid;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.evidence.Evidence;
import org.jiaozi.core.evidence.EvidenceFile;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Range;
import org.jiaozi.server.central.Ledger;

/** What does not go its usual way, while servers are killed. */
final class KilledDisputes {
    private static final long SUM = 300;
    private static final Range ALL = new Range(0, SUM);

    private final KilledErrands errands;
    private final World world;

    KilledDisputes(KilledErrands errands) {
        this.errands = errands;
        this.world = errands.world;
    }

    void addTo(Map<String, IntFunction<Killed.Errand>> kinds) {
        errands.add("evidence", this::evidence);
        errands.add("suspense", this::suspense);
        kinds.put("no quota", this::noQuota);
    }

    /** Somebody was offered the same money twice, and says so; nobody deposits it. */
    private Killed.Errand evidence() {
        TestWallet mallory = errands.wallet("bank-a", 1000);
        TestWallet bob = errands.wallet("bank-a", 0);
        Lineage note = mallory.load(SUM);
        Lineage one = paid(mallory, note, bob, ALL, TestWallet.nonce());
        Lineage other = paid(mallory, note, bob, ALL, TestWallet.nonce());
        errands.leaves(SUM);
        Signed<Bulletin> bulletin = world.signedBulletin("bank-a");
        EvidenceFile file = new EvidenceFile(
                new Evidence.OverlapEvidence(
                        mallory.certificates.getFirst(),
                        one.head().transfer(),
                        other.head().transfer()),
                bulletin);
        return () -> {
            WalletAnswer.EvidenceTaken taken =
                    (WalletAnswer.EvidenceTaken) answer(bob, new WalletRequest.SubmitEvidence(file.encode()));
            assertThat(taken.culprit()).isEqualTo(mallory.thumbprint());
            eventually(() -> errands.account(mallory).required("block").asText().equals("CONVICTED"));
            assertThat(insist(() -> errands.account(mallory)).required("owed").longValue())
                    .isZero();
            errands.balance(mallory, 1000 - SUM);
            errands.balance(bob, 0);
        };
    }

    /** Money that lies with the institution because nobody here sent it, as a backup that was played back makes it. */
    private Killed.Errand suspense() {
        TestWallet alice = errands.wallet("bank-a", 0);
        String reference = "remit-back:" + fresh();
        errands.books.paidIn("bank-a", SUM);
        String id = Ledger.names(
                        world.database("bank-a"),
                        "WITH taken AS (UPDATE book SET balance = balance - " + SUM + " WHERE name = 'cash'), given AS"
                                + " (INSERT INTO book VALUES ('suspense', " + SUM + ") ON CONFLICT (name)"
                                + " DO UPDATE SET balance = book.balance + " + SUM + "), posted AS"
                                + " (INSERT INTO posting (reference, debit, credit, amount, text, at) VALUES ('"
                                + reference
                                + ":suspense', 'cash', 'suspense', " + SUM + ", 'test', 0))"
                                + " INSERT INTO suspense (reference, state, from_institution, amount, reason, text, opened_at)"
                                + " VALUES ('" + reference + "', 'OPEN', 2, " + SUM + ", "
                                + RefusalCode.UNKNOWN_ACCOUNT.number() + ", 'test', 0) RETURNING id::text")
                .getFirst();
        return () -> {
            assertThat(insist(() -> world.operator(
                                    "bank-a", "/suspense/" + id + "/settle", Map.of("account", alice.account)))
                            .required("balance")
                            .longValue())
                    .isEqualTo(SUM);
            errands.balance(alice, SUM);
        };
    }

    /** The registry takes no notes: what was held is free again, and a deposit that cannot be given back is credited. */
    private Killed.Errand noQuota(int many) {
        List<Killed.Errand> all = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            all.add(i % 2 == 0 ? refusedLoad() : credited());
        }
        if (many == 1) {
            all.add(credited());
        }
        quota(0);
        return () -> {
            Killed.together(all);
            quota(20_000_000);
        };
    }

    private void quota(long limit) {
        errands.central("/quota", Map.of("institution", "bank-a", "number", 1, "currency", "CNY", "limit", limit));
    }

    private Killed.Errand refusedLoad() {
        TestWallet alice = errands.wallet("bank-a", 1000);
        WalletRequest load = new WalletRequest.Load(new Amount(SUM), World.CNY, alice.thumbprint(), TestWallet.nonce());
        return () -> {
            assertThat(TestWallet.refused(answer(alice, load))).isEqualTo(RefusalCode.QUOTA_EXCEEDED);
            assertThat(insist(() -> world.book("bank-a", "held:" + alice.account)))
                    .isZero();
            errands.balance(alice, 1000);
        };
    }

    private Killed.Errand credited() {
        TestWallet alice = errands.wallet("bank-a", 1000);
        Lineage note = alice.load(SUM);
        world.operator("bank-a", "/accounts/" + alice.account + "/block", Map.of());
        return () -> {
            WalletAnswer.Deposited done = deposit(alice, note, TestWallet.noteOutput(note), ALL);
            assertThat(done.credited()).isEqualTo(new Amount(SUM));
            assertThat(done.returned()).isEmpty();
            errands.balance(alice, 1000);
        };
    }
}
