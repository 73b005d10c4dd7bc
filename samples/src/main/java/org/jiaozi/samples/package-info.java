/**
 * A payment between two purses in one process, as an integrator would write it. It may import the JDK and the three
 * artifacts an integrator depends on: core, wallet and crypto.
 */
@NullMarked
package org.jiaozi.samples;

import org.jspecify.annotations.NullMarked;
