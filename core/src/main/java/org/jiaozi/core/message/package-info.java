/**
 * Messages between wallets and institutions, and between institutions and the central bank: where wallet and bank meet.
 * Imports values, codec, crypto ports, refusals and statements.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.core.message;
