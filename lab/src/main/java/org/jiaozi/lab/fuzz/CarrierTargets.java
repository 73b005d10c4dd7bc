package org.jiaozi.lab.fuzz;

import static org.jiaozi.lab.fuzz.Readers.equal;
import static org.jiaozi.lab.fuzz.Readers.readIsAll;
import static org.jiaozi.lab.fuzz.Readers.target;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jiaozi.cli.transport.QrCodes;
import org.jiaozi.cli.transport.Transport;
import org.jiaozi.cli.transport.TransportException;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.lab.fuzz.Target.Bound;
import org.jiaozi.lab.fuzz.Target.Family;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.http.Problem;

/** What carries messages: the stream's framing, QR codes, and the bodies by which a server says no. */
final class CarrierTargets {
    /** Whatever length a stream announces, only what has come may cost memory; what is said of a broken one costs the rest. */
    private static final Bound STREAM = new Bound(16, 32 << 10);

    /** A frame says how many parts there are, at most 999, and the fountain code draws from so many. */
    private static final Bound FRAMES = new Bound(16 << 10, 1 << 20);

    private static final int LARGEST_VERSION = 25;

    private CarrierTargets() {}

    static List<Target> all() {
        return List.of(
                stream(),
                frames(),
                picture(),
                problem("problem-cbor", MediaType.PROBLEM_CBOR, "cbor"),
                problem("problem-json", MediaType.PROBLEM_JSON, "json"));
    }

    /** A socket whose other side has said all that it will say. */
    private static final class Said extends Socket {
        private final InputStream in;
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Said(byte[] bytes) {
            in = new ByteArrayInputStream(bytes);
        }

        @Override
        public InputStream getInputStream() {
            return in;
        }

        @Override
        public OutputStream getOutputStream() {
            return out;
        }

        @Override
        public void setTcpNoDelay(boolean on) {}

        @Override
        public void setSendBufferSize(int size) {}

        @Override
        public void setSoTimeout(int millis) {}
    }

    private static Target stream() {
        Hidden open = Hidden.constructor("cli.transport.StreamTransport", Socket.class);
        return target(
                "stream-frame",
                Family.CARRIERS,
                STREAM,
                input -> {
                    byte[] message = ((Transport) open.call(new Said(input))).receive(Duration.ofMinutes(1));
                    return again -> {
                        Said said = new Said(new byte[0]);
                        ((Transport) open.call(said)).send(message);
                        byte[] written = said.out.toByteArray();
                        // what follows the frame is the next message
                        if (!Arrays.equals(written, Arrays.copyOf(again, written.length))) {
                            throw new Finding("sent again it is " + Arrays.toString(written));
                        }
                    };
                },
                TransportException.class);
    }

    /** The texts of codes, one a line. */
    private static Target frames() {
        Hidden join = Hidden.method("cli.transport.QrFrames", "join", List.class);
        Hidden split = Hidden.method("cli.transport.QrFrames", "split", byte[].class, int.class);
        return target(
                "qr-frames",
                Family.CARRIERS,
                FRAMES,
                input -> {
                    List<String> texts = List.of(new String(input, StandardCharsets.ISO_8859_1).split("\n", -1));
                    byte[] message = (byte[]) join.call(texts);
                    return again -> {
                        byte[] back = (byte[]) join.call(split.call(message, LARGEST_VERSION));
                        if (!Arrays.equals(message, back)) {
                            throw new Finding("split and joined again it is " + Arrays.toString(back));
                        }
                    };
                },
                TransportException.class);
    }

    /** A picture may be as large as a photograph, so the side it claims is part of what reading it may cost. */
    private static Target picture() {
        Scratch scratch = new Scratch();
        return target(
                "qr-picture",
                Family.PICTURES,
                new Bound(1 << 10, 8 << 20),
                input -> {
                    byte[] message = QrCodes.readPng(List.of(scratch.file("code.png", small(input))));
                    return again -> {
                        byte[] back = QrCodes.read(QrCodes.images(message));
                        if (!Arrays.equals(message, back)) {
                            throw new Finding("drawn and read again it is " + Arrays.toString(back));
                        }
                    };
                },
                TransportException.class);
    }

    /** Sides over 255 pixels, where a PNG says them, are cut to one byte. */
    private static byte[] small(byte[] png) {
        byte[] copy = png.clone();
        if (copy.length >= 24) {
            ByteBuffer head = ByteBuffer.wrap(copy);
            head.putInt(16, head.getInt(16) & 0xff).putInt(20, head.getInt(20) & 0xff);
        }
        return copy;
    }

    private static Target problem(String name, String type, String writer) {
        Hidden write = Hidden.method("server.http.Problem", writer, Refusal.class);
        return target(name, Family.FILES, Readers.CODEC, input -> {
            Optional<Refusal> refusal = Problem.read(type, input);
            return refusal.isEmpty() || refusal.get().detail().isEmpty()
                    ? readIsAll()
                    : equal(refusal, r -> {
                        try {
                            return Problem.read(type, (byte[]) write.call(r.orElseThrow()));
                        } catch (Exception e) {
                            throw new Finding("a refusal that cannot be written", e);
                        }
                    });
        });
    }
}
