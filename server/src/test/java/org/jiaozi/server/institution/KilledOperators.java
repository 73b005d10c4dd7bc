package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jiaozi.server.institution.Killed.answer;
import static org.jiaozi.server.institution.Killed.insist;
import static org.jiaozi.server.institution.KilledErrands.eventually;
import static org.jiaozi.server.institution.KilledErrands.fresh;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.central.Joining;
import org.jiaozi.server.http.Unreachable;
import org.jiaozi.server.tls.TlsIdentity;

/** What operators do while servers are killed. */
final class KilledOperators {
    private final KilledErrands errands;
    private final World world;

    KilledOperators(KilledErrands errands) {
        this.errands = errands;
        this.world = errands.world;
    }

    void addTo() {
        errands.add("operator", this::operator);
        errands.add("central operator", () -> this::centralOperator);
        errands.add("revoke", this::revoke);
    }

    /** Each needs its world for itself. */
    void addTo(Map<String, IntFunction<Killed.Errand>> kinds) {
        kinds.put("join", this::join);
    }

    private Killed.Errand operator() {
        TestWallet alice = errands.wallet("bank-a", 0);
        String path = "/accounts/" + alice.account;
        String salary = fresh();
        String cash = fresh();
        errands.books.paidIn("bank-a", 50);
        return () -> {
            for (String act : List.of("/block", "/unblock", "/flag", "/unflag")) {
                insist(() -> world.operator("bank-a", path + act, Map.of()));
            }
            insist(() -> world.operator("bank-a", path + "/credit", Map.of("amount", 70, "reference", salary)));
            insist(() -> world.operator("bank-a", path + "/debit", Map.of("amount", 20, "reference", cash)));
            insist(() -> world.operator("bank-a", path + "/code", Map.of()));
            errands.balance(alice, 50);
        };
    }

    private void centralOperator() {
        errands.books.reserve("bank-a", 500);
        errands.books.guarantee("bank-a", 300);
        errands.central("/quota", Map.of("institution", "bank-a", "number", 1, "currency", "CNY", "limit", 20_000_000));
        pays("/reserve", 500);
        pays("/guarantee", 300);
        errands.central("/netting", Map.of());
        errands.central("/bulletin", Map.of());
    }

    private void pays(String path, long amount) {
        errands.central(
                path, Map.of("institution", "bank-a", "currency", "CNY", "amount", amount, "reference", fresh()));
    }

    private Killed.Errand revoke() {
        TestWallet alice = errands.wallet("bank-a", 1000);
        return () -> {
            insist(() -> world.operator(
                    "bank-a", "/keys/" + alice.thumbprint().hex() + "/revoke", Map.of("reason", "test")));
            assertThat(insist(() -> errands.account(alice))
                            .required("keys")
                            .required(0)
                            .required("status")
                            .asText())
                    .isEqualTo("REVOKED");
            refused(alice);
            errands.balance(alice, 1000);
        };
    }

    /** A member says where it answers, again and again: it is listed under the same key. */
    private Killed.Errand join(int many) {
        InstitutionEntry entry = world.entry("bank-b");
        TlsIdentity member = TlsIdentity.load(world.folder.resolve("bank-b").resolve("tls"));
        List<Killed.Errand> all = IntStream.range(0, many)
                .<Killed.Errand>mapToObj(i -> () -> join(entry, member, entry.url() + "/" + i))
                .toList();
        return () -> {
            Killed.together(all);
            join(entry, member, entry.url());
            eventually(() -> world.entry("bank-b").equals(entry));
        };
    }

    private void join(InstitutionEntry entry, TlsIdentity member, String url) {
        insist(() -> {
            join(world, entry, member, url);
            return true;
        });
    }

    /** Once, or it is said why not. */
    static void join(World world, InstitutionEntry entry, TlsIdentity member, String url) {
        try {
            IssuerKeyId listed = Joining.join(
                    world.centralAddress, member, entry.currentKey().key(), entry.sealingKey(), url);
            assertThat(listed)
                    .isEqualTo(new IssuerKeyId(entry.id(), entry.currentKey().generation()));
        } catch (StartFailure e) {
            if (e.getCause() instanceof Unreachable nobody) {
                throw new UncheckedIOException(nobody);
            }
            if (e.getCause() instanceof DecodeException no) {
                throw new WasRefused("join", no.refusal());
            }
            throw e;
        }
    }

    /** Everybody knows that a key pays no more, and its institution loads it no more. */
    void refused(TestWallet wallet) {
        eventually(() -> world.bulletin("bank-a").revoked().contains(wallet.thumbprint()));
        WalletRequest load =
                new WalletRequest.Load(new Amount(100), World.CNY, wallet.thumbprint(), TestWallet.nonce());
        assertThat(TestWallet.refused(answer(wallet, load))).isEqualTo(RefusalCode.PURSE_REVOKED);
    }
}
