package org.jiaozi.lab.world;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.wallet.host.WalletState;

/** The end of a world: taps are finished, everybody syncs, and what was withheld is looked at. */
final class Closing {
    /** A sound purse is empty long before; one that is not must not keep its world alive. */
    private static final int MOST_DEPOSITS = 20;

    private final World world;

    Closing(World world) {
        this.world = world;
    }

    void run() {
        finishTaps();
        for (Device device : world.devices()) {
            for (Map.Entry<Nonce, WalletState.Payment> e :
                    device.disk().payments().entrySet()) {
                if (e.getValue().returnDue()) {
                    world.counter().refund(device, e.getKey(), e.getValue());
                }
                if (world.dice().chance(40)) {
                    world.counter().upload(device, e.getValue());
                }
            }
        }
        for (Device device : world.devices()) {
            empty(device);
        }
        world.counter().serveAll();
        world.bank().releaseAll();
    }

    /** Every payment that has no answer yet gets one, if any copy of its payee has one to give. */
    private void finishTaps() {
        for (Device payer : world.devices()) {
            for (Nonce nonce : List.copyOf(payer.disk().payments().keySet())) {
                for (Device payee : world.devices()) {
                    WalletState.Payment payment =
                            Objects.requireNonNull(payer.disk().payments().get(nonce));
                    boolean open =
                            payment.receipt().isEmpty() && payment.nonReceipt().isEmpty();
                    if (open && payee.disk().requests().containsKey(nonce)) {
                        payer.crash();
                        world.network()
                                .settle(payer, payee, nonce, payment.sent().message());
                    }
                }
            }
        }
    }

    /** Deposits everything; where the purse's log is full, what it holds is put on record first. */
    private void empty(Device device) {
        for (int i = 0; i < MOST_DEPOSITS && !device.disk().purse().slices().isEmpty(); i++) {
            if (!world.counter().deposit(device, true)) {
                world.counter().serveAll();
                device.disk().payments().values().forEach(p -> world.counter().upload(device, p));
                world.counter().serveAll();
                if (!world.counter().deposit(device, true)) {
                    return;
                }
            }
        }
    }
}
