package org.jiaozi.cli.transport;

import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.decoder.Version;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;
import com.google.zxing.qrcode.encoder.QRCode;
import com.sparrowwallet.hummingbird.ResultType;
import com.sparrowwallet.hummingbird.fountain.FountainDecoder;
import com.sparrowwallet.hummingbird.fountain.FountainEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jiaozi.cli.transport.TransportException.Kind;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.value.Bytes;

/**
 * Cuts a message into the texts of QR codes and puts it together again, at error correction level M.
 *
 * <p>A message that fits one code is its raw bytes in byte mode, each byte one ISO-8859-1 character and without an
 * ECI header. Any other is an animation of {@link UrFrame}s in alphanumeric mode: a fountain code, so that any
 * frames, a few more than the message has parts, give it back. A message whose own bytes begin like such a frame is
 * always sent as frames, so the two never mix up.
 */
final class QrFrames {
    /** Phones read no more from a screen in one go: 997 bytes at level M. */
    static final int MAX_VERSION = 25;

    private static final int MIN_FRAGMENT_BYTES = 10;

    private QrFrames() {}

    /** The texts of the codes for this message, none above the given version. */
    static List<String> split(byte[] message, int maxVersion) {
        Transport.checkSize(message);
        String raw = new String(message, StandardCharsets.ISO_8859_1);
        if (message.length <= byteCapacity(maxVersion) && !raw.startsWith(UrFrame.PREFIX)) {
            return List.of(raw);
        }
        int fragmentBytes = UrFrame.fragmentBytes(alphanumericCapacity(maxVersion));
        if (fragmentBytes < MIN_FRAGMENT_BYTES) {
            throw new TransportException(Kind.TOO_LARGE, "there is no room for a QR code: make the window larger");
        }
        byte[] wrapped = Cbor.of(Bytes.of(message)).encode().toArray();
        FountainEncoder encoder = new FountainEncoder(wrapped, fragmentBytes, MIN_FRAGMENT_BYTES, 0);
        int frames = frameCount(encoder.getSeqLen());
        if (frames > UrFrame.MAX_NUMBER) {
            throw new TransportException(
                    Kind.TOO_LARGE,
                    "the message needs " + frames + " QR codes of this size: use larger ones or a file");
        }
        List<String> texts = new ArrayList<>(frames);
        for (int i = 0; i < frames; i++) {
            texts.add(UrFrame.text(encoder.nextPart()));
        }
        return List.copyOf(texts);
    }

    /** Twice the parts, and four: of these one in five may be lost. */
    private static int frameCount(int parts) {
        return parts == 1 ? 1 : 2 * parts + 4;
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
        if (distinct.stream().noneMatch(text -> text.startsWith(UrFrame.PREFIX))) {
            if (distinct.size() > 1) {
                throw mixed();
            }
            return Transport.checkSize(distinct.getFirst().getBytes(StandardCharsets.ISO_8859_1));
        }
        if (!distinct.stream().allMatch(text -> text.startsWith(UrFrame.PREFIX))) {
            throw mixed();
        }
        List<FountainEncoder.Part> parts =
                distinct.stream().map(UrFrame::parse).flatMap(Optional::stream).toList();
        if (parts.stream().map(QrFrames::messageOf).distinct().count() > 1) {
            throw mixed();
        }
        FountainDecoder decoder = new FountainDecoder();
        parts.forEach(decoder::receivePart);
        FountainDecoder.Result result = decoder.getResult();
        if (result == null || result.type != ResultType.SUCCESS) {
            int damaged = distinct.size() - parts.size();
            String lost = damaged == 0 ? "" : ", " + damaged + " of them damaged,";
            throw new TransportException(
                    Kind.INCOMPLETE,
                    "the " + distinct.size() + " QR codes read" + lost + " are not enough: read some more");
        }
        return Transport.checkSize(unwrap(result.data));
    }

    /** What all frames of one message share. */
    private static List<Long> messageOf(FountainEncoder.Part part) {
        return List.of((long) part.getSeqLen(), (long) part.getMessageLen(), part.getChecksum());
    }

    private static byte[] unwrap(byte[] wrapped) {
        try {
            return Fields.asBytes(Cbor.decode(Bytes.of(wrapped), wrapped.length), wrapped.length)
                    .toArray();
        } catch (DecodeException e) {
            throw new TransportException(Kind.UNREADABLE, "these QR codes hold no jiaozi message", e);
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
