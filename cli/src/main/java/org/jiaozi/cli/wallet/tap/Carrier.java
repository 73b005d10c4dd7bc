package org.jiaozi.cli.wallet.tap;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.transport.MessageFile;
import org.jiaozi.cli.transport.QrCodes;
import org.jiaozi.cli.transport.StreamListener;
import org.jiaozi.cli.transport.StreamTransport;
import org.jiaozi.cli.transport.Transport;
import org.jiaozi.core.value.Bytes;
import picocli.CommandLine.Option;

/** How the messages of a tap travel: the options that say so, and what they open. */
final class Carrier {
    private static final String MESSAGE = "message.png";

    @Option(
            names = "--listen",
            paramLabel = "[HOST:]PORT",
            description = "Wait for the other side over TCP; loopback unless a host is named, port 0 for any.")
    private Optional<String> listen = Optional.empty();

    @Option(names = "--connect", paramLabel = "HOST:PORT", description = "Go to the other side over TCP.")
    private Optional<String> connect = Optional.empty();

    @Option(names = "--file-in", paramLabel = "FILE", description = "Read the other side's message from a file.")
    private Optional<Path> fileIn = Optional.empty();

    @Option(names = "--file-out", paramLabel = "FILE", description = "Write the message for the other side to a file.")
    private Optional<Path> fileOut = Optional.empty();

    @Option(names = "--qr-in", paramLabel = "DIR", description = "Read the other side's message from QR images.")
    private Optional<Path> qrIn = Optional.empty();

    @Option(names = "--qr-out", paramLabel = "DIR", description = "Draw the message for the other side as QR images.")
    private Optional<Path> qrOut = Optional.empty();

    @Option(names = "--show-qr", description = "Draw what goes out in the terminal.")
    private boolean showQr;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long to wait for each message of a stream, default ${DEFAULT-VALUE}.")
    private int patience = 60;

    /** An open stream; closing it ends listening, too. */
    record Line(Transport transport, AutoCloseable whole) implements AutoCloseable {
        @Override
        public void close() {
            try {
                whole.close();
            } catch (Exception e) {
                // transports close without failing
                throw new IllegalStateException(e);
            }
        }
    }

    boolean isStream() {
        return listen.isPresent() || connect.isPresent();
    }

    boolean hasInput() {
        return fileIn.isPresent() || qrIn.isPresent();
    }

    Duration patience() {
        return Duration.ofSeconds(Math.max(1, patience));
    }

    /** Refuses combinations that name no way, or two. */
    void check(boolean reads, boolean writes) {
        if (listen.isPresent() && connect.isPresent()) {
            throw CommandFailure.usage("listen or connect, not both");
        }
        if (Stream.of(fileIn, qrIn).filter(Optional::isPresent).count() > 1
                || Stream.of(fileOut, qrOut).filter(Optional::isPresent).count() > 1) {
            throw CommandFailure.usage("a file or QR images, not both");
        }
        if (!isStream() && reads && !hasInput()) {
            throw CommandFailure.usage("say where the message comes from: --connect, --listen, --file-in or --qr-in");
        }
        if (!isStream() && writes && fileOut.isEmpty() && qrOut.isEmpty() && !showQr) {
            throw CommandFailure.usage(
                    "say where the message goes: --connect, --listen, --file-out, --qr-out or --show-qr");
        }
    }

    /** Opens the stream. A listener says first where it listens, so that a program can tell the other side. */
    Line open(Printer printer) {
        if (connect.isPresent()) {
            HostPort to = HostPort.parse(connect.get());
            StreamTransport transport = StreamTransport.connect(to.host(), to.port(), patience());
            return new Line(transport, transport);
        }
        HostPort at = HostPort.parse(listen.orElseThrow());
        StreamListener listener = StreamListener.listen(at.host(), at.port());
        try {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("listening", listener.hostAndPort());
            json.put("port", listener.port());
            printer.jsonLine(json);
            printer.human("Listening at " + listener.hostAndPort());
            return new Line(listener.accept(patience()), listener);
        } catch (RuntimeException e) {
            listener.close();
            throw e;
        }
    }

    Bytes read() {
        return Bytes.of(
                fileIn.isPresent() ? MessageFile.read(fileIn.get()) : QrCodes.readPng(List.of(qrIn.orElseThrow())));
    }

    /** Writes a message where files and pictures go; nothing if there is no such place. */
    void write(Printer printer, Bytes message) {
        fileOut.ifPresent(file -> MessageFile.write(file, message.toArray()));
        qrOut.ifPresent(folder -> QrCodes.writePng(message.toArray(), folder.resolve(MESSAGE)));
        if (showQr) {
            QrCodes.drawTerminal(message.toArray()).forEach(printer::human);
        }
    }

    private record HostPort(String host, int port) {
        static HostPort parse(String text) {
            int colon = text.lastIndexOf(':');
            String host = colon < 0 ? "" : text.substring(0, colon).replaceAll("^\\[|\\]$", "");
            try {
                int port = Integer.parseInt(text.substring(colon + 1));
                if (port >= 0 && port <= 65_535) {
                    return new HostPort(host, port);
                }
            } catch (NumberFormatException e) {
                throw CommandFailure.usage("'" + text + "' is no HOST:PORT");
            }
            throw CommandFailure.usage("'" + text + "' is no HOST:PORT");
        }
    }
}
