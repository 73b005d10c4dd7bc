package org.jiaozi.lab.world;

/** A server died between two effects; whoever asked gets no answer. */
final class Died extends RuntimeException {
    private static final long serialVersionUID = 1;

    Died(String who) {
        super(who, null, false, false);
    }
}
