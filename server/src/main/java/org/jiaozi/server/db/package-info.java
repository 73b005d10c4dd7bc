/**
 * A role's own PostgreSQL database: connection pool, schema migrations, and transactions that are retried when the
 * database asks for it. Knows no table but the one that ties a database to the keys that serve it. May import the JDK, the database libraries, {@code org.jiaozi.server} and the
 * refusals of {@code org.jiaozi.core}.
 */
@NullMarked
package org.jiaozi.server.db;

import org.jspecify.annotations.NullMarked;
