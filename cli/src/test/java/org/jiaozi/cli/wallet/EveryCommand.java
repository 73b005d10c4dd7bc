package org.jiaozi.cli.wallet;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jiaozi.cli.Main;
import picocli.CommandLine;

/**
 * Every command of a wallet and every option of each, as the program itself lists them, held against those that are killed.
 * What is not killed has a reason here; a reason for what is killed, or for what there is no more, is one too many.
 */
final class EveryCommand {
    /** What changes nothing. */
    static final Map<String, String> CHANGES_NOTHING = Map.of(
            "history", "opens as show does, which is killed, and reads",
            "carry", "has no wallet; what it writes is an answer that the institution gives again");

    private static final String A_VALUE = "a value in what is stored and sent anyway";
    private static final String NOT_LOOKED_AT = "not looked at: nothing comes in there, or goes out";

    /** Options that lead to no step of their own: of any command, or of one. */
    private static final Map<String, String> NO_STEP = Map.ofEntries(
            entry("--help", "says what there is and ends"),
            entry("--version", "says what there is and ends"),
            entry("--pin-file", "where a PIN comes from"),
            entry("--new-pin-file", "where a PIN comes from"),
            entry("--clock-offset", "what time it is"),
            entry("--listen", "the other end of each tap listens, and comes by the same steps"),
            entry("--patience", "how long it waits"),
            entry("--qr-in", "read as a file is"),
            entry("--qr-out", "pictures, drawn again by the same command"),
            entry("--show-qr", "pictures, drawn again by the same command"),
            entry("create --region", A_VALUE),
            entry("enroll --account-key", "where the key's file lies"),
            entry("enroll --currency", A_VALUE),
            entry("account --entries", "how much it says"),
            entry("request --reference", A_VALUE),
            entry("request --again", "asks nothing: what is stored goes out as the first time"),
            entry("request --file-in", NOT_LOOKED_AT),
            entry("receipt --file-out", NOT_LOOKED_AT),
            entry("receipt --connect", "one message, taken as from a file"),
            entry("show --evidence-out", "copies of what is stored, written again by the same command"),
            entry("report-lost --remark", A_VALUE),
            entry("claim --account", A_VALUE));

    private EveryCommand() {}

    /**
     * What is not killed and has no reason, and what has one and needs none.
     *
     * @param typed a line of each command that is killed
     */
    static List<String> wrong(List<List<String>> typed) {
        Set<String> killed = new TreeSet<>();
        for (List<String> line : typed) {
            String command = line.get(1);
            killed.add(command);
            line.stream().filter(word -> word.startsWith("--")).forEach(option -> killed.add(command + " " + option));
        }
        List<String> wrong = new ArrayList<>();
        Set<String> needless = new TreeSet<>(NO_STEP.keySet());
        needless.addAll(CHANGES_NOTHING.keySet());
        Map<String, CommandLine> commands =
                Main.describe().getSubcommands().get("wallet").getSubcommands();
        commands.forEach((command, line) -> {
            if (killed.contains(command)) {
                for (var option : line.getCommandSpec().options()) {
                    String here = command + " " + option.longestName();
                    if (!killed.contains(here)) {
                        String reason = NO_STEP.containsKey(here) ? here : option.longestName();
                        needless.remove(reason);
                        if (!NO_STEP.containsKey(reason)) {
                            wrong.add(here + " is not killed");
                        }
                    }
                }
            } else if (!needless.remove(command)) {
                wrong.add(command + " is not killed");
            }
        });
        needless.forEach(reason -> wrong.add(reason + " needs no reason"));
        return wrong;
    }
}
