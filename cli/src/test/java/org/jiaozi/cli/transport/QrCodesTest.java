package org.jiaozi.cli.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.jiaozi.cli.transport.TransportException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class QrCodesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 640, 996, 997})
    void oneCodeHoldsAMessageOfUpTo997Bytes(int bytes) {
        byte[] message = Messages.ofSize(bytes);
        List<Path> files = QrCodes.writePng(message, folder.resolve("payment.png"));
        assertThat(files).containsExactly(folder.resolve("payment.png").toAbsolutePath());
        assertThat(QrCodes.readPng(files)).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(ints = {998, 5_000, 65_535})
    void aLargerMessageIsAnimatedAndReadInAnyOrder(int bytes) {
        byte[] message = Messages.ofSize(bytes);
        List<Path> files = QrCodes.writePng(message, folder.resolve("payment"));
        assertThat(files.getFirst()).hasFileName("payment-001.png");
        List<Path> shuffled = new ArrayList<>(files);
        Collections.shuffle(shuffled, new Random(7));
        assertThat(QrCodes.readPng(shuffled)).isEqualTo(message);
    }

    @Test
    void noCodeIsAboveVersion25() {
        int largest = 17 + 4 * 25;
        for (int bytes : new int[] {997, 998, 5_000, 65_536}) {
            List<String> texts = QrFrames.split(Messages.ofSize(bytes), QrFrames.MAX_VERSION);
            assertThat(QrFrames.modules(texts.getFirst()).getWidth()).isLessThanOrEqualTo(largest);
            assertThat(QrFrames.modules(texts.getLast()).getWidth()).isLessThanOrEqualTo(largest);
            assertThat(QrFrames.join(texts)).isEqualTo(Messages.ofSize(bytes));
        }
        assertThat(QrFrames.byteCapacity(25)).isEqualTo(997);
    }

    @Test
    void everyByteValueSurvivesWhateverModeTheCodeChooses() {
        for (String text :
                List.of("0123456789", "ABC-123", "ur:jiaozi/", "UR:JIAOZI/", "UR:JIAOZI/1-2/AAAA", "\u0000\u00ff")) {
            byte[] message = text.getBytes(StandardCharsets.ISO_8859_1);
            assertThat(QrCodes.read(QrCodes.images(message))).isEqualTo(message);
        }
        byte[] all = new byte[256];
        IntStream.range(0, 256).forEach(i -> all[i] = (byte) i);
        assertThat(QrCodes.read(QrCodes.images(all))).isEqualTo(all);
    }

    /** Lost frames are drawn anew each time; all figures follow from the seed. */
    @ParameterizedTest
    @ValueSource(ints = {1_500, 5_000, 20_000, 65_535})
    void anAnimationSurvivesTheLossOfAFifthOfItsFrames(int bytes) {
        byte[] message = Messages.ofSize(bytes);
        List<String> texts = QrFrames.split(message, QrFrames.MAX_VERSION);
        for (int seed = 0; seed < 10; seed++) {
            List<String> kept = new ArrayList<>(texts);
            Collections.shuffle(kept, new Random(seed));
            assertThat(QrFrames.join(kept.subList(0, texts.size() - texts.size() / 5)))
                    .as("seed %d", seed)
                    .isEqualTo(message);
        }
    }

    @Test
    void aDestroyedFrameIsALostFrame() throws IOException {
        byte[] message = Messages.ofSize(5_000);
        List<Path> files = QrCodes.writePng(message, folder.resolve("payment.png"));
        paint(files.get(1), 0.6);
        Files.write(files.get(2), new byte[] {1, 2, 3});
        Files.delete(files.get(3));
        assertThat(QrCodes.readPng(List.of(folder))).isEqualTo(message);
        assertThat(QrCodes.readPng(List.of(folder.resolve("payment.png")))).isEqualTo(message);
    }

    @Test
    void aScratchIsRepairedAndADestroyedCodeIsRefused() throws IOException {
        byte[] message = Messages.ofSize(700);
        List<Path> files = QrCodes.writePng(message, folder.resolve("payment.png"));
        paint(files.getFirst(), 0.15);
        assertThat(QrCodes.readPng(files)).isEqualTo(message);
        paint(files.getFirst(), 0.6);
        refused(Kind.UNREADABLE, "no QR code", () -> QrCodes.readPng(files));
    }

    @Test
    void aWrongWordInAFrameIsNoticed() {
        byte[] message = Messages.ofSize(3_000);
        List<String> texts = new ArrayList<>(QrFrames.split(message, QrFrames.MAX_VERSION));
        // Two neighbouring words change places, far inside the fragment, so that only the checksum can tell.
        String good = texts.getFirst();
        int at = good.length() - 40;
        String swapped = good.substring(at + 2, at + 4) + good.substring(at, at + 2);
        assertThat(swapped).isNotEqualTo(good.substring(at, at + 4));
        texts.set(0, good.substring(0, at) + swapped + good.substring(at + 4));
        assertThat(QrFrames.join(texts)).isEqualTo(message);
        refused(Kind.INCOMPLETE, "damaged", () -> QrFrames.join(texts.subList(0, 1)));
    }

    @Test
    void tooFewFramesAreIncomplete() {
        List<Path> files = QrCodes.writePng(Messages.ofSize(5_000), folder.resolve("payment.png"));
        refused(Kind.INCOMPLETE, "read some more", () -> QrCodes.readPng(files.subList(0, 3)));
    }

    @Test
    void framesOfSeveralMessagesAreRefused() {
        List<Path> files = new ArrayList<>(QrCodes.writePng(Messages.ofSize(5_000), folder.resolve("a.png")));
        files.addAll(QrCodes.writePng(Messages.ofSize(5_001), folder.resolve("b.png")));
        refused(Kind.UNREADABLE, "more than one message", () -> QrCodes.readPng(files));
        QrCodes.writePng(Messages.ofSize(10), folder.resolve("b.png"));
        refused(Kind.UNREADABLE, "more than one message", () -> QrCodes.readPng(List.of(folder)));
    }

    @Test
    void writingAgainLeavesNothingOfTheMessageBefore() {
        Path target = folder.resolve("payment.png");
        QrCodes.writePng(Messages.ofSize(5_000), target);
        QrCodes.writePng(Messages.ofSize(100), target);
        assertThat(QrCodes.readPng(List.of(folder))).isEqualTo(Messages.ofSize(100));
        QrCodes.writePng(Messages.ofSize(2_000), target);
        assertThat(QrCodes.readPng(List.of(target))).isEqualTo(Messages.ofSize(2_000));
    }

    @Test
    void aForeignCodeClaimingManyPartsIsRefused() {
        for (String text : List.of("UR:JIAOZI/1-9999999/AEAE", "UR:JIAOZI/0-0/AE", "UR:JIAOZI/1-2/", "UR:JIAOZI/")) {
            refused(Kind.INCOMPLETE, "damaged", () -> QrFrames.join(List.of(text)));
        }
    }

    @Test
    void emptyOversizeAndMissingAreRefused() {
        refused(Kind.UNREADABLE, "empty", () -> QrCodes.images(new byte[0]));
        refused(Kind.TOO_LARGE, "65537", () -> QrCodes.images(new byte[65_537]));
        refused(Kind.CLOSED, "no QR image", () -> QrCodes.readPng(List.of(folder.resolve("none.png"))));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 640, 997, 5_000})
    void whatTheTerminalShowsIsReadAgain(int bytes) {
        byte[] message = Messages.ofSize(bytes);
        assertThat(QrCodes.read(QrCodes.drawTerminal(message).stream()
                        .map(QrCodesTest::rasterise)
                        .toList()))
                .isEqualTo(message);
    }

    @Test
    void aNarrowTerminalGetsSmallerCodes() {
        byte[] message = Messages.ofSize(900);
        List<String> drawings = QrCodes.drawTerminal(message, 80);
        assertThat(drawings).hasSizeGreaterThan(1);
        assertThat(drawings)
                .allSatisfy(drawing -> assertThat(plainLines(drawing))
                        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80)));
        assertThat(QrCodes.read(drawings.stream().map(QrCodesTest::rasterise).toList()))
                .isEqualTo(message);
        refused(Kind.TOO_LARGE, "larger", () -> QrCodes.drawTerminal(message, 20));
    }

    private static List<String> plainLines(String drawing) {
        return drawing.replaceAll("\u001b\\[[0-9;]*m", "").lines().toList();
    }

    /** Each character is two square modules, one above the other, in a window with a dark background. */
    private static BufferedImage rasterise(String drawing) {
        List<String> lines = plainLines(drawing);
        int pixels = 3;
        int margin = 20;
        int width = lines.getFirst().length() * pixels + 2 * margin;
        BufferedImage image =
                new BufferedImage(width, lines.size() * 2 * pixels + 2 * margin, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.DARK_GRAY);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        for (int row = 0; row < lines.size(); row++) {
            for (int column = 0; column < lines.get(row).length(); column++) {
                char c = lines.get(row).charAt(column);
                int x = margin + column * pixels;
                int y = margin + row * 2 * pixels;
                graphics.setColor(c == '█' || c == '▀' ? Color.BLACK : Color.WHITE);
                graphics.fillRect(x, y, pixels, pixels);
                graphics.setColor(c == '█' || c == '▄' ? Color.BLACK : Color.WHITE);
                graphics.fillRect(x, y + pixels, pixels, pixels);
            }
        }
        graphics.dispose();
        return image;
    }

    /** A white square in the middle, its side a part of the image's. */
    private static void paint(Path file, double part) throws IOException {
        BufferedImage image = ImageIO.read(file.toFile());
        int side = (int) (image.getWidth() * part);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect((image.getWidth() - side) / 2, (image.getHeight() - side) / 2, side, side);
        graphics.dispose();
        ImageIO.write(image, "png", file.toFile());
    }

    private static void refused(Kind kind, String text, Runnable action) {
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(action::run)
                .withMessageContaining(text)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(kind))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }
}
