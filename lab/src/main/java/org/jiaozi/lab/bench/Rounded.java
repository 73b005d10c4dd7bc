package org.jiaozi.lab.bench;

/** Figures as a report has them. */
final class Rounded {
    private Rounded() {}

    /** To a thousandth. */
    static double of(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
