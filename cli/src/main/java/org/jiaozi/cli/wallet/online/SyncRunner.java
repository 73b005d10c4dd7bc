package org.jiaozi.cli.wallet.online;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.session.WalletAction;
import org.jiaozi.cli.wallet.store.Act;
import org.jiaozi.cli.wallet.store.Change;
import org.jiaozi.cli.wallet.store.DurableStep;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.message.Outcome;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.Es256Signer;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.purse.Pseudonym;
import org.jiaozi.wallet.sync.Sync;
import org.jiaozi.wallet.sync.SyncNext;
import org.jiaozi.wallet.sync.SyncRun;

/**
 * Runs the sync against the institution: what the machine wants next is stored, then done, until nothing is left. Killed
 * anywhere, the next run goes on from what is stored.
 */
final class SyncRunner {
    private final Session session;
    private final BankClient bank;
    private final Printer printer;
    private final Optional<AccountKey> accountKey;
    private final Map<Outcome.Kind, Long> outcomes = new HashMap<>();
    private long credited;
    private long missing;
    private Optional<DepositGoal> goal = Optional.empty();
    private boolean repeated;
    private int told;
    private Optional<Amount> balance = Optional.empty();

    /**
     * @param accountKey signs where the purse may not: an old copy's keys are retired on its word
     */
    SyncRunner(Session session, BankClient bank, Printer printer, Optional<AccountKey> accountKey) {
        this.session = session;
        this.bank = bank;
        this.printer = printer;
        this.accountKey = accountKey;
    }

    /** Keys to rotate to: what the vault has to spare, and as many more as policy wants, stored before they are used. */
    List<PublicKey> spareKeys(Act act) {
        int wanted = session.state().bulletin().statement().policy().pseudonyms();
        List<PublicKey> spare = new ArrayList<>(unused().stream().limit(wanted).toList());
        if (spare.size() < wanted) {
            spare.addAll(session.keys().draw(wanted - spare.size(), Session.entropy()));
            session.commit(act, session.seal(Change.only()));
        }
        return List.copyOf(spare);
    }

    /**
     * Keys of the vault that were never certified. A key that the purse has retired and forgotten is still in the vault,
     * and no institution binds it twice; whatever took its place was drawn later, so only what is newer than every key of
     * the purse was never in it.
     */
    private List<PublicKey> unused() {
        List<PublicKey> unused = new ArrayList<>();
        for (PublicKey key : session.keys().all()) {
            Optional<Pseudonym> known = session.state().purse().pseudonym(key.thumbprint());
            if (known.isEmpty()) {
                unused.add(key);
            } else {
                unused.removeIf(
                        k -> session.state().purse().pseudonym(k.thumbprint()).isEmpty());
                known.filter(p -> p.status() == Pseudonym.Status.ACTIVE
                                && p.certificate().isEmpty())
                        .ifPresent(p -> unused.add(p.key()));
            }
        }
        return unused;
    }

    /** What the owner wants of a sync. */
    SyncRun.Options options(Optional<Amount> keep, boolean refreshAll, List<PublicKey> fresh) {
        return new SyncRun.Options(
                keep,
                refreshAll,
                fresh,
                accountKey.map(k -> k.key().publicKey()),
                session.store().text("account"));
    }

    /** Deposits an amount, or what is left of it where such a deposit was cut off, and keeps the rest. */
    SyncRun deposit(Amount due) {
        // what comes by them is not what is to be deposited
        new Errand(session, bank).finishOthers(Act.DEPOSIT, body -> false);
        Optional<DepositGoal> before =
                DepositGoal.begun(session.store()).filter(g -> g.due().equals(due));
        repeated = before.isPresent();
        DepositGoal mine = before.orElseGet(() -> DepositGoal.of(due, session.state()));
        goal = Optional.of(mine);
        Amount held = DepositGoal.held(session.state());
        if (mine.left().compareTo(held) > 0) {
            throw CommandFailure.refused(new Refusal(RefusalCode.INSUFFICIENT_FUNDS, "holding " + session.shown(held)));
        }
        return run(Act.DEPOSIT, options(Optional.of(held.minus(mine.left())), false, List.of()));
    }

    /** Runs to the end. */
    SyncRun run(Act act, SyncRun.Options options) {
        new Errand(session, bank).finishOthers(act, body -> false);
        WalletState begun = session.state();
        SyncNext next = Sync.next(session.state(), SyncRun.start(options), session.context(), fresh());
        while (true) {
            if (!next.state().equals(session.state())) {
                session.commit(act, tracked(told(Change.to(next.state()), next.run()), begun, next.state()));
            }
            switch (next) {
                case SyncNext.Done done -> {
                    finished(act, done.run());
                    if (session.state().purse().rolledBack()) {
                        throw CommandFailure.refused(new Refusal(
                                RefusalCode.ROLLED_BACK, "sync with --account-key FILE to retire this copy's keys"));
                    }
                    return done.run();
                }
                case SyncNext.FetchBulletin fetch -> {
                    printer.progress("fetching the bulletin");
                    Optional<Bytes> bulletin = newest(fetch.since());
                    next = bulletin.isPresent()
                            ? Sync.bulletin(session.state(), fetch.run(), bulletin.get(), session.context(), fresh())
                            : Sync.next(session.state(), fetch.run(), session.context(), fresh());
                }
                case SyncNext.Ask ask -> {
                    printer.progress("asking: " + words(ask.message()));
                    WalletAnswer answer = bank.ask(session.state().bulletin().statement(), ask.message());
                    session.store().reached(act, DurableStep.SENT);
                    if (answer instanceof WalletAnswer.Refused no
                            && no.refusal().code().isFault()) {
                        // the message stays under way, and so does what is left of a deposit; what was done is told
                        session.commit(act, told(Change.only(), ask.run()));
                        throw CommandFailure.refused(no.refusal());
                    }
                    note(answer);
                    next = Sync.answered(session.state(), ask.run(), answer, session.context(), fresh());
                }
                case SyncNext.AskAccountKey ask -> {
                    AccountKey key = accountKey.orElseThrow();
                    next = Sync.accountSigned(
                            session.state(), ask.run(), Signed.by(Es256Signer.of(key.key()), ask.message()));
                }
            }
        }
    }

    /** That one which was declared gone is silent is no news; whether it is back, only its own bulletin can say. */
    private Optional<Bytes> newest(long since) {
        try {
            return bank.bulletin(since);
        } catch (CommandFailure e) {
            Optional<Refusal> gone = Sync.gone(session.state());
            if (gone.isPresent()
                    && e.refusal()
                            .filter(r -> r.code() == RefusalCode.UNREACHABLE)
                            .isPresent()) {
                throw CommandFailure.refused(gone.get());
            }
            throw e;
        }
    }

    private Change tracked(Change change, WalletState begun, WalletState next) {
        return goal.isEmpty()
                ? DepositGoal.drop(change)
                : goal.get().after(begun, next, new Amount(credited)).into(change);
    }

    private static String words(Signed<WalletMessage> message) {
        return message.statement().body().getClass().getSimpleName();
    }

    private static Sync.Fresh fresh() {
        return new Sync.Fresh(Session.nonce(), Session.nonce());
    }

    private void note(WalletAnswer answer) {
        if (answer instanceof WalletAnswer.Deposited d) {
            d.outcomes().forEach(o -> outcomes.merge(o.kind(), o.amount().minor(), Math::addExact));
            credited = Math.addExact(credited, d.credited().minor());
            balance = Optional.of(d.balance());
        } else if (answer instanceof WalletAnswer.Renewed r) {
            missing = r.missing().minor();
        }
    }

    private static boolean isMoney(SyncRun.Did did) {
        return switch (did) {
            case DEPOSITED, LOADED, RETURNED -> true;
            case FETCHED_BULLETIN, SUBMITTED_EVIDENCE, UPLOADED, RENEWED, RECOVERED -> false;
        };
    }

    /** How many, of what. */
    private static String counted(SyncRun.Progress p) {
        long n = p.amount().minor();
        return switch (p.did()) {
            case FETCHED_BULLETIN -> String.valueOf(n);
            case SUBMITTED_EVIDENCE -> n + " file(s)";
            case UPLOADED -> n + " transfer(s)";
            case RENEWED, RECOVERED -> n + " key(s)";
            case DEPOSITED, LOADED, RETURNED -> throw new IllegalArgumentException("money is not counted");
        };
    }

    private void finished(Act act, SyncRun run) {
        Change change = told(Change.only(), run);
        // whatever became of it, nothing more of it is to leave the wallet
        goal.ifPresent(
                g -> new DepositGoal(g.due(), Amount.ZERO, g.credited().plus(new Amount(credited))).into(change));
        session.commit(act, change);
    }

    /** With a line of history for what was done since the last one: it is stored with what it tells of. */
    private Change told(Change change, SyncRun run) {
        for (SyncRun.Progress p : run.progress().subList(told, run.progress().size())) {
            change.line(session.line(
                    p.did().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    isMoney(p.did()) ? p.amount() : Amount.ZERO,
                    isMoney(p.did()) ? "" : counted(p)));
        }
        told = run.progress().size();
        return change;
    }

    /** What it came to, for programs and for people. */
    Map<String, Object> result(SyncRun run) {
        Map<String, Object> json = WalletAction.ok();
        long before = goal.map(g -> g.credited().minor()).orElse(0L);
        json.put("deposited", Math.addExact(before, sum(run, SyncRun.Did.DEPOSITED)));
        json.put("credited", Math.addExact(before, credited));
        goal.ifPresent(g -> json.put("repeated", repeated));
        json.put("madeWhole", outcomes.getOrDefault(Outcome.Kind.MADE_WHOLE, 0L));
        json.put("withheld", outcomes.getOrDefault(Outcome.Kind.WITHHELD, 0L));
        json.put("refusedValue", outcomes.getOrDefault(Outcome.Kind.REFUSED, 0L));
        balance.ifPresent(b -> json.put("balance", b.minor()));
        json.put("uploaded", sum(run, SyncRun.Did.UPLOADED));
        json.put("returned", sum(run, SyncRun.Did.RETURNED));
        json.put("evidence", sum(run, SyncRun.Did.SUBMITTED_EVIDENCE));
        json.put("loaded", sum(run, SyncRun.Did.LOADED));
        json.put("missing", missing);
        WalletState state = session.state();
        json.put(
                "keys",
                state.purse().pseudonyms().stream()
                        .filter(p -> p.status() == Pseudonym.Status.ACTIVE
                                && p.certificate().isPresent())
                        .count());
        json.put(
                "validUntil",
                state.purse().pseudonyms().stream()
                        .flatMap(p -> p.certificate().stream())
                        .mapToLong(c -> c.statement().expiry().seconds())
                        .max()
                        .orElse(0));
        json.put("epoch", state.bulletin().statement().epoch());
        json.put("holding", state.purse().holding().minor());
        json.put("refusals", run.refusals().stream().map(WalletAction::json).toList());
        for (SyncRun.Progress p : run.progress()) {
            printer.human("  " + p.did().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " "
                    + (isMoney(p.did()) ? session.shown(p.amount()) : counted(p)));
        }
        run.refusals().forEach(r -> printer.human("  not done: " + r));
        printer.human("Synced; holding " + session.shown(state.purse().holding()));
        return json;
    }

    /** What reached the account, in minor units. */
    long credited() {
        return Math.addExact(credited, goal.map(g -> g.credited().minor()).orElse(0L));
    }

    private static long sum(SyncRun run, SyncRun.Did did) {
        return run.progress().stream()
                .filter(p -> p.did() == did)
                .mapToLong(p -> p.amount().minor())
                .sum();
    }
}
