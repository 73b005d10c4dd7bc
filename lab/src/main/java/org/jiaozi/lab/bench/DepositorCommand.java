package org.jiaozi.lab.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.ExitCode;
import org.jiaozi.core.value.Hash;
import org.jiaozi.crypto.Providers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code jiaozi bench depositor}: the client of {@code bench faults}, as a process of its own that can be killed. */
@Command(
        name = "depositor",
        description = {
            "Insists on deposits until each is acknowledged and on record as such; bench faults calls it, and kills it.",
            "A line for each acknowledgement and each refusal. What is on record is not deposited again, but asked about."
        },
        mixinStandardHelpOptions = true)
public final class DepositorCommand implements Callable<Integer> {
    private static final int OF = 8;

    @Option(names = "--work", paramLabel = "DIR", required = true, description = "What is deposited.")
    private Path work = Path.of("");

    @Option(names = "--url", paramLabel = "URL", required = true, description = "The institution.")
    private String url = "";

    @Option(names = "--trust", paramLabel = "FILE", required = true, description = "Whose servers are believed.")
    private Path trust = Path.of("");

    @Option(names = "--journal", paramLabel = "FILE", required = true, description = "What was acknowledged.")
    private Path journal = Path.of("");

    @Option(names = "--from", paramLabel = "NUMBER", required = true, description = "The first deposit, from 0.")
    private int from;

    @Option(names = "--to", paramLabel = "NUMBER", required = true, description = "The one after the last.")
    private int to;

    @Option(names = "--clients", paramLabel = "NUMBER", required = true, description = "Deposits on their way at once.")
    private int clients;

    @Option(names = "--seed", paramLabel = "NUMBER", required = true, description = "Which of them are sent again.")
    private long seed;

    @Spec
    private CommandSpec command;

    private final AtomicBoolean failed = new AtomicBoolean();
    private int next;

    /** What is due, one after the other. */
    private record Due(int place, Letters.Letter letter) {}

    /** For what of a deposit there are dice. */
    private enum Draw {
        /** Whether two send it at the same moment. */
        AT_ONCE,
        /** Whether it is asked about once more as soon as it is acknowledged. */
        AGAIN,
        /** Whether whoever finds it on record asks about it. */
        REMEMBERED
    }

    private boolean drawn(Draw what, int place) {
        return Math.floorMod(Stock.draws(seed, what.name(), place).next(1).toArray()[0], OF) == 0;
    }

    @Override
    public Integer call() throws InterruptedException {
        Providers.loadNative();
        WorkFolder folder = new WorkFolder(work);
        try (Journal acknowledged = Journal.open(journal);
                Letters.Reader letters = new Letters.Reader(folder.letters());
                InsistentDesk desk = new InsistentDesk(url, trust, Stock.issuer(folder.stock()), this::say)) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                threads.add(Thread.ofPlatform().start(() -> deposit(letters, acknowledged, desk)));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (IOException e) {
            throw new CommandFailure("the deposits, or what was acknowledged: " + e.getMessage(), e);
        }
        return failed.get() ? ExitCode.FAILED : ExitCode.OK;
    }

    /** Nobody to hear it is the end of whoever wants to know. */
    private void say(String line) {
        PrintWriter out = command.commandLine().getOut();
        synchronized (out) {
            out.println(line);
            if (out.checkError()) {
                throw new CommandFailure("nobody listens");
            }
        }
    }

    private synchronized Optional<Due> next(Letters.Reader letters) {
        while (next < to) {
            Optional<Letters.Letter> letter = letters.next();
            int place = next++;
            if (letter.isEmpty()) {
                return Optional.empty();
            }
            if (place >= from) {
                return Optional.of(new Due(place, letter.get()));
            }
        }
        return Optional.empty();
    }

    private void deposit(Letters.Reader letters, Journal acknowledged, InsistentDesk desk) {
        try {
            for (Optional<Due> due = next(letters); due.isPresent() && !failed.get(); due = next(letters)) {
                deposit(due.get(), acknowledged, desk);
            }
        } catch (RuntimeException e) {
            failed.set(true);
            Throwable why = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
            say(Said.WRONG.line(why.toString()));
        }
    }

    private void deposit(Due due, Journal acknowledged, InsistentDesk desk) {
        Optional<Hash> before = acknowledged.answer(due.place());
        if (before.isPresent()) {
            if (drawn(Draw.REMEMBERED, due.place())) {
                again(due, before.get(), desk);
            }
            return;
        }
        Optional<CompletableFuture<Hash>> other = drawn(Draw.AT_ONCE, due.place())
                ? Optional.of(CompletableFuture.supplyAsync(() -> insist(due, desk), Thread::startVirtualThread))
                : Optional.empty();
        Hash answer = insist(due, desk);
        acknowledged.add(due.place(), answer);
        say(Said.ACKNOWLEDGED.line(due.place()));
        if (other.isPresent()) {
            same(due, answer, other.get().join());
        }
        if (drawn(Draw.AGAIN, due.place())) {
            again(due, answer, desk);
        }
    }

    private static Hash insist(Due due, InsistentDesk desk) {
        return InsistentDesk.said(desk.insist(due.letter()));
    }

    private void again(Due due, Hash answer, InsistentDesk desk) {
        same(due, answer, insist(due, desk));
    }

    private void same(Due due, Hash answer, Hash other) {
        if (!other.equals(answer)) {
            throw new CommandFailure("deposit " + due.place() + " is answered otherwise than before");
        }
        say(Said.AGAIN.line(due.place()));
    }

    /** What the lines say. */
    enum Said {
        /** A deposit is on record as acknowledged: its place. */
        ACKNOWLEDGED,
        /** One was asked about once more, and answered the same: its place. */
        AGAIN,
        /** One was refused for now: by what. */
        REFUSED,
        /** One was not answered: why. */
        UNANSWERED,
        /** Something must not be: what. */
        WRONG;

        String line(Object what) {
            return name() + " " + what;
        }
    }
}
