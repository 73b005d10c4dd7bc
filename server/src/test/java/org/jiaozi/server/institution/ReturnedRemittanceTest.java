package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jiaozi.bank.institution.CoreBanking;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Amount;
import org.jiaozi.server.db.Database;
import org.jiaozi.server.http.HttpAnswer;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.HttpServer;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.http.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Money that no account takes goes back to whose it is, once, and the statement says why (spec 07, clause 15). */
final class ReturnedRemittanceTest {
    private World world;

    @BeforeEach
    void start(@TempDir Path folder) {
        world = World.running(folder);
    }

    @AfterEach
    void stop() {
        for (String code : List.of("bank-a", "bank-b")) {
            assertThat(world.operator(code, "/books").required("sum").longValue())
                    .isZero();
        }
        world.close();
    }

    private static WalletRequest.Remit remit(TestWallet to, String account, long amount, String reference) {
        return new WalletRequest.Remit(to.institution(), account, new Amount(amount), reference, TestWallet.nonce());
    }

    private void nothingIsLeft() {
        for (String code : List.of("bank-a", "bank-b")) {
            World.await("nothing is in suspense at " + code, () -> world.book(code, "suspense") == 0);
            assertThat(world.operator(code, "/suspense").required("suspense")).isEmpty();
            assertThat(world.book(code, "clearing")).isZero();
        }
    }

    private static List<String> lines(TestWallet wallet, boolean credit) {
        WalletAnswer.Account account = (WalletAnswer.Account) wallet.ask(new WalletRequest.ReadAccount(20));
        return account.entries().stream()
                .filter(e -> e.credit() == credit)
                .map(e -> e.amount().minor() + " " + e.text())
                .toList();
    }

    private long number(String code, String query) {
        try (Connection connection = DriverManager.getConnection(world.database(code));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            assertThat(row.next()).isTrue();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As if the institution had been restored from before the event: it is read once more. */
    private void readAgain(String code) throws SQLException {
        world.stop(code);
        try (Connection connection = DriverManager.getConnection(world.database(code));
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("DELETE FROM inbox")).isPositive();
        }
        long last = world.central.admin().institution(code).isPresent() ? lastEvent(code) : 0;
        world.start(code, world.central.address());
        World.await(
                "the events are read again", () -> number(code, "SELECT coalesce(max(number), 0) FROM inbox") == last);
    }

    private long lastEvent(String code) {
        int id = world.central.admin().institution(code).orElseThrow().number();
        try (Connection connection = DriverManager.getConnection(world.centralDatabase);
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT max(number) FROM inbox_event WHERE institution = " + id)) {
            assertThat(row.next()).isTrue();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatIsSentToNobodyIsBackWithTheReasonAndCountsAgainstNoLimit() throws SQLException {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 3000);
        TestWallet bob = TestWallet.enrolled(world, "bank-b", 0);
        WalletRequest.Remit sent = remit(bob, "nobody", 700, "rent");
        assertThat(alice.ask(sent)).isEqualTo(new WalletAnswer.Remitted(new Amount(2300)));
        World.await("the money is back", () -> alice.balance() == 3000);
        nothingIsLeft();
        assertThat(lines(alice, true)).first().isEqualTo("700 returned: no such account (rent)");
        assertThat(lines(alice, false)).containsExactly("700 remittance: rent");
        // the same message asks for nothing new, and the sum is free for another of the day
        assertThat(alice.ask(sent)).isEqualTo(new WalletAnswer.Remitted(new Amount(2300)));
        assertThat(number("bank-a", "SELECT sum(amount)::bigint FROM operation WHERE kind = 'REMIT'"))
                .isZero();
        // events that are read again act no more, also if the account exists by now
        readAgain("bank-a");
        try (Connection connection = DriverManager.getConnection(world.database("bank-b"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO account (name, holder, tier, currency, opened_at)"
                    + " VALUES ('nobody', 'N', 1, 'CNY', 0)");
        }
        readAgain("bank-b");
        nothingIsLeft();
        assertThat(alice.balance()).isEqualTo(3000);
        assertThat(world.balance("bank-b", "nobody")).isZero();
        assertThat(lastEvent("bank-a")).isEqualTo(1);
    }

    @Test
    void anAccountThatIsBlockedOrFullTakesNothingHereOrFromElsewhere() throws SQLException {
        long full = 2_000_000;
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 100_000);
        TestWallet blocked = TestWallet.enrolled(world, "bank-b", 0);
        world.operator("bank-b", "/accounts/" + blocked.account + "/block", Map.of());
        String small =
                world.open("bank-b", "Small", 3, full - 100).required("account").asText();
        alice.ask(remit(blocked, blocked.account, 10, ""));
        alice.ask(remit(blocked, small, 101, ""));
        World.await("both are back", () -> alice.balance() == 100_000);
        assertThat(lines(alice, true))
                .contains("10 returned: the account is blocked", "101 returned: above what the account may hold");
        // what just fits stays, also if the credit is made a second time
        alice.ask(remit(blocked, small, 100, ""));
        World.await("it arrives", () -> world.balance("bank-b", small) == full);
        readAgain("bank-b");
        assertThat(world.balance("bank-b", small)).isEqualTo(full);
        assertThat(alice.balance()).isEqualTo(99_900);
        assertThat(world.book("bank-b", "suspense")).isZero();

        // within one institution nothing moves at all
        TestWallet carol = TestWallet.enrolled(world, "bank-a", 0);
        world.operator("bank-a", "/accounts/" + carol.account + "/block", Map.of());
        long before = number("bank-a", "SELECT count(*) FROM operation");
        long postings = number("bank-a", "SELECT count(*) FROM posting");
        assertThat(TestWallet.refused(alice.ask(remit(alice, carol.account, 10, ""))))
                .isEqualTo(RefusalCode.ACCOUNT_BLOCKED);
        assertThat(TestWallet.refused(alice.ask(remit(alice, "nobody", 10, ""))))
                .isEqualTo(RefusalCode.UNKNOWN_ACCOUNT);
        assertThat(number("bank-a", "SELECT count(*) FROM operation")).isEqualTo(before);
        assertThat(number("bank-a", "SELECT count(*) FROM posting")).isEqualTo(postings);
    }

    /**
     * A banking system in which an account was closed while its money was away.
     *
     * @param captures whether what is held can be taken
     */
    private record Closed(CoreBanking open, AtomicBoolean captures) implements CoreBanking {
        @Override
        public Answer credit(String reference, String account, Amount amount, Contra from, String text) {
            return reference.startsWith("remit-back:") && from == Contra.CLEARING
                    ? new Answer.Refused(Refusal.of(RefusalCode.UNKNOWN_ACCOUNT))
                    : open.credit(reference, account, amount, from, text);
        }

        @Override
        public Answer hold(String reference, String account, Amount amount, String text) {
            return open.hold(reference, account, amount, text);
        }

        @Override
        public Answer capture(String reference, Contra to, String text) {
            return captures.get()
                    ? open.capture(reference, to, text)
                    : new Answer.Refused(Refusal.of(RefusalCode.ACCOUNT_BLOCKED));
        }

        @Override
        public void release(String reference) {
            open.release(reference);
        }

        @Override
        public Answer debit(String reference, String account, Amount amount, Contra to, String text) {
            return open.debit(reference, account, amount, to, text);
        }

        @Override
        public Answer move(String reference, String from, String to, Amount amount, String text) {
            return open.move(reference, from, to, amount, text);
        }

        @Override
        public Optional<Amount> balance(String account) {
            return open.balance(account);
        }

        static CoreBanking open(Database db, InstantSource clock) {
            return new Closed(new BuiltInAccounts(db, clock), new AtomicBoolean(true));
        }
    }

    /** The receiver has it by then: that the sender's own books say no is a fault, and nothing goes back to the sender. */
    @Test
    void aRemittanceThatWasTakenIsNotRefusedToItsSender() {
        AtomicBoolean captures = new AtomicBoolean();
        world.stop("bank-a");
        world.banks.put(
                "bank-a",
                InstitutionServer.start(
                        world.config("bank-a", world.central.address(), Optional.empty()),
                        (db, clock) -> new Closed(new BuiltInAccounts(db, clock), captures)));
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 3000);
        TestWallet bob = TestWallet.enrolled(world, "bank-b", 0);
        WalletRequest.Remit sent = remit(bob, bob.account, 700, "rent");
        assertThat(TestWallet.refused(alice.ask(sent))).isEqualTo(RefusalCode.INTERNAL);
        World.await("the receiver has it", () -> bob.balance() == 700);
        assertThat(alice.balance()).isEqualTo(2300);
        assertThat(TestWallet.refused(alice.ask(sent))).isEqualTo(RefusalCode.INTERNAL);
        captures.set(true);
        assertThat(alice.ask(sent)).isEqualTo(new WalletAnswer.Remitted(new Amount(2300)));
        assertThat(world.book("bank-a", "held:" + alice.account)).isZero();
        assertThat(bob.balance()).isEqualTo(700);
    }

    private RefusalCode refusedSettling(long id, String account) throws IOException {
        HttpReply reply = world.post(
                "bank-a",
                "/v1/operator/suspense/" + id + "/settle",
                MediaType.JSON,
                World.JSON.writeValueAsBytes(Map.of("account", account)));
        return reply.refusal().orElseThrow().code();
    }

    @Test
    void whatCannotBeCreditedAtHomeGoesNoFurtherAndWaitsForAPerson() throws IOException, SQLException {
        List<JsonNode> hooks = new CopyOnWriteArrayList<>();
        Route route = Route.post("/hook", question -> {
            try {
                hooks.add(World.JSON.readTree(question.body()));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return HttpAnswer.done();
        });
        try (HttpServer receiver = HttpServer.start(0, Optional.empty(), 10_000, List.of(route))) {
            world.stop("bank-a");
            world.banks.put(
                    "bank-a",
                    InstitutionServer.start(
                            world.config(
                                    "bank-a",
                                    world.central.address(),
                                    Optional.of(URI.create(receiver.address() + "/hook"))),
                            Closed::open));
            TestWallet alice = TestWallet.enrolled(world, "bank-a", 3000);
            TestWallet carol = TestWallet.enrolled(world, "bank-a", 0);
            TestWallet bob = TestWallet.enrolled(world, "bank-b", 0);
            alice.ask(remit(bob, "nobody", 700, ""));
            World.await("it is in suspense at home", () -> world.book("bank-a", "suspense") == 700);
            JsonNode item =
                    world.operator("bank-a", "/suspense").required("suspense").get(0);
            assertThat(item.required("state").asText()).isEqualTo("OPEN");
            assertThat(item.required("amount").asLong()).isEqualTo(700);
            assertThat(item.required("reason").asInt()).isEqualTo(705);
            long id = item.required("id").asLong();
            assertThat(refusedSettling(id, "nobody")).isEqualTo(RefusalCode.UNKNOWN_ACCOUNT);
            assertThat(refusedSettling(id + 1, carol.account)).isEqualTo(RefusalCode.WRONG_STATE);
            for (int i = 0; i < 2; i++) {
                JsonNode paid =
                        world.operator("bank-a", "/suspense/" + id + "/settle", Map.of("account", carol.account));
                assertThat(paid.required("balance").asLong()).isEqualTo(700);
            }
            assertThat(refusedSettling(id, alice.account)).isEqualTo(RefusalCode.WRONG_STATE);
            assertThat(carol.balance()).isEqualTo(700);
            assertThat(alice.balance()).isEqualTo(2300);
            assertThat(lines(carol, true)).containsExactly("700 returned: no such account");
            World.await(
                    "people are told",
                    () -> List.of("remitinsuspense", "suspensepaid")
                            .equals(hooks.stream()
                                    .map(h -> h.required("type").asText())
                                    .filter(t -> t.contains("suspense"))
                                    .toList()));
        }
        nothingIsLeft();
        readAgain("bank-a");
        nothingIsLeft();
        assertThat(number("bank-a", "SELECT balance FROM book WHERE name LIKE 'user:%' ORDER BY balance LIMIT 1"))
                .isEqualTo(700);
        assertThat(lastEvent("bank-b")).isEqualTo(1);
    }
}
