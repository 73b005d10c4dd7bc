package org.jiaozi.crypto.vectors;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
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
import org.jiaozi.core.tap.TapMessage;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Timestamp;

/**
 * Wrote the vectors once. They are committed and not made anew: a change that alters them changes the protocol. Run it by
 * hand for a new file only; it refuses to overwrite.
 */
final class VectorMaker {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private final Chain chain = new Chain();

    private VectorMaker() {}

    public static void main(String[] args) throws IOException {
        new VectorMaker().make();
    }

    private void make() throws IOException {
        write("cbor.json", "02, clauses 1 and 2", cbor());
        write("statements.json", "02, clause 5, and parts 3 to 7", statements());
        write("lineage.json", "02, clause 9", lineages());
        // keys and depositKeys were put beside its cases later, so that others can check what this project's keys
        // signed
        write("lineage-check.json", "05, clause 7", checks());
        write("tap-messages.json", "06, clause 1", taps());
        new SignatureVectors().make().write("signatures.json");
        new DecodingVectors().make().write("decoding.json");
        new PackedVectors().make().write("packed.json");
        new ContextVectors().make().write("lineage-context.json");
        new BulletinVectors().make().write("bulletin.json");
        new DeltaVectors().make().write("delta.json");
        new PolicyVectors().make().write("policy.json");
        new EvidenceVectors().make().write("evidence.json");
        new MessageVectors().make().write("messages.json");
        new SealingVectors().make().write("sealing.json");
    }

    private static void write(String name, String clause, ArrayNode cases) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.put("clause", clause);
        root.set("cases", cases);
        var file = VectorFiles.folder().resolve(name);
        if (Files.exists(file)) {
            System.err.println("kept " + file);
            return;
        }
        Files.writeString(file, JSON.writeValueAsString(root) + "\n");
    }

    private static ObjectNode add(ArrayNode cases, String name, Bytes bytes, String expect) {
        ObjectNode node = cases.addObject();
        node.put("name", name);
        node.put("bytes", bytes.hex());
        node.put("expect", expect);
        return node;
    }

    private ArrayNode cbor() {
        ArrayNode cases = JSON.createArrayNode();
        String[][] table = {
            {"zero", "00", "ok"},
            {"2^48-1", "1b0000ffffffffffff", "ok"},
            {"minus one", "20", "ok"},
            {"map in bytewise order of keys", "a3016161186461622003", "ok"},
            {"integer one byte too wide", "1801", "102"},
            {"length one byte too wide", "580100", "102"},
            {"map keys out of order", "a220030101", "102"},
            {"indefinite array", "9f01ff", "102"},
            {"indefinite string", "5f4101ff", "102"},
            {"key twice", "a201010102", "103"},
            {"a byte after the end", "0100", "104"},
            {"cut off", "4201", "101"},
            {"nothing", "", "101"},
            {"a tag", "c100", "101"},
            {"half float", "f93c00", "101"},
            {"undefined", "f7", "101"},
            {"integer beyond 64 bits", "1bffffffffffffffff", "101"},
            {"invalid UTF-8", "61ff", "101"},
            {"nested thirteen deep", "81818181818181818181818181" + "00", "101"},
            {"a length beyond the input", "5b7fffffffffffffff", "101"},
        };
        for (String[] row : table) {
            add(cases, row[0], Bytes.fromHex(row[1]), row[2]);
        }
        return cases;
    }

    private ArrayNode statements() {
        ArrayNode cases = JSON.createArrayNode();
        Lineage hop = chain.hops(1, 5);
        InstitutionId seven = new InstitutionId(7);
        var request = new Request(
                new Amount(1250),
                Chain.CNY,
                Chain.nonce("vector"),
                Chain.NOW,
                12,
                "茶 two cups",
                Chain.nonce("seal").bytes().concat(Chain.nonce("key").bytes()));
        var body = new WalletRequest.Enrol(
                "4711-0815",
                chain.key("account").publicKey(),
                Chain.CNY,
                ElementClass.CARD,
                List.of(KeyProof.by(chain.key("h0"), seven, Chain.nonce("message"))));
        statement(cases, "note", Signed.by(chain.bank, hop.notes().getFirst().statement()));
        statement(cases, "certificate", chain.certificate("h0"));
        statement(cases, "transfer", hop.head().transfer());
        statement(cases, "request", Signed.by(chain.key("h1"), request));
        statement(
                cases,
                "receipt",
                Signed.by(
                        chain.key("h1"),
                        new Receipt(Chain.nonce("vector"), hop.head().transfer().hash(), Chain.NOW)));
        statement(
                cases,
                "non-receipt",
                Signed.by(chain.key("h1"), new NonReceipt(Chain.nonce("vector"), Optional.empty())));
        statement(
                cases,
                "non-receipt",
                Signed.by(
                        chain.key("h1"),
                        new NonReceipt(
                                Chain.nonce("vector"),
                                Optional.of(hop.head().transfer().hash()))));
        statement(
                cases,
                "wallet-message",
                Signed.by(
                        chain.key("h0"),
                        new WalletMessage(seven, chain.thumb("h0"), Chain.nonce("message"), Chain.NOW, body)));
        statement(
                cases,
                "bank-message",
                Signed.by(
                        chain.bank,
                        new BankMessage(
                                Chain.BANK,
                                Chain.nonce("ask"),
                                Chain.NOW,
                                new BankRequest.RegisterNote(hop.notes().getFirst()).cbor())));
        statement(
                cases,
                "bank-message",
                Signed.by(
                        chain.bank,
                        new BankMessage(
                                Chain.BANK,
                                Chain.nonce("ask"),
                                Chain.NOW,
                                new WalletAnswer.Refused(new Refusal(RefusalCode.INSUFFICIENT_BALANCE, "short by 5"))
                                        .cbor())));
        statement(
                cases,
                "deposit-refusal",
                Signed.by(
                        chain.bank,
                        new DepositRefusal(Chain.BANK, hop.head().transfer().hash(), 703, Chain.NOW)));
        statement(
                cases,
                "registry-answer",
                Signed.by(
                        chain.bank,
                        new RegistryAnswer(
                                Chain.BANK,
                                Chain.NOW,
                                List.of(new RegistryAnswer.Settlement(
                                        hop.head().transfer().hash(),
                                        List.of(
                                                new Outcome(0, new Range(0, 10), Outcome.Kind.REDEEMED, 0),
                                                new Outcome(0, new Range(10, 12), Outcome.Kind.REFUSED, 709)),
                                        List.of())))));
        statement(
                cases,
                "claim",
                Signed.by(chain.key("account"), new Claim(seven, "acc-1", Chain.nonce("claim"), new Timestamp(1))));
        statement(
                cases,
                "handover",
                Signed.by(
                        chain.key("h1"),
                        new Handover(seven, "acc-1", hop.head().transfer().hash(), new Timestamp(1))));
        return cases;
    }

    private static void statement(ArrayNode cases, String label, Signed<? extends Statement> signed) {
        ObjectNode node = add(cases, label, signed.encode(), "ok");
        node.put("hash", signed.hash().hex());
        node.put("sigStructure", signed.statement().sigStructure().hex());
        Bytes unknownField = Cbor.array(
                        Cbor.of(signed.statement().protectedHeader()),
                        Cbor.map().put(33, Cbor.of(1)).build(),
                        Cbor.of(signed.statement().payload()),
                        Cbor.of(signed.signature().bytes()))
                .encode();
        add(cases, label, unknownField, "105");
        byte[] highS = signed.encode().toArray();
        // s of all ones lies above the group order
        java.util.Arrays.fill(highS, highS.length - 32, highS.length, (byte) 0xff);
        add(cases, label, Bytes.of(highS), "108");
        add(cases, label, signed.encode().concat(Bytes.fromHex("f6")), "104");
    }

    private ArrayNode lineages() {
        ArrayNode cases = JSON.createArrayNode();
        for (int hops : new int[] {0, 1, 2, 5}) {
            Bytes packed = LineageCodec.encode(chain.hops(hops, 5));
            add(cases, hops + " hops", packed, "ok");
            add(cases, hops + " hops and a byte", packed.concat(Bytes.fromHex("00")), "104");
            add(cases, hops + " hops cut off", packed.slice(0, packed.size() - 1), "101");
            add(cases, hops + " hops, version 2", Bytes.fromHex("02").concat(packed.slice(1, packed.size())), "110");
        }
        return cases;
    }

    private ArrayNode checks() {
        ArrayNode cases = JSON.createArrayNode();
        add(cases, "three hops of three", LineageCodec.encode(chain.hops(3, 3)), "ok");
        LineageCheckTest.spoilt().forEach(s -> {
            try {
                Bytes packed = LineageCodec.encode(s.make().apply(chain));
                // packed, a parent's payee is whoever spends it, so a stranger's spending shows as the payer's bad
                // signature
                boolean stranger = s.what().equals("signed by a key that does not hold it");
                add(
                        cases,
                        s.what(),
                        packed,
                        stranger ? "201" : Integer.toString(s.code().number()));
            } catch (org.jiaozi.core.codec.DecodeException unwritable) {
                // what cannot be packed has its case among the encodings
            }
        });
        return cases;
    }

    private ArrayNode taps() {
        ArrayNode cases = JSON.createArrayNode();
        Lineage hop = chain.hops(1, 5);
        var nonce = Chain.nonce("vector");
        Bytes key = Chain.nonce("seal").bytes().concat(Chain.nonce("key").bytes());
        var request =
                Signed.by(chain.key("h1"), new Request(new Amount(9000), Chain.CNY, nonce, Chain.NOW, 12, "tea", key));
        var no = Signed.by(chain.key("h1"), new NonReceipt(nonce, Optional.empty()));
        var receipt = Signed.by(
                chain.key("h1"), new Receipt(nonce, hop.head().transfer().hash(), Chain.NOW));
        List<TapMessage> messages = List.of(
                new TapMessage.RequestMessage(chain.certificate("h1"), request),
                new TapMessage.SealedPayment(nonce, Bytes.fromHex("00112233")),
                new TapMessage.PaymentMessage(hop, Optional.empty()),
                new TapMessage.ReceiptMessage(receipt),
                new TapMessage.RefusalMessage(Refusal.of(RefusalCode.AMOUNT_MISMATCH), nonce, Optional.of(no)),
                new TapMessage.RefusalMessage(Refusal.of(RefusalCode.OVER_COUNT_LIMIT), nonce, Optional.empty()),
                new TapMessage.BulletinMessage(Bytes.EMPTY),
                new TapMessage.BulletinWanted(11));
        for (TapMessage message : messages) {
            String name = message.getClass().getSimpleName();
            add(cases, name, message.encode(), "ok");
            add(cases, name + " and a byte", message.encode().concat(Bytes.fromHex("00")), "104");
        }
        add(cases, "unknown type", Bytes.fromHex("811818"), "110");
        return cases;
    }
}
