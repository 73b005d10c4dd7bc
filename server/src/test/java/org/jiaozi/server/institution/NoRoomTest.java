package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jiaozi.bank.institution.CoreBanking;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.message.Envelope;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.crypto.HpkeSealer;
import org.jiaozi.crypto.SystemEntropy;
import org.jiaozi.server.ServiceFault;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.MediaType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An institution that has no room for a wallet's message says so as its door does, and takes the same message later. */
final class NoRoomTest {
    private static final Refusal NO_ROOM = new Refusal(RefusalCode.BUSY, "as many as can be");

    private final AtomicBoolean crowded = new AtomicBoolean();

    /** A banking system that has no room at times. */
    private CoreBanking banking(CoreBanking accounts) {
        return (CoreBanking) Proxy.newProxyInstance(
                CoreBanking.class.getClassLoader(), new Class<?>[] {CoreBanking.class}, (proxy, method, arguments) -> {
                    if (crowded.get()) {
                        throw new ServiceFault(NO_ROOM.code(), NO_ROOM.detail());
                    }
                    return method.invoke(accounts, arguments);
                });
    }

    @Test
    void whoeverCarriedItIsToldWhenToComeAgain(@TempDir Path folder) {
        try (World world = World.running(folder)) {
            world.stop("bank-a");
            world.banks.put(
                    "bank-a",
                    InstitutionServer.start(
                            world.config("bank-a", world.central.address(), Optional.empty()),
                            (db, clock) -> banking(new BuiltInAccounts(db, clock))));
            TestWallet alice = TestWallet.enrolled(world, "bank-a", 1_000);
            Signed<WalletMessage> message = alice.message(
                    alice.key,
                    TestWallet.nonce(),
                    new WalletRequest.Load(new Amount(300), World.CNY, alice.thumbprint(), TestWallet.nonce()));
            Sealer sealer = new HpkeSealer(new SystemEntropy());
            Envelope envelope = Envelope.seal(
                    sealer,
                    world.entry("bank-a").sealingKey(),
                    message,
                    sealer.newKeyPair().publicKey());

            crowded.set(true);
            HttpReply no = world.post(
                    "bank-a", "/v1/wallet", MediaType.CBOR, envelope.encode().toArray());
            assertThat(no.status()).isEqualTo(503);
            assertThat(no.refusal()).contains(NO_ROOM);
            assertThat(no.retryAfter()).contains(Duration.ofSeconds(1));

            crowded.set(false);
            WalletAnswer answer = WalletAnswer.read(alice.send(message).body());
            assertThat(TestWallet.loaded(answer).statement().value()).isEqualTo(new Amount(300));
            assertThat(alice.balance()).isEqualTo(700);
        }
    }
}
