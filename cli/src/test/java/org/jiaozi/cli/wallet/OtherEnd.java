package org.jiaozi.cli.wallet;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jiaozi.cli.Main;

/** The other wallet of a tap over a stream: its command listens, in a thread of this process, until it is over. */
final class OtherEnd {
    /** Longer than all others take to be killed. */
    private static final String PATIENCE = "600";

    private static final Pattern LISTENING = Pattern.compile("\"port\":([0-9]+)");

    private static final ThreadLocal<Boolean> HERE = ThreadLocal.withInitial(() -> false);

    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final CompletableFuture<Town.Said> said = new CompletableFuture<>();

    OtherEnd(Town town, String wallet, String... command) {
        List<String> line = new ArrayList<>(List.of(town.line(wallet, command)));
        line.addAll(List.of("--listen", "0", "--patience", PATIENCE));
        Thread.ofPlatform().daemon().start(() -> run(line));
    }

    private void run(List<String> line) {
        HERE.set(true);
        StringWriter err = new StringWriter();
        StringWriter out = new StringWriter() {
            @Override
            public void flush() {
                Matcher listening = LISTENING.matcher(toString());
                if (listening.find()) {
                    port.complete(Integer.parseInt(listening.group(1)));
                }
            }
        };
        try {
            int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), line.toArray(String[]::new));
            said.complete(new Town.Said(code, out.toString(), err.toString()));
        } catch (RuntimeException | Error e) {
            said.completeExceptionally(e);
        } finally {
            port.completeExceptionally(new AssertionError("it never listened: " + out + err));
        }
    }

    /** Whether this is the thread of such a command. */
    static boolean isHere() {
        return HERE.get();
    }

    /** Where it is to be found. */
    String address() {
        return "127.0.0.1:" + port.join();
    }

    /** Lets nobody come any more, and waits for its end. */
    void over() {
        while (!said.isDone()) {
            // one that still waits for somebody is hung up on
            try (Socket nobody = new Socket(InetAddress.getLoopbackAddress(), port.join())) {
                nobody.shutdownOutput();
                said.join();
            } catch (IOException e) {
                // it listens no more
                said.join();
            }
        }
    }
}
