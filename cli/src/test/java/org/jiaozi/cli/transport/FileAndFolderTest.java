package org.jiaozi.cli.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jiaozi.cli.transport.FolderTransport.Form;
import org.jiaozi.cli.transport.FolderTransport.Side;
import org.jiaozi.cli.transport.TransportException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FileAndFolderTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(1);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 996, 997, 998, 5_000, 65_535, 65_536})
    void aFileIsExactlyTheMessage(int bytes) throws IOException {
        Path file = folder.resolve("new/payment.msg");
        MessageFile.write(file, new byte[] {1, 2, 3});
        MessageFile.write(file, Messages.ofSize(bytes));
        assertThat(Files.readAllBytes(file)).isEqualTo(Messages.ofSize(bytes));
        assertThat(MessageFile.read(file)).isEqualTo(Messages.ofSize(bytes));
        assertThat(list(folder.resolve("new"))).containsExactly(file);
    }

    @Test
    void emptyOversizeAndMissingFilesAreRefused() throws IOException {
        Path file = folder.resolve("payment.msg");
        fails(Kind.CLOSED, () -> MessageFile.read(file));
        Files.write(file, new byte[0]);
        fails(Kind.UNREADABLE, () -> MessageFile.read(file));
        Files.write(file, new byte[65_537]);
        fails(Kind.TOO_LARGE, () -> MessageFile.read(file));
        fails(Kind.IO, () -> MessageFile.read(folder));
    }

    @Test
    void aWriteThatFailsChangesNothing() throws IOException {
        Path file = folder.resolve("payment.msg");
        MessageFile.write(file, new byte[] {7});
        fails(Kind.TOO_LARGE, () -> MessageFile.write(file, new byte[65_537]));
        fails(Kind.UNREADABLE, () -> MessageFile.write(file, new byte[0]));
        fails(Kind.IO, () -> MessageFile.write(folder, new byte[] {1}));
        fails(Kind.IO, () -> MessageFile.write(file.resolve("below-a-file"), new byte[] {1}));
        assertThat(MessageFile.read(file)).containsExactly(7);
        assertThat(list(folder)).containsExactly(file);
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aTapGoesThroughAFolderAndCanStartAgain(Form form) {
        byte[] request = Messages.ofSize(300);
        byte[] payment = Messages.ofSize(1_500);
        byte[] receipt = Messages.ofSize(200);
        try (FolderTransport payee = new FolderTransport(folder, Side.PAYEE, form);
                FolderTransport payer = new FolderTransport(folder, Side.PAYER, form)) {
            payee.send(request);
            assertThat(payer.receive(LONG)).isEqualTo(request);
            fails(Kind.TIMEOUT, () -> payee.receive(SHORT));
            payer.send(payment);
            assertThat(payee.receive(LONG)).isEqualTo(payment);
            payee.send(receipt);
            assertThat(payer.receive(LONG)).isEqualTo(receipt);
        }
        try (FolderTransport payer = new FolderTransport(folder, Side.PAYER, form)) {
            assertThat(payer.receive(LONG)).isEqualTo(request);
            payer.send(payment);
            assertThat(payer.receive(LONG)).isEqualTo(receipt);
        }
    }

    @Test
    void aDamagedMessageInAFolderIsNotWaitedFor() throws IOException {
        Files.write(folder.resolve("payer-1.msg"), new byte[65_537]);
        try (FolderTransport payee = new FolderTransport(folder, Side.PAYEE, Form.FILE)) {
            fails(Kind.TOO_LARGE, () -> payee.receive(LONG));
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static void fails(Kind kind, Runnable action) {
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(action::run)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(kind))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }
}
