package org.jiaozi.lab.audit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

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

    private List<Span> spans = new ArrayList<>();

    public Cover() {}

    /** Everything in {@code spans}, whether or not they overlap. */
    public static Cover of(Collection<Span> spans) {
        Cover cover = new Cover();
        spans.forEach(cover::add);
        return cover;
    }

    /** Adds a span; whether none of it was there before. */
    public boolean add(Span added) {
        List<Span> all = new ArrayList<>(spans);
        boolean fresh = all.stream().noneMatch(s -> s.lo() < added.hi() && added.lo() < s.hi());
        all.add(added);
        all.sort(Comparator.comparingLong(Span::lo));
        List<Span> merged = new ArrayList<>();
        for (Span span : all) {
            if (!merged.isEmpty() && merged.getLast().hi() >= span.lo()) {
                Span last = merged.removeLast();
                merged.add(new Span(last.lo(), Math.max(last.hi(), span.hi())));
            } else {
                merged.add(span);
            }
        }
        spans = merged;
        return fresh;
    }

    /** How many units are in both. */
    public long common(Cover other) {
        long sum = 0;
        for (Span mine : spans) {
            for (Span theirs : other.spans) {
                sum += Math.max(0, Math.min(mine.hi(), theirs.hi()) - Math.max(mine.lo(), theirs.lo()));
            }
        }
        return sum;
    }

    /** How many units. */
    public long size() {
        return spans.stream().mapToLong(s -> s.hi() - s.lo()).reduce(0, Math::addExact);
    }

    /** One past the highest unit. */
    public long end() {
        return spans.isEmpty() ? 0 : spans.getLast().hi();
    }

    public List<Span> spans() {
        return List.copyOf(spans);
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
        return spans.stream()
                .map(s -> "[" + s.lo() + "," + s.hi() + ")")
                .reduce((a, b) -> a + " " + b)
                .orElse("nothing");
    }
}
