package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Nonce;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InstitutionFillingTest {
    /** Thousands are enrolled one after the other, and for some of them the second ends in the middle. */
    @Test
    void aSecondMayEndAtAnyMoment(@TempDir Path folder) {
        try (World world = World.running(folder)) {
            AtomicLong seconds = new AtomicLong(Instant.now().getEpochSecond());
            try (InstitutionFilling filling = InstitutionFilling.open(
                    folder.resolve("bank-a"),
                    world.database("bank-a"),
                    () -> Instant.ofEpochSecond(seconds.getAndIncrement()))) {
                Nonce id = TestWallet.nonce();
                Signer purse = TestWallet.signer();
                var enrolled = filling.enrol(List.of(new InstitutionFilling.Customer(
                        "first",
                        "somebody",
                        1,
                        new Amount(500),
                        id,
                        new WalletRequest.Enrol(
                                "ahead",
                                TestWallet.signer().publicKey(),
                                World.CNY,
                                ElementClass.CARD,
                                List.of(KeyProof.by(purse, filling.key().institution(), id))))));
                assertThat(enrolled).hasSize(1);
                assertThat(world.balance("bank-a", enrolled.getFirst().account()))
                        .isEqualTo(500);
            }
        }
    }
}
