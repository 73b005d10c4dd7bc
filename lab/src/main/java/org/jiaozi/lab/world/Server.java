package org.jiaozi.lab.world;

import org.jiaozi.core.value.Timestamp;

/** What a server stands on: its clock, which is wrong and steps back, and its disk, which is full. Not thread-safe. */
final class Server {
    private final World world;
    private final String name;
    private long skewSeconds;
    private boolean full;

    Server(World world, String name) {
        this.world = world;
        this.name = name;
    }

    /** What it takes for the time. */
    Timestamp now() {
        return new Timestamp(world.now().seconds() + skewSeconds);
    }

    /** Its clock steps, forwards or back. */
    void skew(long seconds) {
        skewSeconds = seconds;
    }

    boolean full() {
        return full;
    }

    /** From now on nothing more can be written, or again everything. */
    void fill(boolean toTheBrim) {
        full = toTheBrim;
    }

    /** One durable effect; before and after it the server may die, and where there is no room it does. */
    void durable(Runnable effect) {
        mustHaveRoom();
        effect.run();
        world.mayDie(name + ", after it wrote");
    }

    /** It is about to write: it may die over it, and where there is no room it does. */
    void mustHaveRoom() {
        world.mayDie(name + ", before it wrote");
        if (full && !world.calm()) {
            world.tally().count(Tally.Event.NO_ROOM);
            throw new Died(name + " has no room to write");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
