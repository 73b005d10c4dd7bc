package org.jiaozi.lab;

import java.util.List;
import org.jiaozi.cli.CommandProvider;
import org.jiaozi.lab.audit.AuditCommand;
import org.jiaozi.lab.bench.BenchCommand;
import org.jiaozi.lab.demo.DemoCommand;

/** The commands of the lab. */
public final class LabCommands implements CommandProvider {
    @Override
    public List<Class<?>> commands() {
        return List.of(AuditCommand.class, BenchCommand.class, DemoCommand.class, LabCommand.class);
    }
}
