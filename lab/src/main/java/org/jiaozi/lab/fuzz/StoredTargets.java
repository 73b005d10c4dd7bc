package org.jiaozi.lab.fuzz;

import static org.jiaozi.lab.fuzz.Readers.canonical;
import static org.jiaozi.lab.fuzz.Readers.readIsAll;
import static org.jiaozi.lab.fuzz.Readers.same;
import static org.jiaozi.lab.fuzz.Readers.target;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.wallet.store.StoreException;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.Argon2Cost;
import org.jiaozi.crypto.PinVault;
import org.jiaozi.crypto.SystemEntropy;
import org.jiaozi.lab.fuzz.Target.Bound;
import org.jiaozi.lab.fuzz.Target.Family;
import org.jiaozi.wallet.host.WalletRows.Kind;
import org.jiaozi.wallet.purse.PurseStateCodec;

/** What a device stores and reads back, damaged or not. */
final class StoredTargets {
    private static final String STORE = "cli.wallet.store.";
    private static final String CODEC = "wallet.host.RowCodec";

    private StoredTargets() {}

    static List<Target> all() {
        return List.of(
                canonical("purse-state", Family.STORED, PurseStateCodec::decode, PurseStateCodec::encode),
                row(),
                outbox(),
                keyRing(),
                vault(),
                mark());
    }

    /** The kind's number in storage, and the row's value. */
    private static Target row() {
        Map<Integer, Hidden> readers = new TreeMap<>();
        for (Kind kind : Kind.values()) {
            if (kind != Kind.PURSE) {
                readers.put(kind.number(), Hidden.method(CODEC, kind.name().toLowerCase(Locale.ROOT), Bytes.class));
            }
        }
        Hidden encode = Hidden.method(CODEC, "encode", Object.class);
        return target("wallet-row", Family.STORED, input -> {
            Hidden reader = input.length == 0 ? null : readers.get((int) input[0]);
            if (reader == null) {
                return readIsAll();
            }
            byte[] head = {input[0]};
            Object item = reader.call(Bytes.of(input).slice(1, input.length));
            return same(() -> Bytes.of(head).concat((Bytes) encode.call(item)).toArray());
        });
    }

    /** A message that the account key signed, in a file beside the key. */
    private static Target outbox() {
        Scratch scratch = new Scratch();
        Hidden read = Hidden.method("cli.wallet.online.HolderOutbox", "read", Path.class);
        return target(
                "holder-outbox",
                Family.STORED,
                Readers.CODEC,
                input -> {
                    @SuppressWarnings("unchecked")
                    Signed<WalletMessage> message = (Signed<WalletMessage>) read.call(scratch.file("message", input));
                    return same(() ->
                            Bytes.of(new byte[] {1}).concat(message.encode()).toArray());
                },
                CommandFailure.class);
    }

    private static Target keyRing() {
        Hidden read = Hidden.method(STORE + "KeyRing", "read", Bytes.class);
        Hidden write = Hidden.method(STORE + "KeyRing", "write");
        return target(
                "key-ring",
                Family.STORED,
                Readers.CODEC,
                input -> {
                    Object ring = read.call(Bytes.of(input));
                    return same(() -> ((Bytes) write.call(ring)).toArray());
                },
                StoreException.class);
    }

    /** What a guess costs is set to the least, where it is within its bounds, for a guess is dear on purpose. */
    private static Target vault() {
        char[] pin = "271828".toCharArray();
        PinVault vault = new PinVault(Argon2Cost.CHEAP_FOR_TESTS, new SystemEntropy());
        return target(
                "pin-vault",
                Family.STORED,
                new Bound(512, 1 << 20),
                input -> switch (vault.open(pin, Bytes.EMPTY, Bytes.of(cheap(input)))) {
                    case PinVault.Content c ->
                        again -> {
                            Bytes sealed = vault.seal(pin, Bytes.EMPTY, c.bytes());
                            if (sealed.size() != c.bytes().size() + PinVault.OVERHEAD) {
                                throw new Finding("sealed again it has another length");
                            }
                        };
                    case PinVault.Refused ignored -> readIsAll();
                    case PinVault.Unreadable ignored -> readIsAll();
                },
                DecodeException.class);
    }

    private static byte[] cheap(byte[] input) {
        byte[] copy = input.clone();
        if (copy.length > 7) {
            int memory = ByteBuffer.wrap(copy).getInt(1);
            if (memory >= 32 && memory <= Argon2Cost.MAX_MEMORY_KIB) {
                ByteBuffer.wrap(copy).putInt(1, 32);
            }
            if (copy[5] > 0 && copy[5] <= Argon2Cost.MAX_PASSES) {
                copy[5] = 1;
            }
        }
        return copy;
    }

    private static Target mark() {
        Scratch scratch = new Scratch();
        Hidden make = Hidden.constructor(STORE + "Mark", Path.class, String.class);
        Hidden read = Hidden.method(STORE + "Mark", "read");
        return target("mark", Family.STORED, Readers.CODEC, input -> {
            scratch.file("mark", input);
            OptionalLong counter = (OptionalLong) read.call(make.call(scratch.folder(), "mark"));
            return again -> {
                if (counter.isPresent() && counter.getAsLong() < 0) {
                    throw new Finding("a mark below zero");
                }
            };
        });
    }
}
