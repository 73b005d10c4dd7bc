package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.bank.institution.AccountState.Block;
import org.jiaozi.bank.institution.Decision;
import org.jiaozi.bank.institution.Enrolling;
import org.jiaozi.bank.institution.PurseKeyState;
import org.jiaozi.bank.institution.Renewing;
import org.jiaozi.bank.institution.Sender;
import org.jiaozi.bank.institution.Setting;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.BoundKey;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/**
 * An institution's counter: the bank's rules over accounts in memory, which dies between any two effects and goes on from
 * what it wrote. Not thread-safe.
 */
final class Teller {
    private static final Timestamp FAR = new Timestamp(4_000_000_000L);

    private final World world;
    private final House house;
    private final Server server;
    private final Till till = new Till();
    private final Map<String, Account> accounts = new LinkedHashMap<>();
    private final Map<Thumbprint, Account> byKey = new HashMap<>();
    private final Map<String, String> codes = new HashMap<>();
    private final Map<Nonce, Message> messages = new HashMap<>();
    private final TellerNotes notes = new TellerNotes(this);
    private final TellerDeposits deposits = new TellerDeposits(this);
    private final TellerInbox inbox = new TellerInbox(this);
    /** Owes what keys cost that the institution certified and cannot say whose they are. */
    private final Account nobody = new Account("nobody", 1);

    private static final class Message {
        final Hash hash;
        Optional<WalletAnswer> answer = Optional.empty();

        Message(Hash hash) {
            this.hash = hash;
        }
    }

    Teller(World world, House house) {
        this.world = world;
        this.house = house;
        this.server = new Server(world, house.toString());
        accounts.put(nobody.name, nobody);
    }

    World world() {
        return world;
    }

    House house() {
        return house;
    }

    Till till() {
        return till;
    }

    TellerDeposits deposits() {
        return deposits;
    }

    TellerInbox inbox() {
        return inbox;
    }

    /** Starts again: goes on with what was cut off, and reads what is new. */
    void resume() {
        notes.resume();
        deposits.resume();
        inbox.read();
        accounts.values().stream().filter(Account::owesOrReports).toList().forEach(inbox::collect);
    }

    Collection<Account> accounts() {
        return accounts.values();
    }

    /** An account with money in it, and a code that binds a device to it. */
    Account open(String name, int tier, long balance, String code) {
        Account account = new Account(name, tier);
        accounts.put(name, account);
        till.move("open:" + name, "outside", "customer:" + name, balance);
        account.balance = balance;
        codes.put(code, name);
        return account;
    }

    /** A person lets an account's holder bind another device. */
    void renewCode(Account account, String code) {
        if (account.block == Block.LOST) {
            account.block = Block.NONE;
        }
        codes.put(code, account.name);
    }

    Account account(String name) {
        return java.util.Objects.requireNonNull(accounts.get(name));
    }

    Optional<Account> owner(Thumbprint key) {
        return Optional.ofNullable(byKey.get(key));
    }

    /** Whether customers have on the books what their accounts say, and nobody owes what nobody may owe. */
    void endOfStep() {
        for (String moved : till.moved()) {
            String customer = moved.startsWith("customer:") ? moved.substring("customer:".length()) : "";
            long stands = till.balance(moved);
            world.judge()
                    .expect(
                            customer.isEmpty() || stands == account(customer).balance,
                            house + " books " + stands + " for " + customer + " whose account says otherwise");
            boolean own = !customer.isEmpty() || moved.startsWith("held:") || moved.equals("float");
            world.judge().expect(!own || stands >= 0, house + " has " + stands + " on its books for " + moved);
        }
    }

    /** Whether something was begun of which its books have a part only. */
    boolean halfway() {
        return notes.halfway() || deposits.halfway() || inbox.halfway();
    }

    /** Whose debt it is what a convicted key cost. */
    Account debtor(Thumbprint culprit) {
        return owner(culprit).orElse(nobody);
    }

    /** Whether a key of a purse or an account is bound here. */
    boolean knows(Thumbprint key) {
        return byKey.containsKey(key);
    }

    /** The names of all keys that an account key bound. */
    List<String> bound(Thumbprint accountKey) {
        return owner(accountKey).stream()
                .flatMap(account -> account.bound(accountKey).stream())
                .map(k -> k.state.thumbprint().hex())
                .toList();
    }

    Setting setting() {
        return new Setting(
                house.keyId(),
                WorldBank.QUOTA,
                world.bank().bulletin().statement(),
                server.now(),
                world.crypto().verifier());
    }

    /** One durable effect; before and after it the institution may die. */
    void durable(Runnable effect) {
        server.durable(effect);
    }

    Server server() {
        return server;
    }

    BankAnswer ask(BankRequest request) {
        return world.wire().ask(house, request);
    }

    static WalletAnswer refused(RefusalCode code, String detail) {
        return new WalletAnswer.Refused(new Refusal(code, detail));
    }

    /** Answers a message, or dies over it. */
    WalletAnswer handle(Signed<WalletMessage> message) {
        WalletMessage m = message.statement();
        Optional<Sender> sender = sender(m);
        Optional<PublicKey> key =
                m.body() instanceof WalletRequest.Enrol e ? Optional.of(e.accountKey()) : sender.map(Sender::key);
        if (key.isEmpty()) {
            return refused(RefusalCode.UNKNOWN_PURSE, "");
        }
        if (!key.get().thumbprint().equals(m.sender())
                || !message.verifies(world.crypto().verifier(), key.get())) {
            return refused(RefusalCode.BAD_SIGNATURE, "not signed by its sender");
        }
        Message known = messages.get(m.id());
        if (known != null && !known.hash.equals(message.hash())) {
            return refused(RefusalCode.REPLAYED, "");
        }
        if (known != null && known.answer.isPresent()) {
            return known.answer.get();
        }
        durable(() -> messages.putIfAbsent(m.id(), new Message(message.hash())));
        WalletAnswer answer = permitted(m, sender);
        boolean settles = !(answer instanceof WalletAnswer.Refused no
                && no.refusal().code().isFault());
        if (settles) {
            durable(() -> java.util.Objects.requireNonNull(messages.get(m.id())).answer = Optional.of(answer));
        }
        inbox.read();
        return answer;
    }

    /** Whether a message came before and was settled: then it changes nothing any more. */
    boolean hasAnswered(Signed<WalletMessage> message) {
        Message known = messages.get(message.statement().id());
        return known != null && known.answer.isPresent();
    }

    private Optional<Sender> sender(WalletMessage m) {
        return owner(m.sender()).map(account -> account.sender(m.sender()));
    }

    private WalletAnswer permitted(WalletMessage m, Optional<Sender> sender) {
        if (m.body() instanceof WalletRequest.Enrol enrol) {
            return enrol(m, enrol);
        }
        Account account = owner(m.sender()).orElseThrow();
        Thumbprint purse = account.purse(m.sender());
        Optional<Refusal> no = sender.orElseThrow().refuses(m.body(), account.state());
        // what was begun before the account was blocked is finished
        if (no.isPresent() && !notes.begun(account, m.body())) {
            return new WalletAnswer.Refused(no.get());
        }
        return switch (m.body()) {
            case WalletRequest.Enrol enrol -> enrol(m, enrol);
            case WalletRequest.Load load -> notes.load(account, purse, load);
            case WalletRequest.Renew renew -> renew(m, renew, account, purse);
            case WalletRequest.Deposit deposit -> deposits.deposit(account, deposit);
            case WalletRequest.Upload upload -> upload(upload);
            case WalletRequest.ReturnUnreceived denied -> notes.giveBack(account, denied);
            case WalletRequest.ReportLost report -> inbox.reportLost(account, purse, report);
            case WalletRequest.ClaimLost claim -> inbox.claim(account, purse, claim);
            case WalletRequest.SubmitEvidence evidence -> evidence(evidence);
            case WalletRequest.ReadAccount _, WalletRequest.Remit _, WalletRequest.TakeOver _ ->
                throw new IllegalStateException("no world asks for that");
        };
    }

    private WalletAnswer enrol(WalletMessage m, WalletRequest.Enrol enrol) {
        Optional<Account> opened = Optional.ofNullable(codes.get(enrol.code())).map(this::account);
        Thumbprint accountKey = enrol.accountKey().thumbprint();
        boolean known = knows(accountKey) || knowsAny(enrol.keys());
        Optional<Enrolling.Code> code = opened.map(a -> new Enrolling.Code(a.state(), FAR, false));
        return switch (Enrolling.decide(setting(), m.id(), enrol, code, known)) {
            case Decision.Denied<Enrolling.Enrolment> no -> new WalletAnswer.Refused(no.refusal());
            case Decision.Granted<Enrolling.Enrolment> yes -> {
                Account account = opened.orElseThrow();
                WalletAnswer answer =
                        new WalletAnswer.Enrolled(account.name, sign(yes.value().certificates()));
                durable(() -> {
                    codes.remove(enrol.code());
                    account.holders.put(accountKey, enrol.accountKey());
                    byKey.put(accountKey, account);
                    bind(account, accountKey, enrol.keys(), m.id(), yes.value().keys());
                    java.util.Objects.requireNonNull(messages.get(m.id())).answer = Optional.of(answer);
                });
                yield answer;
            }
        };
    }

    private boolean knowsAny(List<KeyProof> proofs) {
        return proofs.stream().anyMatch(k -> knows(k.key().thumbprint()));
    }

    private void bind(
            Account account, Thumbprint purse, List<KeyProof> proofs, Nonce message, List<PurseKeyState> states) {
        for (KeyProof proof : proofs) {
            Thumbprint key = proof.key().thumbprint();
            states.stream().filter(s -> s.thumbprint().equals(key)).forEach(s -> {
                account.keys.add(new Account.Bound(new BoundKey(proof, message), purse, s));
                byKey.put(key, account);
            });
        }
    }

    private WalletAnswer renew(WalletMessage m, WalletRequest.Renew renew, Account account, Thumbprint purse) {
        if (knowsAny(renew.fresh())) {
            return refused(RefusalCode.OUT_OF_RANGE, "a fresh key that is bound already");
        }
        List<PurseKeyState> current = account.current(purse);
        Decision<Renewing.Renewal> decision = Renewing.decide(
                setting(),
                m.id(),
                renew,
                account.state(),
                current.isEmpty() ? ElementClass.SOFTWARE : current.getFirst().element(),
                current,
                new Renewing.Flow(account.issued, account.deposited));
        return switch (decision) {
            case Decision.Denied<Renewing.Renewal> no -> new WalletAnswer.Refused(no.refusal());
            case Decision.Granted<Renewing.Renewal> yes -> {
                WalletAnswer answer = new WalletAnswer.Renewed(
                        sign(yes.value().certificates()), yes.value().missing());
                durable(() -> {
                    bind(account, purse, renew.fresh(), m.id(), yes.value().keys());
                    yes.value().keys().forEach(account::put);
                    // counters move on only together with the answer that names them
                    java.util.Objects.requireNonNull(messages.get(m.id())).answer = Optional.of(answer);
                });
                world.tally().count(Tally.Event.RENEWAL);
                yield answer;
            }
        };
    }

    private List<Signed<PurseCertificate>> sign(List<PurseCertificate> certificates) {
        List<Signed<PurseCertificate>> all = new ArrayList<>();
        certificates.forEach(c -> all.add(Signed.by(house.signer(), c)));
        return all;
    }

    private WalletAnswer upload(WalletRequest.Upload upload) {
        return ask(new BankRequest.PutOnRecord(upload.lineages())) instanceof BankAnswer.Recorded recorded
                ? new WalletAnswer.Uploaded(recorded.transfers())
                : refused(RefusalCode.INTERNAL, "an unexpected answer of the central bank");
    }

    private WalletAnswer evidence(WalletRequest.SubmitEvidence evidence) {
        return switch (ask(new BankRequest.Convict(evidence.file()))) {
            case BankAnswer.Convicted c -> new WalletAnswer.EvidenceTaken(c.culprit(), c.fresh());
            case BankAnswer.Refused no -> new WalletAnswer.Refused(no.refusal());
            default -> refused(RefusalCode.INTERNAL, "an unexpected answer of the central bank");
        };
    }
}
