package org.jiaozi.lab.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Limit;

/** What the central bank has on record, read from its database as an investigator would. */
final class Registry {
    private static final int INBOX_ROUNDS = 100;
    private static final long INBOX_MILLIS = 100;

    private Registry() {}

    /** A transfer with the certificate it was signed under. */
    record Recorded(Signed<Transfer> transfer, Signed<PurseCertificate> certificate) {}

    private static Connection open(Servers servers) throws IOException, SQLException {
        Path cluster = servers.data().resolve("postgres");
        String port = Files.readString(cluster.resolve("postgres.port")).strip();
        String password = Files.readString(cluster.resolve("postgres.password")).strip();
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/central", "jiaozi", password);
    }

    static List<Evidenced> convictions(Servers servers) throws IOException {
        try (Connection connection = open(servers);
                PreparedStatement query =
                        connection.prepareStatement("SELECT encode(culprit, 'hex'), file FROM conviction ORDER BY 1");
                ResultSet rows = query.executeQuery()) {
            List<Evidenced> found = new ArrayList<>();
            while (rows.next()) {
                found.add(new Evidenced(rows.getString(1), rows.getBytes(2)));
            }
            return found;
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    /** Every transfer on record by keys that nobody convicted. */
    static List<Recorded> honestTransfers(Servers servers) throws IOException {
        try (Connection connection = open(servers);
                PreparedStatement query =
                        connection.prepareStatement("SELECT t.cose, c.cose FROM transfer t JOIN certificate c"
                                + " ON c.number = t.certificate"
                                + " WHERE c.key NOT IN (SELECT culprit FROM conviction) ORDER BY c.key, t.seq");
                ResultSet rows = query.executeQuery()) {
            List<Recorded> found = new ArrayList<>();
            while (rows.next()) {
                found.add(new Recorded(
                        Signed.decode(Bytes.of(rows.getBytes(1)), Limit.SERVICE_MESSAGE_BYTES, Transfer::read),
                        Signed.decode(Bytes.of(rows.getBytes(2)), Limit.TAP_MESSAGE_BYTES, PurseCertificate::read)));
            }
            return found;
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    /** Whether the cheat's account comes to be blocked: its institution reads of it in its inbox, within a second or two. */
    static boolean blocked(Jiaozi jiaozi, Servers servers, Cast.Person cheat, String account)
            throws IOException, InterruptedException {
        String[] show = {"bank", "account", account, "--data", servers.data().toString()};
        for (int attempt = 0; attempt < INBOX_ROUNDS; attempt++) {
            JsonNode seen = jiaozi.must(
                    show[0], show[1], show[2], show[3], show[4], "--institution", servers.code(cheat.bank()), "--json");
            if (!seen.path("block").asText().equals("NONE")) {
                return true;
            }
            Thread.sleep(INBOX_MILLIS);
        }
        return false;
    }
}
