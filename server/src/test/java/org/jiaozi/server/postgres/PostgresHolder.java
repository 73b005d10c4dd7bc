package org.jiaozi.server.postgres;

import java.nio.file.Path;
import java.util.OptionalInt;

/** A process of its own that starts a cluster and holds it until it is killed. */
final class PostgresHolder {
    private PostgresHolder() {}

    public static void main(String[] arguments) throws InterruptedException {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(Path.of(arguments[0]), OptionalInt.empty());
        System.out.println(postgres.pid());
        Thread.sleep(Long.MAX_VALUE);
    }
}
