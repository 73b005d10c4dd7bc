/** Keys and statements for core's own tests. Core cannot depend on the crypto module, so it signs with BouncyCastle. */
@org.jspecify.annotations.NullMarked
package org.jiaozi.core.testing;
