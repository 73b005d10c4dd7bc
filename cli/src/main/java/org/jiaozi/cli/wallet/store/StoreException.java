package org.jiaozi.cli.wallet.store;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;

/** Storage said no; what was stored before is untouched. The refusal is what the owner is told. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int SQLITE_BUSY = 5;
    private static final int SQLITE_FULL = 13;

    private final transient Refusal refusal;

    StoreException(RefusalCode code, String detail) {
        super(code.number() + " " + code.name() + ": " + detail);
        this.refusal = new Refusal(code, detail);
    }

    private StoreException(Refusal refusal, Throwable cause) {
        super(refusal.toString(), cause);
        this.refusal = refusal;
    }

    static StoreException of(SQLException e) {
        int primary = e.getErrorCode() & 0xff;
        RefusalCode code = primary == SQLITE_FULL || noRoom(e)
                ? RefusalCode.STORAGE_FULL
                : primary == SQLITE_BUSY ? RefusalCode.WALLET_IN_USE : RefusalCode.INTERNAL;
        return new StoreException(new Refusal(code, code == RefusalCode.INTERNAL ? line(e) : ""), e);
    }

    static StoreException of(IOException e) {
        return noRoom(e)
                ? new StoreException(Refusal.of(RefusalCode.STORAGE_FULL), e)
                : new StoreException(new Refusal(RefusalCode.INTERNAL, line(e)), e);
    }

    private static boolean noRoom(Throwable thrown) {
        String text = Optional.ofNullable(thrown.getMessage()).orElse("").toLowerCase(Locale.ROOT);
        return text.contains("no space left") || text.contains("quota exceeded") || text.contains("disk is full");
    }

    private static String line(Throwable thrown) {
        return String.valueOf(thrown.getMessage()).strip().replaceAll("\\s*\\R\\s*", " ");
    }

    public Refusal refusal() {
        return refusal;
    }
}
