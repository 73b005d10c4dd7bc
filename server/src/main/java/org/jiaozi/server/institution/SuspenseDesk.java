package org.jiaozi.server.institution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jiaozi.bank.institution.Decision;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Amount;
import org.jiaozi.server.http.HttpQuestion;

/** What an operator sees of suspense, and does about it. */
final class SuspenseDesk {
    private final Suspense suspense;

    SuspenseDesk(Suspense suspense) {
        this.suspense = suspense;
    }

    JsonNode list() {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode items = answer.putArray("suspense");
        for (Suspense.Item item : suspense.waiting()) {
            items.addObject()
                    .put("id", item.id())
                    .put("state", item.state().name())
                    .put("amount", item.amount().minor())
                    .put("from", item.from().number())
                    .put(
                            "account",
                            item.remittance()
                                    .map(r -> r.toAccount())
                                    .or(item::account)
                                    .orElse(""))
                    .put("reason", item.reason().number())
                    .put("meaning", item.reason().meaning())
                    .put("text", item.text())
                    .put("reference", item.reference())
                    .put("at", item.openedAt());
        }
        return answer;
    }

    JsonNode settle(HttpQuestion question) {
        String id = question.pathParameter("id");
        if (!id.matches("[0-9]{1,15}")) {
            throw new OperatorDesk.No(RefusalCode.MALFORMED, "the number that the list of what is in suspense shows");
        }
        String account = OperatorDesk.text(OperatorDesk.body(question), "account", 64);
        return switch (suspense.settle(Long.parseLong(id), account)) {
            case Decision.Denied<Amount> no -> throw new OperatorDesk.No(no.refusal());
            case Decision.Granted<Amount> balance ->
                JsonNodeFactory.instance
                        .objectNode()
                        .put("account", account)
                        .put("balance", balance.value().minor());
        };
    }
}
