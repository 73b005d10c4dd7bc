package org.jiaozi.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jiaozi.cli.wallet.store.Act;
import org.jiaozi.cli.wallet.store.DurableStep;
import org.jiaozi.lab.demo.Jiaozi.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Wallets killed at every step that the code names, while they have to do with each other and with real servers on a real
 * database: each command is given once more, and then it was done once, by what both wallets and both accounts hold, and the
 * auditor has nothing to say. {@code WalletsKilledTest} kills at more moments of more commands, before an institution in memory.
 */
final class KilledWalletsTest {
    @TempDir
    private Path folder;

    private TwoBanks banks;
    private Jiaozi jiaozi;
    private Purse alice;
    private Purse bob;
    private int files;

    /** A holder, and what there has to be in its wallet and on its account. */
    private static final class Purse {
        final Holder holder;
        long held;
        long onAccount;

        Purse(Holder holder, long held, long onAccount) {
            this.holder = holder;
            this.held = held;
            this.onAccount = onAccount;
        }

        void has(String when) throws IOException {
            assertThat(holder.must("show").path("holding").asLong())
                    .as("%s: in the wallet of %s", when, holder.home)
                    .isEqualTo(held);
            assertThat(holder.must("account").path("balance").asLong())
                    .as("%s: on the account of %s", when, holder.home)
                    .isEqualTo(onAccount);
        }
    }

    /**
     * A command that is to be killed.
     *
     * @param held by how much it changes what is in the wallet
     * @param onAccount by how much it changes what is on the account
     */
    private record Given(Purse who, long held, long onAccount, List<String> command) {
        Given(Purse who, long held, long onAccount, String... command) {
            this(who, held, onAccount, List.of(command));
        }

        String[] words() {
            return command.toArray(String[]::new);
        }
    }

    /** Makes a command, after everything that has to come before it. */
    private interface Errand {
        Given next() throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        banks = new TwoBanks(folder);
        jiaozi = new Jiaozi(folder.resolve("logs"));
        alice = new Purse(Holder.loaded(banks, jiaozi, folder.resolve("alice"), 200), 200_00, 0);
        bob = new Purse(Holder.loaded(banks, jiaozi, folder.resolve("bob"), 20), 20_00, 0);
    }

    @AfterEach
    void stop() {
        banks.close();
    }

    private String file(String name) {
        return folder.resolve(name + "-" + files++).toString();
    }

    private String asked() throws IOException {
        String file = file("request");
        bob.holder.must("request", "0.30", "--file-out", file);
        return file;
    }

    private String paid() throws IOException {
        String file = file("payment");
        alice.holder.must("pay", "--yes", "--file-in", asked(), "--file-out", file);
        alice.held -= 30;
        return file;
    }

    private String received() throws IOException {
        String file = file("receipt");
        bob.holder.must("receive", "--file-in", paid(), "--file-out", file);
        bob.held += 30;
        return file;
    }

    private Given enrols() throws IOException {
        Holder fresh = new Holder(banks, jiaozi, folder.resolve("fresh-" + files++));
        fresh.must("create", "--trust", banks.trust().toString());
        String code = fresh.open("bank-b", 500);
        return new Given(
                new Purse(fresh, 0, 500), 0, 0, "enroll", "--institution", banks.url("bank-b"), "--code", code);
    }

    private Map<Act, Errand> errands() {
        Map<Act, Errand> errands = new LinkedHashMap<>();
        errands.put(Act.ENROLL, this::enrols);
        errands.put(Act.DEPOSIT, () -> new Given(alice, -9_00, 9_00, "deposit", "9.00"));
        errands.put(Act.LOAD, () -> new Given(alice, 2_00, -2_00, "load", "2.00"));
        errands.put(Act.REQUEST, () -> new Given(bob, 0, 0, "request", "0.30", "--file-out", file("request")));
        errands.put(
                Act.PAY,
                () -> new Given(alice, -30, 0, "pay", "--yes", "--file-in", asked(), "--file-out", file("payment")));
        errands.put(
                Act.RECEIVE,
                () -> new Given(bob, 30, 0, "receive", "--file-in", paid(), "--file-out", file("receipt")));
        errands.put(Act.RECEIPT, () -> new Given(alice, 0, 0, "receipt", "--file-in", received()));
        errands.put(Act.SYNC, () -> new Given(bob, 0, 0, "sync", "--keep", "1000"));
        errands.put(Act.RENEW, () -> new Given(alice, 0, 0, "renew"));
        return errands;
    }

    @Test
    void whatAKilledWalletWasAboutToDoIsDoneOnce() throws Exception {
        Map<Act, Set<DurableStep>> died = new LinkedHashMap<>();
        for (Map.Entry<Act, Errand> errand : errands().entrySet()) {
            Set<DurableStep> steps = died.computeIfAbsent(errand.getKey(), a -> new TreeSet<>());
            for (DurableStep step : DurableStep.values()) {
                String when = errand.getKey() + "_" + step;
                Given given = errand.getValue().next();
                Result result = given.who().holder.killedAt(when, given.words());
                if (result.exit() == Holder.KILLED) {
                    steps.add(step);
                    given.who().holder.must(given.words());
                } else {
                    assertThat(result.exit()).as("%s: %s", when, result.error()).isZero();
                }
                given.who().held += given.held();
                given.who().onAccount += given.onAccount();
                given.who().has(when);
            }
        }
        System.out.println("killed: " + died);
        Set<DurableStep> writes = Set.of(DurableStep.BEFORE_COMMIT, DurableStep.AFTER_COMMIT, DurableStep.AFTER_MARK);
        assertThat(died)
                .allSatisfy(
                        (act, steps) -> assertThat(steps).as("steps of %s", act).containsAll(writes));
        assertThat(List.of(Act.ENROLL, Act.DEPOSIT, Act.LOAD, Act.RENEW))
                .allSatisfy(act -> assertThat(died.get(act)).as("%s", act).contains(DurableStep.SENT));
        alice.has("at the end");
        bob.has("at the end");
        banks.central.admin().net();
        assertThat(banks.audit()).containsEntry("breaches", List.of()).containsEntry("ok", true);
    }
}
