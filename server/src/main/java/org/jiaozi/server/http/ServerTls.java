package org.jiaozi.server.http;

import javax.net.ssl.SSLContext;

/**
 * How a server protects its connections.
 *
 * @param context the server's certificate, and whom it trusts
 * @param clients what it demands of callers
 */
public record ServerTls(SSLContext context, Clients clients) {

    /** Whether callers show a certificate. */
    public enum Clients {
        /** Never asked. */
        ANYBODY,
        /** Asked, and verified where one is shown; a route may insist. */
        MEMBERS_OR_ANYBODY,
        /** No connection without one. */
        MEMBERS_ONLY
    }
}
