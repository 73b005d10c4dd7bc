package org.jiaozi.core.statement;

import java.nio.charset.StandardCharsets;
import org.jiaozi.core.value.Bytes;

/** The types of statement; each has its own external_aad, so that none can be passed off as another. */
public enum StatementType {
    NOTE("note"),
    CERTIFICATE("certificate"),
    TRANSFER("transfer"),
    REQUEST("request"),
    RECEIPT("receipt"),
    NON_RECEIPT("non-receipt"),
    BULLETIN("bulletin"),
    /** A purse or account key to its institution. */
    WALLET_MESSAGE("wallet-message"),
    /** An institution to the central bank, or back. */
    BANK_MESSAGE("bank-message"),
    /** An institution's countersigned refusal of a deposit. */
    DEPOSIT_REFUSAL("deposit-refusal"),
    /** The registry's answer to an owner-change batch. */
    REGISTRY_ANSWER("registry-answer"),
    /** An account's claim on value whose holder's device is lost. */
    CLAIM("claim"),
    /** A depositor's word that a deposit is to be paid at another institution, its own being gone. */
    HANDOVER("handover");

    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // nothing changes a byte string
    private final Bytes aad;

    StatementType(String label) {
        this.label = label;
        this.aad = Bytes.of(("jiaozi/1/" + label).getBytes(StandardCharsets.US_ASCII));
    }

    public String label() {
        return label;
    }

    /** The external_aad: {@code jiaozi/1/} and the label. */
    public Bytes aad() {
        return aad;
    }
}
