/**
 * The servers of the platform and what they stand on. Sub-packages hold the infrastructure (PostgreSQL, database, TLS,
 * HTTP) and the roles; only this module and the command touch sockets and databases. May import everything below it.
 */
@NullMarked
package org.jiaozi.server;

import org.jspecify.annotations.NullMarked;
