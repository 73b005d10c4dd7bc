/**
 * {@code jiaozi wallet …}: the command and those of its subcommands that need neither the other side of a tap nor an
 * institution. Imports the packages below it and the cli's output.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.cli.wallet;
