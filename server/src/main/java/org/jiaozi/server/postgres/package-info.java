/**
 * Supervises a PostgreSQL of our own: unpacks the binaries once, creates a cluster once, starts it on the loopback
 * interface, stops it in order, and ends one that an earlier, killed run left behind. It knows nothing of tables or
 * roles and imports only the JDK, the archive readers, the JDBC driver and {@code org.jiaozi.server}.
 */
@NullMarked
package org.jiaozi.server.postgres;

import org.jspecify.annotations.NullMarked;
