/**
 * What every wallet command shares: its options, the open wallet with keys and clock, and how it says no. Imports the
 * store, the cli's output, core, crypto and the wallet module.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.cli.wallet.session;
