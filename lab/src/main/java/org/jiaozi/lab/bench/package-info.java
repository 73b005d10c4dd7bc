/**
 * Measures. Each figure comes with its conditions and stands beside a limit that was measured in the same run, for machines
 * differ and are noisy. It may import every module; none imports it.
 */
@NullMarked
package org.jiaozi.lab.bench;

import org.jspecify.annotations.NullMarked;
