package org.jiaozi.lab.judge;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Judges what institutions are told of netting cycles, and their own books against it (spec 07, clause 16). Not thread-safe. */
final class CycleJudge {
    private final List<String> breaches;
    private final Map<Integer, Long> gained = new TreeMap<>();
    private final Map<Integer, Long> redeemed = new TreeMap<>();
    private final Map<Integer, Long> gainedTold = new HashMap<>();
    private final Map<Integer, Long> redeemedTold = new HashMap<>();

    CycleJudge(List<String> breaches) {
        this.breaches = breaches;
    }

    private void expect(long is, long due, String what) {
        if (is != due) {
            breaches.add(what + " is " + is + " where it should be " + due);
        }
    }

    /** A part of an institution's note is outstanding no more. */
    void redeemed(int issuer, long units) {
        redeemed.merge(issuer, units, Math::addExact);
    }

    void posted(String debit, String credit, long amount, String reason) {
        if (reason.equals("netting")) {
            change(debit, -amount);
            change(credit, amount);
        }
    }

    private void change(String account, long amount) {
        if (account.startsWith("reserve:")) {
            gained.merge(Integer.parseInt(account.substring("reserve:".length())), amount, Math::addExact);
        }
    }

    /** An institution is told what its reserve gained, or lost, and what of its notes was redeemed, since the last cycle. */
    void told(int institution, long in, long out, long floatRedeemed) {
        gainedTold.merge(institution, in - out, Math::addExact);
        redeemedTold.merge(institution, floatRedeemed, Math::addExact);
        expect(
                gainedTold.getOrDefault(institution, 0L),
                gained.getOrDefault(institution, 0L),
                "what institution " + institution + " is told that netting brought it");
        expect(
                redeemedTold.getOrDefault(institution, 0L),
                redeemed.getOrDefault(institution, 0L),
                "what institution " + institution + " is told of its notes");
    }

    /** What an institution has on its own books after the last cycle. */
    void books(int institution, long reserve, long frozen) {
        expect(reserve, gained.getOrDefault(institution, 0L), "what institution " + institution + " books as reserve");
        expect(
                frozen,
                redeemed.getOrDefault(institution, 0L),
                "what institution " + institution + " books as unfrozen");
    }
}
