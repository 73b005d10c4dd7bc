package org.jiaozi.core.value;

/**
 * The number the central bank gave an institution; 0 is the central bank itself.
 *
 * @param number 0 to 65,535
 */
public record InstitutionId(int number) implements Comparable<InstitutionId> {
    public static final InstitutionId CENTRAL_BANK = new InstitutionId(0);

    public InstitutionId {
        Limit.check("institution", number, Limit.UINT16);
    }

    @Override
    public int compareTo(InstitutionId other) {
        return Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
        return Integer.toString(number);
    }
}
