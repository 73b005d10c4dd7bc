package org.jiaozi.cli;

import java.io.PrintWriter;
import java.io.Writer;

/**
 * Runs what most command lines begin with, so that the launcher's build can record it in the AOT cache. It opens no
 * wallet, no socket and no database.
 */
final class TrainingRun {
    private TrainingRun() {}

    /** Ends normally whatever the commands answer: a command that is not there yet must not spoil the cache. */
    public static void main(String[] args) {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        String[][] lines = {
            {"--version"},
            {"--help"},
            {"wallet", "--help"},
            {"wallet", "pay", "--help"},
            {"wallet", "show"},
            {"nothing"},
        };
        for (String[] line : lines) {
            Main.run(nowhere, nowhere, line);
        }
    }
}
