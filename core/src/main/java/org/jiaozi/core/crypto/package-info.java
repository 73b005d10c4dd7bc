/**
 * Keys, signatures in normal form, and the ports through which core reaches signing, verifying and sealing. The
 * implementations live in the crypto module. Imports {@code java.base}, values and codec.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.core.crypto;
