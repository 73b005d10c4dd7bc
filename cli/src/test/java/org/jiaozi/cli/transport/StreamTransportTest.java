package org.jiaozi.cli.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.jiaozi.cli.transport.TransportException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ends in one thread: a socket's buffers hold a message, so no end has to run while the other sends. */
final class StreamTransportTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(50);

    @ParameterizedTest
    @ValueSource(ints = {1, 996, 997, 998, 5_000, 65_535, 65_536})
    void messagesGoBothWays(int bytes) {
        try (StreamListener listener = StreamListener.listen(0);
                StreamTransport payer = StreamTransport.connect("", listener.port(), LONG);
                StreamTransport payee = listener.accept(LONG)) {
            payee.send(Messages.ofSize(bytes));
            payee.send(new byte[] {1});
            assertThat(payer.receive(LONG)).isEqualTo(Messages.ofSize(bytes));
            assertThat(payer.receive(LONG)).containsExactly(1);
            payer.send(Messages.ofSize(bytes));
            assertThat(payee.receive(LONG)).isEqualTo(Messages.ofSize(bytes));
        }
    }

    @Test
    void aListenerIsOnLoopbackAndServesOneTapAfterTheOther() {
        try (StreamListener listener = StreamListener.listen(0)) {
            assertThat(listener.hostAndPort()).isEqualTo("127.0.0.1:" + listener.port());
            for (byte tap = 1; tap <= 3; tap++) {
                try (StreamTransport payer = StreamTransport.connect("localhost", listener.port(), LONG);
                        StreamTransport payee = listener.accept(LONG)) {
                    assertThatIllegalStateException().isThrownBy(() -> listener.accept(LONG));
                    payer.send(new byte[] {tap});
                    assertThat(payee.receive(LONG)).containsExactly(tap);
                }
            }
        }
    }

    @Test
    void truncatedFramesAreIncomplete() throws IOException {
        fails(Kind.INCOMPLETE, "2 of 4", 0, 0);
        fails(Kind.INCOMPLETE, "3 of 5", 0, 0, 0, 5, 1, 2, 3);
        fails(Kind.INCOMPLETE, "0 of 5", 0, 0, 0, 5);
        fails(Kind.CLOSED, "without sending");
    }

    @Test
    void emptyAndOversizeFramesAreRefusedByTheirLength() throws IOException {
        fails(Kind.UNREADABLE, "empty", 0, 0, 0, 0);
        fails(Kind.TOO_LARGE, "65537", 0, 1, 0, 1);
        fails(Kind.TOO_LARGE, "4294967295", 255, 255, 255, 255);
    }

    private static void fails(Kind kind, String text, int... wire) throws IOException {
        try (StreamListener listener = StreamListener.listen(0)) {
            StreamTransport payee;
            try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
                payee = listener.accept(LONG);
                for (int b : wire) {
                    stranger.getOutputStream().write(b);
                }
            }
            assertThatExceptionOfType(TransportException.class)
                    .isThrownBy(() -> payee.receive(LONG))
                    .withMessageContaining(text)
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
            assertThat(payee.isClosed()).isTrue();
        }
    }

    @Test
    void sendingRefusesEmptyAndOversizeAndStaysUsable() {
        try (StreamListener listener = StreamListener.listen(0);
                StreamTransport payer = StreamTransport.connect("", listener.port(), LONG);
                StreamTransport payee = listener.accept(LONG)) {
            assertThatExceptionOfType(TransportException.class).isThrownBy(() -> payer.send(new byte[0]));
            assertThatExceptionOfType(TransportException.class).isThrownBy(() -> payer.send(new byte[65_537]));
            payer.send(new byte[] {9});
            assertThat(payee.receive(LONG)).containsExactly(9);
        }
    }

    @Test
    void patienceEnds() throws IOException {
        try (StreamListener listener = StreamListener.listen(0)) {
            times(() -> listener.accept(SHORT));
            try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), listener.port());
                    StreamTransport payee = listener.accept(LONG)) {
                stranger.getOutputStream().write(new byte[] {0, 0, 0, 5, 1});
                times(() -> payee.receive(SHORT));
            }
        }
    }

    private static void times(Runnable action) {
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(action::run)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.TIMEOUT));
    }

    @Test
    void nobodyThereIsToldPlainly() {
        int port;
        try (StreamListener listener = StreamListener.listen(0)) {
            port = listener.port();
        }
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> StreamTransport.connect("127.0.0.1", port, LONG))
                .withMessageContaining("nobody listens at 127.0.0.1:" + port);
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> StreamTransport.connect("127.0.0.1", 70_000, LONG))
                .withMessageContaining("cannot connect");
    }
}
