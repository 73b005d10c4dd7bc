package org.jiaozi.lab.fuzz;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;

/** Readers that do for each part of an input as much as there are parts: nobody must be able to send one to sleep. */
public final class Quadratic implements Function<String, Consumer<byte[]>> {
    private static final int PART = 24;

    @Override
    public Consumer<byte[]> apply(String name) {
        return Readers.target(name, Target.Family.STATEMENTS, input -> {
            int sum = switch (name) {
                case "copies" -> copies(input);
                case "walks" -> walks(input);
                case "compares" -> compares(input);
                default -> throw new IllegalArgumentException(name);
            };
            return again -> {
                if (sum < 0) {
                    throw new Finding("less than none");
                }
            };
        })::run;
    }

    /** Copies what follows each byte. */
    private static int copies(byte[] input) {
        int sum = 0;
        for (int at = 0; at < input.length; at++) {
            sum |= Arrays.copyOfRange(input, at, input.length).length;
        }
        return sum;
    }

    /** Looks at each byte before each byte, and allocates nothing. */
    private static int walks(byte[] input) {
        int equal = 0;
        for (int at = 0; at < input.length; at++) {
            for (int before = 0; before < at; before++) {
                equal |= input[at] == input[before] ? 1 : 0;
            }
        }
        return equal;
    }

    /** Looks for each of its parts among those before, as a reader of a list might that wants no two alike. */
    private static int compares(byte[] input) {
        int equal = 0;
        for (int at = 0; at + PART <= input.length; at += PART) {
            for (int before = 0; before < at; before += PART) {
                equal |= Arrays.equals(input, at, at + PART, input, before, before + PART) ? 1 : 0;
            }
        }
        return equal;
    }
}
