package org.jiaozi.crypto.vectors;

import java.util.List;
import java.util.Optional;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.Claim;
import org.jiaozi.core.message.DepositRefusal;
import org.jiaozi.core.message.Handover;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.message.Outcome;
import org.jiaozi.core.message.RegistryAnswer;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.Receipt;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Statement;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Timestamp;

/** Makes {@code signatures.json}: every statement with the key that signed it, and signatures that do not verify. */
final class SignatureVectors {
    private static final InstitutionId SEVEN = new InstitutionId(7);
    private static final IssuerKeyId REGISTRY = new IssuerKeyId(InstitutionId.CENTRAL_BANK, 0);
    private final Chain chain = new Chain();
    private final Cases cases = new Cases("02, clauses 5 to 7");

    /** A statement and the name of the key under it. */
    private record Said(String by, Signed<? extends Statement> signed) {}

    private <T extends Statement> Said say(String by, T statement) {
        return new Said(by, Signed.by(chain.key(by), statement));
    }

    Cases make() {
        List<Said> all = statements();
        for (int i = 0; i < all.size(); i++) {
            sound(all.get(i));
            wrong(all.get(i), all.get((i + 1) % all.size()).signed().statement());
        }
        Said transfer = all.get(2);
        Bytes payload = transfer.signed().statement().payload();
        Bytes later = Edit.set(Cbor.decode(payload, 10_000), Cbor.of(Chain.NOW.seconds() + 1), 6)
                .encode();
        refused(
                "another time under the genuine signature",
                transfer,
                Edit.cose(
                                transfer.signed().statement().protectedHeader(),
                                later,
                                transfer.signed().signature().bytes())
                        .encode(),
                chain.key("h0").publicKey());
        refused(
                "a key that is no point of the curve",
                transfer,
                transfer.signed().encode(),
                new PublicKey(Bytes.fromHex("0260fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29f02")));
        Said handover = say("h1", new Handover(SEVEN, "acc-1", transfer.signed().hash(), Chain.NOW));
        sound(handover);
        wrong(handover, all.getFirst().signed().statement());
        return cases;
    }

    private List<Said> statements() {
        Lineage hop = chain.hops(1, 5);
        Signed<Transfer> paid = hop.head().transfer();
        var nonce = Chain.nonce("vector");
        var enrol = new WalletRequest.Enrol(
                "4711-0815",
                chain.key("account").publicKey(),
                Chain.CNY,
                ElementClass.CARD,
                List.of(KeyProof.by(chain.key("h0"), SEVEN, Chain.nonce("message"))));
        var registry = new RegistryAnswer(
                REGISTRY,
                Chain.NOW,
                List.of(
                        new RegistryAnswer.Settlement(
                                paid.hash(),
                                List.of(
                                        new Outcome(0, new Range(0, 10), Outcome.Kind.REDEEMED, 0),
                                        new Outcome(1, new Range(10, 12), Outcome.Kind.REFUSED, 709)),
                                List.of()),
                        new RegistryAnswer.Settlement(
                                hop.notes().getFirst().hash(),
                                List.of(),
                                List.of(Refusal.of(RefusalCode.WRONG_INSTITUTION)))));
        return List.of(
                new Said("bank", hop.notes().getFirst()),
                new Said("bank", chain.certificate("h0")),
                new Said("h0", paid),
                say(
                        "h1",
                        new Request(
                                new Amount(9000), Chain.CNY, nonce, Chain.NOW, 12, "茶 two cups", Samples.sealingKey())),
                say("h1", new Receipt(nonce, paid.hash(), Chain.NOW)),
                say("h1", new NonReceipt(nonce, Optional.empty())),
                say("h1", new NonReceipt(nonce, Optional.of(paid.hash()))),
                new Said("root", new BulletinVectors().first()),
                say(
                        "account",
                        new WalletMessage(SEVEN, chain.thumb("account"), Chain.nonce("message"), Chain.NOW, enrol)),
                say("bank", bank(Chain.BANK, new BankRequest.ReadInbox(3).cbor())),
                say("bank", bank(Chain.BANK, new WalletAnswer.Remitted(new Amount(77)).cbor())),
                say(
                        "registry",
                        bank(
                                REGISTRY,
                                new BankAnswer.Registered(hop.notes().getFirst().hash()).cbor())),
                say("bank", new DepositRefusal(Chain.BANK, paid.hash(), 703, Chain.NOW)),
                say("registry", registry),
                say("account", new Claim(SEVEN, "acc-1", Chain.nonce("claim"), new Timestamp(1_799_999_999L))));
    }

    private static BankMessage bank(IssuerKeyId signer, Cbor body) {
        return new BankMessage(signer, Chain.nonce("ask"), Chain.NOW, body);
    }

    private void sound(Said said) {
        PublicKey key = chain.key(said.by()).publicKey();
        String label = said.signed().statement().type().label();
        cases.ok(label + ", signed", said.signed().encode())
                .put("type", label)
                .put("key", key.compressed().hex())
                .put("thumbprint", key.thumbprint().hex())
                .put("hash", said.signed().hash().hex())
                .put("sigStructure", said.signed().statement().sigStructure().hex())
                .set("fields", Shown.of(said.signed()));
    }

    private void wrong(Said said, Statement other) {
        PublicKey stranger = chain.key("stranger").publicKey();
        String label = said.signed().statement().type().label();
        refused(label + ", under a stranger's key", said, said.signed().encode(), stranger);
        if (!other.type().label().equals(label)) {
            Bytes mislabelled = Edit.sign(
                    chain.key(said.by()),
                    other.type().label(),
                    said.signed().statement().protectedHeader(),
                    said.signed().statement().payload());
            refused(
                    label + ", signed as a " + other.type().label(),
                    said,
                    mislabelled,
                    chain.key(said.by()).publicKey());
        }
    }

    private void refused(String name, Said said, Bytes bytes, PublicKey key) {
        cases.refused(RefusalCode.BAD_SIGNATURE, name, bytes)
                .put("type", said.signed().statement().type().label())
                .put("key", key.compressed().hex());
    }
}
