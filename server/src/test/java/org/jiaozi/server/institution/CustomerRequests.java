package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jiaozi.core.evidence.Evidence;
import org.jiaozi.core.evidence.EvidenceFile;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.Claim;
import org.jiaozi.core.message.Counters;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.server.central.Ledger;

/** What customers ask while a disk fails. */
final class CustomerRequests {
    private final DurableWork work;
    private final World world;

    CustomerRequests(DurableWork work) {
        this.work = work;
        this.world = work.world;
    }

    void add() {
        load();
        deposit();
        depositAcross();
        givenBack();
        fork();
        giveBack();
        upload();
        renew();
        lost();
        claim();
        remit();
        enrol();
        evidence();
        TestWallet alice = work.wallet("bank-a");
        work.add("read account", i -> DurableWork.customer(alice, new WalletRequest.ReadAccount(1), due -> {}));
    }

    private static Range unit(int number) {
        return new Range(number, number + 1);
    }

    private static Range whole(Lineage note) {
        return new Range(0, note.notes().getFirst().statement().value().minor());
    }

    private static Lineage pay(TestWallet payer, Lineage note, TestWallet payee, Range range) {
        return KilledErrands.paid(payer, note, payee, range, TestWallet.nonce());
    }

    private void load() {
        TestWallet alice = work.wallet("bank-a");
        work.add(
                "load",
                i -> DurableWork.customer(
                        alice,
                        new WalletRequest.Load(new Amount(1), World.CNY, alice.thumbprint(), TestWallet.nonce()),
                        due -> {
                            due.on(alice, -1);
                            due.outstanding("bank-a", 1);
                        }));
    }

    private static WalletRequest deposit(TestWallet wallet, Lineage held, SliceRef source, int number) {
        return new WalletRequest.Deposit(LineageCodec.encode(wallet.depositing(held, source, unit(number))));
    }

    private void deposit() {
        TestWallet alice = work.wallet("bank-a");
        Lineage note = work.loaded(alice);
        deposits("deposit", alice, note, TestWallet.noteOutput(note), "bank-a");
    }

    /** Unit by unit, redeemed of a note of that issuer. */
    private void deposits(String what, TestWallet wallet, Lineage held, SliceRef source, String issuer) {
        work.add(
                what,
                i -> DurableWork.customer(wallet, deposit(wallet, held, source, i), due -> {
                    due.on(wallet, 1);
                    due.outstanding(issuer, -1);
                }));
    }

    private void depositAcross() {
        TestWallet bob = work.wallet("bank-b");
        TestWallet carol = work.wallet("bank-a");
        Lineage note = work.loaded(bob);
        Lineage paid = pay(bob, note, carol, whole(note));
        deposits("deposit across", carol, paid, TestWallet.headOutput(paid), "bank-b");
    }

    /** The account takes nothing: as much as is redeemed comes back as a note. */
    private void givenBack() {
        TestWallet alice = work.wallet("bank-a");
        Lineage note = work.loaded(alice);
        world.operator("bank-a", "/accounts/" + alice.account + "/block", Map.of());
        work.add(
                "given back",
                i -> DurableWork.customer(alice, deposit(alice, note, TestWallet.noteOutput(note), i), due -> {}));
    }

    /** Somebody has deposited all of it, and somebody else comes with the same: both are paid. */
    private void fork() {
        TestWallet mallory = work.wallet("bank-a");
        TestWallet bob = work.wallet("bank-b");
        TestWallet carol = work.wallet("bank-a");
        Lineage note = work.loaded(mallory);
        Range all = whole(note);
        Lineage one = pay(mallory, note, bob, all);
        Lineage other = pay(mallory, note, carol, all);
        bob.deposit(bob.depositing(one, TestWallet.headOutput(one), all));
        work.begin(due -> {
            due.on(bob, all.amount().minor());
            due.outstanding("bank-a", -all.amount().minor());
        });
        work.add(
                "fork",
                i -> DurableWork.customer(carol, deposit(carol, other, TestWallet.headOutput(other), i), due -> {
                    due.on(carol, 1);
                    due.on(mallory, -1);
                    due.then(() -> assertThat(block(mallory)).isEqualTo("CONVICTED"));
                }));
    }

    private String block(TestWallet wallet) {
        return Killed.insist(() -> world.operator("bank-a", "/accounts/" + wallet.account))
                .required("block")
                .asText();
    }

    /** A payment that its payee denies. */
    private void giveBack() {
        TestWallet alice = work.wallet("bank-a");
        TestWallet bob = work.wallet("bank-b");
        Lineage note = work.loaded(alice);
        work.add("return", i -> {
            Nonce request = TestWallet.nonce();
            Lineage paid = KilledErrands.paid(alice, note, bob, unit(i), request);
            return DurableWork.customer(
                    alice,
                    new WalletRequest.ReturnUnreceived(
                            LineageCodec.encode(paid),
                            Signed.by(bob.key, new NonReceipt(request, Optional.empty())),
                            bob.certificates.getFirst(),
                            alice.thumbprint(),
                            TestWallet.nonce()),
                    due -> {});
        });
    }

    private void upload() {
        TestWallet alice = work.wallet("bank-a");
        TestWallet bob = work.wallet("bank-b");
        Lineage note = work.loaded(alice);
        work.add("upload", i -> {
            Lineage paid = pay(alice, note, bob, unit(i));
            Hash transfer = paid.head().transfer().hash();
            return DurableWork.customer(
                    alice,
                    new WalletRequest.Upload(List.of(LineageCodec.encode(paid))),
                    due -> due.then(() -> assertThat(new Ledger(world.centralDatabase).knows(transfer))
                            .isTrue()));
        });
    }

    private void renew() {
        TestWallet alice = work.wallet("bank-a");
        work.add("renew", i -> {
            Counters counters = new Counters(alice.thumbprint(), i + 1, i + 1, 0);
            return DurableWork.customer(
                    alice,
                    new WalletRequest.Renew(List.of(counters), List.of(), List.of()),
                    due -> due.then(() -> assertThat(
                                    Killed.insist(() -> world.operator("bank-a", "/accounts/" + alice.account))
                                            .required("keys")
                                            .required(0)
                                            .required("seq")
                                            .longValue())
                            .isGreaterThan(i)));
        });
    }

    private void lost() {
        Supplier<TestWallet> careless = work.inTurn(() -> work.wallet("bank-a"));
        work.add("report lost", i -> {
            TestWallet wallet = careless.get();
            return DurableWork.customer(
                    wallet,
                    wallet.accountKey,
                    new WalletRequest.ReportLost("stolen"),
                    due -> due.then(() -> World.await(
                            "the bulletin revokes the lost purse",
                            () -> Killed.insist(
                                    () -> world.bulletin("bank-a").revoked().contains(wallet.thumbprint())))));
        });
    }

    /** Too early: it is on record, and pays nothing yet. */
    private void claim() {
        TestWallet alice = work.wallet("bank-a");
        work.loaded(alice);
        alice.ask(alice.accountKey, TestWallet.nonce(), new WalletRequest.ReportLost("stolen"));
        work.add("claim", i -> {
            Claim claim = new Claim(alice.institution(), alice.account, TestWallet.nonce(), alice.now());
            return DurableWork.customer(
                    alice,
                    alice.accountKey,
                    new WalletRequest.ClaimLost(Signed.by(alice.accountKey, claim)),
                    due -> {});
        });
    }

    private void remit() {
        TestWallet alice = work.wallet("bank-a");
        TestWallet bob = work.wallet("bank-b");
        work.add(
                "remit",
                i -> DurableWork.customer(alice, remit(bob, bob.account), due -> {
                    due.on(alice, -1);
                    due.on(bob, 1);
                }));
        work.add("remit to nobody", i -> DurableWork.customer(alice, remit(bob, "nobody"), due -> {}));
    }

    private static WalletRequest remit(TestWallet to, String account) {
        return new WalletRequest.Remit(to.institution(), account, new Amount(1), "rent", TestWallet.nonce());
    }

    private void enrol() {
        Supplier<DurableWork.Account> accounts = work.eachOnce(work::account);
        work.add("enrol", i -> {
            DurableWork.Account account = accounts.get();
            Nonce id = TestWallet.nonce();
            TestWallet wallet = account.wallet();
            return DurableWork.customer(
                    wallet,
                    wallet.message(wallet.accountKey, id, wallet.enrolment(account.code(), id)),
                    due -> due.then(() -> assertThat(
                                    Killed.insist(() -> world.operator("bank-a", "/accounts/" + wallet.account))
                                            .required("keys"))
                            .hasSize(1)));
        });
    }

    /** Somebody was offered the same money twice, and hands that in. */
    private void evidence() {
        TestWallet mallory = work.wallet("bank-a");
        TestWallet bob = work.wallet("bank-a");
        Lineage note = work.loaded(mallory);
        work.add("evidence", i -> {
            Lineage one = pay(mallory, note, bob, unit(i));
            Lineage other = pay(mallory, note, bob, unit(i));
            Bytes file = new EvidenceFile(
                            new Evidence.OverlapEvidence(
                                    mallory.certificates.getFirst(),
                                    one.head().transfer(),
                                    other.head().transfer()),
                            world.signedBulletin("bank-a"))
                    .encode();
            return DurableWork.customer(
                    bob,
                    new WalletRequest.SubmitEvidence(file),
                    due -> due.then(() -> assertThat(block(mallory)).isEqualTo("CONVICTED")));
        });
    }
}
