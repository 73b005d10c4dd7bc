/**
 * The central bank's certificate authority, what it issues to each institution, and the TLS contexts made from it.
 * Institutions and the central bank authenticate each other; wallets authenticate the institution they talk to. These
 * keys protect connections only: money and statements are signed by keys of the protocol. May import the JDK,
 * BouncyCastle and {@code org.jiaozi.server}.
 */
@NullMarked
package org.jiaozi.server.tls;

import org.jspecify.annotations.NullMarked;
