/** Wallets of a small world, run against each other through their bytes. */
@org.jspecify.annotations.NullMarked
package org.jiaozi.wallet;
