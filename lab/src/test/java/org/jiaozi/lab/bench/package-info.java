/** The benches run and tell what they promise; no test looks at a time. */
@NullMarked
package org.jiaozi.lab.bench;

import org.jspecify.annotations.NullMarked;
