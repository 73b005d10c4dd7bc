/**
 * The protocol as pure values and functions: money, statements, lineage, evidence and the tap. Imports the JDK's
 * {@code java.base} (no I/O, clocks, threads or randomness) and the CBOR codec, nothing else.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.core;
