/**
 * Bytes in, bytes out: a thin layer over the HTTP server and client, so that the roles see questions and answers, never
 * the library. Bounds the size of every body and what is borne at once, and turns every refusal into one form of answer.
 * May import the JDK, Helidon, the JSON and CBOR libraries, {@code org.jiaozi.server} with its metrics and certificates, and
 * the refusals of {@code org.jiaozi.core}.
 */
@NullMarked
package org.jiaozi.server.http;

import org.jspecify.annotations.NullMarked;
