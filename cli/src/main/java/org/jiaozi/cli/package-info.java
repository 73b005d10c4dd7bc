/**
 * The {@code jiaozi} command: the root command, its conventions for errors and exit codes, and how other packages and
 * modules add theirs. It may import picocli and whatever its commands need; no module but the lab imports it.
 */
@NullMarked
package org.jiaozi.cli;

import org.jspecify.annotations.NullMarked;
