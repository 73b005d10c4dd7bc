/**
 * What the central bank says about everybody else: institution keys, revoked purses, policy; and how a device moves
 * from one epoch to the next. Imports values, codec, crypto ports, refusals, statements and policy.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.core.bulletin;
