package org.jiaozi.server.institution;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jiaozi.bank.institution.CoreBanking;
import org.jiaozi.bank.institution.Decision;
import org.jiaozi.bank.institution.Enrolling;
import org.jiaozi.bank.institution.Issuing;
import org.jiaozi.bank.institution.Setting;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.message.RegistryAnswer;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.crypto.Entropy;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.SystemEntropy;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.db.Database;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.metrics.Metrics;

/**
 * Puts on record what customers would have asked for message by message: the rows that the server writes, written by the same
 * code, but many to a commit. For books that are filled before they are measured. The central bank is not asked: whoever fills
 * both says what it answered. No message is signed and none kept.
 */
public final class InstitutionFilling implements AutoCloseable {
    /** One to fill by; the schema's migration takes two. */
    private static final int CONNECTIONS = 2;

    private final Office office;
    private final HttpCaller nobody;
    private final Openings openings;
    private final Enrolments enrolments;
    private final Operations operations;
    private final Notes notes;
    private final Deposits deposits;

    private InstitutionFilling(Office office, HttpCaller nobody) {
        this.office = office;
        this.nobody = nobody;
        openings = new Openings(office);
        enrolments = new Enrolments(office, new Messages(office));
        operations = new Operations(office, new Outbox(office, Optional.empty()), new OperationCounts(new Metrics()));
        notes = new Notes(office, operations);
        deposits = new Deposits(office, operations, new DebtCollector(office));
    }

    /**
     * Opens the books of an institution that has served before.
     *
     * @param dataDir its keys and membership
     * @throws StartFailure in one line
     */
    public static InstitutionFilling open(Path dataDir, String jdbcUrl, InstantSource clock) {
        Membership membership = Membership.load(dataDir)
                .orElseThrow(() -> new StartFailure("The institution in " + dataDir + " has never served."));
        Entropy entropy = new SystemEntropy();
        InstitutionKeys keys = InstitutionKeys.openOrCreate(dataDir, entropy);
        Es256Verifier verifier = new Es256Verifier();
        HttpCaller nobody = HttpCaller.create(Optional.empty(), Duration.ofSeconds(1));
        CentralBank central = new CentralBank(nobody, "", membership.key(), keys.signer(), verifier, clock, entropy);
        Database db = Database.open(
                jdbcUrl, InstitutionServer.MIGRATIONS, CONNECTIONS, Database.Access.LOOKED_UP, new Metrics());
        return new InstitutionFilling(
                new Office(
                        membership,
                        keys,
                        db,
                        central,
                        new Bulletins(db, central, membership.rootKey(), verifier),
                        new BuiltInAccounts(db, clock),
                        verifier,
                        entropy,
                        clock),
                nobody);
    }

    /** The newest bulletin that it has. */
    public Signed<Bulletin> bulletin() {
        return office.bulletins().current();
    }

    /** Who it is. */
    public IssuerKeyId key() {
        return office.membership().key();
    }

    /**
     * Somebody who opens an account and enrols a purse.
     *
     * @param reference names the opening for good
     * @param paid paid in at the opening
     * @param id the message that the keys' proofs are for
     */
    public record Customer(
            String reference, String holder, int tier, Amount paid, Nonce id, WalletRequest.Enrol request) {}

    /** Opens accounts and enrols purses, all in one transaction; the code in a request is not looked at. */
    public List<WalletAnswer.Enrolled> enrol(List<Customer> customers) {
        return office.db().together(() -> {
            List<WalletAnswer.Enrolled> enrolled = new ArrayList<>();
            customers.forEach(c -> enrolled.add(enrol(c)));
            return List.copyOf(enrolled);
        });
    }

    private WalletAnswer.Enrolled enrol(Customer customer) {
        String account = openings.account(customer.reference(), customer.holder(), customer.tier(), customer.paid())
                .orElseThrow(() -> new IllegalStateException("opened before: " + customer.reference()));
        booked(office.banking()
                .credit(
                        Openings.posting(account),
                        account,
                        customer.paid(),
                        CoreBanking.Contra.CASH,
                        "opening balance"));
        WalletMessage message = new WalletMessage(
                key().institution(),
                customer.request().accountKey().thumbprint(),
                customer.id(),
                office.now(),
                customer.request());
        // one moment for both, or the code has expired where the second ends between them
        Setting setting = office.setting();
        Enrolling.Code code = new Enrolling.Code(office.account(account), setting.now(), false);
        return switch (Enrolling.decide(setting, customer.id(), customer.request(), Optional.of(code), false)) {
            case Decision.Denied<Enrolling.Enrolment> no -> throw new IllegalStateException("" + no.refusal());
            case Decision.Granted<Enrolling.Enrolment> yes ->
                office.db()
                        .serializable(h -> enrolments.bind(h, message, customer.request(), Bytes.EMPTY, yes.value()));
        };
    }

    private static void booked(CoreBanking.Answer answer) {
        if (answer instanceof CoreBanking.Answer.Refused no) {
            throw new IllegalStateException("" + no.refusal());
        }
    }

    /** The note that a load makes, signed; the central bank is to register it next. */
    public Signed<Note> note(WalletRequest.Load load) {
        return office.sign(
                Issuing.note(office.setting(), load.currency(), load.amount(), load.holder(), load.loadNonce()));
    }

    /** A load whose note is registered. */
    public record Loaded(String account, WalletRequest.Load request, Signed<Note> note) {}

    /** Books loads, all in one transaction. */
    public void loaded(List<Loaded> loads) {
        office.db().together(() -> {
            for (Loaded load : loads) {
                done(operations.perform(
                        Operation.fresh(
                                Notes.reference(load.account(), load.request().loadNonce()),
                                Operation.Kind.LOAD,
                                load.account(),
                                load.request(),
                                Optional.of(load.note()),
                                load.request().amount()),
                        stored -> true,
                        operation -> {
                            booked(office.banking()
                                    .hold(operation.reference(), load.account(), operation.amount(), "load"));
                            return notes.registered(operation);
                        }));
            }
            return true;
        });
    }

    /** A deposit that the registry has settled. */
    public record Deposited(
            String account, WalletRequest.Deposit request, Lineage lineage, RegistryAnswer.Settlement settlement) {}

    /** Books deposits, all in one transaction. */
    public void deposited(List<Deposited> settled) {
        office.db().together(() -> {
            for (Deposited deposit : settled) {
                Lineage.Link head = deposit.lineage().head();
                done(operations.perform(
                        Operation.fresh(
                                Deposits.reference(head.transfer().hash()),
                                Operation.Kind.DEPOSIT,
                                deposit.account(),
                                deposit.request(),
                                Optional.empty(),
                                head.transfer().statement().amount()),
                        stored -> true,
                        operation -> deposits.book(
                                operation, head, office.account(deposit.account()), deposit.settlement())));
            }
            return true;
        });
    }

    private static void done(WalletAnswer answer) {
        if (answer instanceof WalletAnswer.Refused no) {
            throw new IllegalStateException("" + no.refusal());
        }
    }

    @Override
    public void close() {
        office.db().close();
        nobody.close();
    }
}
