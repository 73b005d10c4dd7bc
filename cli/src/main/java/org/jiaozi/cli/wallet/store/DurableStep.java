package org.jiaozi.cli.wallet.store;

/** The moments of one act at which a crash makes a difference; every order of them must lose nothing. */
public enum DurableStep {
    /** Signed in memory, nothing stored: the act never happened. */
    BEFORE_COMMIT,
    /** State, signature and message are stored; the mark outside is one behind. */
    AFTER_COMMIT,
    /** All is durable and nothing has left: the same act again releases the same bytes. */
    AFTER_MARK,
    /** An institution has answered and nothing of its answer is stored. */
    SENT
}
