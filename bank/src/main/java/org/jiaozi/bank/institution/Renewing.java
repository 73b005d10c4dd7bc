package org.jiaozi.bank.institution;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jiaozi.core.message.Counters;
import org.jiaozi.core.message.WalletRequest.Renew;
import org.jiaozi.core.policy.Tier;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;

/** Takes a purse's counters, retires and adds pseudonyms, and certifies those that stay (spec 07, renewal). */
public final class Renewing {
    private Renewing() {}

    /**
     * What a renewal does.
     *
     * @param keys every key that changed or stays, with its new counters and status
     * @param certificates to be signed, for the active keys, in order
     * @param missing minor units that the counters leave unexplained
     */
    public record Renewal(List<PurseKeyState> keys, List<PurseCertificate> certificates, Amount missing) {
        public Renewal {
            keys = List.copyOf(keys);
            certificates = List.copyOf(certificates);
        }
    }

    /**
     * What the institution gave to a purse and got back from it, over all of its keys.
     *
     * @param issued minor units of notes to its keys
     * @param deposited minor units it deposited
     */
    public record Flow(long issued, long deposited) {}

    /**
     * Judges a renewal. Counters never fall: a purse whose counters did was set back, and its keys can only be retired.
     *
     * @param known every key of the purse's account that is not revoked, in order
     * @return the lowest of 107, 201, 604, 706, 716
     */
    public static Decision<Renewal> decide(
            Setting setting,
            Nonce message,
            Renew renew,
            AccountState account,
            ElementClass element,
            List<PurseKeyState> known,
            Flow flow) {
        Map<Thumbprint, Counters> counters = new HashMap<>();
        renew.counters().forEach(c -> counters.put(c.key(), c));
        Set<Thumbprint> retire = new HashSet<>(renew.retire());
        Map<Thumbprint, PurseKeyState> byName = new HashMap<>();
        known.forEach(k -> byName.put(k.thumbprint(), k));
        List<PurseKeyState> staying = known.stream()
                .filter(k -> k.active() && !retire.contains(k.thumbprint()))
                .toList();
        Optional<Refusal> no = Certifying.refusesKeys(setting, message, renew.fresh(), staying.size())
                .or(() -> refusesCounters(counters, retire, byName, staying));
        if (no.isPresent()) {
            return Decision.denied(no.get());
        }
        List<PurseKeyState> changed = new ArrayList<>();
        List<PurseKeyState> active = new ArrayList<>();
        long spent = 0;
        long holding = 0;
        for (PurseKeyState key : known) {
            Counters told = counters.get(key.thumbprint());
            // a purse that was set back tells less than is known of it
            PurseKeyState now = new PurseKeyState(
                    key.key(),
                    key.element(),
                    retire.contains(key.thumbprint()) ? PurseKeyState.Status.RETIRED : key.status(),
                    Math.max(key.seq(), told == null ? 0 : told.seq()),
                    Math.max(key.spent(), told == null ? 0 : told.spentTotal()));
            spent = Math.addExact(spent, now.spent());
            holding = Math.addExact(holding, told == null ? 0 : told.holding());
            changed.add(now);
            if (now.active()) {
                active.add(now);
            }
        }
        renew.fresh().stream().map(k -> PurseKeyState.fresh(k.key(), element)).forEach(k -> {
            changed.add(k);
            active.add(k);
        });
        // what came from others only adds, so more than this is not missing
        long unexplained = Math.max(0, flow.issued() - flow.deposited() - spent - holding);
        return switch (Certifying.tier(setting, account)) {
            case Decision.Denied<Tier> denied -> Decision.denied(denied.refusal());
            case Decision.Granted<Tier> tier ->
                Decision.granted(new Renewal(
                        changed,
                        Certifying.certificates(setting, tier.value(), account.currency(), active),
                        new Amount(unexplained)));
        };
    }

    private static Optional<Refusal> refusesCounters(
            Map<Thumbprint, Counters> counters,
            Set<Thumbprint> retire,
            Map<Thumbprint, PurseKeyState> known,
            List<PurseKeyState> staying) {
        for (PurseKeyState key : staying) {
            Counters told = counters.get(key.thumbprint());
            if (told == null) {
                return refuse(RefusalCode.OUT_OF_RANGE, "no counters of " + key.thumbprint());
            }
            if (told.seq() < key.seq() || told.spentTotal() < key.spent()) {
                return refuse(RefusalCode.ROLLED_BACK, "counters of " + key.thumbprint() + " fell");
            }
        }
        for (Thumbprint key : counters.keySet()) {
            if (!known.containsKey(key)) {
                return refuse(RefusalCode.UNKNOWN_PURSE, key.hex());
            }
        }
        for (Thumbprint key : retire) {
            if (!known.containsKey(key)) {
                return refuse(RefusalCode.UNKNOWN_PURSE, key.hex());
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> refuse(RefusalCode code, String detail) {
        return Optional.of(new Refusal(code, detail));
    }
}
