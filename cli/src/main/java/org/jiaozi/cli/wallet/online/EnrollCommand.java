package org.jiaozi.cli.wallet.online;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.output.Reason;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.session.WalletAction;
import org.jiaozi.cli.wallet.store.Act;
import org.jiaozi.cli.wallet.store.Change;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.crypto.Es256Signer;
import org.jiaozi.crypto.SecretKey;
import org.jiaozi.server.durable.DurableFile;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.purse.Pseudonym;
import org.jiaozi.wallet.purse.PurseAnswer;
import org.jiaozi.wallet.purse.PurseCommand;
import org.jiaozi.wallet.sync.Move;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Binds fresh purse keys to an account by its one-time code, and gets their certificates. */
@Command(
        name = "enroll",
        description = "Joins the wallet to an account; to one elsewhere if its institution is declared gone.",
        mixinStandardHelpOptions = true)
public final class EnrollCommand extends WalletAction.OnWallet {
    /** Under this name the store keeps the institution's address. */
    static final String URL = "url";

    /** And under this one where the account's key will lie, for a run that is cut off before it lies there. */
    private static final String KEY_FILE = "account-key-file";

    @Option(
            names = "--institution",
            required = true,
            paramLabel = "URL",
            description = "Where the institution answers.")
    private String url = "";

    @Option(names = "--code", required = true, paramLabel = "CODE", description = "The one-time code it gave.")
    private String code = "";

    @Option(
            names = "--account-key",
            paramLabel = "FILE",
            description = "Where to write the key for lost-device reports; default DIR.account-key. Keep it elsewhere.")
    private Optional<Path> keyFile = Optional.empty();

    @Option(names = "--currency", paramLabel = "CODE", description = "What the wallet holds; default: the policy's.")
    private Optional<String> currency = Optional.empty();

    @Override
    protected void run(Printer printer) {
        try (Session session = Session.withPin(options());
                BankClient bank =
                        new BankClient(url, session.trust(), session.sealer(), session.verifier(), printer::human)) {
            Errand errand = new Errand(session, bank);
            // another code is another enrolment
            Optional<WalletAnswer> before = errand.untold(body ->
                            body instanceof WalletRequest.Enrol e && e.code().equals(code))
                    .filter(a -> session.store()
                            .state()
                            .filter(EnrollCommand::usable)
                            .isPresent());
            WalletAnswer answer = before.orElseGet(() -> enroll(session, bank, errand));
            if (!(answer instanceof WalletAnswer.Enrolled enrolled)) {
                throw Errand.odd(answer);
            }
            Path file = session.store().text(KEY_FILE).map(Path::of).orElseGet(this::keyFile);
            keep(file, enrolled.account());
            InstitutionEntry entry = bank.institution(session.state().bulletin().statement());
            Map<String, Object> json = ok();
            json.put("account", enrolled.account());
            json.put("institution", entry.id().number());
            json.put("institutionCode", entry.code());
            json.put("keys", enrolled.certificates().size());
            json.put("accountKey", file.toString());
            json.put("repeated", before.isPresent());
            printer.json(json);
            printer.human("Enrolled: account " + enrolled.account() + " at " + entry.name() + ". The account key is in "
                    + file + ": keep it away from this device.");
            errand.told();
        }
    }

    private WalletAnswer enroll(Session session, BankClient bank, Errand errand) {
        Optional<WalletState> held = session.store().state().filter(EnrollCommand::usable);
        if (held.isPresent() && !mayMove(held.get(), bank, bank.firstBulletin(session.trust()))) {
            throw CommandFailure.refused(new Refusal(RefusalCode.WRONG_STATE, "this wallet is enrolled already"));
        }
        Optional<Signed<WalletMessage>> underWay = errand.underWay(WalletRequest.Enrol.class::isInstance)
                // one left to an institution that is gone since is for nobody
                .filter(m -> m.statement()
                        .institution()
                        .equals(bank.institution(session.state().bulletin().statement())
                                .id()));
        boolean drawnBefore = underWay.isEmpty() && Files.exists(draft(keyFile()));
        try {
            return errand.finish(Act.ENROLL, underWay.orElseGet(() -> prepare(session, bank)));
        } catch (CommandFailure e) {
            boolean refused = e.refusal()
                    .filter(r -> r.code() == RefusalCode.BAD_ENROLMENT_CODE)
                    .isPresent();
            if (!drawnBefore || !refused) {
                throw e;
            }
            // another directory may have had that key bound, and was lost before it heard so
            putAside(draft(keyFile()), keyFile());
            return errand.finish(Act.ENROLL, prepare(session, bank));
        }
    }

    private Path keyFile() {
        Path directory = options().directory().toAbsolutePath().normalize();
        return keyFile.orElseGet(() -> directory.resolveSibling(directory.getFileName() + ".account-key"))
                .toAbsolutePath();
    }

    /** Whether some key is certified and not retired: after a loss or a roll-back none is, and a new code helps. */
    private static boolean usable(WalletState state) {
        return state.purse().pseudonyms().stream().anyMatch(EnrollCommand::usable);
    }

    private static boolean usable(Pseudonym key) {
        return key.status() == Pseudonym.Status.ACTIVE && key.certificate().isPresent();
    }

    /** Keys, settings and the signed message become durable together; the account key's file is there before them. */
    private Signed<WalletMessage> prepare(Session session, BankClient bank) {
        Signed<Bulletin> bulletin = bank.firstBulletin(session.trust());
        InstitutionEntry entry = bank.institution(bulletin.statement());
        Currency holds = currency.map(EnrollCommand::currency)
                .orElse(bulletin.statement().policy().currency());
        WalletState first = session.store()
                .state()
                .orElseGet(() -> WalletState.create(
                        new WalletState.Settings(
                                session.trust().rootKey(),
                                entry.id(),
                                holds,
                                session.store().text("region").orElse("")),
                        bulletin));
        boolean moving = !first.settings().institution().equals(entry.id());
        if (moving && !mayMove(first, bank, bulletin)) {
            throw CommandFailure.refused(new Refusal(
                    RefusalCode.WRONG_INSTITUTION,
                    "this wallet belongs to institution " + first.settings().institution()));
        }
        if (moving && first.purse().rolledBack()) {
            throw CommandFailure.refused(
                    new Refusal(RefusalCode.ROLLED_BACK, "an old copy moves nowhere: create another wallet"));
        }
        if (first.purse().rolledBack()) {
            // the next report would be made under the new account key, and cover none of the old copy's keys
            throw CommandFailure.refused(new Refusal(
                    RefusalCode.ROLLED_BACK, "sync with --account-key FILE first: it reports this copy's keys lost"));
        }
        int most = bulletin.statement().policy().pseudonyms();
        // keys of an attempt that was refused are as good as new
        List<PublicKey> keys = new ArrayList<>(
                moving
                        ? Move.keys(first, most)
                        : first.purse().pseudonyms().stream()
                                .filter(p -> p.status() == Pseudonym.Status.ACTIVE)
                                .map(Pseudonym::key)
                                .toList());
        int due = most - keys.size();
        keys.addAll(session.keys().draw(Math.max(0, due), Session.entropy()));
        WalletState state = Session.done(Wallet.purse(
                        Wallet.takeBulletin(first, bulletin), new PurseCommand.AddKeys(keys), session.context()))
                .state();
        // until it is bound, a key lies beside the one that was bound before
        Path draft = draft(keyFile());
        SecretKey accountKey =
                Files.exists(draft) ? AccountKey.read(draft).key() : SecretKey.generate(Session.entropy());
        new AccountKey(accountKey, "").write(draft);
        Nonce id = Session.nonce();
        WalletRequest body = new WalletRequest.Enrol(
                code,
                accountKey.publicKey(),
                holds,
                ElementClass.SOFTWARE,
                proofs(session, state, keys, entry.id(), id));
        Signed<WalletMessage> message = Signed.by(
                Es256Signer.of(accountKey),
                new WalletMessage(entry.id(), accountKey.publicKey().thumbprint(), id, session.now(), body));
        Change change = session.seal(Change.to(state))
                .put(KEY_FILE, Errand.text(keyFile().toString()))
                .send(message);
        if (!moving) {
            change.put(URL, Errand.text(bank.address()));
        }
        session.commit(Act.ENROLL, change);
        return message;
    }

    /** A wallet goes elsewhere only if the newest bulletin lists its institution as gone; its keys go with it. */
    private static boolean mayMove(WalletState state, BankClient bank, Signed<Bulletin> offered) {
        Bulletin newest = Wallet.takeBulletin(state, offered).bulletin().statement();
        return newest.institution(state.settings().institution())
                        .flatMap(InstitutionEntry::gone)
                        .isPresent()
                && !bank.institution(newest).id().equals(state.settings().institution());
    }

    /** A copy beside {@code file}, each key under a name of its own: what it had signed, and what it may claim, is not lost. */
    private static Path putAway(Path key, Path file) {
        AccountKey kept = AccountKey.read(key);
        Path old = file.resolveSibling(file.getFileName() + ".old-"
                + kept.key().publicKey().thumbprint().hex().substring(0, 8));
        kept.write(old);
        return old;
    }

    private static void putAside(Path key, Path file) {
        Path old = putAway(key, file);
        try {
            DurableFile.remove(key);
        } catch (IOException e) {
            throw new CommandFailure("cannot remove " + key + ", which is in " + old + ": " + Reason.of(e), e);
        }
    }

    private static Path draft(Path file) {
        return file.resolveSibling(file.getFileName() + ".next");
    }

    /** The key is bound now; one that was bound before stays, put aside. May be cut off anywhere and run again. */
    private static void keep(Path file, String account) {
        Path draft = draft(file);
        if (!Files.exists(draft)) {
            new AccountKey(AccountKey.read(file).key(), account).write(file);
            return;
        }
        AccountKey bound = AccountKey.read(draft);
        if (Files.exists(file) && !AccountKey.read(file).sameKey(bound)) {
            new HolderOutbox(file).follow(putAway(file, file));
        }
        new AccountKey(bound.key(), account).write(file);
        try {
            DurableFile.remove(draft);
        } catch (IOException e) {
            throw new CommandFailure("cannot remove " + draft + ": " + Reason.of(e), e);
        }
    }

    private static List<KeyProof> proofs(
            Session session, WalletState state, List<PublicKey> keys, InstitutionId institution, Nonce id) {
        List<KeyProof> proofs = new ArrayList<>();
        for (PublicKey key : keys) {
            PurseAnswer proved = Session.done(Wallet.purse(
                            state, new PurseCommand.ProveKey(key.thumbprint(), institution, id), session.context()))
                    .result();
            if (proved instanceof PurseAnswer.Proved p) {
                proofs.add(p.proof());
            }
        }
        return proofs;
    }

    private static Currency currency(String code) {
        try {
            return new Currency(code);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("'" + code + "' is no currency");
        }
    }
}
