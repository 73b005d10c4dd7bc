/**
 * Institution and central bank as pure code: books, registry and accounts, decided from what was looked up, without I/O,
 * clock or randomness. Imports core only; the servers fetch what a decision needs and make its effects durable.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.bank;
