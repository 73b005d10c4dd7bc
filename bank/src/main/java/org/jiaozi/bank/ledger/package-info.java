/**
 * Double-entry books as values: account names and kinds, postings that always name both sides, and balances that follow
 * from postings alone. Shared by the central bank and the institutions. Imports core's values and refusals.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.bank.ledger;
