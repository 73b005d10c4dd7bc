/**
 * The adapters behind core's cryptographic ports: ES256 on Amazon Corretto's native code or BouncyCastle, HPKE, the
 * PIN's vault and the system's randomness. Imports core's values and ports, BouncyCastle and the Corretto provider;
 * nothing else of the project.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.crypto;
