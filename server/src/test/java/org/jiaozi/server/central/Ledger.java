package org.jiaozi.server.central;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jiaozi.core.value.Hash;

/** What a central bank's database holds, read beside it. */
public final class Ledger {
    private final String database;

    public Ledger(String database) {
        this.database = database;
    }

    /** How many rows each table has and where every account stands: what must not change where nothing is done. */
    public SortedMap<String, Long> contents() {
        SortedMap<String, Long> contents = new TreeMap<>();
        for (String table : names("SELECT table_name FROM information_schema.tables"
                + " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'")) {
            contents.put(table, number("SELECT count(*) FROM \"" + table + "\""));
        }
        for (String account : names("SELECT account FROM balance")) {
            contents.put(account, number("SELECT sum(minor) FROM balance WHERE account = '" + account + "'"));
        }
        return contents;
    }

    /** The books, worked out from the notes and what was settled of them; empty if they agree. */
    public List<String> breaches() {
        List<String> breaches = new ArrayList<>();
        if (number("SELECT coalesce(sum(minor), 0) FROM balance") != 0) {
            breaches.add("the books do not balance");
        }
        for (String issuer : names("SELECT id::text FROM institution")) {
            long outstanding = number("SELECT coalesce(sum(value), 0) FROM note WHERE issuer = " + issuer)
                    - number("SELECT coalesce(sum(s.hi - s.lo), 0) FROM settled s JOIN note n ON n.serial = s.note"
                            + " WHERE n.issuer = " + issuer);
            expect(breaches, "float:" + issuer, outstanding);
            expect(
                    breaches,
                    "recovery:" + issuer,
                    number("SELECT coalesce(sum(recovered + from_fund + from_institution - owed), 0) FROM conviction"
                            + " WHERE certifier = " + issuer));
            expect(
                    breaches,
                    "held:" + issuer,
                    number("SELECT coalesce(sum(amount), 0) FROM withheld WHERE NOT released AND institution = "
                            + issuer));
            if (number("SELECT coalesce(sum(outstanding), 0) FROM quota WHERE institution = " + issuer)
                    != outstanding) {
                breaches.add("the quota of " + issuer + " does not count what is outstanding, " + outstanding);
            }
        }
        expect(
                breaches,
                "guarantee",
                posted("contribute") - number("SELECT coalesce(sum(from_fund), 0) FROM conviction"));
        return breaches;
    }

    private void expect(List<String> breaches, String account, long due) {
        long stands = number("SELECT coalesce(sum(minor), 0) FROM balance WHERE account = '" + account + "'");
        if (stands != due) {
            breaches.add(account + " stands at " + stands + " where the record says " + due);
        }
    }

    /** What was ever posted for a reason. */
    public long posted(String reason) {
        return number("SELECT coalesce(sum(amount), 0) FROM posting WHERE reason = '" + reason + "'");
    }

    /** Where an institution's account of a kind stands. */
    public long balance(String kind, String code) {
        return number("SELECT coalesce(sum(b.minor), 0) FROM balance b JOIN institution i ON b.account = '" + kind
                + ":' || i.id WHERE i.code = '" + code + "'");
    }

    /** A column's sum over the convictions of keys that an institution certified. */
    public long borne(String column, String code) {
        return number("SELECT coalesce(sum(" + column + "), 0) FROM conviction c JOIN institution i"
                + " ON i.id = c.certifier WHERE i.code = '" + code + "'");
    }

    /** Whether a transfer is on record. */
    public boolean knows(Hash transfer) {
        return number("SELECT count(*) FROM transfer WHERE hash = decode('" + transfer.hex() + "', 'hex')") == 1;
    }

    long number(String query) {
        return Long.parseLong(names(query).getFirst());
    }

    private List<String> names(String query) {
        return names(database, query);
    }

    /** The first column of what a database answers. */
    public static List<String> names(String database, String query) {
        try (Connection connection = DriverManager.getConnection(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> names = new ArrayList<>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
