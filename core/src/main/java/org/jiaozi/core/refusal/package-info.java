/** Numbered refusals: answers that say no. Imports {@code java.base} only. */
@org.jspecify.annotations.NullMarked
package org.jiaozi.core.refusal;
