/**
 * The auditor: recomputes what must hold from signed bytes and database rows, with a CBOR reader, range arithmetic and
 * an ES256 check of its own, so that a mistake in the platform's code is not repeated here. May import the JDK, JDBC,
 * the command's output, core's byte strings and currencies, and the embedded PostgreSQL; never core's statements, the bank
 * or the wallet: LayoutTest lists what.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.lab.audit;
