package org.jiaozi.cli.up;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.ExitCode;
import org.jiaozi.cli.output.AmountParser;
import org.jiaozi.cli.output.JsonOption;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Currency;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every operator command takes: the data folder, and how to answer. */
final class Operating {
    @Option(
            names = "--data",
            defaultValue = "${env:JIAOZI_DATA:-jiaozi-data}",
            paramLabel = "DIR",
            description = "The data folder, default ${DEFAULT-VALUE}.")
    private Path data = Path.of("");

    @Mixin
    private JsonOption output = new JsonOption();

    DataFolder folder() {
        return DataFolder.existing(data);
    }

    /** The currency that sums are typed in: the policy's. */
    Currency currency() {
        return PolicyFile.named(SettingsFile.stored(folder()).profile()).currency();
    }

    Amount amount(String typed) {
        try {
            return new Amount(AmountParser.parse(typed, currency().decimals()));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()));
        }
    }

    ObjectNode object() {
        return Caller.JSON.createObjectNode();
    }

    /** Asks as the operator of {@code role} and prints the answer. */
    int ask(String role, Function<Caller, JsonNode> question) {
        return ask(role, question, answer -> Optional.empty());
    }

    /** As {@link #ask(String, Function)}, with a last line for people that the answer may deserve. */
    int ask(String role, Function<Caller, JsonNode> question, Function<JsonNode, Optional<String>> remark) {
        Printer printer = output.printer();
        try (Caller caller = Caller.operator(folder(), role)) {
            JsonNode answer = question.apply(caller);
            Map<String, Object> whole = new LinkedHashMap<>();
            whole.put("ok", true);
            if (answer.isObject()) {
                whole.putAll(Caller.JSON.convertValue(answer, new TypeReference<Map<String, Object>>() {}));
            } else {
                whole.put("items", Caller.JSON.convertValue(answer, Object.class));
            }
            if (!printer.isJson()) {
                Shown.say(answer, currency(), printer::human);
                remark.apply(answer).ifPresent(printer::human);
            }
            printer.json(whole);
            return ExitCode.OK;
        }
    }
}
