package org.jiaozi.server.central;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.server.ServiceFault;
import org.jiaozi.server.central.Actors.Purse;
import org.junit.jupiter.api.Test;

/** A database that goes away while it commits: the change may be durable although nobody was told. */
final class UncertainCommitTest extends CentralServerFixture {
    @Test
    void aBulletinThatIsDurableIsInForceAlsoWhereItsCommitGaveNoAnswer() {
        server.close();
        AtomicBoolean broken = new AtomicBoolean();
        server = CentralServer.start(config(), (act, step) -> {
            if (act == CentralCrash.Act.REVOKE
                    && step == CentralCrash.Step.AFTER_COMMIT
                    && broken.compareAndSet(false, true)) {
                throw new ServiceFault(
                        RefusalCode.UNREACHABLE, "the database does not answer", new IllegalStateException("broken"));
            }
        });
        Purse lost = purse(a);
        long epoch = bulletin().epoch();
        assertThat(a.post(a.message(new BankRequest.Revoke(List.of(a.bound(lost)), "lost")))
                        .refusal()
                        .orElseThrow()
                        .code())
                .isEqualTo(RefusalCode.UNREACHABLE);
        assertThat(bulletin().epoch()).isEqualTo(epoch + 1);
        assertThat(bulletin().isRevoked(lost.key())).isTrue();
    }
}
