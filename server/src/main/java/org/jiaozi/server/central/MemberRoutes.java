package org.jiaozi.server.central;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.server.http.HttpAnswer;
import org.jiaozi.server.http.HttpQuestion;
import org.jiaozi.server.http.Route;

/** What institutions ask over HTTP, and the bulletin, which anybody may have. */
final class MemberRoutes {
    private final CentralBank bank;
    private final List<CentralConfig.Member> members;

    MemberRoutes(CentralBank bank, List<CentralConfig.Member> members) {
        this.bank = bank;
        this.members = members;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/v1/bulletin", this::bulletin),
                Route.post("/v1/bank", this::bank).forMembers(),
                Route.post("/v1/members", this::join).forMembers());
    }

    /**
     * The signed bulletin; with {@code since=EPOCH} only if it is newer, with {@code delta=EPOCH} only what changed since
     * then. Nothing newer, or no such epoch: no content.
     */
    private HttpAnswer bulletin(HttpQuestion question) {
        try {
            Optional<Long> delta = question.query("delta").map(Long::parseLong);
            if (delta.isPresent()) {
                return bank.bulletinDelta(delta.get())
                        .map(b -> HttpAnswer.cbor(b.toArray()))
                        .orElseGet(HttpAnswer::done);
            }
            long since = question.query("since").map(Long::parseLong).orElse(-1L);
            Signed<Bulletin> newest = bank.bulletin();
            return newest.statement().epoch() > since
                    ? HttpAnswer.cbor(newest.encode().toArray())
                    : HttpAnswer.done();
        } catch (NumberFormatException e) {
            return HttpAnswer.refused(RefusalCode.MALFORMED, "an epoch is a whole number");
        }
    }

    private HttpAnswer bank(HttpQuestion question) {
        return switch (bank.answer(question.body(), question.peer().orElseThrow())) {
            case CentralBank.Answer.Yes yes -> HttpAnswer.cbor(yes.message().toArray());
            case CentralBank.Answer.No no -> HttpAnswer.refused(no.refusal());
        };
    }

    /** A member registers its keys: {@code {publicKey, sealingKey, url}}, hexadecimal; the answer names the
     * key as {@code institution} and {@code generation}. */
    private HttpAnswer join(HttpQuestion question) {
        String code = question.peer().orElseThrow();
        Optional<CentralConfig.Member> member =
                members.stream().filter(m -> m.code().equals(code)).findFirst();
        if (member.isEmpty()) {
            return HttpAnswer.refused(RefusalCode.NOT_AUTHORISED, code + " is no member");
        }
        return Json.answer(() -> {
            JsonNode body = Json.read(question.body());
            IssuerKeyId key = new CentralAdmin(bank)
                    .join(
                            code,
                            member.get().name(),
                            new PublicKey(Bytes.fromHex(Json.text(body, "publicKey"))),
                            Bytes.fromHex(Json.text(body, "sealingKey")),
                            Json.text(body, "url"),
                            members.indexOf(member.get()) + 1,
                            members.size());
            return Json.object()
                    .put("institution", key.institution().number())
                    .put("generation", key.generation())
                    .put("epoch", bank.bulletin().statement().epoch());
        });
    }
}
