/**
 * Runs a central bank and its institutions on this machine, each a process with a database of its own, and gives their
 * operators commands. May import the JDK, picocli, Jackson, core, crypto, {@code org.jiaozi.server} and the command
 * line's base and output.
 */
@NullMarked
package org.jiaozi.cli.up;

import org.jspecify.annotations.NullMarked;
