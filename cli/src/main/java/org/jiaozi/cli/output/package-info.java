/**
 * What the command says: sentences for people or one JSON object for programs, progress on the error stream, and
 * amounts as people write them. May import the JDK, picocli and Jackson; no other package of this project.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.cli.output;
