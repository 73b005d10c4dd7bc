package org.jiaozi.cli.transport;

import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.decoder.Version;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;
import com.google.zxing.qrcode.encoder.QRCode;
import com.sparrowwallet.hummingbird.UR;
import com.sparrowwallet.hummingbird.URDecoder;
import com.sparrowwallet.hummingbird.UREncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jiaozi.cli.transport.TransportException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a message into the texts of QR codes and puts it together again, at error correction level M.
 *
 * <p>A message that fits one code is its raw bytes in byte mode, each byte one ISO-8859-1 character and without an
 * ECI header. Any other is a Uniform Resource of type {@code jiaozi} (BCR-2020-005) in upper case, which is
 * alphanumeric mode: a fountain code, so that any frames, a few more than the message has parts, give it back. A
 * message that itself begins like one is always sent as one, so the two never mix up.
 */
final class QrFrames {
    /** Phones read no more from a screen in one go: 997 bytes at level M. */
    static final int MAX_VERSION = 25;

    private static final String TYPE = "jiaozi";
    private static final String PREFIX = "UR:JIAOZI/";
    private static final Pattern FRAME = Pattern.compile(PREFIX + "(?:\\d{1,9}-(\\d{1,3})/)?[A-Z]+");
    /** The numbers of a frame are written in at most three digits. */
    private static final int MAX_PARTS = 999;
    /** {@code nnn-nnn/} after the prefix. */
    private static final int SEQUENCE_CHARS = 8;
    /** CBOR around a fragment (array, four integers, byte string header) and the bytewords checksum. */
    private static final int FRAGMENT_OVERHEAD_BYTES = 24;

    private static final int MIN_FRAGMENT_BYTES = 10;

    private QrFrames() {}

    /** The texts of the codes for this message, none above the given version. */
    static List<String> split(byte[] message, int maxVersion) {
        Transport.checkSize(message);
        String raw = new String(message, StandardCharsets.ISO_8859_1);
        if (message.length <= byteCapacity(maxVersion) && !raw.startsWith(PREFIX)) {
            return List.of(raw);
        }
        int fragmentBytes =
                (alphanumericCapacity(maxVersion) - PREFIX.length() - SEQUENCE_CHARS) / 2 - FRAGMENT_OVERHEAD_BYTES;
        if (fragmentBytes < MIN_FRAGMENT_BYTES) {
            throw new TransportException(Kind.TOO_LARGE, "there is no room for a QR code: make the window larger");
        }
        UREncoder encoder = new UREncoder(wrap(message), fragmentBytes, MIN_FRAGMENT_BYTES, 0);
        int frames = frameCount(encoder.getSeqLen());
        if (frames > MAX_PARTS) {
            throw new TransportException(
                    Kind.TOO_LARGE,
                    "the message needs " + frames + " QR codes of this size: use larger ones or a file");
        }
        List<String> texts = new ArrayList<>(frames);
        for (int i = 0; i < frames; i++) {
            texts.add(encoder.nextPart().toUpperCase(Locale.ROOT));
        }
        return List.copyOf(texts);
    }

    /** Half as many again, and four: enough after losing one frame in ten, and a loop needs no more. */
    private static int frameCount(int parts) {
        return parts == 1 ? 1 : parts + (parts + 1) / 2 + 4;
    }

    private static UR wrap(byte[] message) {
        try {
            return UR.fromBytes(TYPE, message);
        } catch (UR.URException e) {
            throw new IllegalStateException("a byte string is always a Uniform Resource", e);
        }
    }

    /** The matrix of one text. */
    static ByteMatrix modules(String text) {
        try {
            QRCode code = Encoder.encode(text, ErrorCorrectionLevel.M);
            return code.getMatrix();
        } catch (WriterException e) {
            throw new IllegalStateException("a frame is cut to fit", e);
        }
    }

    /**
     * Puts a message together from the texts of codes, in any order and with repeats.
     *
     * @throws TransportException if parts are missing, or the texts are of more than one message
     */
    static byte[] join(List<String> texts) {
        List<String> distinct = texts.stream().distinct().toList();
        if (distinct.isEmpty()) {
            throw new TransportException(Kind.UNREADABLE, "no QR code could be read: have it shown or written again");
        }
        if (distinct.stream().noneMatch(text -> text.startsWith(PREFIX))) {
            if (distinct.size() > 1) {
                throw mixed();
            }
            return Transport.checkSize(distinct.getFirst().getBytes(StandardCharsets.ISO_8859_1));
        }
        URDecoder decoder = new URDecoder();
        @Nullable String first = null;
        int damaged = 0;
        for (String text : distinct) {
            if (!text.startsWith(PREFIX)) {
                throw mixed();
            }
            Optional<String> part = wellFormed(text);
            if (part.isEmpty()) {
                damaged++;
                continue;
            }
            if (first == null) {
                first = part.get();
            } else if (!ofOneMessage(first, part.get())) {
                throw mixed();
            }
            decoder.receivePart(part.get());
        }
        return result(decoder, distinct.size(), damaged);
    }

    private static byte[] result(URDecoder decoder, int seen, int damaged) {
        URDecoder.Result result = decoder.getResult();
        if (result == null || result.ur == null) {
            String lost = damaged == 0 ? "" : ", " + damaged + " of them damaged";
            throw new TransportException(
                    Kind.INCOMPLETE, "the " + seen + " QR codes read" + lost + " are not enough: read some more");
        }
        try {
            return Transport.checkSize(result.ur.toBytes());
        } catch (UR.InvalidCBORException e) {
            throw new TransportException(Kind.UNREADABLE, "these QR codes hold no jiaozi message", e);
        }
    }

    /** The frame as the decoder takes it, if its form and checksum are right and its numbers are within bounds. */
    private static Optional<String> wellFormed(String text) {
        Matcher matcher = FRAME.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String part = text.toLowerCase(Locale.ROOT);
        return takes(new URDecoder(), part) ? Optional.of(part) : Optional.empty();
    }

    private static boolean ofOneMessage(String first, String other) {
        URDecoder decoder = new URDecoder();
        return takes(decoder, first) && takes(decoder, other);
    }

    private static boolean takes(URDecoder decoder, String part) {
        try {
            return decoder.receivePart(part);
        } catch (RuntimeException e) {
            // The decoder reads what a stranger drew; whatever it trips over is a damaged frame.
            return false;
        }
    }

    private static TransportException mixed() {
        return new TransportException(
                Kind.UNREADABLE, "the QR codes are of more than one message: keep only those of one");
    }

    /** How many bytes a code of this version holds at level M in byte mode. */
    static int byteCapacity(int version) {
        return dataBytes(version) - (version < 10 ? 2 : 3);
    }

    private static int alphanumericCapacity(int version) {
        int countBits = version < 10 ? 9 : version < 27 ? 11 : 13;
        int bits = dataBytes(version) * 8 - 4 - countBits;
        return bits / 11 * 2 + (bits % 11 >= 6 ? 1 : 0);
    }

    private static int dataBytes(int number) {
        Version version = Version.getVersionForNumber(number);
        Version.ECBlocks blocks = version.getECBlocksForLevel(ErrorCorrectionLevel.M);
        return Arrays.stream(blocks.getECBlocks())
                .mapToInt(block -> block.getCount() * block.getDataCodewords())
                .sum();
    }
}
