package org.jiaozi.server.http;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What somebody asks of a server. The body was read whole, within the server's bound. */
public final class HttpQuestion {
    private final String method;
    private final String path;
    private final Map<String, String> pathParameters;
    private final Function<String, Optional<String>> query;
    private final Function<String, Optional<String>> header;
    private final Optional<String> peer;
    private final byte[] body;

    HttpQuestion(
            String method,
            String path,
            Map<String, String> pathParameters,
            Function<String, Optional<String>> query,
            Function<String, Optional<String>> header,
            Optional<String> peer,
            byte[] body) {
        this.method = method;
        this.path = path;
        this.pathParameters = Map.copyOf(pathParameters);
        this.query = query;
        this.header = header;
        this.peer = peer;
        this.body = body;
    }

    /** The method, in capitals. */
    public String method() {
        return method;
    }

    /** The path, decoded, without the query. */
    public String path() {
        return path;
    }

    /**
     * The part of the path that stands for a placeholder of the route.
     *
     * @throws IllegalArgumentException where the route has no such placeholder
     */
    public String pathParameter(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no {" + name + "}");
        }
        return value;
    }

    /** The first value of a query parameter. */
    public Optional<String> query(String name) {
        return query.apply(name);
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
        return header.apply(name);
    }

    /** The name in the caller's client certificate, which the server has verified; empty where the caller showed none. */
    public Optional<String> peer() {
        return peer;
    }

    /** The body; the caller must not change it. */
    public byte[] body() {
        return body;
    }
}
