package org.jiaozi.cli.up;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What an institution's people do. */
@Command(
        name = "bank",
        description = "Operates an institution: accounts, codes, cash, blocks, suspense.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class BankCommand implements Runnable {
    private static final String ACCOUNTS = "/v1/operator/accounts";
    private static final String SUSPENSE = "/v1/operator/suspense";

    @picocli.CommandLine.Spec
    private picocli.CommandLine.Model.@Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            throw new picocli.CommandLine.ParameterException(spec.commandLine(), "say which command");
        }
    }

    /** Which institution, and how to answer. */
    static final class Target {
        @Option(
                names = "--institution",
                required = true,
                paramLabel = "CODE",
                description = "Its code, such as bank-a.")
        private String institution = "";

        @Mixin
        private Operating operating = new Operating();

        Operating operating() {
            return operating;
        }

        int post(String path, ObjectNode body) {
            return operating.ask(institution, caller -> caller.post(path, body));
        }

        int get(String path) {
            return operating.ask(institution, caller -> caller.get(path));
        }

        int act(String account, String what) {
            return act(account, what, null);
        }

        int act(String account, String what, @Nullable String reason) {
            ObjectNode body = operating.object();
            if (reason != null) {
                body.put("reason", reason);
            }
            return post(ACCOUNTS + "/" + account + "/" + what, body);
        }

        int pay(String account, String what, String amount, @Nullable String reference) {
            return post(
                    ACCOUNTS + "/" + account + "/" + what,
                    operating
                            .object()
                            .put("amount", operating.amount(amount).minor())
                            .put("reference", own(reference)));
        }
    }

    /** Without a reference of the operator's own, each call is a request of its own. */
    private static String own(@Nullable String reference) {
        return reference == null ? java.util.UUID.randomUUID().toString() : reference;
    }

    @Command(
            name = "open-account",
            description = "Opens an account and gives its one-time enrolment code.",
            mixinStandardHelpOptions = true)
    int openAccount(
            @Mixin Target target,
            @Option(names = "--holder", required = true, paramLabel = "NAME", description = "For people.")
                    String holder,
            @Option(
                            names = "--tier",
                            defaultValue = "1",
                            paramLabel = "NUMBER",
                            description = "The wallet class, default ${DEFAULT-VALUE}.")
                    int tier,
            @Option(names = "--balance", defaultValue = "0", paramLabel = "AMOUNT", description = "Paid in at once.")
                    String balance,
            @Option(
                            names = "--reference",
                            paramLabel = "TEXT",
                            description = "The same reference opens one account, and gives it a new code.")
                    @Nullable
                    String reference) {
        return target.post(
                ACCOUNTS,
                target.operating()
                        .object()
                        .put("holder", holder)
                        .put("tier", tier)
                        .put(
                                "openingBalance",
                                target.operating().amount(balance).minor())
                        .put("reference", own(reference)));
    }

    @Command(name = "accounts", description = "Lists the accounts.", mixinStandardHelpOptions = true)
    int accounts(@Mixin Target target) {
        return target.get(ACCOUNTS);
    }

    @Command(name = "account", description = "Shows an account.", mixinStandardHelpOptions = true)
    int account(@Mixin Target target, @Parameters(paramLabel = "ACCOUNT") String account) {
        return target.get(ACCOUNTS + "/" + account);
    }

    @Command(
            name = "code",
            description = "Gives a new enrolment code; an earlier one stops working.",
            mixinStandardHelpOptions = true)
    int code(@Mixin Target target, @Parameters(paramLabel = "ACCOUNT") String account) {
        return target.act(account, "code");
    }

    @Command(name = "credit", description = "Pays cash in.", mixinStandardHelpOptions = true)
    int credit(
            @Mixin Target target,
            @Parameters(paramLabel = "ACCOUNT") String account,
            @Parameters(paramLabel = "AMOUNT") String amount,
            @Option(names = "--reference", paramLabel = "TEXT", description = "The same reference pays once.") @Nullable
                    String reference) {
        return target.pay(account, "credit", amount, reference);
    }

    @Command(name = "debit", description = "Pays cash out.", mixinStandardHelpOptions = true)
    int debit(
            @Mixin Target target,
            @Parameters(paramLabel = "ACCOUNT") String account,
            @Parameters(paramLabel = "AMOUNT") String amount,
            @Option(names = "--reference", paramLabel = "TEXT", description = "The same reference pays once.") @Nullable
                    String reference) {
        return target.pay(account, "debit", amount, reference);
    }

    @Command(
            name = "block",
            description = "Blocks an account; deposits come back as notes.",
            mixinStandardHelpOptions = true)
    int block(
            @Mixin Target target,
            @Parameters(paramLabel = "ACCOUNT") String account,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Is kept.") @Nullable String reason) {
        return target.act(account, "block", reason);
    }

    @Command(name = "unblock", description = "Unblocks an account.", mixinStandardHelpOptions = true)
    int unblock(
            @Mixin Target target,
            @Parameters(paramLabel = "ACCOUNT") String account,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Is kept.") @Nullable String reason) {
        return target.act(account, "unblock", reason);
    }

    @Command(
            name = "revoke",
            description = "Revokes a purse key that this institution certified: it pays no more, anywhere.",
            mixinStandardHelpOptions = true)
    int revoke(
            @Mixin Target target,
            @Parameters(paramLabel = "KEY", description = "Its thumbprint, as 'bank account' lists it.") String key,
            @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "For the record.")
                    String reason) {
        return target.post(
                "/v1/operator/keys/" + java.net.URLEncoder.encode(key, java.nio.charset.StandardCharsets.UTF_8)
                        + "/revoke",
                target.operating().object().put("reason", reason));
    }

    @Command(
            name = "flag",
            description = "Lets a person look before conflicting deposits of an account are paid.",
            mixinStandardHelpOptions = true)
    int flag(@Mixin Target target, @Parameters(paramLabel = "ACCOUNT") String account) {
        return target.act(account, "flag");
    }

    @Command(name = "unflag", description = "Ends that.", mixinStandardHelpOptions = true)
    int unflag(@Mixin Target target, @Parameters(paramLabel = "ACCOUNT") String account) {
        return target.act(account, "unflag");
    }

    @Command(
            name = "suspense",
            description = "Lists money that came and that no account took.",
            mixinStandardHelpOptions = true)
    int suspense(@Mixin Target target) {
        return target.get(SUSPENSE);
    }

    @Command(
            name = "settle-suspense",
            description = "Pays what lies in suspense under a number to an account.",
            mixinStandardHelpOptions = true)
    int settleSuspense(
            @Mixin Target target,
            @Parameters(paramLabel = "ID", description = "As the list shows it.") long id,
            @Parameters(paramLabel = "ACCOUNT") String account) {
        return target.post(
                SUSPENSE + "/" + id + "/settle", target.operating().object().put("account", account));
    }

    @Command(name = "books", description = "Shows the institution's books.", mixinStandardHelpOptions = true)
    int books(@Mixin Target target) {
        return target.get("/v1/operator/books");
    }
}
