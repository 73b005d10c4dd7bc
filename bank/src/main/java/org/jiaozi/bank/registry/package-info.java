/**
 * The central bank's registry as pure code: each request is decided from what is on record into effects and an answer
 * (spec 07). Whoever keeps the record looks up through {@link RegistryView}, makes all effects of one decision durable
 * at once, and only then lets the answer out. Imports core and the ledger.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.bank.registry;
