package org.jiaozi.lab.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Who plays, and with what: all of it drawn from the seed.
 *
 * @param seed the seed
 * @param a pays first
 * @param b receives from a
 * @param c receives from b
 * @param d receives from c
 * @param m cheats
 * @param e loses the device
 * @param load what a, m and e load, minor units
 * @param chain what goes from a to b, b to c, c to d, each part of the one before
 * @param fork what both copies of m pay
 * @param forkDepth 0: m forks a note of its own; 1: money it received, if the profile lets it move on
 * @param fourthHop whether d pays on as well
 * @param victims who is paid by the first and the second copy: indices into b, c, d
 * @param syncOrder the order in which b, c, d sync; the second victim is last
 */
record Cast(
        long seed,
        Person a,
        Person b,
        Person c,
        Person d,
        Person m,
        Person e,
        List<Long> load,
        List<Long> chain,
        long fork,
        int forkDepth,
        boolean fourthHop,
        List<Integer> victims,
        List<Integer> syncOrder) {
    /**
     * One person.
     *
     * @param name how the story calls them
     * @param bank index of the institution
     * @param letter the role
     */
    record Person(String name, int bank, char letter) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<String> NAMES = List.of(
            "Ada", "Bao", "Chen", "Dora", "Emre", "Femi", "Goro", "Hana", "Ines", "Jun", "Kofi", "Lena", "Mina", "Noor",
            "Otto", "Pia", "Quan", "Rosa", "Sana", "Tomo", "Uma", "Vera", "Wei", "Yara", "Zoe");

    static Cast draw(long seed) {
        Random random = new Random(seed);
        List<String> names = new ArrayList<>(NAMES);
        Collections.shuffle(names, random);
        List<Person> people = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            // neighbours along the chain bank at different institutions, so that netting has something to do
            people.add(new Person(names.get(i), i % 2, "ABCDME".charAt(i)));
        }
        long first = 2_000L + random.nextInt(4_000);
        long second = 1_000L + random.nextInt((int) first - 1_500);
        long third = 500L + random.nextInt((int) second - 600);
        long fork = 700L + random.nextInt(1_500);
        List<Integer> victims = new ArrayList<>(List.of(0, 1, 2));
        Collections.shuffle(victims, random);
        // the second victim syncs last: until then nothing contradicts the first branch
        List<Integer> sync = new ArrayList<>(List.of(victims.get(0), victims.get(2), victims.get(1)));
        if (random.nextBoolean()) {
            Collections.swap(sync, 0, 1);
        }
        return new Cast(
                seed,
                people.get(0),
                people.get(1),
                people.get(2),
                people.get(3),
                people.get(4),
                people.get(5),
                List.of(first + 2_000 + random.nextInt(3_000), fork + 2_000, 1_000L + random.nextInt(4_000)),
                List.of(first, second, third),
                fork,
                random.nextInt(2),
                random.nextBoolean(),
                List.of(victims.get(0), victims.get(1)),
                sync);
    }

    List<Person> everybody() {
        return List.of(a, b, c, d, m, e);
    }

    Person receiver(int index) {
        return List.of(b, c, d).get(index);
    }
}
