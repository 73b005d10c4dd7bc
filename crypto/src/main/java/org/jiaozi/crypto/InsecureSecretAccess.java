package org.jiaozi.crypto;

/**
 * The token without which no secret can be read or made from bytes. Holding one proves nothing: it is there so that
 * a search for this name finds every place where secret material enters or leaves.
 */
public final class InsecureSecretAccess {
    private static final InsecureSecretAccess TOKEN = new InsecureSecretAccess();

    private InsecureSecretAccess() {}

    /** The token; say at the call why the secret has to be bare there. */
    public static InsecureSecretAccess get() {
        return TOKEN;
    }
}
