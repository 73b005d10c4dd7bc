package org.jiaozi.core.refusal;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every numbered reason for saying no (spec/errors.md). Hundreds: 1 encoding, 2 keys and bulletin, 3 notes and lineage,
 * 4 the tap, 5 limits, 6 the purse itself, 7 settlement, 8 service. When several apply, the lowest number is answered.
 */
public enum RefusalCode {
    /** 101: the bytes are not what the protocol writes. */
    MALFORMED(101, Retry.NO, "the bytes are not what the protocol writes"),
    /** 102: not in deterministic encoding. */
    NON_CANONICAL(102, Retry.NO, "not in deterministic encoding"),
    /** 103: a map key occurs twice. */
    DUPLICATE_KEY(103, Retry.NO, "a map key occurs twice"),
    /** 104: bytes follow the end. */
    TRAILING_BYTES(104, Retry.NO, "bytes follow the end"),
    /** 105: a field this version does not know; every field is critical. */
    UNKNOWN_FIELD(105, Retry.NO, "a field this version does not know; every field is critical"),
    /** 106: a string or array beyond its bound. */
    FIELD_TOO_LONG(106, Retry.NO, "a string or array beyond its bound"),
    /** 107: a number beyond its bound. */
    OUT_OF_RANGE(107, Retry.NO, "a number beyond its bound"),
    /** 108: a signature outside the normal form. */
    SIGNATURE_FORM(108, Retry.NO, "a signature outside the normal form"),
    /** 109: a message beyond its bound. */
    TOO_LARGE(109, Retry.NO, "a message beyond its bound"),
    /** 110: an unknown message type or version. */
    UNKNOWN_TYPE(110, Retry.NO, "an unknown message type or version"),
    /** 111: a range that is empty or reversed. */
    RANGE_EMPTY(111, Retry.NO, "a range that is empty or reversed"),
    /** 112: more inputs than a tap or a deposit allows. */
    TOO_MANY_INPUTS(112, Retry.NO, "more inputs than a tap or a deposit allows"),
    /** 201: a signature does not verify. */
    BAD_SIGNATURE(201, Retry.NO, "a signature does not verify"),
    /** 202: the bulletin in hand does not list the issuer's key. */
    UNKNOWN_ISSUER_KEY(202, Retry.AFTER_SYNC, "the bulletin in hand does not list the issuer's key"),
    /** 203: the purse certificate is past its validity. */
    CERTIFICATE_EXPIRED(203, Retry.AFTER_SYNC, "the purse certificate is past its validity"),
    /** 204: the purse certificate is not valid yet. */
    CERTIFICATE_NOT_YET_VALID(204, Retry.AFTER_SYNC, "the purse certificate is not valid yet"),
    /** 205: the bulletin revokes this purse key. */
    PURSE_REVOKED(205, Retry.NO, "the bulletin revokes this purse key"),
    /** 206: the money passed through a revoked purse; its holder can deposit it. */
    LINEAGE_REVOKED(206, Retry.DEPOSIT, "the money passed through a revoked purse; its holder can deposit it"),
    /** 207: the bulletin in hand is too old. */
    STALE_BULLETIN(207, Retry.AFTER_SYNC, "the bulletin in hand is too old"),
    /** 208: a bulletin older than the one in hand. */
    BULLETIN_ROLLBACK(208, Retry.NO, "a bulletin older than the one in hand"),
    /** 209: a bulletin delta that does not start from the one in hand. */
    BULLETIN_GAP(209, Retry.AFTER_SYNC, "a bulletin delta that does not start from the one in hand"),
    /** 210: not signed by the central bank this purse trusts. */
    WRONG_ROOT(210, Retry.NO, "not signed by the central bank this purse trusts"),
    /** 301: a range outside what its parent moved. */
    RANGE_OUTSIDE_PARENT(301, Retry.NO, "a range outside what its parent moved"),
    /** 302: two inputs of one transfer overlap. */
    INPUTS_OVERLAP(302, Retry.NO, "two inputs of one transfer overlap"),
    /** 303: more hops than the note allows; received money is frozen until a sync. */
    TOO_MANY_HOPS(303, Retry.DEPOSIT, "more hops than the note allows; received money is frozen until a sync"),
    /** 304: an input refers to no statement in the lineage. */
    UNKNOWN_PARENT(304, Retry.NO, "an input refers to no statement in the lineage"),
    /** 305: signed by a key that does not hold the input. */
    WRONG_HOLDER(305, Retry.NO, "signed by a key that does not hold the input"),
    /** 306: two currencies in one payment, or not the one asked for. */
    CURRENCY_MISMATCH(306, Retry.NO, "two currencies in one payment, or not the one asked for"),
    /** 307: the note is past its expiry. */
    NOTE_EXPIRED(307, Retry.DEPOSIT, "the note is past its expiry"),
    /** 308: conflicts with a transfer already seen: this is evidence. */
    FORK_KNOWN(308, Retry.NO, "conflicts with a transfer already seen: this is evidence"),
    /** 309: the lineage carries a statement that nothing uses. */
    UNUSED_ENTRY(309, Retry.NO, "the lineage carries a statement that nothing uses"),
    /** 310: the lineage has more statements or bytes than the bound. */
    LINEAGE_TOO_LARGE(310, Retry.DEPOSIT, "the lineage has more statements or bytes than the bound"),
    /** 311: past expiry and grace: only a claim helps. */
    PAST_GRACE(311, Retry.NO, "past expiry and grace: only a claim helps"),
    /** 401: the payment answers another request. */
    WRONG_REQUEST(401, Retry.NO, "the payment answers another request"),
    /** 402: the payment moves another amount than was asked. */
    AMOUNT_MISMATCH(402, Retry.NO, "the payment moves another amount than was asked"),
    /** 403: the request was already paid or closed. */
    NONCE_CONSUMED(403, Retry.NO, "the request was already paid or closed"),
    /** 404: the payment names another payee. */
    NOT_FOR_THIS_PURSE(404, Retry.NO, "the payment names another payee"),
    /** 405: dated in the future. */
    FUTURE_DATE(405, Retry.LATER, "dated in the future"),
    /** 406: the request is too old. */
    REQUEST_EXPIRED(406, Retry.NEW_REQUEST, "the request is too old"),
    /** 407: sealed to somebody else, or altered. */
    CANNOT_OPEN(407, Retry.NO, "sealed to somebody else, or altered"),
    /** 408: the rule holds in another region. */
    REGION_MISMATCH(408, Retry.AFTER_SYNC, "the rule holds in another region"),
    /** 501: above what one payment may move. */
    OVER_PAYMENT_LIMIT(501, Retry.NO, "above what one payment may move"),
    /** 502: above what may be spent before the next sync. */
    OVER_TOTAL_LIMIT(502, Retry.AFTER_SYNC, "above what may be spent before the next sync"),
    /** 503: more payments than allowed before the next sync. */
    OVER_COUNT_LIMIT(503, Retry.AFTER_SYNC, "more payments than allowed before the next sync"),
    /** 504: above what the purse may hold. */
    OVER_HOLDING_LIMIT(504, Retry.AFTER_SYNC, "above what the purse may hold"),
    /** 505: not enough spendable value. */
    INSUFFICIENT_FUNDS(505, Retry.NO, "not enough spendable value"),
    /** 506: the payment log is full; sync or receipts free it. */
    LOG_FULL(506, Retry.AFTER_SYNC, "the payment log is full; sync or receipts free it"),
    /** 507: enough in all, but under several pseudonyms; sync or pay in parts. */
    SPLIT_ACROSS_KEYS(507, Retry.AFTER_SYNC, "enough in all, but under several pseudonyms; sync or pay in parts"),
    /** 508: the amount needs more inputs than one tap carries. */
    TOO_MANY_SLICES(508, Retry.AFTER_SYNC, "the amount needs more inputs than one tap carries"),
    /** 509: received money may not move on before a sync under this policy. */
    FROZEN_UNTIL_SYNC(509, Retry.AFTER_SYNC, "received money may not move on before a sync under this policy"),
    /** 510: the purse holds as many slices as it can. */
    PURSE_FULL(510, Retry.AFTER_SYNC, "the purse holds as many slices as it can"),
    /** 601: the PIN is wrong. */
    WRONG_PIN(601, Retry.YES, "the PIN is wrong"),
    /** 602: too many wrong PINs: wait. */
    PIN_BACKOFF(602, Retry.LATER, "too many wrong PINs: wait"),
    /** 603: the PIN is blocked. */
    PIN_BLOCKED(603, Retry.NO, "the PIN is blocked"),
    /** 604: the directory is an old copy: nothing is signed until a sync retires its keys. */
    ROLLED_BACK(604, Retry.AFTER_SYNC, "the directory is an old copy: nothing is signed until a sync retires its keys"),
    /** 605: another process has this wallet open. */
    WALLET_IN_USE(605, Retry.LATER, "another process has this wallet open"),
    /** 606: the wallet has no certificate yet. */
    NOT_ENROLLED(606, Retry.NO, "the wallet has no certificate yet"),
    /** 607: the new PIN does not fit the rule. */
    NEW_PIN_WEAK(607, Retry.YES, "the new PIN does not fit the rule"),
    /** 608: the step does not fit the state. */
    WRONG_STATE(608, Retry.NO, "the step does not fit the state"),
    /** 701: above the issuer's quota. */
    QUOTA_EXCEEDED(701, Retry.NO, "above the issuer's quota"),
    /** 702: the institution's reserve does not cover it. */
    INSUFFICIENT_RESERVE(702, Retry.LATER, "the institution's reserve does not cover it"),
    /** 703: the account is blocked. */
    ACCOUNT_BLOCKED(703, Retry.NO, "the account is blocked"),
    /** 704: the account does not hold that much. */
    INSUFFICIENT_BALANCE(704, Retry.NO, "the account does not hold that much"),
    /** 705: no such account. */
    UNKNOWN_ACCOUNT(705, Retry.NO, "no such account"),
    /** 706: no such purse here. */
    UNKNOWN_PURSE(706, Retry.NO, "no such purse here"),
    /** 707: the enrolment code is wrong, used or expired. */
    BAD_ENROLMENT_CODE(707, Retry.NO, "the enrolment code is wrong, used or expired"),
    /** 708: this message id was used for another message. */
    REPLAYED(708, Retry.NO, "this message id was used for another message"),
    /** 709: the range was redeemed before; the holder is made whole as policy says. */
    ALREADY_REDEEMED(709, Retry.NO, "the range was redeemed before; the holder is made whole as policy says"),
    /** 710: the note id is registered with other content. */
    NOTE_CONFLICT(710, Retry.NO, "the note id is registered with other content"),
    /** 711: no such note. */
    UNKNOWN_NOTE(711, Retry.NO, "no such note"),
    /** 712: held back until a person has looked. */
    WITHHELD(712, Retry.LATER, "held back until a person has looked"),
    /** 713: not allowed for this caller. */
    NOT_AUTHORISED(713, Retry.NO, "not allowed for this caller"),
    /** 714: the two statements convict nobody. */
    EVIDENCE_INVALID(714, Retry.NO, "the two statements convict nobody"),
    /** 715: meant for another institution. */
    WRONG_INSTITUTION(715, Retry.NO, "meant for another institution"),
    /** 716: above this threshold the wallet class needs identity. */
    IDENTITY_REQUIRED(716, Retry.NO, "above this threshold the wallet class needs identity"),
    /** 717: before expiry and grace. */
    NOT_YET_DUE(717, Retry.LATER, "before expiry and grace"),
    /** 718: this key was retired at a sync. */
    KEYS_RETIRED(718, Retry.NO, "this key was retired at a sync"),
    /** 719: the central bank has honoured this deposit for another institution. */
    HONOURED_ELSEWHERE(719, Retry.NO, "this deposit was honoured for another institution"),
    /** 720: the caller is declared gone: the central bank hears it again once an operator says that it is back. */
    INSTITUTION_GONE(720, Retry.LATER, "this institution is declared gone"),
    /** 721: the registry's answer to a batch is full, and this deposit is not in it. */
    ANSWER_FULL(721, Retry.YES, "the answer to the batch has no room for this deposit"),
    /** 801: the server does not answer. */
    UNREACHABLE(801, Retry.YES, "the server does not answer"),
    /** 802: the server is at its capacity. */
    BUSY(802, Retry.YES, "the server is at its capacity"),
    /** 803: no room to store what must be durable. */
    STORAGE_FULL(803, Retry.LATER, "no room to store what must be durable"),
    /** 804: a fault on our side; nothing was changed. */
    INTERNAL(804, Retry.YES, "a fault on our side; nothing was changed"),
    /** 805: a policy profile with a key this version does not know. */
    UNKNOWN_PROFILE_KEY(805, Retry.NO, "a policy profile with a key this version does not know"),
    /** 806: no valid client certificate. */
    CLIENT_REFUSED(806, Retry.NO, "no valid client certificate");

    /** Whether trying again helps, and what must happen before. */
    public enum Retry {
        NO,
        YES,
        LATER,
        AFTER_SYNC,
        NEW_REQUEST,
        DEPOSIT
    }

    private static final Map<Integer, RefusalCode> BY_NUMBER =
            Arrays.stream(values()).collect(Collectors.toMap(RefusalCode::number, Function.identity()));

    private final int number;
    private final Retry retry;
    private final String meaning;

    RefusalCode(int number, Retry retry, String meaning) {
        this.number = number;
        this.retry = retry;
        this.meaning = meaning;
    }

    /** The number that stands for it on every wire. */
    public int number() {
        return number;
    }

    public Retry retry() {
        return retry;
    }

    /**
     * Whether it speaks of the service and not of what was asked: nothing is decided, what was begun may still be
     * finished, and only the same message again finds out (spec 07, clause 1). Any other refusal is the last word on its
     * message.
     */
    public boolean isFault() {
        return number >= 800;
    }

    /** One line for people. */
    public String meaning() {
        return meaning;
    }

    /** The code with that number. */
    public static Optional<RefusalCode> byNumber(int number) {
        return Optional.ofNullable(BY_NUMBER.get(number));
    }
}
