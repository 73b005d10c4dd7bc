/** Tests of the simulations' stand-ins. */
@org.jspecify.annotations.NullMarked
package org.jiaozi.crypto.fake;
