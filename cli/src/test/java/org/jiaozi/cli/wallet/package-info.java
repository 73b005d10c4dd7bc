/** Wallets run by their commands, on real SQLite, real files and real sockets, against a small institution over HTTP. */
@org.jspecify.annotations.NullMarked
package org.jiaozi.cli.wallet;
