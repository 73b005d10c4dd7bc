/**
 * A wallet on disk: one directory with a SQLite database, its keys under the PIN, the mark outside, and the order in
 * which things become durable before anything leaves. Imports core, crypto, the wallet module and the server's sudden death;
 * knows no command.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.cli.wallet.store;
