/**
 * Measures. Each figure comes with its conditions and stands beside a limit that was measured in the same run, for machines
 * differ and are noisy. And lets servers, disks and clients fail under the same load, which no figure comes of. It may import every
 * module; none imports it.
 */
@NullMarked
package org.jiaozi.lab.bench;

import org.jspecify.annotations.NullMarked;
