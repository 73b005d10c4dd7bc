/**
 * Bytes in, bytes out: a thin layer over the HTTP server and client, so that the roles see questions and answers, never
 * the library. Bounds the size of every body and what is borne at once, and turns every refusal into one form of answer.
 * Also asks again whoever said not now. May import the JDK, Helidon, the JSON and CBOR libraries, {@code org.jiaozi.server} with its
 * metrics and certificates, the refusals of {@code org.jiaozi.core}, and the randomness of {@code org.jiaozi.crypto}.
 */
@NullMarked
package org.jiaozi.server.http;

import org.jspecify.annotations.NullMarked;
