/**
 * The institution's server: accounts, purses and books in PostgreSQL, wallets and operators over HTTPS, the central bank
 * as a member. Decisions are {@code org.jiaozi.bank.institution}'s; this package looks up, stores and sends. May import
 * the JDK, core, crypto, bank, the server's infrastructure packages, Jdbi and Jackson.
 */
@NullMarked
package org.jiaozi.server.institution;

import org.jspecify.annotations.NullMarked;
