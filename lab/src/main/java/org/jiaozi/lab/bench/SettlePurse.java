package org.jiaozi.lab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.crypto.Entropy;
import org.jiaozi.crypto.Es256Signer;
import org.jiaozi.crypto.SecretKey;

/** A purse of one key that its institution certified, and that signs whatever the bench has it sign. Not thread-safe. */
final class SettlePurse {
    private final SettleDesk desk;
    private final Entropy entropy;
    private final Signer key;
    private final String account;
    private final Signed<PurseCertificate> certificate;
    private long seq;
    private long spent;

    private SettlePurse(
            SettleDesk desk, Entropy entropy, Signer key, String account, Signed<PurseCertificate> certificate) {
        this.desk = desk;
        this.entropy = entropy;
        this.key = key;
        this.account = account;
        this.certificate = certificate;
    }

    private static Nonce nonce(Entropy entropy) {
        return new Nonce(entropy.next(Nonce.SIZE));
    }

    /** Opens an account with {@code balance} in it and enrols a purse. */
    static SettlePurse enrolled(SettleDesk desk, Entropy entropy, long balance) {
        Signer key = Es256Signer.of(SecretKey.generate(entropy));
        Signer accountKey = Es256Signer.of(SecretKey.generate(entropy));
        Nonce id = nonce(entropy);
        JsonNode opened = desk.open(id.hex(), balance);
        WalletRequest enrol = new WalletRequest.Enrol(
                opened.path("code").asText(),
                accountKey.publicKey(),
                desk.bulletin().policy().currency(),
                ElementClass.CARD,
                List.of(KeyProof.by(key, desk.institution().id(), id)));
        if (!(desk.send(desk.letter(accountKey, id, enrol)) instanceof WalletAnswer.Enrolled enrolled)) {
            throw new CommandFailure("a purse of the bench is not enrolled");
        }
        return new SettlePurse(
                desk,
                entropy,
                key,
                opened.path("account").asText(),
                enrolled.certificates().getFirst());
    }

    String account() {
        return account;
    }

    Thumbprint thumbprint() {
        return key.publicKey().thumbprint();
    }

    /** A note of that value. */
    Lineage load(long value) {
        WalletRequest load = new WalletRequest.Load(
                new Amount(value), desk.bulletin().policy().currency(), thumbprint(), nonce(entropy));
        WalletAnswer answer = desk.send(desk.letter(key, nonce(entropy), load));
        if (!(answer instanceof WalletAnswer.Loaded loaded)) {
            throw new CommandFailure("a purse of the bench is not loaded: " + answer);
        }
        return Lineage.of(loaded.note());
    }

    /** Moves ranges on, to a purse or back to the institution. */
    Lineage.Link move(List<TransferInput> inputs, Thumbprint payee, boolean pays) {
        long amount = inputs.stream().mapToLong(i -> i.range().amount().minor()).sum();
        spent = Math.addExact(spent, pays ? amount : 0);
        Transfer transfer = new Transfer(inputs, payee, nonce(entropy), ++seq, spent, desk.now());
        return new Lineage.Link(Signed.by(key, transfer), certificate);
    }

    /** A deposit under this purse's signature, ready to be sent. */
    SettleDesk.Letter letter(WalletRequest request) {
        return desk.letter(key, nonce(entropy), request);
    }
}
