package org.jiaozi.server.central;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.server.TestCluster;
import org.jiaozi.server.db.Database;
import org.junit.jupiter.api.Test;

/** A record that an earlier version has written is brought up to date with all that is in it. */
final class EarlierRecordTest {
    /** The record as it was before inputs had their notes' numbers: transfer 9 takes from note 3, and by 8 from note 2. */
    private static String earlier(int parent) {
        String url = TestCluster.freshDatabase();
        Flyway.configure()
                .dataSource(url, "", "")
                .locations(CentralServer.MIGRATIONS)
                .target("10")
                .load()
                .migrate();
        Jdbi.create(url).useHandle(handle -> {
            handle.execute("INSERT INTO institution VALUES (1, 'bank-a', 'Bank A', 'https://a', '')");
            handle.execute("INSERT INTO certificate VALUES (?, ?, 1, '')", id(5), id(6));
            for (int id = 1; id <= 3; id++) {
                handle.execute(
                        "INSERT INTO note (id, issuer, currency, value, expiry, holder, load_nonce, late, cose)"
                                + " VALUES (?, 1, 'CNY', 100000, 0, '', '', false, '')",
                        id(id));
            }
            Map<Integer, Bytes> notes = Map.of(9, Bytes.of(id(3)).concat(Bytes.of(id(2))), 8, Bytes.of(id(2)));
            notes.forEach((id, of) -> handle.execute(
                    "INSERT INTO transfer (hash, signer, seq, payee, certificate, cose, nonce, notes)"
                            + " VALUES (?, ?, 1, ?, ?, '', NULL, ?)",
                    id(id),
                    id(6),
                    id(7),
                    id(5),
                    of.toArray()));
            handle.execute(
                    "INSERT INTO transfer_input VALUES (?, 0, ?, 0, 10, 11), (?, 1, ?, 0, 0, 70000),"
                            + " (?, 0, ?, 0, 0, 70000)",
                    id(9),
                    id(3),
                    id(9),
                    id(parent),
                    id(8),
                    id(2));
        });
        return url;
    }

    @Test
    void earlierInputsGetTheirNotes() {
        String url = earlier(8);
        try (Database migrated = Database.open(url, CentralServer.MIGRATIONS, 2)) {
            List<String> notes = migrated.snapshot(handle -> handle.createQuery(
                            "SELECT concat_ws(' ', i.position, encode(n.id, 'hex'), i.size, encode(p.hash, 'hex'))"
                                    + " FROM transfer_input i JOIN note n ON n.serial = i.note"
                                    + " LEFT JOIN transfer p ON p.number = i.via ORDER BY i.transfer, i.position")
                    .mapTo(String.class)
                    .list());
            assertThat(notes)
                    .containsExactly(
                            "0 " + Bytes.of(id(2)).hex() + " 3",
                            "0 " + Bytes.of(id(3)).hex() + " 1",
                            "1 " + Bytes.of(id(2)).hex() + " 3 "
                                    + Bytes.of(id(8)).hex());
        }
    }

    /** What takes from something that is not on record is no record to go on with. */
    @Test
    void whatTakesFromNothingStopsTheMigration() {
        String url = earlier(7);
        assertThatThrownBy(() -> Database.open(url, CentralServer.MIGRATIONS, 2).close())
                .hasStackTraceContaining("\"via\"");
    }

    /** Its certificate has a number, and its payee and its notes are what they were. */
    @Test
    void earlierTransfersAreReadAsTheyWereSigned() {
        try (Database migrated = Database.open(earlier(8), CentralServer.MIGRATIONS, 2)) {
            List<String> transfers = migrated.snapshot(handle -> handle.createQuery(
                            "SELECT concat_ws(' ', encode(signer, 'hex'), seq, encode(certificate, 'hex'),"
                                    + " encode(payee, 'hex'), coalesce(encode(request, 'hex'), 'none'), encode(notes, 'hex'))"
                                    + " FROM signed_transfer ORDER BY number")
                    .mapTo(String.class)
                    .list());
            String all = Bytes.of(id(6)).hex() + " 1 " + Bytes.of(id(5)).hex() + " "
                    + Bytes.of(id(7)).hex().substring(0, 16) + " none ";
            assertThat(transfers)
                    .containsExactlyInAnyOrder(
                            all + Bytes.of(id(3)).hex() + Bytes.of(id(2)).hex(),
                            all + Bytes.of(id(2)).hex());
        }
    }

    private static byte[] id(int number) {
        byte[] id = new byte[Hash.SIZE];
        id[0] = (byte) number;
        return id;
    }
}
