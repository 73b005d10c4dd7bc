package org.jiaozi.wallet.sync;

import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.wallet.host.WalletState;

/** What a runner does next in a sync. */
public sealed interface SyncNext {
    /** The state to be durable before anything is sent. */
    WalletState state();

    SyncRun run();

    /** Fetch the newest bulletin, or what came after {@code since}; then {@link Sync#bulletin}. */
    record FetchBulletin(WalletState state, SyncRun run, long since) implements SyncNext {}

    /** Send the message, sealed by {@link Mail}; then {@link Sync#answered}. A lost answer is asked for again. */
    record Ask(WalletState state, SyncRun run, Signed<WalletMessage> message) implements SyncNext {}

    /** Have the account key, which is not in the device, sign; then {@link Sync#accountSigned}. */
    record AskAccountKey(WalletState state, SyncRun run, WalletMessage message) implements SyncNext {}

    /** Nothing is left. */
    record Done(WalletState state, SyncRun run) implements SyncNext {}
}
