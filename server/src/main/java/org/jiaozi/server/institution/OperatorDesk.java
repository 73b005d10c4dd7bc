package org.jiaozi.server.institution;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.institution.AccountState;
import org.jiaozi.bank.institution.CoreBanking;
import org.jiaozi.bank.institution.Sender;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.BoundKey;
import org.jiaozi.core.message.StatementEntry;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Period;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.server.http.HttpAnswer;
import org.jiaozi.server.http.HttpQuestion;
import org.jiaozi.server.http.Route;

/** What the institution's own people do: accounts, codes, cash at the counter, blocks, flags. JSON over mutual TLS. */
final class OperatorDesk {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Without the letters and digits that people mistake for one another. */
    private static final String CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private static final int CODE_LENGTH = 12;
    private static final Period CODE_VALIDITY = Period.ofDays(14);
    private static final int STATEMENT_LINES = 50;
    private static final int MAX_REASON = 256;

    private final Office office;
    private final Outbox outbox;
    private final SuspenseDesk suspense;
    private final Openings openings;

    OperatorDesk(Office office, Outbox outbox, Suspense suspense) {
        this.office = office;
        this.outbox = outbox;
        this.suspense = new SuspenseDesk(suspense);
        this.openings = new Openings(office);
    }

    List<Route> routes() {
        String account = "/v1/operator/accounts/{account}";
        String operator = InstitutionServer.operatorName(office.membership().code());
        return Stream.of(
                        Route.post("/v1/operator/accounts", guarded(this::open)),
                        Route.get("/v1/operator/accounts", guarded(q -> list())),
                        Route.get(account, guarded(q -> view(q.pathParameter("account")))),
                        Route.post(account + "/code", guarded(this::code)),
                        Route.post(account + "/credit", guarded(q -> counter(q, true))),
                        Route.post(account + "/debit", guarded(q -> counter(q, false))),
                        Route.post(account + "/block", guarded(q -> block(q, AccountState.Block.OPERATOR))),
                        Route.post(account + "/unblock", guarded(q -> block(q, AccountState.Block.NONE))),
                        Route.post(account + "/flag", guarded(q -> flag(q, true))),
                        Route.post(account + "/unflag", guarded(q -> flag(q, false))),
                        Route.post("/v1/operator/keys/{key}/revoke", guarded(this::revoke)),
                        Route.get("/v1/operator/suspense", guarded(q -> suspense.list())),
                        Route.post("/v1/operator/suspense/{id}/settle", guarded(suspense::settle)),
                        Route.get("/v1/operator/books", guarded(q -> books())))
                .map(route -> route.onlyFor(operator))
                .toList();
    }

    /** What the handler says no to is a refusal like any other. */
    private static Function<HttpQuestion, HttpAnswer> guarded(Function<HttpQuestion, JsonNode> handler) {
        return question -> {
            try {
                return HttpAnswer.json(JSON.writeValueAsString(handler.apply(question)));
            } catch (No e) {
                return HttpAnswer.refused(e.refusal);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    /** Carries a refusal out of a handler. */
    static final class No extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Refusal refusal;

        No(RefusalCode code, String detail) {
            super(detail, null, false, false);
            this.refusal = new Refusal(code, detail);
        }

        No(Refusal refusal) {
            this(refusal.code(), refusal.detail());
        }
    }

    static JsonNode body(HttpQuestion question) {
        try {
            JsonNode node = JSON.readTree(question.body());
            if (node == null || !node.isObject()) {
                throw new No(RefusalCode.MALFORMED, "a JSON object is due");
            }
            return node;
        } catch (IOException e) {
            throw new No(RefusalCode.MALFORMED, "a JSON object is due");
        }
    }

    static String text(JsonNode body, String field, int most) {
        String value = body.path(field).asText("");
        if (value.isBlank() || value.length() > most) {
            throw new No(RefusalCode.MALFORMED, field + ": 1 to " + most + " characters");
        }
        return value;
    }

    private static long number(JsonNode body, String field, long most) {
        JsonNode value = body.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new No(RefusalCode.MALFORMED, field + ": a whole number is due");
        }
        if (value.longValue() < 0 || value.longValue() > most) {
            throw new No(RefusalCode.OUT_OF_RANGE, field + ": 0 to " + most);
        }
        return value.longValue();
    }

    /** The same reference opens one account; asked again, it has another code, and the unused one before stops working. */
    private JsonNode open(HttpQuestion question) {
        JsonNode body = body(question);
        String holder = text(body, "holder", 128);
        int tier = (int) number(body, "tier", Limit.UINT8);
        if (office.setting().policy().tier(tier).isEmpty()) {
            throw new No(RefusalCode.OUT_OF_RANGE, "the policy has no tier " + tier);
        }
        Amount paid =
                body.has("openingBalance") ? new Amount(number(body, "openingBalance", Limit.UINT48)) : Amount.ZERO;
        String name = openings.account(text(body, "reference", 64), holder, tier, paid)
                .orElseThrow(() -> new No(RefusalCode.WRONG_STATE, "the reference has opened another account"));
        if (!paid.isZero()) {
            pay(Openings.posting(name), name, paid, true, "opening balance");
        }
        return issueCode(name).put("balance", office.balance(name).minor());
    }

    private JsonNode code(HttpQuestion question) {
        String account = existing(question.pathParameter("account")).name();
        return issueCode(account);
    }

    /** Earlier unused codes of the account stop working. */
    private ObjectNode issueCode(String account) {
        StringBuilder code = new StringBuilder();
        Bytes drawn = office.entropy().next(CODE_LENGTH);
        for (int i = 0; i < CODE_LENGTH; i++) {
            code.append(i > 0 && i % 4 == 0 ? "-" : "")
                    .append(CODE_LETTERS.charAt(drawn.at(i) % CODE_LETTERS.length()));
        }
        Timestamp expires = office.now().plus(CODE_VALIDITY);
        office.db().useSerializable(h -> {
            h.createUpdate("DELETE FROM enrolment_code WHERE account = :account AND used_at IS NULL")
                    .bind("account", account)
                    .execute();
            h.createUpdate("INSERT INTO enrolment_code (code_hash, account, expires_at)"
                            + " VALUES (:hash, :account, :expires)")
                    .bind("hash", Enrolments.codeHash(code.toString()).toArray())
                    .bind("account", account)
                    .bind("expires", expires.seconds())
                    .execute();
        });
        return JSON.createObjectNode()
                .put("account", account)
                .put("code", code.toString())
                .put("expires", expires.seconds());
    }

    private AccountState existing(String name) {
        return office.db()
                .snapshot(h -> Purses.account(h, name))
                .orElseThrow(() -> new No(RefusalCode.UNKNOWN_ACCOUNT, name));
    }

    private JsonNode list() {
        List<String> names = office.db()
                .snapshot(h -> h.createQuery("SELECT name FROM account ORDER BY opened_at, name LIMIT 1000")
                        .mapTo(String.class)
                        .list());
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode accounts = answer.putArray("accounts");
        names.forEach(accounts::add);
        return answer;
    }

    private JsonNode view(String name) {
        AccountState known = existing(name);
        AccountState account = office.account(known.name());
        return office.db().snapshot(h -> {
            ObjectNode answer = JSON.createObjectNode()
                    .put("account", account.name())
                    .put("holder", holder(h, name))
                    .put("tier", account.tier())
                    .put("currency", account.currency().code())
                    .put("balance", account.balance().minor())
                    .put("owed", DebtCollector.open(h, name))
                    .put("block", account.block().name())
                    .put("blockReason", Purses.blockReason(h, name))
                    .put("flagged", account.flagged());
            ArrayNode keys = answer.putArray("keys");
            Purses.ofAccount(h, name)
                    .forEach(k -> keys.addObject()
                            .put("key", k.thumbprint().hex())
                            .put("status", k.status().name())
                            .put("seq", k.seq())
                            .put("spent", k.spent()));
            ArrayNode entries = answer.putArray("entries");
            for (StatementEntry e : Records.entries(h, name, STATEMENT_LINES)) {
                entries.addObject()
                        .put("at", e.at().seconds())
                        .put("credit", e.credit())
                        .put("amount", e.amount().minor())
                        .put("text", e.text());
            }
            return answer;
        });
    }

    private static String holder(Handle h, String account) {
        return h.createQuery("SELECT holder FROM account WHERE name = :name")
                .bind("name", account)
                .mapTo(String.class)
                .one();
    }

    /** Cash over the counter; the caller's reference makes a repetition harmless. */
    private JsonNode counter(HttpQuestion question, boolean in) {
        JsonNode body = body(question);
        AccountState account = existing(question.pathParameter("account"));
        Amount amount = new Amount(number(body, "amount", Limit.UINT48));
        String reference = text(body, "reference", 64);
        if (amount.isZero()) {
            throw new No(RefusalCode.OUT_OF_RANGE, "amount: above 0");
        }
        if (!in && account.blocked()) {
            throw new No(RefusalCode.ACCOUNT_BLOCKED, "");
        }
        Amount balance = pay(
                "counter:" + account.name() + ":" + reference, account.name(), amount, in, in ? "paid in" : "paid out");
        return JSON.createObjectNode().put("account", account.name()).put("balance", balance.minor());
    }

    private Amount pay(String reference, String account, Amount amount, boolean in, String text) {
        CoreBanking.Answer answer = in
                ? office.banking().credit(reference, account, amount, CoreBanking.Contra.CASH, text)
                : office.banking().debit(reference, account, amount, CoreBanking.Contra.CASH, text);
        return switch (answer) {
            case CoreBanking.Answer.Refused no -> throw new No(no.refusal());
            case CoreBanking.Answer.Booked booked -> booked.balance();
        };
    }

    /** The reason is kept, also where the account is blocked already. */
    private JsonNode block(HttpQuestion question, AccountState.Block block) {
        AccountState account = existing(question.pathParameter("account"));
        String reason = question.body().length == 0 ? "" : reason(body(question));
        office.db().useSerializable(h -> {
            Purses.record(h, account.name(), block, reason, office.now());
            if (block == AccountState.Block.OPERATOR && account.blocked()) {
                // what blocks it already is stricter
                return;
            }
            Purses.block(h, account.name(), block);
            outbox.add(h, block == AccountState.Block.NONE ? "unblocked" : "blocked", account.name(), "operator");
        });
        return view(account.name());
    }

    private static String reason(JsonNode body) {
        return body.has("reason") ? text(body, "reason", MAX_REASON) : "";
    }

    /** Here at once, and everywhere with the next bulletin; again changes nothing. */
    private JsonNode revoke(HttpQuestion question) {
        JsonNode body = body(question);
        String reason = text(body, "reason", MAX_REASON);
        Thumbprint key = thumbprint(question.pathParameter("key"));
        String account = office.db()
                .serializable(h -> Purses.find(h, key)
                        .filter(known -> known.sender() instanceof Sender.Purse)
                        .map(known -> {
                            Purses.revoke(h, key);
                            return known.account();
                        }))
                .orElseThrow(() -> new No(RefusalCode.UNKNOWN_PURSE, "no key " + key + " was certified here"));
        BoundKey bound = office.db()
                .snapshot(h -> Purses.boundKey(h, key))
                .orElseThrow(() -> new No(RefusalCode.NOT_AUTHORISED, "no word of the key's own is kept here"));
        return switch (office.ask(new BankRequest.Revoke(List.of(bound), reason))) {
            case BankAnswer.Revoked revoked -> {
                office.bulletins().refresh();
                yield JSON.createObjectNode()
                        .put("key", key.hex())
                        .put("account", account)
                        .put("epoch", revoked.epoch());
            }
            case BankAnswer.Refused no -> throw new No(no.refusal());
            default -> throw new No(RefusalCode.INTERNAL, "an unexpected answer of the central bank");
        };
    }

    private static Thumbprint thumbprint(String hex) {
        try {
            return Thumbprint.fromHex(hex);
        } catch (IllegalArgumentException e) {
            throw new No(RefusalCode.MALFORMED, "a key's thumbprint is due, in hexadecimal");
        }
    }

    private JsonNode flag(HttpQuestion question, boolean flagged) {
        AccountState account = existing(question.pathParameter("account"));
        office.db()
                .useSerializable(h -> h.createUpdate("UPDATE account SET flagged = :flagged WHERE name = :name")
                        .bind("flagged", flagged)
                        .bind("name", account.name())
                        .execute());
        return view(account.name());
    }

    private record Book(String name, long balance) {}

    private JsonNode books() {
        List<Book> all = office.db()
                .snapshot(h -> h.createQuery("SELECT name, balance FROM book ORDER BY name")
                        .map((row, context) -> new Book(row.getString("name"), row.getLong("balance")))
                        .list());
        ObjectNode answer = JSON.createObjectNode();
        ObjectNode books = answer.putObject("books");
        all.forEach(b -> books.put(b.name(), b.balance()));
        return answer.put("sum", all.stream().mapToLong(Book::balance).sum());
    }
}
