package org.jiaozi.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Optional;
import org.jiaozi.core.value.Currency;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the central bank's people do. */
@Command(
        name = "central",
        description =
                "Operates the central bank: netting, quotas, reserves, bulletin, gone institutions, withheld deposits.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class CentralCommand implements Runnable {
    @picocli.CommandLine.Spec
    private picocli.CommandLine.Model.@Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            throw new picocli.CommandLine.ParameterException(spec.commandLine(), "say which command");
        }
    }

    private static int post(Operating operating, String path, JsonNode body) {
        return operating.ask(DataFolder.CENTRAL, caller -> caller.post("/v1/operator" + path, body));
    }

    private static int get(Operating operating, String path) {
        return operating.ask(DataFolder.CENTRAL, caller -> caller.get("/v1/operator" + path));
    }

    private static ObjectNode sum(Operating operating, String institution, String field, String amount) {
        return operating
                .object()
                .put("institution", institution)
                .put("currency", operating.currency().code())
                .put(field, operating.amount(amount).minor());
    }

    @Command(name = "net", description = "Closes a netting cycle over the reserves.", mixinStandardHelpOptions = true)
    int net(@Mixin Operating operating) {
        return post(operating, "/netting", operating.object());
    }

    @Command(
            name = "cycles",
            description = "Lists the last netting cycles, the newest first.",
            mixinStandardHelpOptions = true)
    int cycles(@Mixin Operating operating) {
        return get(operating, "/cycles");
    }

    @Command(
            name = "cycle",
            description = "Shows a netting cycle: what each institution took in and gave, and what its reserve gained.",
            mixinStandardHelpOptions = true)
    int cycle(@Mixin Operating operating, @Parameters(paramLabel = "NUMBER") long number) {
        return get(operating, "/cycles/" + number);
    }

    @Command(name = "positions", description = "Shows accounts and quotas.", mixinStandardHelpOptions = true)
    int positions(@Mixin Operating operating) {
        return get(operating, "/positions");
    }

    @Command(name = "bulletin", description = "Publishes the next bulletin.", mixinStandardHelpOptions = true)
    int bulletin(@Mixin Operating operating) {
        return post(operating, "/bulletin", operating.object());
    }

    @Command(
            name = "gone",
            description = "Declares an institution gone: deposits at it are honoured elsewhere.",
            mixinStandardHelpOptions = true)
    int gone(
            @Mixin Operating operating,
            @Parameters(paramLabel = "INSTITUTION") String institution,
            @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "For the record.")
                    String reason) {
        return declare(operating, "/gone", institution, reason);
    }

    @Command(
            name = "back",
            description = "Says that an institution declared gone is back.",
            mixinStandardHelpOptions = true)
    int back(
            @Mixin Operating operating,
            @Parameters(paramLabel = "INSTITUTION") String institution,
            @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "For the record.")
                    String reason) {
        return declare(operating, "/back", institution, reason);
    }

    private static int declare(Operating operating, String path, String institution, String reason) {
        return post(
                operating,
                path,
                operating.object().put("institution", institution).put("reason", reason));
    }

    @Command(
            name = "quota",
            description = "Sets how much an institution may have outstanding.",
            mixinStandardHelpOptions = true)
    int quota(
            @Mixin Operating operating,
            @Parameters(paramLabel = "INSTITUTION") String institution,
            @Parameters(paramLabel = "AMOUNT") String amount) {
        ObjectNode asked = sum(operating, institution, "limit", amount).put("number", RoleLines.QUOTA_NUMBER);
        return operating.ask(
                DataFolder.CENTRAL, caller -> caller.post("/v1/operator/quota", asked), CentralCommand::exceeded);
    }

    /** Setting a quota below what is outstanding is allowed: what was issued stays good. */
    private static Optional<String> exceeded(JsonNode quota) {
        long above = quota.path("outstanding").asLong() - quota.path("allowed").asLong();
        Currency currency = new Currency(quota.path("currency").asText());
        return above <= 0
                ? Optional.empty()
                : Optional.of(Shown.money(above, currency)
                        + " more is outstanding than that: those notes stay good, and no new ones are issued.");
    }

    @Command(
            name = "reserve",
            description = "Puts money into an institution's reserve.",
            mixinStandardHelpOptions = true)
    int reserve(
            @Mixin Operating operating,
            @Parameters(paramLabel = "INSTITUTION") String institution,
            @Parameters(paramLabel = "AMOUNT") String amount,
            @Option(
                            names = "--reference",
                            required = true,
                            paramLabel = "TEXT",
                            description = "The same reference acts once.")
                    String reference) {
        return post(
                operating,
                "/reserve",
                sum(operating, institution, "amount", amount).put("reference", reference));
    }

    @Command(
            name = "guarantee",
            description = "Moves reserve money into the guarantee fund.",
            mixinStandardHelpOptions = true)
    int guarantee(
            @Mixin Operating operating,
            @Parameters(paramLabel = "INSTITUTION") String institution,
            @Parameters(paramLabel = "AMOUNT") String amount,
            @Option(
                            names = "--reference",
                            required = true,
                            paramLabel = "TEXT",
                            description = "The same reference acts once.")
                    String reference) {
        return post(
                operating,
                "/guarantee",
                sum(operating, institution, "amount", amount).put("reference", reference));
    }

    @Command(name = "withheld", description = "Lists deposits that wait for a person.", mixinStandardHelpOptions = true)
    int withheld(@Mixin Operating operating) {
        return get(operating, "/withheld");
    }

    @Command(
            name = "release",
            description = "Releases what was withheld of a deposit.",
            mixinStandardHelpOptions = true)
    int release(@Mixin Operating operating, @Parameters(paramLabel = "DEPOSIT") String deposit) {
        return post(operating, "/withheld/release", operating.object().put("deposit", deposit));
    }

    @Command(
            name = "convictions",
            description = "Lists convicted keys and who bears what they cost.",
            mixinStandardHelpOptions = true)
    int convictions(@Mixin Operating operating) {
        return get(operating, "/convictions");
    }

    @Command(
            name = "override",
            description = "Publishes a dated relief for a region, from a JSON file.",
            mixinStandardHelpOptions = true)
    int override(@Mixin Operating operating, @Parameters(paramLabel = "FILE") Path file) {
        return post(operating, "/override", PolicyFile.override(file));
    }

    @Command(
            name = "policy",
            description = "Publishes another policy, from a JSON file.",
            mixinStandardHelpOptions = true)
    int policy(@Mixin Operating operating, @Parameters(paramLabel = "FILE") Path file) {
        return post(operating, "/policy", PolicyFile.profile(file));
    }
}
