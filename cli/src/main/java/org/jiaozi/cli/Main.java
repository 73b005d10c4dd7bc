package org.jiaozi.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The {@code jiaozi} command. Its subcommands come from {@link CommandProvider}s. Every error is one line on standard
 * error and an {@link ExitCode}; {@code JIAOZI_DEBUG=1} adds the stack trace.
 */
@Command(
        name = "jiaozi",
        description = "Digital cash that two people hand over while both are offline, and spend again offline.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "jiaozi COMMAND --help says more. Exit codes: 0 done, 1 refused or failed, 2 wrong usage."})
public final class Main implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    private Main() {}

    /** Runs one command line and exits with its code. */
    public static void main(String[] args) {
        int code = run(args);
        System.out.flush();
        System.err.flush();
        System.exit(code);
    }

    /** Runs one command line inside this process, on its standard streams, and returns the {@link ExitCode}. */
    public static int run(String... args) {
        return run(new PrintWriter(System.out, true, StandardCharsets.UTF_8), errors(), args);
    }

    /** As {@link #run(String...)}, with picocli's help and this class's errors going to the writers given. */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        return commandLine(args).setOut(out).setErr(err).execute(args);
    }

    /** The whole tree of commands, for whoever documents it or holds documents against it. */
    public static CommandLine describe() {
        return commandLine();
    }

    private static PrintWriter errors() {
        return new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    }

    private static CommandLine commandLine(String... args) {
        CommandLine line = new CommandLine(new Main());
        List<Class<?>> all = ServiceLoader.load(CommandProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .<Class<?>>flatMap(provider -> provider.commands().stream())
                .sorted(Comparator.comparing(Main::name))
                .toList();
        add(line, all, List.of(args));
        return line.setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Main::wrongUsage)
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command));
    }

    /** Describing all commands takes longer than running one: only the one that the next word names is, or all if none. */
    private static void add(CommandLine parent, List<Class<?>> commands, List<String> words) {
        List<Class<?>> named = commands.stream()
                .filter(c -> !words.isEmpty() && name(c).equals(words.getFirst()))
                .toList();
        for (Class<?> command : named.isEmpty() ? commands : named) {
            CommandLine line = new CommandLine(command);
            if (CommandGroup.class.isAssignableFrom(command)) {
                CommandGroup group = line.getCommand();
                add(line, group.commands(), named.isEmpty() ? List.of() : words.subList(1, words.size()));
            }
            parent.addSubcommand(line);
        }
    }

    private static String name(Class<?> command) {
        Command declared = command.getAnnotation(Command.class);
        if (declared == null) {
            throw new IllegalStateException(command + " is contributed as a command but carries no @Command");
        }
        return declared.name();
    }

    private static int wrongUsage(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        String path = command.getCommandSpec().qualifiedName();
        command.getErr().println(path + ": " + oneLine(failure.getMessage()) + " (see " + path + " --help)");
        trace(failure, command.getErr());
        return ExitCode.USAGE;
    }

    private static int failed(Exception failure, CommandLine command) {
        String path = command.getCommandSpec().qualifiedName();
        command.getErr().println(path + ": " + reason(failure));
        trace(failure, command.getErr());
        return failure instanceof CommandFailure known ? known.exitCode() : ExitCode.FAILED;
    }

    /** A bug is told apart from a refusal, so that nobody takes the one for the other. */
    private static String reason(Exception failure) {
        String message = failure.getMessage();
        if (failure instanceof CommandFailure && message != null) {
            return oneLine(message);
        }
        String kind = failure.getClass().getSimpleName();
        String said = message == null ? kind : kind + ": " + oneLine(message);
        return said + " (JIAOZI_DEBUG=1 shows where)";
    }

    private static String oneLine(String message) {
        return String.join(" ", Arrays.asList(message.strip().split("\\s*\\R\\s*")));
    }

    private static void trace(Exception failure, PrintWriter err) {
        if ("1".equals(System.getenv("JIAOZI_DEBUG"))) {
            failure.printStackTrace(err);
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say which command");
    }

    /** The version the jar was built as. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String built = Main.class.getPackage().getImplementationVersion();
            String version = built == null ? "(from unpacked classes)" : built;
            return List.of("jiaozi " + version, "Java " + Runtime.version()).toArray(String[]::new);
        }
    }
}
