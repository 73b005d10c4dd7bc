package org.jiaozi.server.institution;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import org.jiaozi.server.Logging;

/** An institution in a process of its own, which a test can kill. */
final class InstitutionProcess {
    private InstitutionProcess() {}

    /** Arguments: data folder, port, central bank's address, database. Prints a line when it answers. */
    public static void main(String[] args) throws InterruptedException {
        Logging.configure(Level.WARNING);
        InstitutionServer.start(new InstitutionConfig(
                "bank-a",
                "Bank A",
                Path.of(args[0]),
                1,
                Integer.parseInt(args[1]),
                args[2],
                args[3],
                InstantSource.system(),
                Duration.ofMillis(200),
                Optional.empty()));
        System.out.println("ready");
        new CountDownLatch(1).await();
    }

    /** Starts one and returns when it answers. */
    static Process start(World world) {
        InstitutionConfig config = world.config("bank-a", world.central.address(), Optional.empty());
        try {
            Process process = new ProcessBuilder(List.of(
                            System.getProperty("java.home") + "/bin/java",
                            "--enable-native-access=ALL-UNNAMED",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            InstitutionProcess.class.getName(),
                            config.dataDir().toString(),
                            Integer.toString(config.port()),
                            config.centralUrl(),
                            config.jdbcUrl()))
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String line = process.inputReader().readLine();
            if (!"ready".equals(line)) {
                throw new AssertionError("the institution does not start: " + line);
            }
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
