/**
 * The demo: the whole story on real processes, real files and a real database. It knows the platform only through the
 * {@code jiaozi} command, as a user does; what it says it has read from the commands' JSON. May import the JDK, picocli,
 * Jackson, the command's conventions and core's values, statements and evidence.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.lab.demo;
