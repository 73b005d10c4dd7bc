/**
 * Judges the whole from outside: the demo's command, and the rules that hold the layout itself. It may import every
 * module; none imports it.
 */
@NullMarked
package org.jiaozi.lab;

import org.jspecify.annotations.NullMarked;
