package org.jiaozi.server.institution;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.server.central.Ledger;
import org.jiaozi.server.tls.TlsIdentity;

/** What operators ask while a disk fails. */
final class OperatorRequests {
    private final DurableWork work;
    private final World world;

    OperatorRequests(DurableWork work) {
        this.work = work;
        this.world = work.world;
    }

    void add() {
        open();
        marks();
        counter();
        revoke();
        central();
        join();
    }

    private JsonNode account(TestWallet wallet) {
        return world.operator("bank-a", "/accounts/" + wallet.account);
    }

    private void act(TestWallet wallet, String act, Map<String, ?> body) {
        world.operator("bank-a", "/accounts/" + wallet.account + act, body);
    }

    private void open() {
        work.add("open", i -> {
            String reference = KilledErrands.fresh();
            var opened = new Object() {
                private String account = "";
            };
            return new Asked(
                    "open",
                    () -> {
                        opened.account = world.open("bank-a", reference, "somebody", 1, 7)
                                .required("account")
                                .asText();
                        return opened.account;
                    },
                    // by what it was opened under: asked again after a cut that came before it, it has another name
                    () -> openedUnder(world.database("bank-a"), reference) == 7,
                    due -> {
                        due.books.opened("bank-a", 7);
                        due.on(TestWallet.opened(world, "bank-a", opened.account), 7);
                    });
        });
    }

    private void marks() {
        Supplier<TestWallet> frozen = work.inTurn(() -> work.account().wallet());
        work.add("block", i -> {
            TestWallet wallet = frozen.get();
            return DurableWork.operator(
                    "block",
                    () -> act(wallet, "/block", Map.of("reason", "case " + i)),
                    () -> account(wallet).required("block").asText().equals("OPERATOR"),
                    due -> {});
        });
        Supplier<TestWallet> watched = work.inTurn(() -> work.account().wallet());
        work.add("flag", i -> {
            TestWallet wallet = watched.get();
            return DurableWork.operator(
                    "flag",
                    () -> act(wallet, "/flag", Map.of()),
                    () -> account(wallet).required("flagged").asBoolean(),
                    due -> {});
        });
        Supplier<TestWallet> newcomers = work.inTurn(() -> work.account().wallet());
        work.add("code", i -> {
            TestWallet wallet = newcomers.get();
            return DurableWork.operator("code", () -> act(wallet, "/code", Map.of()), () -> true, due -> {});
        });
    }

    private void counter() {
        counter("credit", 1);
        counter("debit", -1);
    }

    private void counter(String act, long amount) {
        Supplier<TestWallet> wallets = work.inTurn(() -> work.account().wallet());
        work.add(act, i -> {
            TestWallet wallet = wallets.get();
            String reference = KilledErrands.fresh();
            return DurableWork.operator(
                    act,
                    () -> act(wallet, "/" + act, Map.of("amount", 1, "reference", reference)),
                    booked(world.database("bank-a"), "counter:" + wallet.account + ":" + reference),
                    due -> {
                        due.books.paidIn("bank-a", amount);
                        due.on(wallet, amount);
                    });
        });
    }

    private static BooleanSupplier booked(String database, String reference) {
        return () -> !Ledger.names(database, "SELECT amount FROM posting WHERE reference = '" + reference + "'")
                .isEmpty();
    }

    private void revoke() {
        Supplier<TestWallet> wallets = work.inTurn(() -> work.wallet("bank-a"));
        work.add("revoke", i -> {
            TestWallet wallet = wallets.get();
            String path = "/keys/" + wallet.thumbprint().hex() + "/revoke";
            return DurableWork.operator(
                    "revoke",
                    () -> world.operator("bank-a", path, Map.of("reason", "case " + i)),
                    () -> account(wallet)
                            .required("keys")
                            .required(0)
                            .required("status")
                            .asText()
                            .equals("REVOKED"),
                    due -> {});
        });
    }

    private boolean central(String query) {
        return !Ledger.names(world.centralDatabase, query).isEmpty();
    }

    private void central() {
        pays("reserve", due -> due.books.reserve("bank-a", 1));
        pays("guarantee", due -> due.books.guarantee("bank-a", 1));
        work.add("quota", i -> {
            long limit = World.RESERVE + i;
            return DurableWork.operator(
                    "quota",
                    () -> world.operator(
                            World.CENTRAL,
                            "/quota",
                            Map.of("institution", "bank-a", "number", 1, "currency", "CNY", "limit", limit)),
                    () -> central("SELECT allowed FROM quota WHERE allowed >= " + limit),
                    due -> {});
        });
        work.add(
                "bulletin",
                i -> DurableWork.once(
                        "bulletin",
                        () -> world.operator(World.CENTRAL, "/bulletin", Map.of())
                                .required("epoch")
                                .asText(),
                        epoch -> central("SELECT epoch FROM bulletin WHERE epoch = " + epoch)));
        work.add(
                "net",
                i -> DurableWork.once(
                        "net",
                        () -> world.operator(World.CENTRAL, "/netting", Map.of())
                                .required("cycle")
                                .asText(),
                        cycle -> cycle.equals("null")
                                || central("SELECT number FROM netting_cycle WHERE number = " + cycle)));
    }

    private void pays(String what, Consumer<Asked.Due> leaves) {
        work.add(what, i -> {
            String reference = KilledErrands.fresh();
            return DurableWork.operator(
                    what,
                    () -> world.operator(
                            World.CENTRAL,
                            "/" + what,
                            Map.of("institution", "bank-a", "currency", "CNY", "amount", 1, "reference", reference)),
                    booked(world.centralDatabase, reference),
                    leaves);
        });
    }

    /** A member says where it answers. */
    private void join() {
        InstitutionEntry entry = world.entry("bank-b");
        TlsIdentity member = TlsIdentity.load(world.folder.resolve("bank-b").resolve("tls"));
        work.add(
                "join",
                i -> DurableWork.operator(
                        "join",
                        () -> KilledOperators.join(world, entry, member, entry.url() + "/" + i),
                        () -> true,
                        due -> {}));
    }

    private static long openedUnder(String database, String reference) {
        try (Connection connection = DriverManager.getConnection(database);
                PreparedStatement asked = connection.prepareStatement("SELECT b.balance FROM account a"
                        + " JOIN book b ON b.name = 'user:' || a.name WHERE a.opened_under = ?")) {
            asked.setString(1, reference);
            try (ResultSet row = asked.executeQuery()) {
                return row.next() ? row.getLong(1) : -1;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
