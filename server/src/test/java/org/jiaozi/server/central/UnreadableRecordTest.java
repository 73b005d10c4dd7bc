package org.jiaozi.server.central;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.OwnerChange;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.server.central.Actors.Purse;
import org.junit.jupiter.api.Test;

final class UnreadableRecordTest extends CentralServerFixture {
    /** A signed refusal would be the last word on a deposit that was settled: whoever hears none asks again. */
    @Test
    void whatTheRegistryCannotReadOfItsRecordIsNoWordOnTheRequest() throws SQLException {
        Purse holder = purse(a);
        Signed<Note> note = a.load(holder, 1000);
        Lineage deposit = paidIn(holder, note, 300);
        var settled = a.deposit(deposit);
        try (Connection connection = DriverManager.getConnection(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE kept AS SELECT hash, settlement FROM deposit;"
                    + " UPDATE deposit SET settlement = '\\x00'");
            BankRequest again = new BankRequest.ChangeOwners(List.of(new OwnerChange(Actors.packed(deposit), false)));
            assertThat(a.post(a.message(again)).refusal().map(Refusal::code)).contains(RefusalCode.INTERNAL);
            statement.execute("UPDATE deposit d SET settlement = k.settlement FROM kept k WHERE k.hash = d.hash");
        }
        assertThat(a.deposit(deposit)).isEqualTo(settled);
    }
}
