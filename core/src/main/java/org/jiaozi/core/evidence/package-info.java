/**
 * Two signed statements that convict a purse key, and the one check that says so from a file and the root key alone.
 * Imports values, codec, crypto ports, refusals, statements and bulletin.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.core.evidence;
