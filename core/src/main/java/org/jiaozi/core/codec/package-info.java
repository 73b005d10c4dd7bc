/**
 * Deterministic CBOR and the strict reading of it. The only package with a third-party import: the CBOR library, which
 * parses and writes; what it reads must re-encode to the same bytes.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.core.codec;
