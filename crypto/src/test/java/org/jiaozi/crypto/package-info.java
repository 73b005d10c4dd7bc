/** Tests of the cryptographic adapters, against the published examples of the RFCs wherever there are some. */
@org.jspecify.annotations.NullMarked
package org.jiaozi.crypto;
