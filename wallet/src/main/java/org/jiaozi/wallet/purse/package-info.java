/**
 * The secure element: the port that a card or a program fills, what it remembers, and the software twin as a pure state
 * machine that signs in memory and whose runner makes the new state durable before any signature leaves. Imports core
 * only.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.wallet.purse;
