package org.jiaozi.crypto.vectors;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.evidence.Evidence;
import org.jiaozi.core.evidence.Evidence.OverlapEvidence;
import org.jiaozi.core.evidence.Evidence.SequenceEvidence;
import org.jiaozi.core.evidence.EvidenceFile;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Timestamp;

/** Makes {@code evidence.json}: files that convict {@code mallory} or {@code denier}, and attempts to frame {@code bob}. */
final class EvidenceVectors {
    private final EvidenceCast cast = new EvidenceCast();
    private final Chain chain = cast.chain;
    private final Signed<Bulletin> bulletin = cast.bulletin;
    private final Cases cases = new Cases("07, clauses E1 to E6")
            .with("root", cast.banks.key("root").compressed())
            .with("bulletin", bulletin.encode());

    Cases make() {
        kindsOneAndTwo();
        kindThree();
        whatDoesNotMatter();
        new FramingVectors(cast, (code, name, evidence) -> no(code, name, evidence)).make();
        order();
        form();
        return cases;
    }

    private void kindsOneAndTwo() {
        convicts("kind 1, the same range twice", cast.fork(0, 500, 2));
        convicts("kind 1, one unit in both", cast.fork(499, 1_000, 2));
        Transfer several = new Transfer(
                List.of(
                        new TransferInput(new SliceRef(cast.otherNote, 0), new Range(0, 10)),
                        new TransferInput(new SliceRef(cast.note, 0), new Range(100, 200))),
                chain.thumb("carol"),
                Chain.nonce("request two"),
                2,
                2_000,
                Chain.NOW);
        convicts(
                "kind 1, one of two inputs",
                new OverlapEvidence(cast.mallory, cast.by("mallory", cast.paid), cast.by("mallory", several)));
        convicts(
                "kind 1, one payee and one request",
                new OverlapEvidence(
                        cast.mallory,
                        cast.by("mallory", cast.paid),
                        cast.by("mallory", cast.transfer(cast.note, 0, 0, 500, "bob", "request one", 2))));
        Transfer sameNumber = cast.transfer(cast.otherNote, 0, 0, 500, "carol", "request two", 1);
        convicts("kind 2", cast.sequence(sameNumber));
        Transfer both = cast.transfer(cast.note, 0, 0, 400, "carol", "request two", 1);
        convicts(
                "both kinds, as kind 1",
                new OverlapEvidence(cast.mallory, cast.by("mallory", cast.paid), cast.by("mallory", both)));
        convicts("both kinds, as kind 2", cast.sequence(both));
        alone("kind 1 without a file", cast.fork(0, 500, 2));
        alone("kind 2 without a file", cast.sequence(sameNumber));
    }

    private void kindThree() {
        NonReceipt another = new NonReceipt(Chain.nonce("request one"), Optional.of(cast.otherNote));
        convicts(
                "kind 3, denies all and has a receipt",
                cast.receipt("bob", cast.nothing, "request one", EvidenceCast.hash(cast.paid)));
        convicts(
                "kind 3, names another and has a receipt",
                cast.receipt("bob", another, "request one", EvidenceCast.hash(cast.paid)));
        convicts("kind 3, denies all and spent it", cast.spending(cast.nothing, cast.passedOn, cast.paid));
        convicts("kind 3, names another and spent it", cast.spending(another, cast.passedOn, cast.paid));
        alone(
                "kind 3 by receipt without a file",
                cast.receipt("bob", cast.nothing, "request one", EvidenceCast.hash(cast.paid)));
        alone("kind 3 by spending without a file", cast.spending(cast.nothing, cast.passedOn, cast.paid));
    }

    private void whatDoesNotMatter() {
        Signed<PurseCertificate> old = Signed.by(
                chain.bank,
                new PurseCertificate(
                        new IssuerKeyId(new InstitutionId(7), 1),
                        chain.key("mallory").publicKey(),
                        0,
                        ElementClass.HSM,
                        Chain.CNY,
                        new PurseCertificate.Limits(1, 1, 1, 1),
                        new Timestamp(1),
                        new Timestamp(2),
                        9,
                        9));
        Signed<Transfer> other = cast.by("mallory", cast.transfer(cast.note, 0, 0, 500, "carol", "request two", 2));
        convicts(
                "a certificate that had expired, of limits that both exceed",
                new OverlapEvidence(old, cast.by("mallory", cast.paid), other));
        Evidence fork = cast.fork(0, 500, 2);
        convicts("a key that is revoked already", fork, cast.banks.bulletin(13, cast.banks.two(), "mallory"));
        Bulletin stale = Bulletin.read(
                bulletin.statement().protectedHeader(),
                Edit.set(Edit.set(Cbor.decode(bulletin.statement().payload(), 100_000), Cbor.of(1), 2), Cbor.of(2), 3)
                        .encode());
        convicts("a bulletin long stale", fork, Signed.by(chain.key("root"), stale));
        convicts(
                "statements under other signatures",
                new OverlapEvidence(
                        cast.mallory, Again.signed("mallory", cast.paid), Again.signed("mallory", other.statement())));
    }

    /** The lowest number first. */
    private void order() {
        Signed<Bulletin> forged = Signed.by(chain.key("root two"), bulletin.statement());
        Evidence touching = cast.fork(500, 1_000, 2);
        Evidence stranger = new OverlapEvidence(cast.bob, cast.by("mallory", cast.paid), cast.by("bob", cast.passedOn));
        Evidence unlisted = cast.forged(new IssuerKeyId(new InstitutionId(8), 1), "bank eight");
        no(RefusalCode.WRONG_ROOT, "a bulletin of another root", cast.fork(0, 500, 2), forged);
        no(RefusalCode.WRONG_ROOT, "of another root, and no contradiction", touching, forged);
        no(RefusalCode.BAD_SIGNATURE, "of another root, and a bad signature", stranger, forged);
        no(RefusalCode.UNKNOWN_ISSUER_KEY, "of another root, and an unlisted issuer", unlisted, forged);
        PurseCertificate c = unlisted.certificate().statement();
        Evidence both = new OverlapEvidence(
                Signed.by(chain.key("bank eight"), c), cast.by("bob", cast.paid), cast.by("bob", cast.passedOn));
        no(RefusalCode.BAD_SIGNATURE, "a bad signature and an unlisted issuer", both);
        no(
                RefusalCode.UNKNOWN_ISSUER_KEY,
                "an unlisted issuer, and no contradiction",
                new SequenceEvidence(
                        unlisted.certificate(), cast.by("mallory", cast.paid), cast.by("mallory", cast.paid)));
    }

    private void form() {
        bent(RefusalCode.UNKNOWN_TYPE, "version 2", f -> Edit.set(f, Cbor.of(2), 1));
        bent(RefusalCode.UNKNOWN_TYPE, "version 256", f -> Edit.set(f, Cbor.of(256), 1));
        bent(RefusalCode.UNKNOWN_TYPE, "kind 0", f -> Edit.set(f, Cbor.of(0), 2, 1));
        bent(RefusalCode.UNKNOWN_TYPE, "kind 4", f -> Edit.set(f, Cbor.of(4), 2, 1));
        bent(
                RefusalCode.NON_CANONICAL,
                "two transfers in falling order",
                f -> Edit.set(Edit.set(f, Edit.get(f, 2, 4), 2, 3), Edit.get(f, 2, 3), 2, 4));
        bent(RefusalCode.UNKNOWN_FIELD, "a field 4", f -> Edit.set(f, Cbor.of(1), 4));
        bent(
                RefusalCode.UNKNOWN_FIELD,
                "a denied transfer in kind 1",
                f -> Edit.set(f, Cbor.of(cast.paid.payload()), 2, 5));
        bent(RefusalCode.MALFORMED, "no certificate", f -> Edit.without(f, 2, 2));
        bent(RefusalCode.MALFORMED, "no bulletin", f -> Edit.without(f, 3));
        bent(RefusalCode.MALFORMED, "a certificate for a transfer", f -> Edit.set(f, Edit.get(f, 2, 2), 2, 3));
        bent(
                RefusalCode.SIGNATURE_FORM,
                "a signature of zeros",
                f -> Edit.set(f, Cbor.of(Bytes.of(new byte[64])), 2, 4, 3));
        Cbor receipt =
                EvidenceFile.toCbor(cast.receipt("bob", cast.nothing, "request one", EvidenceCast.hash(cast.paid)));
        bent(
                RefusalCode.MALFORMED,
                "a receipt and a denied transfer",
                f -> Edit.set(f, Edit.set(receipt, Cbor.of(cast.paid.payload()), 5), 2));
        Cbor spent = EvidenceFile.toCbor(cast.spending(cast.nothing, cast.passedOn, cast.paid));
        bent(
                RefusalCode.MALFORMED,
                "a spending without the denied transfer",
                f -> Edit.set(f, Edit.without(spent, 5), 2));
        Bytes file = new EvidenceFile(cast.fork(0, 500, 2), bulletin).encode();
        cases.refused(RefusalCode.TRAILING_BYTES, "a byte after the end", file.concat(Bytes.fromHex("00")));
        cases.refused(RefusalCode.MALFORMED, "cut off", file.slice(0, file.size() - 1));
        cases.refused(RefusalCode.TOO_LARGE, "a file of 8 MiB and a byte", Bytes.EMPTY)
                .putArray("then")
                .add("00")
                .add((8 << 20) + 1)
                .add("");
        cases.refused(RefusalCode.TOO_LARGE, "evidence of 512 KiB and a byte without a file", Bytes.EMPTY)
                .put("form", "alone")
                .putArray("then")
                .add("00")
                .add((512 << 10) + 1)
                .add("");
    }

    private void convicts(String name, Evidence evidence) {
        convicts(name, evidence, bulletin);
    }

    private void convicts(String name, Evidence evidence, Signed<Bulletin> listed) {
        verdict(name, new EvidenceFile(evidence, listed).encode(), evidence);
    }

    private void alone(String name, Evidence evidence) {
        verdict(name, EvidenceFile.toCbor(evidence).encode(), evidence).put("form", "alone");
    }

    private com.fasterxml.jackson.databind.node.ObjectNode verdict(String name, Bytes bytes, Evidence evidence) {
        var node = cases.ok(name, bytes);
        node.putObject("verdict")
                .put("culprit", evidence.culprit().bytes().hex())
                .put("kind", evidence.kind().number())
                .put("first", evidence.first().hex())
                .put("second", evidence.second().hex())
                .put("certifier", 7);
        return node;
    }

    private void no(RefusalCode code, String name, Evidence evidence) {
        no(code, name, evidence, bulletin);
    }

    private void no(RefusalCode code, String name, Evidence evidence, Signed<Bulletin> listed) {
        cases.refused(code, name, new EvidenceFile(evidence, listed).encode());
    }

    private void bent(RefusalCode code, String name, UnaryOperator<Cbor> change) {
        Cbor file = Cbor.decode(new EvidenceFile(cast.fork(0, 500, 2), bulletin).encode(), 1 << 20);
        cases.refused(code, name, change.apply(file).encode());
    }
}
