package org.jiaozi.server.http;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.server.ServiceFault;

/**
 * One thing a server answers.
 *
 * @param method in capitals
 * @param path begins with a slash; {@code {name}} stands for one part of it
 * @param gate who may ask, by the name in the client certificate, if there is one: the refusal of others, who are not listened
 *     to any further
 * @param handler runs on a thread of its own and may block; what it throws becomes refusal 804, or the refusal of a
 *     {@link ServiceFault}
 */
public record Route(
        String method,
        String path,
        Function<Optional<String>, Optional<Refusal>> gate,
        Function<HttpQuestion, HttpAnswer> handler) {
    private static final Optional<Refusal> NOBODY = Optional.of(Refusal.of(RefusalCode.CLIENT_REFUSED));
    private static final Optional<Refusal> NOT_THEY = Optional.of(Refusal.of(RefusalCode.NOT_AUTHORISED));

    /** A reading route. */
    public static Route get(String path, Function<HttpQuestion, HttpAnswer> handler) {
        return new Route("GET", path, anybody -> Optional.empty(), handler);
    }

    /** A changing route. */
    public static Route post(String path, Function<HttpQuestion, HttpAnswer> handler) {
        return new Route("POST", path, anybody -> Optional.empty(), handler);
    }

    /** This route for callers with a client certificate only; others get refusal 806. */
    public Route forMembers() {
        return behind(peer -> peer.isPresent() ? Optional.empty() : NOBODY);
    }

    /** This route for callers of these names only; others get refusal 713, those without a client certificate 806. */
    public Route onlyFor(String... names) {
        return behind(
                peer -> peer.isEmpty() ? NOBODY : List.of(names).contains(peer.get()) ? Optional.empty() : NOT_THEY);
    }

    /** This route with another gate. */
    public Route behind(Function<Optional<String>, Optional<Refusal>> other) {
        return new Route(method, path, other, handler);
    }
}
