package org.jiaozi.lab.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;

/** Deposits in a file as they travel, one after the other, so that none but those on their way are in memory. */
final class Letters {
    /**
     * A deposit that is ready to be sent and to have its answer opened.
     *
     * @param merchant who deposits, by place
     * @param slices how many payments are in it
     * @param forks money in it that somebody else has, too
     * @param id of the message inside
     * @param reply to whom the answer is sealed
     * @param sealed the envelope
     */
    record Letter(int merchant, int slices, List<Payments.Fork> forks, Nonce id, Sealer.KeyPair reply, Bytes sealed) {}

    private Letters() {}

    /** Writes them; what is closed is whole. */
    static final class Writer implements AutoCloseable {
        private final DataOutputStream out;

        Writer(Path file) throws IOException {
            out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 20));
        }

        void write(Letter letter) {
            try {
                out.writeBoolean(true);
                out.writeInt(letter.merchant());
                out.writeInt(letter.slices());
                out.writeInt(letter.forks().size());
                for (Payments.Fork fork : letter.forks()) {
                    out.writeLong(fork.number());
                    Stock.bytes(out, fork.culprit().bytes());
                }
                Stock.bytes(out, letter.id().bytes());
                Stock.bytes(out, letter.reply().publicKey());
                Stock.bytes(out, letter.reply().privateKey());
                Stock.bytes(out, letter.sealed());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Ends with what the purses have signed by now: where to go on from. */
        void end(Stock.Counters counters) throws IOException {
            out.writeBoolean(false);
            counters.write(out);
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /** Reads them. Thread-safe. */
    static final class Reader implements AutoCloseable {
        private final DataInputStream in;
        private boolean ended;

        Reader(Path file) throws IOException {
            in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20));
        }

        /** The next one, if there is any. */
        synchronized Optional<Letter> next() {
            try {
                if (ended || !in.readBoolean()) {
                    ended = true;
                    return Optional.empty();
                }
                int merchant = in.readInt();
                int slices = in.readInt();
                int number = in.readInt();
                List<Payments.Fork> forks = new ArrayList<>();
                for (int i = 0; i < number; i++) {
                    forks.add(new Payments.Fork(in.readLong(), new Thumbprint(Stock.bytes(in))));
                }
                return Optional.of(new Letter(
                        merchant,
                        slices,
                        forks,
                        new Nonce(Stock.bytes(in)),
                        new Sealer.KeyPair(Stock.bytes(in), Stock.bytes(in)),
                        Stock.bytes(in)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** What the purses had signed at the end of the file. */
        synchronized Stock.Counters counters(int purses) throws IOException {
            while (next().isPresent()) {
                // on to the end
            }
            return Stock.Counters.read(in, purses);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
