package org.jiaozi.bank.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jiaozi.bank.institution.AccountState.Block;
import org.jiaozi.bank.institution.PurseKeyState.Status;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.message.Counters;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.message.Outcome;
import org.jiaozi.core.message.RegistryAnswer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.PurseCertificate.Limits;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Period;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an institution says to what it is asked, row by row. */
final class RulesTest {
    private final Desk desk = new Desk();

    private static Optional<RefusalCode> code(Optional<Refusal> refusal) {
        return refusal.map(Refusal::code);
    }

    private static Optional<RefusalCode> code(Decision<?> decision) {
        return switch (decision) {
            case Decision.Denied<?> no -> Optional.of(no.refusal().code());
            case Decision.Granted<?> ignored -> Optional.empty();
        };
    }

    private static <T> T granted(Decision<T> decision) {
        return switch (decision) {
            case Decision.Denied<T> no -> throw new AssertionError(no.refusal());
            case Decision.Granted<T> yes -> yes.value();
        };
    }

    private WalletRequest load(long amount, String holder) {
        return new WalletRequest.Load(new Amount(amount), Desk.CNY, desk.key(holder), Desk.MESSAGE);
    }

    @ParameterizedTest
    @CsvSource({
        "ACTIVE, NONE, ",
        "ACTIVE, OPERATOR, ACCOUNT_BLOCKED",
        "ACTIVE, LOST, ACCOUNT_BLOCKED",
        "RETIRED, NONE, KEYS_RETIRED",
        "RETIRED, CONVICTED, ACCOUNT_BLOCKED",
        "REVOKED, NONE, PURSE_REVOKED",
        "REVOKED, CONVICTED, PURSE_REVOKED",
    })
    void moneyLeavesForActiveKeysOfFreeAccounts(Status status, Block block, RefusalCode expected) {
        PurseKeyState key = new PurseKeyState(desk.signer("p").publicKey(), ElementClass.CARD, status, 0, 0);
        Sender sender = new Sender.Purse(key);
        AccountState account = Desk.account(1, 10, block);
        assertThat(code(sender.refuses(load(1, "p"), account))).isEqualTo(Optional.ofNullable(expected));
        // what somebody holds can always be deposited, and evidence handed in
        assertThat(sender.refuses(new WalletRequest.Deposit(Desk.MESSAGE.bytes()), account))
                .isEmpty();
        assertThat(sender.refuses(new WalletRequest.SubmitEvidence(Desk.MESSAGE.bytes()), account))
                .isEmpty();
        assertThat(code(sender.refuses(new WalletRequest.ReportLost(""), account)))
                .contains(RefusalCode.NOT_AUTHORISED);
    }

    @Test
    void theHoldersKeyReportsAndReadsAndMovesNothing() {
        Sender holder = new Sender.Holder(desk.signer("account").publicKey());
        AccountState account = Desk.account(1, 10, Block.NONE);
        assertThat(holder.refuses(new WalletRequest.ReportLost(""), account)).isEmpty();
        assertThat(holder.refuses(new WalletRequest.ReadAccount(1), account)).isEmpty();
        assertThat(code(holder.refuses(load(1, "p"), account))).contains(RefusalCode.NOT_AUTHORISED);
    }

    private WalletRequest.Enrol enrol(String... keys) {
        return new WalletRequest.Enrol(
                "CODE",
                desk.signer("account").publicKey(),
                Desk.CNY,
                ElementClass.SOFTWARE,
                Stream.of(keys).map(desk::proof).toList());
    }

    private Decision<Enrolling.Enrolment> enrolling(
            WalletRequest.Enrol enrol, Block block, long expiresIn, boolean used, boolean known) {
        Enrolling.Code code = new Enrolling.Code(
                Desk.account(1, 0, block), new org.jiaozi.core.value.Timestamp(Desk.NOW.seconds() + expiresIn), used);
        return Enrolling.decide(desk.setting(), Desk.MESSAGE, enrol, Optional.of(code), known);
    }

    @Test
    void pseudonymsShareTheTiersLimits() {
        List<Limits> limits = granted(enrolling(enrol("p", "q"), Block.NONE, 0, false, false)).certificates().stream()
                .map(c -> c.limits())
                .toList();
        // a software purse has half of 1001, 11 and 2000
        assertThat(limits).containsExactly(new Limits(250, 250, 3, 500), new Limits(250, 250, 2, 500));
    }

    @Test
    void enrolmentIsRefusedInOrder() {
        assertThat(code(enrolling(enrol("p"), Block.NONE, -1, false, false))).contains(RefusalCode.BAD_ENROLMENT_CODE);
        assertThat(code(enrolling(enrol("p"), Block.NONE, 0, true, false))).contains(RefusalCode.BAD_ENROLMENT_CODE);
        assertThat(code(enrolling(enrol("p"), Block.NONE, 0, false, true))).contains(RefusalCode.BAD_ENROLMENT_CODE);
        assertThat(code(enrolling(enrol("p"), Block.LOST, -1, false, false))).contains(RefusalCode.ACCOUNT_BLOCKED);
        assertThat(code(enrolling(enrol("p", "p"), Block.NONE, 0, false, false)))
                .contains(RefusalCode.OUT_OF_RANGE);
        assertThat(code(enrolling(enrol("p", "q", "r", "s"), Block.NONE, 0, false, false)))
                .contains(RefusalCode.OUT_OF_RANGE);
        assertThat(code(enrolling(enrol(), Block.NONE, 0, false, false))).contains(RefusalCode.OUT_OF_RANGE);
        WalletRequest.Enrol forged = new WalletRequest.Enrol(
                "CODE",
                desk.signer("account").publicKey(),
                Desk.CNY,
                ElementClass.SOFTWARE,
                List.of(new KeyProof(
                        desk.signer("p").publicKey(), desk.proof("q").proof())));
        assertThat(code(enrolling(forged, Block.NONE, -1, false, false))).contains(RefusalCode.BAD_SIGNATURE);
        assertThat(code(Enrolling.decide(desk.setting(), Desk.MESSAGE, enrol("p"), Optional.empty(), false)))
                .contains(RefusalCode.BAD_ENROLMENT_CODE);
    }

    private Decision<Renewing.Renewal> renewing(
            List<Counters> counters, List<Thumbprint> retire, List<KeyProof> fresh, Renewing.Flow flow) {
        return Renewing.decide(
                desk.setting(),
                Desk.MESSAGE,
                new WalletRequest.Renew(counters, retire, fresh),
                Desk.account(1, 0, Block.NONE),
                ElementClass.CARD,
                List.of(desk.state("p", 5, 100), desk.state("q", 2, 50)),
                flow);
    }

    private Counters counters(String key, long seq, long spent, long holding) {
        return new Counters(desk.key(key), seq, spent, holding);
    }

    static Stream<Arguments> reports() {
        return Stream.of(
                Arguments.of(5, 100, Optional.empty()),
                Arguments.of(9, 300, Optional.empty()),
                Arguments.of(4, 100, Optional.of(RefusalCode.ROLLED_BACK)),
                Arguments.of(6, 99, Optional.of(RefusalCode.ROLLED_BACK)));
    }

    @ParameterizedTest
    @MethodSource("reports")
    void countersNeverFall(long seq, long spent, Optional<RefusalCode> expected) {
        assertThat(code(renewing(
                        List.of(counters("p", seq, spent, 0), counters("q", 2, 50, 0)),
                        List.of(),
                        List.of(),
                        new Renewing.Flow(0, 0))))
                .isEqualTo(expected);
    }

    @Test
    void aPurseThatWasSetBackRetiresItsKeysAndGoesOnWithFreshOnes() {
        Renewing.Renewal renewal = granted(renewing(
                List.of(counters("p", 1, 10, 0)),
                List.of(desk.key("p"), desk.key("q")),
                List.of(desk.proof("r")),
                new Renewing.Flow(0, 0)));
        assertThat(renewal.certificates()).extracting(c -> c.thumbprint()).containsExactly(desk.key("r"));
        assertThat(renewal.keys())
                .extracting(PurseKeyState::status)
                .containsExactly(Status.RETIRED, Status.RETIRED, Status.ACTIVE);
        // what was known of a key is not forgotten
        assertThat(renewal.keys().getFirst().seq()).isEqualTo(5);
        assertThat(code(renewing(List.of(), List.of(desk.key("x")), List.of(), new Renewing.Flow(0, 0))))
                .contains(RefusalCode.OUT_OF_RANGE);
    }

    @ParameterizedTest
    @CsvSource({"1000, 0, 300, 550", "1000, 400, 300, 150", "150, 0, 0, 0", "0, 0, 900, 0"})
    void whatTheCountersLeaveUnexplainedIsMissing(long issued, long deposited, long holding, long missing) {
        Renewing.Renewal renewal = granted(renewing(
                List.of(counters("p", 5, 100, holding), counters("q", 2, 50, 0)),
                List.of(),
                List.of(),
                new Renewing.Flow(issued, deposited)));
        assertThat(renewal.missing()).isEqualTo(new Amount(missing));
    }

    @Test
    void aNoteIsWhatThePolicyOfTheMomentSays() {
        List<PurseKeyState> keys = List.of(desk.state("p", 0, 0));
        Note note = granted(Issuing.load(
                desk.setting(), (WalletRequest.Load) load(2000, "p"), Desk.account(1, 9, Block.NONE), keys));
        assertThat(note.expiry()).isEqualTo(Desk.NOW.plus(Period.ofDays(10)));
        assertThat(note.maxHops()).isEqualTo(5);
        assertThat(note.quota()).isEqualTo(1);
        for (var row : List.of(
                List.of(2001L, "p", RefusalCode.OVER_HOLDING_LIMIT),
                List.of(1L, "q", RefusalCode.UNKNOWN_PURSE),
                List.of(0L, "p", RefusalCode.OUT_OF_RANGE))) {
            assertThat(code(Issuing.load(
                            desk.setting(),
                            (WalletRequest.Load) load((Long) row.get(0), (String) row.get(1)),
                            Desk.account(1, 9, Block.NONE),
                            keys)))
                    .contains((RefusalCode) row.get(2));
        }
    }

    /** By how much a refused note's expiry is later than that of one made now, and how much later another's is. */
    @ParameterizedTest
    @CsvSource({"0, -1", "-1, -2", "-58, -59", "-59, -60", "-60, 0", "-61, 0", "1, 0", "2, 0", "1000, 0", "-1000, 0"})
    void anotherNoteIsNeverTheOneThatWasRefused(long refused, long again) {
        Note now = Issuing.note(desk.setting(), Desk.CNY, new Amount(7), desk.key("p"), Desk.MESSAGE);
        Note before = expiring(now, refused);
        assertThat(Issuing.again(desk.setting(), before))
                .isEqualTo(expiring(now, again))
                .isNotEqualTo(before);
    }

    private static Note expiring(Note n, long later) {
        return new Note(
                n.issuer(),
                n.quota(),
                n.currency(),
                n.value(),
                new Timestamp(n.expiry().seconds() + later),
                n.maxHops(),
                n.holder(),
                n.loadNonce());
    }

    @ParameterizedTest
    @CsvSource({
        "1, 3000, 0, 0, ",
        "1, 3001, 0, 0, OVER_PAYMENT_LIMIT",
        "1, 1000, 4001, 4001, OVER_TOTAL_LIMIT",
        "1, 1000, 0, 6001, OVER_TOTAL_LIMIT",
        "4, 301, 0, 0, IDENTITY_REQUIRED",
        "1, 0, 0, 0, OUT_OF_RANGE",
    })
    void remittancesKeepTheClassesLimits(int tier, long amount, long day, long year, RefusalCode expected) {
        WalletRequest.Remit remit =
                new WalletRequest.Remit(new InstitutionId(2), "b-1", new Amount(amount), "", Desk.MESSAGE);
        assertThat(code(Remitting.refuses(
                        desk.setting(),
                        remit,
                        Desk.account(tier, 99_999, Block.NONE),
                        desk.setting().policy().tier(tier).orElseThrow(),
                        new Remitting.Paid(day, year))))
                .isEqualTo(Optional.ofNullable(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, NONE, 9000, ",
        "1, 1, NONE, 9000, OVER_HOLDING_LIMIT",
        "4, 0, NONE, 901, IDENTITY_REQUIRED",
        "1, 0, OPERATOR, 1, ACCOUNT_BLOCKED",
        "1, 0, LOST, 1, ",
        "1, 9000, CONVICTED, 9000, ",
    })
    void depositsThatAnAccountDoesNotTakeComeBack(
            int tier, long balance, Block block, long amount, RefusalCode expected) {
        assertThat(code(Depositing.refusesCredit(
                        desk.setting().policy().tier(tier).orElseThrow(),
                        Desk.account(tier, balance, block),
                        new Amount(amount))))
                .isEqualTo(Optional.ofNullable(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "1, CNY, 0, NONE, 9000, ",
        "1, CNY, 1, NONE, 9000, OVER_HOLDING_LIMIT",
        "4, CNY, 0, NONE, 901, IDENTITY_REQUIRED",
        "99, CNY, 0, NONE, 1, IDENTITY_REQUIRED",
        "1, CNY, 0, OPERATOR, 1, ACCOUNT_BLOCKED",
        "1, CNY, 0, LOST, 1, ",
        "1, CNY, 9000, CONVICTED, 9000, ",
        "1, USD, 0, NONE, 1, CURRENCY_MISMATCH",
        "1, USD, 0, OPERATOR, 1, CURRENCY_MISMATCH",
    })
    void remittancesThatAnAccountDoesNotTakeGoBack(
            int tier, String currency, long balance, Block block, long amount, RefusalCode expected) {
        assertThat(code(Remitting.refusesReceiver(
                        desk.setting(),
                        Optional.of(Desk.account(tier, balance, block)),
                        new Currency(currency),
                        new Amount(amount))))
                .isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void aRemittanceToNobodyGoesBackAndSaysWhy() {
        assertThat(code(Remitting.refusesReceiver(desk.setting(), Optional.empty(), Desk.CNY, new Amount(1))))
                .contains(RefusalCode.UNKNOWN_ACCOUNT);
        assertThat(Remitting.returned(RefusalCode.UNKNOWN_ACCOUNT, "")).isEqualTo("returned: no such account");
        assertThat(Remitting.returned(RefusalCode.ACCOUNT_BLOCKED, "rent"))
                .isEqualTo("returned: the account is blocked (rent)");
        assertThat(Remitting.returned(RefusalCode.OVER_HOLDING_LIMIT, ""))
                .isEqualTo("returned: above what the account may hold");
    }

    @Test
    void debtsAreTakenAsFarAsTheBalanceGoes() {
        Debts debts = new Debts(new Amount(100), new Amount(30));
        assertThat(debts.seizable(new Amount(50))).isEqualTo(new Amount(50));
        assertThat(debts.seizable(new Amount(500))).isEqualTo(new Amount(70));
        assertThat(debts.less(new Amount(70)).open()).isEqualTo(Amount.ZERO);
        assertThat(debts.raisedTo(new Amount(90))).isEqualTo(debts);
        assertThat(debts.raisedTo(new Amount(150)).open()).isEqualTo(new Amount(120));
    }

    @ParameterizedTest
    @CsvSource({"4096, ", "4097, INTERNAL"})
    void whatNoWalletCouldBeToldIsNotTakenFromTheRegistry(int outcomes, RefusalCode expected) {
        Hash deposit = Sha256.hash(new byte[] {7});
        RegistryAnswer answer = new RegistryAnswer(
                new IssuerKeyId(InstitutionId.CENTRAL_BANK, 1),
                Desk.NOW,
                List.of(new RegistryAnswer.Settlement(
                        deposit,
                        Collections.nCopies(outcomes, new Outcome(0, new Range(0, 1), Outcome.Kind.REDEEMED, 0)),
                        List.of())));

        assertThat(code(Depositing.settlement(desk.setting(), Signed.by(desk.signer("registry"), answer), deposit)))
                .isEqualTo(Optional.ofNullable(expected));
    }
}
