package org.jiaozi.server.http;

import java.util.function.Function;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.server.ServiceFault;

/**
 * One thing a server answers.
 *
 * @param method in capitals
 * @param path begins with a slash; {@code {name}} stands for one part of it
 * @param handler runs on a thread of its own and may block; what it throws becomes refusal 804, or the refusal of a
 *     {@link ServiceFault}
 */
public record Route(String method, String path, Function<HttpQuestion, HttpAnswer> handler) {

    /** A reading route. */
    public static Route get(String path, Function<HttpQuestion, HttpAnswer> handler) {
        return new Route("GET", path, handler);
    }

    /** A changing route. */
    public static Route post(String path, Function<HttpQuestion, HttpAnswer> handler) {
        return new Route("POST", path, handler);
    }

    /** This route for callers with a client certificate only; others get refusal 806. */
    public Route forMembers() {
        return new Route(
                method,
                path,
                question -> question.peer().isPresent()
                        ? handler.apply(question)
                        : HttpAnswer.refused(RefusalCode.CLIENT_REFUSED, ""));
    }
}
