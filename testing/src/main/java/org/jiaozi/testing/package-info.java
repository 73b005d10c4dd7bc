/**
 * What the tests of every module share: saying what a test needs of the machine, and the summary of a whole run. It
 * may import the JDK and JUnit's API, nothing of the project.
 */
@NullMarked
package org.jiaozi.testing;

import org.jspecify.annotations.NullMarked;
