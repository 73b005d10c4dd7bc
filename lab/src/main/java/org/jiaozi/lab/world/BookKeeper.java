package org.jiaozi.lab.world;

/** Compares what institutions have on their books with what the central bank has on its own. */
final class BookKeeper {
    private static final int ROUNDS = 3;

    private BookKeeper() {}

    /** A day on which whatever is on its way arrives, a cycle closes, nothing goes wrong, and books are compared. */
    static void compareAll(World world) {
        world.quietly(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                while (world.wire().arrive()) {
                    // and what follows from it
                }
                world.tellers().forEach(Teller::resume);
                world.central().net();
            }
            world.tellers().forEach(Teller::resume);
            for (Teller teller : world.tellers()) {
                if (!teller.halfway()) {
                    world.tally().count(Tally.Event.BOOKS_COMPARED);
                    compare(world, teller);
                }
            }
        });
    }

    /** After a cycle of which the institution has read, with nothing halfway. */
    static void compare(World world, Teller teller) {
        Till till = teller.till();
        int number = teller.house().id().number();
        same(world, teller, "clearing", -till.balance("clearing"), world.judge().balance("clearing:" + number));
        same(
                world,
                teller,
                "float",
                till.balance("float"),
                Math.addExact(world.judge().balance("float:" + number), world.unregistered(teller.house())));
        world.judge().books(number, -till.balance("reserve"), till.balance("frozen"));
    }

    private static void same(World world, Teller teller, String what, long booked, long has) {
        world.judge()
                .expect(
                        booked == has,
                        teller.house() + " books " + booked + " as " + what + " where the central bank has " + has);
    }
}
