package org.jiaozi.server.institution;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.server.http.Unreachable;

/**
 * Customers and operators who insist: each sends the identical message until it is answered.
 */
final class Killed {
    /** Nobody is there, or what is there has too much to do. */
    private static final Set<RefusalCode> AGAIN = Set.of(RefusalCode.UNREACHABLE, RefusalCode.BUSY);

    /** While something is started again nobody need ask. */
    static final AtomicBoolean DOWN = new AtomicBoolean();

    /** A commit with a name, and the way to it. */
    private static final Pattern NAMED = Pattern.compile("commit ([^ :]+)( .*)");

    private Killed() {}

    /** Somebody with something to do. */
    @FunctionalInterface
    interface Errand {
        /** Does it. */
        void run() throws Exception;
    }

    /** Runs all, and throws what one of them throws. */
    static void together(List<Errand> errands) {
        AtomicReference<Throwable> failed = new AtomicReference<>();
        List<Thread> running = errands.stream()
                .map(errand -> Thread.ofPlatform().daemon().start(() -> {
                    try {
                        errand.run();
                    } catch (Throwable e) {
                        failed.compareAndSet(null, e);
                    }
                }))
                .toList();
        try {
            for (Thread each : running) {
                each.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        if (failed.get() != null) {
            throw new AssertionError("one of " + errands.size(), failed.get());
        }
    }

    /** A step by what it is and the last methods on the way there: it is one step, whoever asks for it. */
    static String step(String what) {
        return what.replaceFirst("^(.* ).*?((?:[^> ]+>){0,2}[^> ]+)$", "$1$2");
    }

    /** The same for each kind of change that one transaction makes: whoever looks for one finds it whatever came along with it. */
    static List<String> steps(String what) {
        String step = step(what);
        Matcher named = NAMED.matcher(step);
        return named.matches()
                ? Stream.of(named.group(1).split("[+]"))
                        .map(kind -> "commit " + kind + named.group(2))
                        .toList()
                : List.of(step);
    }

    /** Asks until there is an answer. A fault inside a server is one: nobody's death makes another server stumble. */
    static <T> T insist(Supplier<T> asked) {
        while (true) {
            while (DOWN.get()) {
                LockSupport.parkNanos(20_000_000);
            }
            try {
                return asked.get();
            } catch (UncheckedIOException e) {
                if (!(e.getCause() instanceof Unreachable)) {
                    throw e;
                }
            } catch (WasRefused e) {
                if (!AGAIN.contains(e.code())) {
                    throw e;
                }
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    /** The answer to one message, sent as it is until somebody is there and has time for it. */
    static WalletAnswer answer(TestWallet wallet, Signed<WalletMessage> message) {
        return insist(() -> {
            WalletAnswer answer = WalletAnswer.read(wallet.send(message).body());
            if (answer instanceof WalletAnswer.Refused no && no.refusal().code().isFault()) {
                throw new WasRefused(message.statement().body().getClass().getSimpleName(), no.refusal());
            }
            return answer;
        });
    }

    /** The same for a request of the wallet's purse. */
    static WalletAnswer answer(TestWallet wallet, WalletRequest request) {
        return answer(wallet, wallet.key, TestWallet.nonce(), request);
    }

    static WalletAnswer answer(TestWallet wallet, Signer by, Nonce id, WalletRequest request) {
        Signed<WalletMessage> message = insist(() -> wallet.message(by, id, request));
        return answer(wallet, message);
    }

    /** An account and one key, whoever dies meanwhile. */
    static TestWallet enrolled(World world, String bank, long balance) {
        String reference = TestWallet.nonce().bytes().hex();
        var opened = insist(() -> world.open(bank, reference, "somebody", 1, balance));
        return enrolled(
                TestWallet.opened(world, bank, opened.required("account").asText()),
                opened.required("code").asText());
    }

    /** The same purse at another institution. */
    static TestWallet moved(TestWallet wallet, String other) {
        String reference = TestWallet.nonce().bytes().hex();
        var opened = insist(() -> wallet.world.open(other, reference, "somebody", 1, 0));
        return enrolled(
                wallet.at(other, opened.required("account").asText()),
                opened.required("code").asText());
    }

    private static TestWallet enrolled(TestWallet wallet, String code) {
        Nonce id = TestWallet.nonce();
        WalletRequest.Enrol enrolment = insist(() -> wallet.enrolment(code, id));
        wallet.certificates = ((WalletAnswer.Enrolled) answer(wallet, wallet.accountKey, id, enrolment)).certificates();
        return wallet;
    }
}
