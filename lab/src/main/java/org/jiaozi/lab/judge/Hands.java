package org.jiaozi.lab.judge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jiaozi.lab.audit.Cover;
import org.jiaozi.lab.audit.RawTransfer;

/** What each purse took in and signed away again, part by part. Not thread-safe. */
final class Hands {
    private record Part(String place, String note, long lo, long hi) {}

    private final Statements statements;
    private final Map<String, List<Part>> received = new HashMap<>();
    private final Map<String, Map<String, Cover>> spent = new HashMap<>();

    Hands(Statements statements) {
        this.statements = statements;
    }

    private static String place(String parent, long index) {
        return parent + "#" + index;
    }

    private void took(String purse, Part part) {
        received.computeIfAbsent(purse, p -> new ArrayList<>()).add(part);
    }

    void loaded(String purse, Statements.KnownNote note) {
        String name = note.note().hash();
        took(purse, new Part(place(name, 0), name, 0, note.note().value()));
    }

    void credited(String purse, Seen payment) {
        for (int i = 0; i < payment.outputs().size(); i++) {
            Seen.Output o = payment.outputs().get(i);
            took(purse, new Part(place(payment.transfer().hash(), i), o.note(), o.lo(), o.hi()));
        }
    }

    void signed(String purse, RawTransfer transfer) {
        for (RawTransfer.Input input : transfer.inputs()) {
            spent.computeIfAbsent(purse, p -> new HashMap<>())
                    .computeIfAbsent(place(input.parent(), input.index()), p -> new Cover())
                    .add(new Cover.Span(input.lo(), input.hi()));
        }
    }

    /** What a purse still had at a time when that was past grace: an honest one cannot hand it in any more. */
    long lapsed(String purse, long at) {
        long sum = 0;
        for (Part part : received.getOrDefault(purse, List.of())) {
            long end = statements.note(part.note()).orElseThrow().expiry()
                    + statements.listed().grace();
            if (at > end) {
                Cover gone = spent.getOrDefault(purse, Map.of()).getOrDefault(part.place(), new Cover());
                sum = Math.addExact(sum, part.hi() - part.lo() - gone.size());
            }
        }
        return sum;
    }
}
