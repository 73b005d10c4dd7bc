package org.jiaozi.crypto.vectors;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Stream;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;

/** Makes {@code lineage-context.json}: one lineage, and what else decides whether it is taken. */
final class ContextVectors {
    private final Chain chain = new Chain();
    private final Cases cases = new Cases("05, clauses 5 to 7; 08, clause 6");
    private final Lineage two = chain.hops(2, 5);

    Cases make() {
        sound("nobody revoked", two);
        sound("a stranger revoked", two, "h9");
        sound("the payee revoked", two, "h2");
        no(RefusalCode.PURSE_REVOKED, "the payer revoked", two, "h1");
        no(RefusalCode.LINEAGE_REVOKED, "an ancestor revoked", two, "h0");
        no(RefusalCode.UNKNOWN_ISSUER_KEY, "the bulletin lists another generation", two)
                .putObject("keys")
                .put("000702", chain.bank.publicKey().compressed().hex());
        no(RefusalCode.UNKNOWN_ISSUER_KEY, "the bulletin lists another institution", two)
                .putObject("keys")
                .put("000801", chain.bank.publicKey().compressed().hex());
        no(RefusalCode.BAD_SIGNATURE, "the bulletin lists another key under that name", two)
                .putObject("keys")
                .put("000701", chain.key("bank two").publicKey().compressed().hex());
        Lineage six = chain.hops(6, 5);
        no(RefusalCode.TOO_MANY_HOPS, "six hops of five", six);
        sound("six hops of five under an override of six", six).put("overrideHops", 6);
        no(RefusalCode.TOO_MANY_HOPS, "six hops of five under an override of four", six)
                .put("overrideHops", 4);
        deposits();
        return cases;
    }

    private void deposits() {
        Lineage paid = two.plus(chain.link(
                "h2", chain.transfer("deposit", 1, 0, Chain.input(two.head().transfer(), 0, 0, 8_000))));
        deposit(sound("a deposit by a key that is revoked, of money through one", paid, "h2", "h0"));
        Lineage five = chain.hops(5, 5);
        Lineage sixth = five.plus(chain.link(
                "h5", chain.transfer("deposit", 900, 0, Chain.input(five.head().transfer(), 0, 0, 5_000))));
        sound("a deposit after the last hop, beyond the count", sixth);
        deposit(sound("the same at the institution", sixth));
        Lineage late = chain.hops(1, 5);
        var seven = chain.link(
                "h1", chain.transfer("h2", 101, 500_000, Chain.input(late.head().transfer(), 0, 0, 9_000)));
        no(RefusalCode.OVER_COUNT_LIMIT, "a payment over the count and over the total", late.plus(seven));
        deposit(sound("the same on its way to an institution", late.plus(seven)));
        Signed<Transfer> head = late.head().transfer();
        Lineage forked = late.plus(chain.link("h1", chain.transfer("h2", 1, 10, Chain.input(head, 0, 0, 10))))
                .plus(chain.link("h1", chain.transfer("h2", 2, 20, Chain.input(head, 0, 5, 15))));
        Lineage both = forked.plus(chain.link(
                "h2",
                chain.transfer(
                        "deposit",
                        1,
                        0,
                        Chain.input(forked.links().get(1).transfer(), 0, 0, 10),
                        Chain.input(forked.links().get(2).transfer(), 0, 5, 15))));
        no(RefusalCode.FORK_KNOWN, "both branches of a fork in a tap", both);
        deposit(sound("both branches of a fork in a deposit", both));
    }

    private static void deposit(ObjectNode node) {
        node.put("deposit", true);
    }

    private ObjectNode sound(String name, Lineage lineage, String... revoked) {
        return context(cases.ok(name, LineageCodec.encode(lineage)), revoked);
    }

    private ObjectNode no(RefusalCode code, String name, Lineage lineage, String... revoked) {
        return context(cases.refused(code, name, LineageCodec.encode(lineage)), revoked);
    }

    private ObjectNode context(ObjectNode node, String... revoked) {
        node.putObject("keys").put("000701", chain.bank.publicKey().compressed().hex());
        node.putArray("depositKeys").add(chain.thumb("deposit").bytes().hex());
        var gone = node.putArray("revoked");
        Stream.of(revoked).forEach(r -> gone.add(chain.thumb(r).bytes().hex()));
        return node;
    }
}
