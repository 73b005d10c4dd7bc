package org.jiaozi.lab.bench;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.message.OwnerChange;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.server.central.CentralFilling;
import org.jiaozi.server.institution.InstitutionFilling;

/**
 * Puts purses, notes and whatever is redeemed already on record, many to a commit: over the API each would be a message of its
 * own. The rows are those that the servers write, for their own code writes them.
 */
final class StockMaker {
    private static final int PURSES_AT_ONCE = 250;
    private static final int NOTES_AT_ONCE = 500;
    private static final int DEPOSITS_AT_ONCE = 8;
    private static final int TIER = 1;

    private final WorkShape.Stock shape;
    private final CentralFilling central;
    private final InstitutionFilling bank;
    private final Consumer<String> report;
    private final InstitutionId institution;
    private final Signed<Bulletin> bulletin;
    private final Currency currency;
    private final List<Signer> signers;

    private StockMaker(
            WorkShape.Stock shape, CentralFilling central, InstitutionFilling bank, Consumer<String> report) {
        this.shape = shape;
        this.central = central;
        this.bank = bank;
        this.report = report;
        institution = bank.key().institution();
        bulletin = bank.bulletin();
        currency = bulletin.statement().policy().currency();
        signers = Stock.signers(shape.seed(), "purse", shape.payers() + shape.merchants());
    }

    /** Fills the databases of servers that have just begun. */
    static Stock make(WorkShape.Stock shape, SettleServers servers, Consumer<String> report) {
        InstantSource clock = InstantSource.system();
        try (CentralFilling central =
                        CentralFilling.open(servers.data().resolve("central"), servers.jdbcUrl("central"), clock);
                InstitutionFilling bank = InstitutionFilling.open(
                        servers.data().resolve(servers.bank()), servers.jdbcUrl(servers.bank()), clock)) {
            StockMaker maker = new StockMaker(shape, central, bank, report);
            List<Stock.Purse> purses = maker.purses();
            Stock stock = new Stock(
                    shape,
                    maker.bulletin,
                    maker.institution,
                    purses,
                    maker.notes(purses),
                    new Stock.Counters(purses.size()));
            maker.prefill(stock);
            stock.counters().restart();
            for (String role : List.of("central", servers.bank())) {
                // what the database's own housekeeping would come to while something is measured
                servers.execute(role, "VACUUM ANALYZE");
            }
            servers.execute("central", "CHECKPOINT");
            return stock;
        }
    }

    private static Nonce nonce(long seed, String purpose, long number) {
        return new Nonce(Stock.draws(seed, purpose, number).next(Nonce.SIZE));
    }

    private List<Stock.Purse> purses() {
        List<Signer> accounts = Stock.signers(shape.seed(), "account", signers.size());
        List<Stock.Purse> purses = new ArrayList<>();
        while (purses.size() < signers.size()) {
            List<InstitutionFilling.Customer> customers = new ArrayList<>();
            int most = Math.min(signers.size(), purses.size() + PURSES_AT_ONCE);
            for (int i = purses.size(); i < most; i++) {
                Nonce id = nonce(shape.seed(), "enrolment", i);
                customers.add(new InstitutionFilling.Customer(
                        "bench-" + i,
                        "bench",
                        TIER,
                        new Amount(i < shape.payers() ? shape.loadedEach() : 0),
                        id,
                        new WalletRequest.Enrol(
                                "ahead",
                                accounts.get(i).publicKey(),
                                currency,
                                ElementClass.CARD,
                                List.of(KeyProof.by(signers.get(i), institution, id)))));
            }
            for (WalletAnswer.Enrolled enrolled : bank.enrol(customers)) {
                purses.add(new Stock.Purse(
                        signers.get(purses.size()),
                        enrolled.account(),
                        enrolled.certificates().getFirst()));
            }
            said(purses.size(), signers.size(), PURSES_AT_ONCE, "purses enrolled");
        }
        return List.copyOf(purses);
    }

    private List<Signed<Note>> notes(List<Stock.Purse> purses) {
        List<Signed<Note>> notes = new ArrayList<>();
        while (notes.size() < shape.notes()) {
            List<InstitutionFilling.Loaded> loads = new ArrayList<>();
            int most = Math.min(shape.notes(), notes.size() + NOTES_AT_ONCE);
            for (int i = notes.size(); i < most; i++) {
                Stock.Purse payer = purses.get(i % shape.payers());
                WalletRequest.Load load = new WalletRequest.Load(
                        new Amount(WorkShape.Stock.NOTE), currency, payer.thumbprint(), nonce(shape.seed(), "load", i));
                loads.add(new InstitutionFilling.Loaded(payer.account(), load, bank.note(load)));
            }
            // two databases: one does not wait for the other
            CompletableFuture<Void> booked = CompletableFuture.runAsync(() -> bank.loaded(loads));
            List<BankAnswer> answers = central.put(
                    institution,
                    loads.stream()
                            .<BankRequest>map(l -> new BankRequest.RegisterNote(l.note()))
                            .toList());
            await(booked);
            answers.stream().filter(a -> !(a instanceof BankAnswer.Registered)).forEach(a -> failed("a note", a));
            loads.forEach(l -> notes.add(l.note()));
            said(notes.size(), shape.notes(), NOTES_AT_ONCE, "notes on record");
        }
        return List.copyOf(notes);
    }

    private static void await(CompletableFuture<?> work) {
        try {
            work.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static void failed(String what, BankAnswer answer) {
        throw new CommandFailure(what + " of the bench is not put on record: " + answer);
    }

    private void said(int done, int all, int step, String what) {
        if (done == all || done / step % 10 == 0) {
            report.accept(done + " of " + all + " " + what);
        }
    }

    /** Payments of one hop in deposits as large as they get: nothing of them differs from what is measured but their number. */
    private void prefill(Stock stock) {
        if (shape.prefill() == 0) {
            return;
        }
        WorkShape ahead = new WorkShape(shape, shape.prefilled() * shape.prefilledEach(), 1, 1_024, 0, 0);
        Timestamp now = new Timestamp(System.currentTimeMillis() / 1000);
        long[] done = new long[2];
        CompletableFuture<?>[] booking = {CompletableFuture.completedFuture(null)};
        new Payments(stock, ahead, true, now).make(deposits -> {
            // while these are put on record the next ones are signed
            await(booking[0]);
            booking[0] = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < deposits.size(); i += DEPOSITS_AT_ONCE) {
                    bank.deposited(
                            settled(stock, deposits.subList(i, Math.min(deposits.size(), i + DEPOSITS_AT_ONCE))));
                }
            });
            done[0] += deposits.stream().mapToInt(Payments.Deposit::slices).sum();
            if (done[0] / 100_000 > done[1]) {
                done[1] = done[0] / 100_000;
                report.accept(done[0] + " of " + ahead.deposits() + " payments redeemed ahead");
            }
        });
        await(booking[0]);
        report.accept(done[0] + " payments redeemed ahead");
    }

    private List<InstitutionFilling.Deposited> settled(Stock stock, List<Payments.Deposit> deposits) {
        List<Bytes> lineages = deposits.parallelStream()
                .map(d -> LineageCodec.encode(d.lineage()))
                .toList();
        List<BankAnswer> answers = central.put(
                institution,
                lineages.stream()
                        .<BankRequest>map(l -> new BankRequest.ChangeOwners(List.of(new OwnerChange(l, false))))
                        .toList());
        List<InstitutionFilling.Deposited> settled = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            if (!(answers.get(i) instanceof BankAnswer.OwnersChanged changed)) {
                throw new CommandFailure("a deposit of the bench is not put on record: " + answers.get(i));
            }
            settled.add(new InstitutionFilling.Deposited(
                    stock.purses().get(stock.place(deposits.get(i).merchant())).account(),
                    new WalletRequest.Deposit(lineages.get(i)),
                    deposits.get(i).lineage(),
                    changed.answer().statement().settlements().getFirst()));
        }
        return settled;
    }
}
