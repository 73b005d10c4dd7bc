package org.jiaozi.server.http;

/** The types of body that are spoken here. */
public final class MediaType {
    /** Deterministic CBOR: every protocol message. */
    public static final String CBOR = "application/cbor";
    /** JSON: what people and tools read. */
    public static final String JSON = "application/json";
    /** A refusal, after RFC 9457, with the members number, name, retry and detail. */
    public static final String PROBLEM_JSON = "application/problem+json";
    /** A refusal as a CBOR map with the text keys number, name, retry and detail. */
    public static final String PROBLEM_CBOR = "application/problem+cbor";

    private MediaType() {}
}
