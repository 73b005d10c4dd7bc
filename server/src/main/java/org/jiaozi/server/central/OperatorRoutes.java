package org.jiaozi.server.central;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.policy.RegionalOverride;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.server.http.HttpAnswer;
import org.jiaozi.server.http.HttpQuestion;
import org.jiaozi.server.http.Route;

/** What operators ask over HTTP, in JSON, connected under {@link CentralServer#OPERATOR}. Sums are minor units. */
final class OperatorRoutes {
    private static final int MAX_REASON = 256;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private final CentralAdmin admin;

    OperatorRoutes(CentralAdmin admin) {
        this.admin = admin;
    }

    List<Route> routes() {
        return List.of(
                post("/bulletin", body -> epoch(admin.publishBulletin())),
                post("/gone", body -> declare(body, true)),
                post("/back", body -> declare(body, false)),
                post("/quota", this::quota),
                post("/reserve", this::reserve),
                post("/guarantee", this::guarantee),
                post("/netting", body -> {
                    Optional<Long> cycle = admin.net();
                    return cycle.isPresent()
                            ? Json.object().put("cycle", cycle.get())
                            : Json.object().putNull("cycle");
                }),
                get("/cycles", q -> Json.tree(admin.cycles())),
                get("/cycles/{number}", q -> Json.tree(cycle(q.pathParameter("number")))),
                post("/withheld/release", body -> {
                    admin.release(Hash.fromHex(Json.text(body, "deposit")));
                    return Json.object().put("done", true);
                }),
                only(Route.post(
                        "/v1/operator/policy",
                        q -> Json.answer(() -> epoch(admin.setPolicy(Profile.fromMap(Json.map(q.body()))))))),
                only(Route.post(
                        "/v1/operator/override",
                        q -> Json.answer(
                                () -> epoch(admin.addOverride(RegionalOverride.fromMap(Json.map(q.body()))))))),
                get("/positions", q -> {
                    var node = Json.object();
                    node.set("accounts", Json.tree(admin.accounts()));
                    node.set("quotas", Json.tree(admin.quotas()));
                    return node;
                }),
                get("/withheld", q -> Json.tree(admin.withheld())),
                get("/convictions", q -> Json.tree(admin.convictions())),
                only(Route.get("/v1/operator/evidence/{culprit}", this::evidence)));
    }

    private static Route post(String path, Function<JsonNode, JsonNode> work) {
        return only(Route.post("/v1/operator" + path, q -> Json.answer(() -> work.apply(Json.read(q.body())))));
    }

    private static Route get(String path, Function<HttpQuestion, JsonNode> work) {
        return only(Route.get("/v1/operator" + path, q -> Json.answer(() -> work.apply(q))));
    }

    private static Route only(Route route) {
        return route.behind(peer -> peer.filter(CentralServer.OPERATOR::equals).isPresent()
                ? Optional.empty()
                : Optional.of(new Refusal(RefusalCode.NOT_AUTHORISED, "for operators")));
    }

    private static JsonNode epoch(Signed<Bulletin> bulletin) {
        return Json.object().put("epoch", bulletin.statement().epoch());
    }

    private InstitutionId institution(JsonNode body) {
        String code = Json.text(body, "institution");
        return admin.institution(code)
                .orElseThrow(() -> new DecodeException(RefusalCode.WRONG_INSTITUTION, "no institution " + code));
    }

    private static Amount amount(JsonNode body, String field) {
        return new Amount(Json.number(body, field));
    }

    private JsonNode declare(JsonNode body, boolean gone) {
        String reason = Json.text(body, "reason");
        if (reason.length() > MAX_REASON) {
            throw new DecodeException(RefusalCode.TOO_LARGE, "a reason of more than " + MAX_REASON + " characters");
        }
        return epoch(admin.declare(institution(body), gone, reason));
    }

    private JsonNode quota(JsonNode body) {
        InstitutionId institution = institution(body);
        long number = Json.number(body, "number");
        Currency currency = new Currency(Json.text(body, "currency"));
        admin.setQuota(institution, number, currency, amount(body, "limit"));
        return Json.tree(admin.quota(institution, number, currency));
    }

    private JsonNode reserve(JsonNode body) {
        admin.fundReserve(
                institution(body),
                new Currency(Json.text(body, "currency")),
                amount(body, "amount"),
                Json.text(body, "reference"));
        return Json.object().put("done", true);
    }

    private JsonNode guarantee(JsonNode body) {
        boolean done = admin.contribute(
                institution(body),
                new Currency(Json.text(body, "currency")),
                amount(body, "amount"),
                Json.text(body, "reference"));
        if (!done) {
            throw new DecodeException(RefusalCode.INSUFFICIENT_RESERVE, "the reserve holds less");
        }
        return Json.object().put("done", true);
    }

    private Map<String, Object> cycle(String number) {
        if (!NUMBER.matcher(number).matches()) {
            throw new DecodeException(RefusalCode.MALFORMED, "a cycle's number is due");
        }
        return admin.cycle(Long.parseLong(number))
                .orElseThrow(() -> new DecodeException(RefusalCode.OUT_OF_RANGE, "no cycle " + number));
    }

    private HttpAnswer evidence(HttpQuestion question) {
        try {
            Thumbprint culprit = Thumbprint.fromHex(question.pathParameter("culprit"));
            return admin.evidence(culprit)
                    .map(Bytes::toArray)
                    .map(HttpAnswer::cbor)
                    .orElseGet(() -> HttpAnswer.refused(RefusalCode.UNKNOWN_PURSE, "nobody convicted that key"));
        } catch (IllegalArgumentException e) {
            return HttpAnswer.refused(RefusalCode.MALFORMED, "a key's thumbprint is due");
        }
    }
}
