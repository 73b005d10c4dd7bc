package org.jiaozi.lab.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What each table and its indexes take on disk, in both databases. */
record Storage(Map<String, Size> tables) {
    /** In bytes. */
    private record Size(long rows, long indexes) {
        Size minus(Size before) {
            return new Size(rows - before.rows, indexes - before.indexes);
        }
    }

    private static final String SIZES =
            "SELECT c.relname || ' ' || pg_table_size(c.oid) || ' ' || pg_indexes_size(c.oid)"
                    + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname = 'public'";

    private static final Size NONE = new Size(0, 0);
    private static final double LEAST_SHOWN = 0.1;

    static Storage of(SettleServers servers) {
        Map<String, Size> tables = new TreeMap<>();
        for (String role : List.of("central", servers.bank())) {
            for (String row : servers.list(role, SIZES)) {
                String[] part = row.split(" ", -1);
                tables.put(role + "." + part[0], new Size(Long.parseLong(part[1]), Long.parseLong(part[2])));
            }
        }
        return new Storage(tables);
    }

    /** Megabytes that have come to it since, as they would be for a million payments, of whatever is worth a word. */
    Map<String, Object> perMillion(Storage before, long payments) {
        Map<String, Object> told = new LinkedHashMap<>();
        tables.forEach((table, now) -> {
            Size more = now.minus(before.tables.getOrDefault(table, NONE));
            // a byte for each is a megabyte for a million
            double rows = (double) more.rows / Math.max(1, payments);
            double indexes = (double) more.indexes / Math.max(1, payments);
            if (rows + indexes >= LEAST_SHOWN) {
                told.put(table, Map.of("tableMb", Rounded.of(rows), "indexMb", Rounded.of(indexes)));
            }
        });
        return told;
    }
}
