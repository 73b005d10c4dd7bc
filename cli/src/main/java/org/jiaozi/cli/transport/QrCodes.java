package org.jiaozi.cli.transport;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.ReaderException;
import com.google.zxing.client.j2se.BufferedImageLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jiaozi.cli.output.Reason;
import org.jiaozi.cli.transport.TransportException.Kind;

/**
 * A message as QR codes: PNG files, or text for a terminal. One code where 997 bytes hold it (version 25, level M),
 * otherwise an animation of which a few frames may be lost. See {@link QrFrames} for what the codes contain.
 */
public final class QrCodes {
    /** Light modules around a code, as ISO/IEC 18004 asks. */
    private static final int QUIET_MODULES = 4;

    private static final int MODULE_PIXELS = 4;
    private static final int MAX_IMAGE_BYTES = 16 << 20;
    private static final int MAX_IMAGE_SIDE_PIXELS = 8_192;
    private static final int MAX_IMAGES = 2_000;
    private static final String BLACK_ON_WHITE = "\u001b[38;5;16;48;5;231m";
    private static final String PLAIN = "\u001b[0m";

    static {
        // Images are only computed here; asking for a display would fail on a server and be slow elsewhere.
        System.setProperty("java.awt.headless", "true");
        ImageIO.setUseCache(false);
    }

    private QrCodes() {}

    /** The codes as images, in the order to show them. */
    public static List<BufferedImage> images(byte[] message) {
        return QrFrames.split(message, QrFrames.MAX_VERSION).stream()
                .map(text -> image(QrFrames.modules(text)))
                .toList();
    }

    /**
     * Writes the codes as PNG: {@code NAME.png} for one, {@code NAME-001.png} and so on for several. Files of an
     * earlier message under the same name are removed first, so that the two never mix.
     *
     * @param target {@code NAME.png}, or {@code NAME} to which {@code .png} is added
     * @return the files, in the order to show them
     */
    public static List<Path> writePng(byte[] message, Path target) {
        List<BufferedImage> images = images(message);
        Path folder = folderOf(target);
        String stem = stem(target);
        for (Path old : written(folder, stem)) {
            try {
                Files.deleteIfExists(old);
            } catch (IOException e) {
                throw new TransportException(Kind.IO, "cannot replace " + old + ": " + Reason.of(e), e);
            }
        }
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            String number = images.size() == 1 ? "" : String.format(Locale.ROOT, "-%03d", i + 1);
            Path file = folder.resolve(stem + number + ".png");
            // A picture is shown, not kept: what it says is already durable in the wallet that drew it.
            MessageFile.writeAtomically(file, png(images.get(i)), false);
            files.add(file);
        }
        return List.copyOf(files);
    }

    /**
     * Reads one message back from images.
     *
     * @param paths images in any order; a folder stands for every PNG in it, and {@code NAME.png} that does not exist
     *     for {@code NAME-001.png} and so on. Images without a readable code count as lost frames.
     * @throws TransportException of kind CLOSED if there are none yet, INCOMPLETE if frames are missing, and
     *     UNREADABLE if none can be read or they are of several messages
     */
    public static byte[] readPng(List<Path> paths) {
        List<Path> files =
                paths.stream().flatMap(path -> expand(path).stream()).distinct().toList();
        if (files.isEmpty()) {
            throw new TransportException(Kind.CLOSED, "there is no QR image at " + paths + ": check the name");
        }
        if (files.size() > MAX_IMAGES) {
            throw new TransportException(Kind.TOO_LARGE, "there are over " + MAX_IMAGES + " images: name fewer");
        }
        return QrFrames.join(files.stream()
                .map(file -> decode(file, MessageFile.readBounded(file, MAX_IMAGE_BYTES)))
                .flatMap(Optional::stream)
                .toList());
    }

    /** Reads one message back from images in memory, like {@link #readPng}. */
    public static byte[] read(List<BufferedImage> images) {
        return QrFrames.join(
                images.stream().map(QrCodes::decode).flatMap(Optional::stream).toList());
    }

    /** The codes as text for a terminal, to show one after the other in a loop where there are several. */
    public static List<String> drawTerminal(byte[] message) {
        return QrFrames.split(message, QrFrames.MAX_VERSION).stream()
                .map(QrCodes::draw)
                .toList();
    }

    /**
     * The same with smaller codes, and more of them.
     *
     * @param columns the width of the terminal; the codes are half as many lines high
     * @throws TransportException of kind TOO_LARGE if that is too narrow for the message
     */
    public static List<String> drawTerminal(byte[] message, int columns) {
        int version = Math.clamp((columns - 2 * QUIET_MODULES - 17) / 4, 1, QrFrames.MAX_VERSION);
        return QrFrames.split(message, version).stream().map(QrCodes::draw).toList();
    }

    /** Two modules to a character, dark ones drawn; colours are set so that any terminal shows dark on light. */
    private static String draw(String text) {
        ByteMatrix modules = QrFrames.modules(text);
        int side = modules.getWidth() + 2 * QUIET_MODULES;
        StringBuilder drawing = new StringBuilder();
        for (int y = 0; y < side; y += 2) {
            drawing.append(BLACK_ON_WHITE);
            for (int x = 0; x < side; x++) {
                boolean upper = dark(modules, x, y);
                boolean lower = dark(modules, x, y + 1);
                drawing.append(upper ? (lower ? '█' : '▀') : (lower ? '▄' : ' '));
            }
            drawing.append(PLAIN).append('\n');
        }
        return drawing.toString();
    }

    private static boolean dark(ByteMatrix modules, int x, int y) {
        int column = x - QUIET_MODULES;
        int row = y - QUIET_MODULES;
        return column >= 0
                && row >= 0
                && column < modules.getWidth()
                && row < modules.getHeight()
                && modules.get(column, row) == 1;
    }

    private static BufferedImage image(ByteMatrix modules) {
        int side = (modules.getWidth() + 2 * QUIET_MODULES) * MODULE_PIXELS;
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_BINARY);
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                image.setRGB(x, y, dark(modules, x / MODULE_PIXELS, y / MODULE_PIXELS) ? 0xFF000000 : 0xFFFFFFFF);
            }
        }
        return image;
    }

    private static byte[] png(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, "png", bytes)) {
                throw new IllegalStateException("the JDK writes PNG");
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    /**
     * The size is checked before the pixels are unpacked: a small file can claim a huge picture. PNG alone is read; the
     * libraries bring readers of a dozen old formats, which would take whatever file somebody hands over.
     */
    private static Optional<String> decode(Path file, byte[] bytes) {
        ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
            try {
                // without its remarks: a megabyte of packed ones would be unpacked to gigabytes, and kept
                reader.setInput(in, false, true);
                if (reader.getWidth(0) > MAX_IMAGE_SIDE_PIXELS || reader.getHeight(0) > MAX_IMAGE_SIDE_PIXELS) {
                    throw new TransportException(
                            Kind.TOO_LARGE, file + " is over " + MAX_IMAGE_SIDE_PIXELS + " pixels wide or high");
                }
                return decode(reader.read(0));
            } finally {
                reader.dispose();
            }
        } catch (TransportException tooLarge) {
            throw tooLarge;
        } catch (IOException | RuntimeException e) {
            // A damaged picture is a lost frame, and the JDK's reader throws whatever it stumbles over.
            return Optional.empty();
        }
    }

    /** A drawn code first, which is exact and fast; then as a photograph of one. */
    private static Optional<String> decode(BufferedImage image) {
        BinaryBitmap bitmap = new BinaryBitmap(new HybridBinarizer(new BufferedImageLuminanceSource(image)));
        return decode(bitmap, DecodeHintType.PURE_BARCODE).or(() -> decode(bitmap, DecodeHintType.TRY_HARDER));
    }

    /** ISO-8859-1 makes a character of each byte; without it the decoder guesses. */
    private static Optional<String> decode(BinaryBitmap bitmap, DecodeHintType how) {
        try {
            return Optional.of(new QRCodeReader()
                    .decode(bitmap, Map.of(how, true, DecodeHintType.CHARACTER_SET, "ISO-8859-1"))
                    .getText());
        } catch (ReaderException e) {
            return Optional.empty();
        }
    }

    private static List<Path> expand(Path path) {
        if (Files.isDirectory(path)) {
            return list(path, Pattern.compile("[^.].*\\.png"));
        }
        return Files.exists(path) ? List.of(path) : written(folderOf(path), stem(path));
    }

    private static List<Path> written(Path folder, String stem) {
        return list(folder, Pattern.compile(Pattern.quote(stem) + "(-\\d{3})?\\.png"));
    }

    private static List<Path> list(Path folder, Pattern name) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file ->
                            name.matcher(String.valueOf(file.getFileName())).matches())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new TransportException(Kind.IO, "cannot read the folder " + folder + ": " + Reason.of(e), e);
        }
    }

    private static Path folderOf(Path path) {
        Path folder = path.toAbsolutePath().getParent();
        return folder == null ? path.toAbsolutePath() : folder;
    }

    private static String stem(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.endsWith(".png") ? name.substring(0, name.length() - 4) : name;
    }
}
