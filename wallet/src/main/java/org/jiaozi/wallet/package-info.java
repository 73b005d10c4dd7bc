/**
 * The purse and the wallet around it: everything a holder of value remembers and decides, as pure functions. The purse
 * signs, the choice picks slices, the host keeps lineages, the sync settles with institutions. Imports core only.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.wallet;
