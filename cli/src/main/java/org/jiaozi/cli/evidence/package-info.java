/**
 * {@code jiaozi evidence …}: judging evidence with nothing but the file and the root key. Imports the cli's output, the
 * wallet's trust file, core's evidence check and a verifier.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.cli.evidence;
