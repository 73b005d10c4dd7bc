/**
 * The one door through which this process makes anything durable: every commit, every file that must outlive a power cut
 * and every name of one passes {@code DurableSteps}, where a test may watch, and end the process. May import the JDK only.
 */
@NullMarked
package org.jiaozi.server.durable;

import org.jspecify.annotations.NullMarked;
