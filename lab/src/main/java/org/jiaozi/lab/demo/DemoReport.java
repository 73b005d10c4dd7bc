package org.jiaozi.lab.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The figures that a program reads; names with dots become nested objects. What is not reached yet is null. */
final class DemoReport {
    private static final List<String> ALWAYS = List.of(
            "failure",
            "profile",
            "seed",
            "seconds",
            "processes",
            "offline.isolated",
            "offline.respent",
            "offline.payments",
            "offline.maxHops",
            "tears.injected",
            "tears.recovered",
            "doubleSpend.attempted",
            "doubleSpend.convicted",
            "doubleSpend.framed",
            "doubleSpend.framingAttempts",
            "doubleSpend.framingRefused",
            "doubleSpend.blocked",
            "doubleSpend.refusedOffline",
            "doubleSpend.evidence",
            "bulletin.carriedByTap",
            "lost.held",
            "lost.returned",
            "supply.issued",
            "supply.redeemed",
            "supply.refunded",
            "supply.outstanding",
            "supply.balanced",
            "sizes.paymentBytes");

    private final ObjectNode root = Jiaozi.JSON.createObjectNode();

    DemoReport() {
        put("ok", false);
        for (String path : ALWAYS) {
            parent(path).putNull(last(path));
        }
        parent("sizes.paymentBytes").putObject("paymentBytes");
    }

    void put(String path, long value) {
        parent(path).put(last(path), value);
    }

    void put(String path, boolean value) {
        parent(path).put(last(path), value);
    }

    void put(String path, String value) {
        parent(path).put(last(path), value);
    }

    private ObjectNode parent(String path) {
        ObjectNode node = root;
        String[] names = path.split("\\.", -1);
        for (int i = 0; i < names.length - 1; i++) {
            node = node.withObjectProperty(names[i]);
        }
        return node;
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    ObjectNode json() {
        return root;
    }

    /** What does not hold of what the demo claims; empty when all of it does. */
    List<String> breaches() {
        List<String> breaches = new ArrayList<>();
        same(breaches, "tears.recovered", number("tears", "injected"), number("tears", "recovered"));
        same(breaches, "doubleSpend.convicted", number("doubleSpend", "attempted"), number("doubleSpend", "convicted"));
        same(breaches, "doubleSpend.framed", 0, number("doubleSpend", "framed"));
        if (number("tears", "injected") < 1) {
            breaches.add("no payment was torn");
        }
        if (number("doubleSpend", "framingAttempts") < 5) {
            breaches.add("fewer than five framing attempts");
        }
        if (!root.path("doubleSpend").path("blocked").asBoolean()) {
            breaches.add("the cheat's account is not blocked");
        }
        if (!root.path("bulletin").path("carriedByTap").asBoolean()) {
            breaches.add("no bulletin travelled by tap");
        }
        if (!root.path("supply").path("balanced").asBoolean()) {
            breaches.add("the supply does not balance");
        }
        same(
                breaches,
                "supply",
                number("supply", "issued"),
                number("supply", "redeemed") + number("supply", "refunded") + number("supply", "outstanding"));
        return breaches;
    }

    private long number(String object, String field) {
        return root.path(object).path(field).asLong(-1);
    }

    private static void same(List<String> breaches, String what, long due, long got) {
        if (due != got) {
            breaches.add(what + " is " + got + " where " + due + " is due");
        }
    }
}
