package org.jiaozi.server.central;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.BulletinDelta;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.evidence.EvidenceCheck;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.message.RegistryAnswer.Settlement;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.server.central.Actors.Purse;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.tls.TlsIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the central bank does, asked over its connections. */
final class CentralServerTest extends CentralServerFixture {
    @Test
    void moneyGoesRoundTwoInstitutionsAndIsNetted() {
        Purse payer = purse(a);
        Purse payee = purse(b);
        Signed<Note> note = a.load(payer, 1000);
        assertThat(balance("reserve:1")).isEqualTo(49_000);
        assertThat(balance("float:1")).isEqualTo(1000);

        Lineage paid =
                payer.pay(Lineage.of(note), new SliceRef(note.hash(), 0), payee.key(), seconds(), new Range(0, 300));
        Lineage deposit =
                payee.pay(paid, Actors.head(paid), b.signer.publicKey().thumbprint(), seconds(), new Range(0, 300));
        Settlement settled = b.deposit(deposit).getFirst();
        assertThat(kinds(settled)).containsExactly("REDEEMED [0,300)");
        // the same again gets the same, and moves nothing
        assertThat(b.deposit(deposit, deposit)).containsExactly(settled, settled);
        assertThat(balance("clearing:2")).isEqualTo(300);
        // the wrong institution gets nothing
        assertThat(a.deposit(deposit).getFirst().refusals().getFirst().code()).isEqualTo(RefusalCode.WRONG_INSTITUTION);

        Nonce remit = Actors.nonce();
        BankRequest.RemitAcross across =
                new BankRequest.RemitAcross(b.key.institution(), "1001", new Amount(70), CNY, "rent", remit);
        assertThat(a.ask(across)).isEqualTo(new BankAnswer.RemitTaken(remit));
        assertThat(a.ask(across)).isEqualTo(new BankAnswer.RemitTaken(remit));
        assertThat(server.admin().net()).contains(1L);
        assertThat(server.admin().net()).isEmpty();

        assertThat(balance("clearing:1")).isZero();
        assertThat(balance("clearing:2")).isZero();
        assertThat(balance("reserve:1")).isEqualTo(49_000 - 70);
        assertThat(balance("reserve:2")).isEqualTo(50_000 + 370);
        assertThat(a.inbox())
                .containsExactly(new InboxEvent.Netted(1, 1, CNY, new Amount(300), Amount.ZERO, new Amount(70)));
        assertThat(b.inbox())
                .containsExactly(
                        new InboxEvent.RemitArrived(1, a.key.institution(), "1001", new Amount(70), CNY, "rent", remit),
                        new InboxEvent.Netted(2, 1, CNY, Amount.ZERO, new Amount(370), Amount.ZERO));
        assertThat(b.inbox()).isEmpty();
    }

    /** Also after a start: whoever was refused lets go, and the request may come once more under an id of its own. */
    @Test
    void whatWasRefusedIsRefusedForGood() {
        Purse holder = purse(a);
        Signed<Note> note = Actors.note(
                a.key, a.signer, holder, 50_001, new Timestamp(seconds().seconds() + 600));
        BankRequest.RemitAcross remit = new BankRequest.RemitAcross(
                b.key.institution(), "1001", new Amount(50_001), CNY, "rent", Actors.nonce());
        List<BankRequest> requests = List.of(new BankRequest.RegisterNote(note), remit);
        List<BankAnswer> refused = requests.stream().map(a::ask).toList();
        assertThat(refused).hasOnlyElementsOfType(BankAnswer.Refused.class);
        server.admin().setQuota(a.key.institution(), 1, CNY, new Amount(1_000_000));
        server.admin().fundReserve(a.key.institution(), CNY, new Amount(1_000_000), "more");
        server.close();
        startServer();
        assertThat(requests.stream().map(a::ask)).isEqualTo(refused);
        assertThat(balance("float:1")).isZero();
        assertThat(balance("clearing:2")).isZero();
    }

    @Test
    void aDoubleSpendIsConvictedMadeWholeAndRecovered() {
        Purse cheat = purse(a);
        Purse first = purse(b);
        Purse second = purse(b);
        Signed<Note> note = a.load(cheat, 1000);
        SliceRef whole = new SliceRef(note.hash(), 0);
        Lineage one = cheat.pay(Lineage.of(note), whole, first.key(), seconds(), new Range(0, 300));
        Lineage two = cheat.pay(Lineage.of(note), whole, second.key(), seconds(), new Range(200, 400));
        long epoch = bulletin().epoch();

        Lineage depositOne =
                first.pay(one, Actors.head(one), b.signer.publicKey().thumbprint(), seconds(), new Range(0, 300));
        Lineage depositTwo =
                second.pay(two, Actors.head(two), b.signer.publicKey().thumbprint(), seconds(), new Range(200, 400));
        assertThat(kinds(b.deposit(depositOne).getFirst())).containsExactly("REDEEMED [0,300)");
        assertThat(kinds(b.deposit(depositTwo).getFirst()))
                .containsExactly("MADE_WHOLE [200,300)", "REDEEMED [300,400)");
        assertThat(balance("recovery:1")).isEqualTo(-100);
        assertThat(balance("clearing:2")).isEqualTo(500);

        Bulletin after = bulletin();
        assertThat(after.epoch()).isEqualTo(epoch + 1);
        assertThat(after.isRevoked(cheat.key())).isTrue();
        assertThat(after.revoked()).hasSize(1);
        InboxEvent.Conviction told = (InboxEvent.Conviction) a.inbox().getFirst();
        assertThat(told.owed()).isEqualTo(new Amount(100));
        assertThat(EvidenceCheck.verify(told.evidence(), rootKey(), new Es256Verifier()))
                .isInstanceOfSatisfying(
                        EvidenceCheck.Verdict.Convicts.class,
                        v -> assertThat(v.culprit()).isEqualTo(cheat.key()));

        // nothing is in the guarantee fund: what the culprit does not have, its institution bears
        assertThat(a.ask(new BankRequest.ReportRecovery(cheat.key(), new Amount(30))))
                .isEqualTo(new BankAnswer.RecoveryTaken(Amount.ZERO, new Amount(70)));
        assertThat(balance("recovery:1")).isZero();
        assertThat(balance("clearing:1")).isEqualTo(-100);
        assertThat(b.ask(new BankRequest.ReportRecovery(cheat.key(), Amount.ZERO)))
                .isInstanceOfSatisfying(
                        BankAnswer.Refused.class,
                        r -> assertThat(r.refusal().code()).isEqualTo(RefusalCode.NOT_AUTHORISED));
    }

    @Test
    void theSameMessageGetsTheSameBytesAlsoAfterARestart() {
        Purse holder = purse(a);
        Signed<Note> note = Actors.note(
                a.key, a.signer, holder, 500, new Timestamp(seconds().seconds() + 600));
        Signed<BankMessage> message = a.message(new BankRequest.RegisterNote(note));
        byte[] answer = a.post(message).body();
        Bulletin before = bulletin();
        server.close();
        now = now.plusSeconds(60);
        startServer();
        assertThat(a.post(message).body()).isEqualTo(answer);
        assertThat(balance("float:1")).isEqualTo(500);
        assertThat(bulletin()).isEqualTo(before);
        // the id stands for one message only
        Signed<BankMessage> other = Signed.by(
                a.signer,
                new BankMessage(
                        a.key,
                        message.statement().id(),
                        seconds(),
                        new BankRequest.Revoke(List.of(a.bound(holder)), "lost").cbor()));
        BankMessage said = Signed.decode(Bytes.of(a.post(other).body()), Limit.SERVICE_MESSAGE_BYTES, BankMessage::read)
                .statement();
        assertThat(BankAnswer.read(said.body()))
                .isInstanceOfSatisfying(
                        BankAnswer.Refused.class,
                        r -> assertThat(r.refusal().code()).isEqualTo(RefusalCode.REPLAYED));
        assertThat(bulletin().isRevoked(holder.key())).isFalse();
    }

    @Test
    void ofManyForksAtOnceOneIsRedeemedAndAllAreWhole() throws Exception {
        Purse cheat = purse(a);
        Signed<Note> note = a.load(cheat, 1000);
        List<Lineage> deposits = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Purse payee = purse(b);
            Lineage paid = cheat.pay(
                    Lineage.of(note), new SliceRef(note.hash(), 0), payee.key(), seconds(), new Range(0, 100));
            Member at = i % 2 == 0 ? a : b;
            deposits.add(payee.pay(
                    paid, Actors.head(paid), at.signer.publicKey().thumbprint(), seconds(), new Range(0, 100)));
        }
        List<String> outcomes = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < deposits.size(); i++) {
                Member at = i % 2 == 0 ? a : b;
                Lineage deposit = deposits.get(i);
                answers.add(threads.submit(
                        () -> kinds(at.deposit(deposit).getFirst()).getFirst()));
            }
            for (Future<String> answer : answers) {
                outcomes.add(answer.get());
            }
        }
        assertThat(outcomes)
                .containsOnly("REDEEMED [0,100)", "MADE_WHOLE [0,100)")
                .containsOnlyOnce("REDEEMED [0,100)");
        assertThat(balance("recovery:1")).isEqualTo(-500);
        assertThat(balance("float:1")).isEqualTo(900);
        assertThat(balance("clearing:1") + balance("clearing:2")).isEqualTo(600);
        List<InboxEvent> events = a.inbox();
        assertThat(((InboxEvent.Conviction) events.getLast()).owed()).isEqualTo(new Amount(500));
        assertThat(bulletin().revoked()).containsExactly(cheat.key());
    }

    @Test
    void theDatabaseItselfRefusesASecondRedemption() throws SQLException {
        Purse holder = purse(a);
        Signed<Note> note = a.load(holder, 1000);
        Lineage deposit = paidIn(holder, note, 300);
        a.deposit(deposit);
        // behind the code's back
        for (String overlapping : List.of("299, 301", "0, 1", "0, 300", "100, 200", "100, 1000")) {
            assertThatThrownBy(() -> settle(overlapping)).hasMessageContaining("settled_once");
        }
        assertThatThrownBy(() -> settle("900, 1001")).hasMessageContaining("settled_within_note");
        settle("500, 600");
        assertThatThrownBy(() -> settle("400, 501")).hasMessageContaining("settled_once");
        // two that come together and do not overlap what was there
        assertThatThrownBy(() -> settle("700, 800), (750, 760")).hasMessageContaining("settled_once");
        settle("300, 301");
        assertThatThrownBy(() -> sql(settling("301, 302"))).hasMessageContaining("serializable");
        assertThatThrownBy(() -> sql(serializable("INSERT INTO settled SELECT note, note_value + 1, 302, 303, kind,"
                        + " paid_to, at_parent, at_index FROM settled LIMIT 1")))
                .hasMessageContaining("settled_of_a_note");
        assertThatThrownBy(() -> sql(serializable("INSERT INTO settled SELECT note, note_value, 302, 303, kind, 77,"
                        + " at_parent, at_index FROM settled LIMIT 1")))
                .hasMessageContaining("settled_of_a_note");
        // of a note of which nothing was settled, two that say the same and are not of it
        a.load(holder, 500);
        assertThatThrownBy(() -> sql(serializable(ofAnother(501)))).hasMessageContaining("settled_of_a_note");
        sql(serializable(ofAnother(500)));
        assertThatThrownBy(() -> sql("DELETE FROM settled")).hasMessageContaining("only grows");
        assertThatThrownBy(() -> sql("UPDATE posting SET amount = 1")).hasMessageContaining("only grows");
        assertThatThrownBy(() -> sql("INSERT INTO posting (debit, credit, currency, amount, reason, reference,"
                        + " booked_at) VALUES ('float:1', 'clearing:1', 'CNY', 1201, 'x', '', 0)"))
                .hasMessageContaining("balance_not_negative");
        assertThatThrownBy(() -> sql("INSERT INTO inbox_event VALUES (1, 5, '')"))
                .hasMessageContaining("gap");
    }

    /** Two parts of the second note. */
    private static String ofAnother(long value) {
        return "INSERT INTO settled (note, note_value, lo, hi, kind, paid_to, at_parent, at_index)"
                + " SELECT (SELECT max(serial) FROM note), " + value + ", l, l + 1, 'REDEEMED', 2, at_parent, 7"
                + " FROM (SELECT * FROM settled LIMIT 1), generate_series(0, 1) AS l";
    }

    /** Two transactions that do not see each other settle parts that overlap, and begin at different places. */
    @Test
    void ofTwoThatSettleTheSameAtOnceOneIsRefused() throws SQLException {
        Purse holder = purse(a);
        Signed<Note> note = a.load(holder, 1000);
        a.deposit(paidIn(holder, note, 300));
        try (Connection one = DriverManager.getConnection(database);
                Connection other = DriverManager.getConnection(database)) {
            begin(one, "400, 500");
            begin(other, "450, 550");
            one.commit();
            assertThatThrownBy(other::commit).hasMessageContaining("could not serialize");
        }
    }

    private static void begin(Connection connection, String range) throws SQLException {
        connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        connection.setAutoCommit(false);
        try (Statement s = connection.createStatement()) {
            s.execute(settling(range));
        }
    }

    /** As a settled part of the one note that has any. */
    private static String settling(String ranges) {
        return "INSERT INTO settled (note, note_value, lo, hi, kind, paid_to, at_parent, at_index)"
                + " SELECT note, note_value, l, h, 'REDEEMED', 2, at_parent, 7"
                + " FROM (SELECT * FROM settled LIMIT 1), (VALUES (" + ranges + ")) AS part (l, h)";
    }

    private static String serializable(String statement) {
        return "BEGIN ISOLATION LEVEL SERIALIZABLE; " + statement + "; COMMIT";
    }

    private void settle(String ranges) throws SQLException {
        sql(serializable(settling(ranges)));
    }

    /** One request is paid twice: a denial of it is compared with both, also where the record is older than its index. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDenialSpeaksOfEveryPaymentOfItsRequest(boolean older) throws SQLException {
        Purse payer = purse(a);
        Purse payee = purse(b);
        Signed<Note> note = a.load(payer, 1000);
        SliceRef source = new SliceRef(note.hash(), 0);
        Nonce request = Actors.nonce();
        Lineage one = payer.answer(
                request, Lineage.of(note), payee.key(), seconds(), 1, Actors.inputs(source, new Range(0, 300)));
        Lineage other = payer.answer(
                request, Lineage.of(note), payee.key(), seconds(), 2, Actors.inputs(source, new Range(300, 600)));
        b.deposit(payee.pay(
                other, Actors.head(other), b.signer.publicKey().thumbprint(), seconds(), new Range(300, 600)));
        if (older) {
            sql("ALTER TABLE transfer DISABLE TRIGGER transfer_only_grows; UPDATE transfer SET request = NULL;"
                    + " ALTER TABLE transfer ENABLE TRIGGER transfer_only_grows");
        }
        Signed<NonReceipt> denial = Signed.by(payee.signer, new NonReceipt(request, Optional.empty()));
        assertThat(a.ask(new BankRequest.Refund(Actors.packed(one), denial, payee.certificate)))
                .isEqualTo(new BankAnswer.Refunded(new Amount(300)));
        InboxEvent.Conviction told = (InboxEvent.Conviction) ((BankAnswer.Inbox) b.ask(new BankRequest.ReadInbox(0)))
                .events()
                .getFirst();
        assertThat(told.culprit()).isEqualTo(payee.key());
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database);
                Statement s = connection.createStatement()) {
            s.execute(statement);
        }
    }

    @Test
    void operatorsAndStrangersAreToldApart() throws Exception {
        try (HttpCaller operator = HttpCaller.create(
                        Optional.of(TlsIdentity.load(server.operatorFolder()).context()), Duration.ofSeconds(30));
                HttpCaller stranger = HttpCaller.create(
                        Optional.of(TlsIdentity.trusting(
                                TlsIdentity.load(server.operatorFolder()).authority())),
                        Duration.ofSeconds(30))) {
            URI positions = URI.create(server.address() + "/v1/operator/positions");
            JsonNode node =
                    JSON.readTree(operator.get(positions, MediaType.JSON).body());
            assertThat(node.path("accounts")).hasSize(3);
            assertThat(node.path("quotas").get(0).path("institution").asText()).isEqualTo("bank-a");
            for (HttpCaller caller : List.of(stranger, a.caller)) {
                assertThat(caller.get(positions, MediaType.JSON)
                                .refusal()
                                .orElseThrow()
                                .code())
                        .isEqualTo(RefusalCode.NOT_AUTHORISED);
            }
            assertThat(stranger.post(
                                    URI.create(server.address() + "/v1/bank"),
                                    MediaType.CBOR,
                                    a.message(new BankRequest.ReadInbox(0))
                                            .encode()
                                            .toArray())
                            .refusal()
                            .orElseThrow()
                            .code())
                    .isEqualTo(RefusalCode.CLIENT_REFUSED);
            // b's connection carries no word of a
            assertThat(b.post(a.message(new BankRequest.ReadInbox(0)))
                            .refusal()
                            .orElseThrow()
                            .code())
                    .isEqualTo(RefusalCode.NOT_AUTHORISED);
            long epoch = bulletin().epoch();
            HttpReply published = operator.post(
                    URI.create(server.address() + "/v1/operator/bulletin"),
                    MediaType.JSON,
                    "{}".getBytes(StandardCharsets.UTF_8));
            assertThat(JSON.readTree(published.body()).path("epoch").asLong()).isEqualTo(epoch + 1);
            HttpReply delta =
                    stranger.get(URI.create(server.address() + "/v1/bulletin?delta=" + epoch), MediaType.CBOR);
            assertThat(BulletinDelta.fromCbor(Cbor.decode(Bytes.of(delta.body()), Limit.SERVICE_MESSAGE_BYTES))
                            .epoch())
                    .isEqualTo(epoch + 1);
        }
        assertThat(Files.getPosixFilePermissions(folder.resolve("central").resolve("root.key")))
                .hasSize(2);
    }
}
