package org.jiaozi.server.institution;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.Envelope;
import org.jiaozi.core.message.Handover;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.Entropy;
import org.jiaozi.crypto.Es256Signer;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.HpkeSealer;
import org.jiaozi.crypto.SecretKey;
import org.jiaozi.crypto.SystemEntropy;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.MediaType;

/** A purse that signs whatever a test wants signed, and its way to its institution. */
final class TestWallet {
    private static final Entropy ENTROPY = new SystemEntropy();
    private static final Sealer SEALER = new HpkeSealer(ENTROPY);

    final World world;
    final String bank;
    final String account;
    final Signer accountKey = signer();
    final Signer key;
    List<Signed<PurseCertificate>> certificates = List.of();
    private long seq;
    private long spent;

    private TestWallet(World world, String bank, String account, Signer key) {
        this.world = world;
        this.bank = bank;
        this.account = account;
        this.key = key;
    }

    /** Opens an account and enrols one key. */
    static TestWallet enrolled(World world, String bank, long balance) {
        return enrolled(world, bank, balance, signer());
    }

    /** The same purse at another institution. */
    TestWallet movedTo(String other) {
        return enrolled(world, other, 0, key);
    }

    private static TestWallet enrolled(World world, String bank, long balance, Signer key) {
        JsonNode opened = world.open(bank, "somebody", 1, balance);
        TestWallet wallet =
                new TestWallet(world, bank, opened.required("account").asText(), key);
        WalletAnswer answer = wallet.enrol(opened.required("code").asText(), nonce());
        wallet.certificates = ((WalletAnswer.Enrolled) answer).certificates();
        return wallet;
    }

    static TestWallet opened(World world, String bank, String account) {
        return new TestWallet(world, bank, account, signer());
    }

    /** The same purse with an account elsewhere, not enrolled yet. */
    TestWallet at(String other, String itsAccount) {
        return new TestWallet(world, other, itsAccount, key);
    }

    static Signer signer() {
        return Es256Signer.of(SecretKey.generate(ENTROPY));
    }

    static Nonce nonce() {
        return new Nonce(ENTROPY.next(Nonce.SIZE));
    }

    Thumbprint thumbprint() {
        return key.publicKey().thumbprint();
    }

    Timestamp now() {
        return new Timestamp(world.clock.instant().getEpochSecond());
    }

    InstitutionId institution() {
        return world.entry(bank).id();
    }

    WalletRequest.Enrol enrolment(String code, Nonce id) {
        return new WalletRequest.Enrol(
                code,
                accountKey.publicKey(),
                World.CNY,
                ElementClass.CARD,
                List.of(KeyProof.by(key, institution(), id)));
    }

    WalletAnswer enrol(String code, Nonce id) {
        return ask(accountKey, id, enrolment(code, id));
    }

    WalletAnswer ask(WalletRequest request) {
        return ask(key, nonce(), request);
    }

    WalletAnswer ask(Signer by, Nonce id, WalletRequest request) {
        return WalletAnswer.read(send(message(by, id, request)).body());
    }

    Signed<WalletMessage> message(Signer by, Nonce id, WalletRequest request) {
        return Signed.by(by, new WalletMessage(institution(), by.publicKey().thumbprint(), id, now(), request));
    }

    /** Sends and checks seal, signature and id of the answer. */
    BankMessage send(Signed<WalletMessage> message) {
        Sealer.KeyPair reply = SEALER.newKeyPair();
        Envelope envelope = Envelope.seal(SEALER, world.entry(bank).sealingKey(), message, reply.publicKey());
        HttpReply http =
                world.post(bank, "/v1/wallet", MediaType.CBOR, envelope.encode().toArray());
        if (!http.ok()) {
            throw new WasRefused("in the open", http.refusal().orElseThrow());
        }
        Signed<BankMessage> answer =
                Envelope.openAnswer(SEALER, reply, Bytes.of(http.body())).orElseThrow();
        if (!answer.verifies(new Es256Verifier(), world.entry(bank).currentKey().key())
                || !answer.statement().id().equals(message.statement().id())) {
            throw new AssertionError("not an answer of " + bank);
        }
        return answer.statement();
    }

    Lineage load(long amount) {
        WalletAnswer answer = ask(new WalletRequest.Load(new Amount(amount), World.CNY, thumbprint(), nonce()));
        return Lineage.of(loaded(answer));
    }

    static Signed<Note> loaded(WalletAnswer answer) {
        if (answer instanceof WalletAnswer.Loaded loaded) {
            return loaded.note();
        }
        throw new AssertionError(answer);
    }

    static RefusalCode refused(WalletAnswer answer) {
        if (answer instanceof WalletAnswer.Refused refused) {
            return refused.refusal().code();
        }
        throw new AssertionError(answer);
    }

    static SliceRef noteOutput(Lineage lineage) {
        return new SliceRef(lineage.notes().getFirst().hash(), 0);
    }

    static SliceRef headOutput(Lineage lineage) {
        return new SliceRef(lineage.head().transfer().hash(), 0);
    }

    /** A payment to a purse. */
    Lineage pay(Lineage lineage, SliceRef source, Range range, Thumbprint payee, Nonce request) {
        spent += range.amount().minor();
        return move(lineage, source, payee, request, range);
    }

    /** A transfer to this wallet's own institution. */
    Lineage depositing(Lineage lineage, SliceRef source, Range... ranges) {
        return move(lineage, source, world.entry(bank).depositThumbprint(), nonce(), ranges);
    }

    private Lineage move(Lineage lineage, SliceRef source, Thumbprint payee, Nonce request, Range... ranges) {
        List<TransferInput> inputs =
                Stream.of(ranges).map(range -> new TransferInput(source, range)).toList();
        Transfer transfer = new Transfer(inputs, payee, request, ++seq, spent, now());
        return lineage.plus(new Lineage.Link(Signed.by(key, transfer), certificates.getFirst()));
    }

    WalletAnswer.Deposited deposit(Lineage deposit) {
        WalletAnswer answer = ask(new WalletRequest.Deposit(LineageCodec.encode(deposit)));
        if (answer instanceof WalletAnswer.Deposited deposited) {
            return deposited;
        }
        throw new AssertionError(answer);
    }

    /** Asks for a deposit that went to an institution that is gone. */
    WalletAnswer takeOver(Lineage deposit) {
        Handover word =
                new Handover(institution(), account, deposit.head().transfer().hash(), now());
        return ask(new WalletRequest.TakeOver(LineageCodec.encode(deposit), Signed.by(key, word)));
    }

    long balance() {
        return world.balance(bank, account);
    }

    static List<Range> halves(long value) {
        List<Range> halves = new ArrayList<>();
        halves.add(new Range(0, value / 2));
        halves.add(new Range(value / 2, value));
        return halves;
    }
}
