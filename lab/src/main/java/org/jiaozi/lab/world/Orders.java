package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jiaozi.bank.registry.Registry;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.lab.judge.Judge;

/** The same deposits, refunds and records before a registry that knows nothing of them, in other orders, some twice. */
final class Orders {
    private static final int ORDERS = 2;

    /** One in so many is checked anew, by the bulletin that is in force then: that must not matter. */
    private static final int ANEW = 32;

    private final World world;

    Orders(World world) {
        this.world = world;
    }

    /** What another order changed that it must not change. */
    List<String> differences() {
        List<String> breaches = new ArrayList<>();
        for (int order = 1; order <= ORDERS && breaches.isEmpty(); order++) {
            world.dice().turn(-10L - order);
            String when = "in another order of arrival ";
            Judge other = again();
            other.endOfStep().forEach(b -> breaches.add(when + b));
            if (!other.covers().equals(world.judge().covers())) {
                breaches.add(when + "other units are redeemed or refunded");
            }
            if (!other.culprits().equals(world.judge().culprits())) {
                breaches.add(when + "the convicted are " + other.culprits() + ", not "
                        + world.judge().culprits());
            }
        }
        return breaches;
    }

    private Judge again() {
        List<CentralBank.Asked> first = new ArrayList<>();
        List<CentralBank.Asked> shuffled = new ArrayList<>();
        Map<Hash, Timestamp> begun = new HashMap<>();
        for (CentralBank.Asked asked : world.central().asked()) {
            asked.taken().forEach(head -> begun.putIfAbsent(head, asked.at()));
        }
        for (CentralBank.Asked asked : world.central().asked()) {
            switch (asked.request()) {
                case BankRequest.RegisterNote _ -> first.add(asked);
                case BankRequest.ChangeOwners _,
                        BankRequest.Refund _,
                        BankRequest.PutOnRecord _,
                        BankRequest.Convict _ -> {
                    for (CentralBank.Asked alone : asked.alone()) {
                        shuffled.add(alone);
                        if (world.dice().chance(10)) {
                            shuffled.add(alone);
                        }
                    }
                }
                default -> {
                    // claims and recoveries follow from the time, not from what is filed
                }
            }
        }
        world.dice().shuffle(shuffled);
        Judge judge = world.newJudge();
        WorldBank bank = world.bank();
        bank.startOver();
        world.witness().record(judge, bank.founding(), World.START);
        first.addAll(shuffled);
        int judged = 0;
        for (CentralBank.Asked asked : first) {
            // a repetition is as early as what it repeats
            Timestamp at = asked.heads().stream()
                    .map(begun::get)
                    .filter(Objects::nonNull)
                    .min(Comparator.naturalOrder())
                    .orElse(asked.at());
            CentralBank.Checked checked = world.central().checked(asked, at, judged++ % ANEW == 0);
            Registry.Decision decision = bank.decide(checked.prepared(), at);
            long epoch = bank.bulletin().statement().epoch();
            bank.commit(decision.effects(), at);
            if (bank.bulletin().statement().epoch() > epoch) {
                judge.bulletin(bank.offers().whole());
            }
            world.central().reports().tell(judge, asked.at(at), checked.lineages(), decision);
            judge.endOfStep();
        }
        return judge;
    }
}
