package org.jiaozi.lab.bench;

import java.io.IOException;
import java.nio.file.Path;
import org.jiaozi.cli.CommandFailure;

/** Programs of the system. */
final class Programs {
    private Programs() {}

    /** Whether one is there, may do it and does. */
    static boolean succeed(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Copies a folder with owners and permissions, of which PostgreSQL is particular. */
    static void copy(Path from, Path to) throws InterruptedException {
        if (!succeed("cp", "-a", from.toString(), to.toString())) {
            throw new CommandFailure("cannot copy " + from + " to " + to);
        }
    }
}
