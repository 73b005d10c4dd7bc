package org.jiaozi.cli.transport;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jiaozi.cli.transport.TransportException.Kind;

/**
 * One tap through a folder that both sides see: the messages of each side are numbered, {@code payee-1},
 * {@code payer-1}, {@code payee-2}, as plain files ({@code .msg}) or QR codes ({@code .png}). Each tap takes a folder
 * of its own; a side that starts again in it reads and writes the same names, so a retry needs no clearing up.
 */
public final class FolderTransport implements Transport {
    /** Which side of the tap this is. */
    public enum Side {
        PAYEE("payee"),
        PAYER("payer");

        private final String label;

        Side(String label) {
            this.label = label;
        }

        private Side other() {
            return this == PAYEE ? PAYER : PAYEE;
        }
    }

    /** What the messages look like on disk. */
    public enum Form {
        FILE,
        QR
    }

    private static final Duration POLL = Duration.ofMillis(50);

    private final Path folder;
    private final Side side;
    private final Form form;
    private int sent;
    private int received;

    public FolderTransport(Path folder, Side side, Form form) {
        this.folder = folder;
        this.side = side;
        this.form = form;
    }

    @Override
    public void send(byte[] message) {
        switch (form) {
            case FILE -> MessageFile.write(name(side, sent + 1, ".msg"), message);
            case QR -> QrCodes.writePng(message, name(side, sent + 1, ".png"));
        }
        sent++;
    }

    @Override
    public byte[] receive(Duration patience) {
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                byte[] message = switch (form) {
                    case FILE -> MessageFile.read(name(side.other(), received + 1, ".msg"));
                    case QR -> QrCodes.readPng(List.of(name(side.other(), received + 1, ".png")));
                };
                received++;
                return message;
            } catch (TransportException e) {
                boolean mayStillCome = e.kind() == Kind.CLOSED || e.kind() == Kind.INCOMPLETE;
                if (!mayStillCome) {
                    throw e;
                }
                if (System.nanoTime() - deadlineNanos >= 0) {
                    throw new TransportException(
                            Kind.TIMEOUT, "no whole message came in time (" + e.getMessage() + ")", e);
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransportException(Kind.TIMEOUT, "waiting was ended: try again", e);
        }
    }

    private Path name(Side whose, int number, String ending) {
        return folder.resolve(whose.label + "-" + number + ending);
    }

    /** The files stay: they are the record that a retry reads. */
    @Override
    public void close() {}
}
