package org.jiaozi.lab.world;

/** What happened in a world, so that a quiet one cannot pass for a sound one. Not thread-safe. */
final class Tally {
    int payments;
    int tears;
    int clones;
    int duplicates;
    int denials;
    int deposits;
    int hostile;
}
