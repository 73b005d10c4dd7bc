/**
 * Transports: the same opaque bytes of a protocol message over a TCP stream, as QR codes (PNG files or drawn in
 * the terminal, animated when one does not hold the message), or as a plain file. Nothing here knows what a
 * message means, and nothing here is trusted: truncation and damage are noticed, forgery is for the protocol to
 * refuse. May import the JDK, ZXing, hummingbird and the CBOR library; no other package of this project.
 */
@org.jspecify.annotations.NullMarked
package org.jiaozi.cli.transport;
