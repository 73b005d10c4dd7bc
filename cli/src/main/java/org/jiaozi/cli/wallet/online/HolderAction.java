package org.jiaozi.cli.wallet.online;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.session.Trust;
import org.jiaozi.cli.wallet.session.WalletAction;
import org.jiaozi.cli.wallet.store.Act;
import org.jiaozi.cli.wallet.store.CrashPoint;
import org.jiaozi.cli.wallet.store.DurableStep;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.Es256Signer;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.HpkeSealer;
import picocli.CommandLine.Option;

/**
 * A command of the account's holder, whose device may be gone: account key, institution and trust are all it needs. What
 * it asks it asks once: an answer that was lost is asked for again with the same message.
 */
abstract class HolderAction extends WalletAction.WithoutWallet {
    @Option(names = "--account-key", required = true, paramLabel = "FILE", description = "The file enroll wrote.")
    private Path keyFile = Path.of("");

    @Option(
            names = "--institution",
            required = true,
            paramLabel = "URL",
            description = "Where the institution answers.")
    private String url = "";

    @Option(names = "--trust", required = true, paramLabel = "FILE", description = "trust.json of the central bank.")
    private Path trustFile = Path.of("");

    @Option(names = "--clock-offset", paramLabel = "SECONDS", description = "Added to this machine's clock.")
    private long offset;

    private final CrashPoint crash = CrashPoint.fromEnvironment();

    AccountKey key() {
        return AccountKey.read(keyFile);
    }

    Timestamp now() {
        return new Timestamp(Math.addExact(Instant.now().getEpochSecond(), offset));
    }

    /**
     * What the institution said.
     *
     * @param answer that grants it
     * @param repeated whether an earlier command had sent this message; the answer may be as old as that
     * @param currency what accounts count
     */
    record Said(WalletAnswer answer, boolean repeated, Currency currency) {}

    /**
     * Asks, signed by the account key; refuses what the institution refuses. The message is stored beside the key before
     * it is sent, and removed with its answer. Run again after a lost answer, a command finds its own and sends the same
     * bytes; what another command left under way is finished first.
     *
     * @param printer says where it has to wait
     * @param same whether a request under way is the one meant
     */
    Said ask(Printer printer, Act act, Predicate<WalletRequest> same, Function<InstitutionId, WalletRequest> body) {
        Trust trust = Trust.read(trustFile);
        AccountKey key = key();
        HolderOutbox outbox = new HolderOutbox(keyFile);
        try (BankClient bank =
                new BankClient(url, trust, new HpkeSealer(Session.entropy()), new Es256Verifier(), printer::human)) {
            Bulletin bulletin = bank.firstBulletin(trust).statement();
            InstitutionId institution = bank.institution(bulletin).id();
            Optional<Signed<WalletMessage>> left = Optional.empty();
            for (Signed<WalletMessage> message : outbox.messages()) {
                WalletMessage m = message.statement();
                if (m.institution().equals(institution)
                        && m.sender().equals(key.key().publicKey().thumbprint())) {
                    if (left.isEmpty() && same.test(m.body())) {
                        left = Optional.of(message);
                    } else {
                        finish(act, bank, bulletin, outbox, message);
                    }
                }
            }
            Signed<WalletMessage> mine = left.orElseGet(() -> {
                Signed<WalletMessage> fresh = Signed.by(
                        Es256Signer.of(key.key()),
                        new WalletMessage(
                                institution,
                                key.key().publicKey().thumbprint(),
                                Session.nonce(),
                                now(),
                                body.apply(institution)));
                crash.reached(act, DurableStep.BEFORE_COMMIT);
                outbox.put(fresh);
                crash.reached(act, DurableStep.AFTER_COMMIT);
                return fresh;
            });
            return new Said(
                    Errand.granted(send(act, bank, bulletin, outbox, mine)),
                    left.isPresent(),
                    bulletin.policy().currency());
        }
    }

    /** What it was for is over if the institution refuses it; a fault leaves it there. */
    private void finish(
            Act act, BankClient bank, Bulletin bulletin, HolderOutbox outbox, Signed<WalletMessage> message) {
        if (send(act, bank, bulletin, outbox, message) instanceof WalletAnswer.Refused no
                && no.refusal().code() == RefusalCode.UNREACHABLE) {
            throw CommandFailure.refused(no.refusal());
        }
    }

    private WalletAnswer send(
            Act act, BankClient bank, Bulletin bulletin, HolderOutbox outbox, Signed<WalletMessage> message) {
        WalletAnswer answer = bank.ask(bulletin, message);
        crash.reached(act, DurableStep.SENT);
        if (!(answer instanceof WalletAnswer.Refused no && no.refusal().code().isFault())) {
            outbox.remove(message.statement().id());
        }
        return answer;
    }
}
