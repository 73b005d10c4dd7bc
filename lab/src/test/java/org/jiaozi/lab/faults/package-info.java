/**
 * Faults planted in the real code, one at a time, to prove that the worlds find them: each is a small patch to a source
 * file, compiled in memory and put in the place of the class it comes from. May import the lab's worlds.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.lab.faults;
