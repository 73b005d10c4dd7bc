package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jiaozi.bank.registry.Effect;
import org.jiaozi.bank.registry.Registry;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.OwnerChange;
import org.jiaozi.core.message.RegistryAnswer;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Timestamp;

/**
 * The central bank as institutions reach it: it may die before or after it wrote, its answer may be lost, and the judge is
 * told of everything it puts on record. Not thread-safe.
 */
final class CentralBank {
    /**
     * What was asked, by whom and when.
     *
     * @param rogue whether the caller had no business to
     * @param heads the transfers that are filed by it as a deposit or for a refund
     * @param taken those of them that were decided and not refused: a refused request changes nothing
     * @param kept what was made of it, unless that is too much to keep
     */
    record Asked(
            InstitutionId caller,
            BankRequest request,
            Timestamp at,
            boolean rogue,
            List<Hash> heads,
            List<Hash> taken,
            Optional<Checked> kept) {
        /** The same at another time. */
        Asked at(Timestamp when) {
            return new Asked(caller, request, when, rogue, heads, taken, kept);
        }

        /** Deposits that came together, each as if it had come alone. */
        List<Asked> alone() {
            if (!(request instanceof BankRequest.ChangeOwners batch)
                    || batch.changes().size() == 1) {
                return List.of(this);
            }
            List<Asked> each = new ArrayList<>();
            for (OwnerChange change : batch.changes()) {
                BankRequest one = new BankRequest.ChangeOwners(List.of(change));
                List<Hash> head = CentralBank.heads(lineages(one));
                each.add(new Asked(
                        caller,
                        one,
                        at,
                        rogue,
                        head,
                        head.stream().filter(taken::contains).toList(),
                        Optional.empty()));
            }
            return each;
        }
    }

    /**
     * A request with its signatures checked, which no record and no later bulletin changes.
     *
     * @param lineages those that it carries, in their order
     */
    record Checked(Registry.Prepared prepared, List<Optional<Lineage>> lineages) {}

    private static final int DRAWS = 60;

    /** So many checked lineages are kept for other orders of arrival; of a longer world, the rest is checked again. */
    private static final int KEPT = 10_000;

    private final World world;
    private final List<Asked> asked = new ArrayList<>();
    private final Server server;
    private final Reports reports;
    private int kept;

    CentralBank(World world) {
        this.world = world;
        this.server = new Server(world, "the central bank");
        this.reports = new Reports(world.witness());
    }

    Server server() {
        return server;
    }

    Reports reports() {
        return reports;
    }

    /** Everything that reached it, in order. */
    List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** How often anything but its news was asked of it. */
    long filed() {
        return asked.stream()
                .filter(a -> !(a.request() instanceof BankRequest.ReadInbox))
                .count();
    }

    /** A request that somebody had business to ask, if a few draws find one. */
    Optional<Asked> earlier(Predicate<Asked> wanted) {
        for (int i = 0; i < DRAWS && !asked.isEmpty(); i++) {
            Asked drawn = world.dice().pick(asked);
            if (!drawn.rogue() && wanted.test(drawn)) {
                return Optional.of(drawn);
            }
        }
        return Optional.empty();
    }

    BankAnswer ask(House caller, BankRequest request) {
        return ask(caller, request, false);
    }

    /** Asks what the caller has no business to ask. */
    BankAnswer tried(House caller, BankRequest request) {
        return ask(caller, request, true);
    }

    private BankAnswer ask(House caller, BankRequest request, boolean rogue) {
        WorldBank bank = world.bank();
        Timestamp now = server.now();
        world.mayDie("the central bank, before it read");
        Checked checked = check(caller.id(), request, now);
        Registry.Decision decision = bank.decide(checked.prepared(), now);
        if (!decision.effects().isEmpty()) {
            server.mustHaveRoom();
        }
        long epoch = bank.bulletin().statement().epoch();
        bank.commit(decision.effects(), now);
        List<Hash> heads = request instanceof BankRequest.PutOnRecord ? List.of() : heads(checked.lineages());
        kept += checked.lineages().size();
        Asked last = new Asked(
                caller.id(),
                request,
                now,
                rogue,
                heads,
                taken(decision.answer(), heads),
                Optional.of(checked).filter(c -> kept <= KEPT));
        asked.add(last);
        world.tally().count(decision.effects());
        if (decision.answer() instanceof BankAnswer.Refused no
                && no.refusal().code() == RefusalCode.INSUFFICIENT_RESERVE) {
            world.tally().count(Tally.Event.NO_RESERVE);
        }
        if (bank.bulletin().statement().epoch() > epoch) {
            world.judge().bulletin(bank.offers().whole());
        }
        reports.tell(world.judge(), last, checked.lineages(), decision);
        world.story()
                .tell(() -> caller + " asks " + request.getClass().getSimpleName() + ", is answered "
                        + named(decision.answer()));
        world.mayDie("the central bank, after it wrote");
        return decision.answer();
    }

    private static List<Hash> heads(List<Optional<Lineage>> lineages) {
        return lineages.stream()
                .flatMap(Optional::stream)
                .map(l -> l.head().transfer().hash())
                .toList();
    }

    private static List<Hash> taken(BankAnswer answer, List<Hash> heads) {
        return switch (answer) {
            case BankAnswer.Refused _ -> List.of();
            case BankAnswer.OwnersChanged changed ->
                changed.answer().statement().settlements().stream()
                        .filter(s -> s.refusals().isEmpty())
                        .map(RegistryAnswer.Settlement::deposit)
                        .toList();
            default -> heads;
        };
    }

    private Checked check(InstitutionId caller, BankRequest request, Timestamp now) {
        return new Checked(world.bank().prepare(caller, request, now), lineages(request));
    }

    /** What was asked, checked; {@code anew} by what is in force at that time. */
    Checked checked(Asked what, Timestamp at, boolean anew) {
        return what.kept().filter(k -> !anew).orElseGet(() -> check(what.caller(), what.request(), at));
    }

    /** Those that it carries, in their order. */
    private static List<Optional<Lineage>> lineages(BankRequest request) {
        List<Bytes> packed = switch (request) {
            case BankRequest.ChangeOwners r ->
                r.changes().stream().map(OwnerChange::lineage).toList();
            case BankRequest.PutOnRecord r -> r.lineages();
            case BankRequest.Refund r -> List.of(r.lineage());
            default -> List.of();
        };
        return packed.stream().map(CentralBank::read).toList();
    }

    /** A lineage, if the bytes are one that ends in a transfer. */
    private static Optional<Lineage> read(Bytes packed) {
        try {
            return Optional.of(LineageCodec.decode(packed, LineageBounds.DEPOSIT))
                    .filter(l -> !l.links().isEmpty());
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    static String named(BankAnswer answer) {
        return switch (answer) {
            case BankAnswer.Refused no -> no.refusal().toString();
            case BankAnswer.OwnersChanged changed ->
                changed.answer().statement().settlements().stream()
                        .map(s -> s.refusals().isEmpty()
                                ? s.outcomes().stream()
                                        .map(o -> o.kind() + " " + o.amount())
                                        .toList()
                                        .toString()
                                : s.refusals().getFirst().toString())
                        .toList()
                        .toString();
            case BankAnswer.Refunded back -> "Refunded " + back.amount();
            case BankAnswer.ClaimRegistered claim ->
                "ClaimRegistered, " + claim.returned() + " paid in all, " + claim.pending() + " not yet due";
            default -> answer.getClass().getSimpleName();
        };
    }

    /** A person looks at what is withheld, and pays it. */
    void release() {
        world.witness().record(world.judge(), world.bank().release(), server.now());
    }

    /** An operator leaves an institution no more than it has out, or gives it its full quota again. */
    void quota(House house, boolean usedUp) {
        operated(world.bank().quota(house, usedUp));
    }

    /** An operator puts money into an institution's reserve. */
    void fund(House house, long amount) {
        operated(world.bank().fund(house, amount));
    }

    private void operated(List<Effect> effects) {
        world.bank().commit(effects, server.now());
        world.witness().record(world.judge(), effects, server.now());
    }

    void net() {
        operated(world.bank().net());
        world.tally().count(Tally.Event.NETTING);
        for (House house : world.bank().houses()) {
            long left = world.judge().balance("clearing:" + house.id());
            world.judge().expect(left == 0, "netting leaves " + left + " in the clearing of " + house);
        }
    }
}
