package org.jiaozi.cli.wallet.online;

import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Function;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.session.Trust;
import org.jiaozi.cli.wallet.session.WalletAction;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.Es256Signer;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.HpkeSealer;
import picocli.CommandLine.Option;

/** A command of the account's holder, whose device may be gone: account key, institution and trust are all it needs. */
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

    AccountKey key() {
        return AccountKey.read(keyFile);
    }

    Timestamp now() {
        return new Timestamp(Math.addExact(Instant.now().getEpochSecond(), offset));
    }

    /** Asks, signed by the account key; refuses what the institution refuses. */
    WalletAnswer ask(Function<InstitutionId, WalletRequest> body) {
        Trust trust = Trust.read(trustFile);
        AccountKey key = key();
        try (BankClient bank = new BankClient(url, trust, new HpkeSealer(Session.entropy()), new Es256Verifier())) {
            Bulletin bulletin = bank.firstBulletin(trust).statement();
            InstitutionId institution = bank.institution(bulletin).id();
            WalletMessage message = new WalletMessage(
                    institution, key.key().publicKey().thumbprint(), Session.nonce(), now(), body.apply(institution));
            return Errand.granted(bank.ask(bulletin, Signed.by(Es256Signer.of(key.key()), message)));
        }
    }
}
