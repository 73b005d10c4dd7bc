package org.jiaozi.lab.audit;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jiaozi.core.value.Bytes;

/**
 * Netting cycles worked out again from the postings that they say they took in, and from the netting that followed them (spec 07,
 * clause 16). Takes the central bank's postings in their order, and holds what one cycle comes to. Not thread-safe.
 */
final class CyclesAudit {
    private static final int NETTED = 3;

    /** Which postings a cycle took in: those after one up to another, netting itself left out. */
    record Cycle(long number, long after, long upTo) {
        boolean follows(Cycle before) {
            return number == before.number + 1 && after == before.upTo && after < upTo;
        }

        @Override
        public String toString() {
            return "cycle " + number;
        }
    }

    /** An institution in a currency, in a cycle. */
    private record Member(String institution, String currency) implements Comparable<Member> {
        @Override
        public int compareTo(Member other) {
            int byInstitution = institution.compareTo(other.institution);
            return byInstitution != 0 ? byInstitution : currency.compareTo(other.currency);
        }

        @Override
        public String toString() {
            return "institution " + institution;
        }

        String shown(long minor) {
            return Ledgers.shown(minor, currency);
        }
    }

    private record Position(long in, long out, long redeemed) {
        static final Position NONE = new Position(0, 0, 0);

        Position plus(Position other) {
            return new Position(
                    Math.addExact(in, other.in),
                    Math.addExact(out, other.out),
                    Math.addExact(redeemed, other.redeemed));
        }

        long net() {
            return Math.subtractExact(in, out);
        }

        String shown(Member member) {
            return member.shown(in) + " in, " + member.shown(out) + " out, " + member.shown(redeemed) + " redeemed";
        }
    }

    private record Row(long cycle, Member member, Position position) {}

    private record Told(long cycle, Member member, long redeemed, long gained, long lost) {}

    private final Findings findings;
    private final List<Cycle> cycles;
    private final Map<Long, Map<Member, Position>> recorded = new HashMap<>();
    /** What stands in clearing. */
    private final Map<Member, Long> clearing = new TreeMap<>();
    /** The first cycle that is still open, and what it took in so far. */
    private int open;

    private final Map<Member, Position> taken = new TreeMap<>();
    /** What came into clearing from other accounts, by currency. */
    private final Map<String, Long> outside = new TreeMap<>();

    private final Map<Member, Long> gained = new TreeMap<>();
    private boolean ended;

    CyclesAudit(List<Cycle> cycles, Findings findings) {
        this.cycles = List.copyOf(cycles);
        this.findings = findings;
        Cycle before = new Cycle(0, 0, 0);
        for (Cycle cycle : cycles) {
            findings.expect(cycle.follows(before), cycle + " does not begin where the one before it ended");
            before = cycle;
        }
        findings.counted("cycles", cycles.size());
    }

    /** What is on record of cycles. */
    static CyclesAudit read(Rows rows, Findings findings) throws SQLException {
        CyclesAudit audit = new CyclesAudit(
                rows.all(
                        "SELECT * FROM netting_cycle ORDER BY number",
                        r -> new Cycle(r.number("number"), r.number("from_posting"), r.number("to_posting"))),
                findings);
        rows.each(
                "SELECT * FROM netting_position",
                r -> new Row(
                        r.number("cycle"),
                        new Member(r.text("institution"), r.text("currency")),
                        new Position(r.number("gross_in"), r.number("gross_out"), r.number("float_redeemed"))),
                row -> audit.recorded
                        .computeIfAbsent(row.cycle(), c -> new TreeMap<>())
                        .put(row.member(), row.position()));
        return audit;
    }

    /** The institution whose account of that kind it is. */
    private static String owner(String account, String kind) {
        return account.startsWith(kind + ":") ? account.substring(kind.length() + 1) : "";
    }

    void take(Ledgers.Posting p) {
        boolean netting = p.reason().equals("netting");
        // a cycle's own netting follows at once on what it took in
        while (open < cycles.size()
                && p.id() > cycles.get(open).upTo()
                && !(netting && p.reference().equals(cycles.get(open).toString()))) {
            close(cycles.get(open++));
        }
        if (netting) {
            netted(p);
        } else if (open < cycles.size()) {
            ended |= p.id() == cycles.get(open).upTo();
            moved(p);
        }
        stands(p.debit(), p.currency(), -p.amount());
        stands(p.credit(), p.currency(), p.amount());
    }

    private void stands(String account, String currency, long amount) {
        String owner = owner(account, "clearing");
        if (!owner.isEmpty()) {
            clearing.merge(new Member(owner, currency), amount, Math::addExact);
        }
    }

    private void moved(Ledgers.Posting p) {
        String from = owner(p.debit(), "clearing");
        String to = owner(p.credit(), "clearing");
        String issuer = owner(p.debit(), "float");
        took(to, p.currency(), new Position(p.amount(), 0, 0));
        took(from, p.currency(), new Position(0, p.amount(), 0));
        took(issuer, p.currency(), new Position(0, 0, p.amount()));
        if (from.isEmpty() != to.isEmpty()) {
            outside.merge(p.currency(), from.isEmpty() ? p.amount() : -p.amount(), Math::addExact);
        }
    }

    private void took(String institution, String currency, Position position) {
        if (!institution.isEmpty()) {
            taken.merge(new Member(institution, currency), position, Position::plus);
        }
    }

    private void netted(Ledgers.Posting p) {
        String gains = owner(p.credit(), "reserve");
        String loses = owner(p.debit(), "reserve");
        if (open == cycles.size() || p.id() <= cycles.get(open).upTo()) {
            findings.breach("posting " + p.id() + " is netting, and no cycle closed then");
        } else if (!gains.isEmpty() && p.debit().equals("clearing:" + gains)) {
            gained.merge(new Member(gains, p.currency()), p.amount(), Math::addExact);
        } else if (!loses.isEmpty() && p.credit().equals("clearing:" + loses)) {
            gained.merge(new Member(loses, p.currency()), -p.amount(), Math::addExact);
        } else {
            findings.breach("posting " + p.id() + " is netting from " + p.debit() + " to " + p.credit());
        }
    }

    private void close(Cycle cycle) {
        findings.expect(ended, cycle + " ends with posting " + cycle.upTo() + ", which is none that it takes in");
        Map<Member, Position> kept = recorded.getOrDefault(cycle.number(), Map.of());
        Map<String, Long> nets = new TreeMap<>();
        kept.forEach((member, position) -> {
            Position due = taken.getOrDefault(member, Position.NONE);
            findings.expect(
                    position.equals(due),
                    cycle + ": " + member + " is on record with " + position.shown(member) + ", where the postings say "
                            + due.shown(member));
            nets.merge(member.currency(), position.net(), Math::addExact);
        });
        taken.forEach((member, due) -> {
            findings.expect(
                    kept.containsKey(member),
                    cycle + ": " + member + " has no position, where the postings say " + due.shown(member));
            long net = gained.getOrDefault(member, 0L);
            findings.expect(
                    net == due.net(),
                    cycle + " moved " + member.shown(net) + " to the reserve of " + member + ", where the postings say "
                            + member.shown(due.net()));
        });
        gained.forEach((member, net) -> findings.expect(
                taken.containsKey(member),
                cycle + " moved " + member.shown(net) + " to the reserve of " + member
                        + ", of which it took in nothing"));
        outside.keySet().forEach(currency -> nets.putIfAbsent(currency, 0L));
        nets.forEach((currency, net) -> {
            long due = outside.getOrDefault(currency, 0L);
            findings.expect(
                    net == due,
                    "the nets of " + cycle + " add up to " + Ledgers.shown(net, currency) + ", where "
                            + Ledgers.shown(due, currency) + " came into clearing from other accounts");
        });
        clearing.forEach((member, left) ->
                findings.expect(left == 0, cycle + " leaves " + member.shown(left) + " in the clearing of " + member));
        taken.clear();
        outside.clear();
        gained.clear();
        ended = false;
    }

    /** Closes what no posting came after, and looks at what institutions were told, by institution and number. */
    void finish(Map<Integer, Map<Long, Bytes>> events) {
        while (open < cycles.size()) {
            close(cycles.get(open++));
        }
        Map<String, Told> due = new TreeMap<>();
        recorded.forEach((cycle, positions) -> positions.forEach((member, p) -> due.put(
                cycle + " " + member + " " + member.currency(),
                new Told(cycle, member, p.redeemed(), Math.max(0, p.net()), Math.max(0, -p.net())))));
        events.forEach((institution, numbered) -> numbered.values().forEach(event -> {
            List<Raw> fields = Raw.read(event).list();
            if (fields.getFirst().integer() == NETTED) {
                Member member =
                        new Member(String.valueOf(institution), fields.get(3).text());
                long cycle = fields.get(2).integer();
                Told told = new Told(
                        cycle,
                        member,
                        fields.get(4).integer(),
                        fields.get(5).integer(),
                        fields.get(6).integer());
                findings.expect(
                        told.equals(due.remove(cycle + " " + member + " " + member.currency())),
                        member + " is told of cycle " + cycle + " otherwise than it is on record, or twice");
            }
        }));
        due.values().forEach(t -> findings.breach(t.member() + " is not told of cycle " + t.cycle()));
    }
}
