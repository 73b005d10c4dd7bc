/**
 * Settling with the institution, as a pure machine that can be cut off anywhere: what to do next follows from the wallet's
 * state, and a message under way is part of it. Imports core, purse and host.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.wallet.sync;
