/**
 * What a server counts and measures about itself, for whoever watches it. Label values are from closed sets: templates of
 * paths, numbers of refusals, kinds; never what somebody sent. May import the JDK, Micrometer and the refusals of
 * {@code org.jiaozi.core}.
 */
@NullMarked
package org.jiaozi.server.metrics;

import org.jspecify.annotations.NullMarked;
