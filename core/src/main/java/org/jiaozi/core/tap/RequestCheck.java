package org.jiaozi.core.tap;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.tap.TapMessage.RequestMessage;
import org.jiaozi.core.value.Timestamp;

/** What a payer looks at before asking its owner (spec 06, clause 4). */
public final class RequestCheck {
    private RequestCheck() {}

    /** Why the request must not be paid; of several reasons the lowest number. */
    public static Optional<Refusal> check(RequestMessage message, TapContext context) {
        return Stream.of(
                        context.refuses(message.certificate()),
                        signature(message, context),
                        currency(message),
                        dates(message.request().statement(), context))
                .flatMap(Optional::stream)
                .min(Comparator.comparingInt(r -> r.code().number()));
    }

    private static Optional<Refusal> signature(RequestMessage message, TapContext context) {
        return message.request()
                        .verifies(
                                context.verifier(),
                                message.certificate().statement().key())
                ? Optional.empty()
                : Optional.of(new Refusal(RefusalCode.BAD_SIGNATURE, "the request"));
    }

    private static Optional<Refusal> currency(RequestMessage message) {
        return message.request()
                        .statement()
                        .currency()
                        .equals(message.certificate().statement().currency())
                ? Optional.empty()
                : Optional.of(new Refusal(RefusalCode.CURRENCY_MISMATCH, "the payee's certificate has another"));
    }

    private static Optional<Refusal> dates(Request request, TapContext context) {
        Timestamp now = context.now();
        if (request.at().isAfter(now.plus(context.policy().clockSkew()))) {
            return Optional.of(new Refusal(RefusalCode.FUTURE_DATE, "the request"));
        }
        if (now.isAfter(request.at().plus(context.policy().requestValidity()))) {
            return Optional.of(Refusal.of(RefusalCode.REQUEST_EXPIRED));
        }
        return Optional.empty();
    }
}
