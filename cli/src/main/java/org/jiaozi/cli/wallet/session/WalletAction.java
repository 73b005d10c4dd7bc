package org.jiaozi.cli.wallet.session;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.ExitCode;
import org.jiaozi.cli.output.JsonOption;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.transport.TransportException;
import org.jiaozi.cli.wallet.store.StoreException;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;

/** What commands have in common: they do, or they say in one line why not. Bugs go on to the caller. */
public abstract class WalletAction implements Callable<Integer> {
    /** Does it, printing the answer. */
    protected abstract void run(Printer printer);

    /** Where answers go. */
    protected abstract Printer printer();

    @Override
    public final Integer call() {
        Printer printer = printer();
        try {
            run(printer);
            return ExitCode.OK;
        } catch (CommandFailure e) {
            return say(printer, e);
        } catch (StoreException e) {
            return say(printer, CommandFailure.refused(e.refusal()));
        } catch (DecodeException e) {
            return say(printer, CommandFailure.refused(e.refusal()));
        } catch (TransportException e) {
            String line = String.valueOf(e.getMessage());
            return say(
                    printer,
                    e.kind() == TransportException.Kind.TOO_LARGE
                            ? CommandFailure.refused(new Refusal(RefusalCode.TOO_LARGE, line))
                            : new CommandFailure(line, e));
        }
    }

    private static int say(Printer printer, CommandFailure failure) {
        Map<String, Object> details = new LinkedHashMap<>();
        failure.refusal().ifPresent(refusal -> details.put("refused", json(refusal)));
        details.putAll(failure.details());
        printer.error(String.valueOf(failure.getMessage()), details);
        return failure.exitCode();
    }

    /** A refusal for programs. */
    public static Map<String, Object> json(Refusal refusal) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("number", refusal.code().number());
        json.put("name", refusal.code().name());
        json.put("detail", refusal.detail());
        json.put("retry", refusal.code().retry().name());
        if (refusal.code() == RefusalCode.PIN_BACKOFF) {
            json.put("waitSeconds", Long.parseLong(refusal.detail().split(" ", 2)[0]));
        }
        return json;
    }

    /** The beginning of every successful answer. */
    public static Map<String, Object> ok() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("ok", true);
        return json;
    }

    /** A command on the wallet that its options name. */
    public abstract static class OnWallet extends WalletAction {
        @picocli.CommandLine.Mixin
        private WalletOptions options = new WalletOptions();

        protected WalletOptions options() {
            return options;
        }

        @Override
        protected Printer printer() {
            return options.printer();
        }
    }

    /** A command that needs no wallet. */
    public abstract static class WithoutWallet extends WalletAction {
        @picocli.CommandLine.Mixin
        private JsonOption output = new JsonOption();

        @Override
        protected Printer printer() {
            return output.printer();
        }
    }
}
