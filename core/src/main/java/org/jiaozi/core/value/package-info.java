/** The protocol's plain values: byte strings, sums, ranges, instants, names. Imports {@code java.base} only. */
@org.jspecify.annotations.NullMarked
package org.jiaozi.core.value;
