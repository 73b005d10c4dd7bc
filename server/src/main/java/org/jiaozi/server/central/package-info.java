/**
 * The central bank as a server: the registry's record in PostgreSQL, its books and inbox, the bulletins, and the HTTP by
 * which institutions and operators reach them. Decisions are made in {@code org.jiaozi.bank.registry}; here they are fed
 * and made durable. May import the JDK, core, crypto, bank, Jdbi, Jackson and the server's infrastructure.
 */
@NullMarked
package org.jiaozi.server.central;

import org.jspecify.annotations.NullMarked;
