package org.jiaozi.server.central;

import java.util.List;
import java.util.stream.Stream;

/** What changes a central bank's record, as the names of its durable steps have it. */
public final class CentralActs {
    private CentralActs() {}

    /** All of them. */
    public static List<String> names() {
        return Stream.of(CentralCrash.Act.values()).map(Enum::name).toList();
    }
}
