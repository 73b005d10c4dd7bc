package org.jiaozi.lab.fuzz;

/** A comparison in steps: each is a branch, and a fuzzer that is guided by coverage takes one after the other. */
final class Planted {
    private Planted() {}

    static boolean matches(byte[] input) {
        if (input.length > 3 && input[0] == 'j') {
            if (input[1] == 'i') {
                if (input[2] == 'a') {
                    return input[3] == 'o';
                }
            }
        }
        return false;
    }
}
