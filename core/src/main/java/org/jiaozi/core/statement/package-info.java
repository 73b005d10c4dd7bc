/**
 * What keys say under their signatures: notes, certificates, transfers, requests, receipts. Each statement has one
 * deterministic payload and its own external_aad. Imports values, codec, crypto ports and refusals.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.core.statement;
