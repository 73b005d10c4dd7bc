package org.jiaozi.server.central;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.Claim;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.server.TestCluster;
import org.jiaozi.server.central.Actors.Purse;
import org.junit.jupiter.api.Test;

/** What a claimant was paid goes on to later holders, in the real database (spec 07, clause 12). */
final class ClaimsMoveOnTest extends CentralServerFixture {
    private final Signer account = Actors.signer();

    private BankAnswer claim(Member at, Nonce id, Purse... purses) {
        Claim claim = new Claim(at.key.institution(), "account", id, seconds());
        return at.ask(new BankRequest.RegisterClaim(
                java.util.Arrays.stream(purses).map(at::bound).toList(),
                Signed.by(account, claim),
                account.publicKey()));
    }

    private static BankAnswer returned(long amount) {
        return new BankAnswer.ClaimRegistered(new Amount(amount), Amount.ZERO, new Timestamp(0));
    }

    @Test
    void itGoesOnAsOftenAsTransfersSurface() throws SQLException {
        Purse first = purse(a);
        Purse second = purse(b);
        Purse third = purse(a);
        Signed<Note> note = a.load(first, 1000);
        Lineage one =
                first.pay(Lineage.of(note), new SliceRef(note.hash(), 0), second.key(), seconds(), new Range(0, 600));
        Lineage two = second.pay(one, Actors.head(one), third.key(), seconds(), new Range(100, 400));
        now = now.plus(Duration.ofDays(2 * 365));
        Nonce id = Actors.nonce();
        Nonce later = Actors.nonce();
        assertThat(claim(a, Actors.nonce(), first)).isEqualTo(returned(1000));
        a.ask(new BankRequest.PutOnRecord(List.of(Actors.packed(one))));
        assertThat(claim(b, id, second)).isEqualTo(returned(600));
        a.ask(new BankRequest.PutOnRecord(List.of(Actors.packed(two))));
        for (int i = 0; i < 2; i++) {
            assertThat(claim(a, later, third)).isEqualTo(returned(300));
            assertThat(claim(b, id, second)).isEqualTo(returned(600));
        }
        assertThat(balance("clearing:1")).isEqualTo(700);
        assertThat(balance("clearing:2")).isEqualTo(300);
        assertThat(b.inbox()).containsExactly(new InboxEvent.ClaimantDebt(1, id, new Amount(300), CNY));
        try (Connection connection = DriverManager.getConnection(database);
                Statement s = connection.createStatement()) {
            assertThatThrownBy(
                            () -> s.execute("INSERT INTO claim_moved (note, lo, hi, from_claim, number, kind, paid_to,"
                                    + " at_parent, at_index) SELECT note, hi - 1, hi, from_claim, number, 'REDEEMED', paid_to,"
                                    + " at_parent, at_index FROM claim_moved WHERE number = 2"))
                    .hasMessageContaining("claim_moved_once");
        }
    }

    /** A move that was written before moves were numbered says where it came from, and ends there. */
    @Test
    void olderMovesAreKept() throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection(TestCluster.freshDatabase());
                Statement s = connection.createStatement()) {
            for (String step : List.of(
                    "V1__central_bank",
                    "V2__gone_institutions",
                    "V3__belonging",
                    "V4__returned_remittances_and_bound_keys",
                    "V5__requests_of_transfers")) {
                s.execute(migration(step));
            }
            s.execute("INSERT INTO institution VALUES (1, 'a', 'a', '', ''), (2, 'b', 'b', '', '');"
                    + " INSERT INTO note (id, issuer, currency, value, expiry, holder, load_nonce, late, cose)"
                    + " VALUES ('n', 1, 'CNY', 100, 0, 'h', 'l', false, '');"
                    + " INSERT INTO claim VALUES ('c', 1, 'x', '', '', 100);"
                    + " INSERT INTO settled (note, note_value, lo, hi, kind, paid_to, at_parent, at_index, claim)"
                    + " SELECT serial, value, 0, 100, 'CLAIMED', 1, 'n', 0, 'c' FROM note;"
                    + " INSERT INTO claim_moved (note, lo, hi, from_claim, to_institution)"
                    + " SELECT serial, 30, 60, 'c', 2 FROM note");
            s.execute(migration("V6__claims_that_move_on"));
            try (ResultSet row = s.executeQuery("SELECT number || kind || paid_to || at_index ||"
                    + " encode(at_parent, 'escape') || coalesce(encode(claim, 'escape'), '-') FROM claim_moved")) {
                row.next();
                assertThat(row.getString(1)).isEqualTo("1REDEEMED20n-");
            }
        }
    }

    private static String migration(String name) throws IOException {
        try (InputStream in = CentralServer.class.getResourceAsStream("/db/central/" + name + ".sql")) {
            return new String(java.util.Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
