/** Which slices pay: few inputs, short lineages, early expiry (spec 08, clause 7). Imports core. */
@org.jspecify.annotations.NullMarked
package org.jiaozi.wallet.choice;
