package org.jiaozi.lab.fuzz;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads Jazzer's lines as they come, and keeps its figures. */
final class JazzerLog {
    private static final Pattern STATUS =
            Pattern.compile("#(\\d+)\\s+(\\w+)\\s+cov: (\\d+) ft: (\\d+).*?(?: exec/s: (\\d+).*)?");
    private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in (\\d+) second.*");
    private static final Pattern EXCEPTION = Pattern.compile("== Java (?:Exception|Assertion Error): (.*)");
    private static final Pattern OTHER = Pattern.compile("==\\d+== ?ERROR: libFuzzer: (.*)");

    private long executions;
    private long edges;
    private long features;
    private long fresh;
    private long seconds;
    private String what = "";
    private String last = "";

    void line(String line) {
        Matcher status = STATUS.matcher(line);
        Matcher done = DONE.matcher(line);
        Matcher exception = EXCEPTION.matcher(line);
        Matcher other = OTHER.matcher(line);
        if (status.matches()) {
            executions = Long.parseLong(status.group(1));
            edges = Long.parseLong(status.group(3));
            features = Long.parseLong(status.group(4));
            fresh += status.group(2).equals("NEW") ? 1 : 0;
        } else if (done.matches()) {
            executions = Long.parseLong(done.group(1));
            seconds = Long.parseLong(done.group(2));
        } else if (exception.matches()) {
            what = exception.group(1);
        } else if (other.matches() && what.isEmpty()) {
            what = other.group(1);
        }
        if (!line.isBlank()) {
            last = line.strip();
        }
    }

    long executions() {
        return executions;
    }

    long edges() {
        return edges;
    }

    long features() {
        return features;
    }

    long fresh() {
        return fresh;
    }

    /** As it says itself; 0 until it is done. */
    long seconds() {
        return seconds;
    }

    /** The finding in its words, empty if there is none. */
    String what() {
        return what;
    }

    String last() {
        return last;
    }
}
