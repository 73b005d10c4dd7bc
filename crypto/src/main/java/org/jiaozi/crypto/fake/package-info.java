/**
 * Stand-ins for simulations that need millions of signatures or the same run twice. Only tests and the lab may import
 * this. Imports core's values and ports and the module's ports.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.crypto.fake;
