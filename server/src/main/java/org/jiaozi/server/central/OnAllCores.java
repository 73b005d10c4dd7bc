package org.jiaozi.server.central;

import java.util.List;
import java.util.function.Function;
import org.jiaozi.bank.registry.Registry;
import org.jiaozi.core.lineage.StatementMemory;
import org.jiaozi.server.RememberedStatements;

/** Lineages are verified beside each other, and what many have in common is rebuilt once. Thread-safe. */
final class OnAllCores implements Registry.Preparing {
    private final StatementMemory memory = new RememberedStatements();

    @Override
    public <T, R> List<R> each(List<T> things, Function<T, R> work) {
        return things.parallelStream().map(work).toList();
    }

    @Override
    public StatementMemory memory() {
        return memory;
    }
}
