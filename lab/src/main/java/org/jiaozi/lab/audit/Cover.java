package org.jiaozi.lab.audit;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A set of minor units of one note, as spans that neither touch nor overlap. Not thread-safe. */
public final class Cover {
    /** The units from {@code lo} inclusive to {@code hi} exclusive. */
    public record Span(long lo, long hi) {
        public Span {
            if (lo < 0 || lo >= hi) {
                throw new AuditException("a range [" + lo + "," + hi + ")");
            }
        }
    }

    /** Where each begins, with where it ends. */
    private final NavigableMap<Long, Long> spans = new TreeMap<>();

    public Cover() {}

    /** Everything in {@code spans}, whether or not they overlap. */
    public static Cover of(Collection<Span> spans) {
        Cover cover = new Cover();
        spans.forEach(cover::add);
        return cover;
    }

    /** Adds a span; whether none of it was there before. */
    public boolean add(Span added) {
        boolean fresh = !meets(added);
        long lo = added.lo();
        long hi = added.hi();
        Map.Entry<Long, Long> before = spans.floorEntry(lo);
        if (before != null && before.getValue() >= lo) {
            lo = before.getKey();
        }
        NavigableMap<Long, Long> joined = spans.subMap(lo, true, hi, true);
        if (!joined.isEmpty()) {
            hi = Math.max(hi, joined.lastEntry().getValue());
            joined.clear();
        }
        spans.put(lo, hi);
        return fresh;
    }

    /** Whether a unit is in both. */
    boolean meets(Span other) {
        Map.Entry<Long, Long> last = spans.lowerEntry(other.hi());
        return last != null && last.getValue() > other.lo();
    }

    /** How many units are in both. */
    public long common(Cover other) {
        long sum = 0;
        for (Map.Entry<Long, Long> mine : spans.entrySet()) {
            Long first = other.spans.floorKey(mine.getKey());
            for (Map.Entry<Long, Long> theirs : other.spans
                    .subMap(first == null ? mine.getKey() : first, true, mine.getValue(), false)
                    .entrySet()) {
                sum += Math.max(
                        0, Math.min(mine.getValue(), theirs.getValue()) - Math.max(mine.getKey(), theirs.getKey()));
            }
        }
        return sum;
    }

    /** How many units. */
    public long size() {
        return spans().stream().mapToLong(s -> s.hi() - s.lo()).reduce(0, Math::addExact);
    }

    /** One past the highest unit. */
    public long end() {
        return spans.isEmpty() ? 0 : spans.lastEntry().getValue();
    }

    public List<Span> spans() {
        return spans.entrySet().stream()
                .map(e -> new Span(e.getKey(), e.getValue()))
                .toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cover that && spans.equals(that.spans);
    }

    @Override
    public int hashCode() {
        return spans.hashCode();
    }

    @Override
    public String toString() {
        return spans().stream()
                .map(s -> "[" + s.lo() + "," + s.hi() + ")")
                .reduce((a, b) -> a + " " + b)
                .orElse("nothing");
    }
}
