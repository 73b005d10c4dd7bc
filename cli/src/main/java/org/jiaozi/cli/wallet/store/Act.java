package org.jiaozi.cli.wallet.store;

/** What a wallet does that changes what it remembers. */
public enum Act {
    CREATE,
    OPEN,
    ENROLL,
    LOAD,
    REMIT,
    RENEW,
    ACCOUNT,
    REQUEST,
    PAY,
    RECEIVE,
    RECEIPT,
    DEPOSIT,
    SYNC,
    PIN,
    REPORT_LOST,
    CLAIM
}
