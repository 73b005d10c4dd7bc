package org.jiaozi.cli.transport;

import com.sparrowwallet.hummingbird.Bytewords;
import com.sparrowwallet.hummingbird.fountain.FountainEncoder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Limit;

/**
 * One frame of an animation as the text of a QR code: a multi-part Uniform Resource (BCR-2020-005) of type
 * {@code jiaozi} in upper case, its part in minimal bytewords (BCR-2020-012) with their checksum. The fountain code
 * is hummingbird's; the text is cut here, because hummingbird rebuilds its word list for every byte that it reads.
 */
final class UrFrame {
    static final String PREFIX = "UR:JIAOZI/";
    /** Frame numbers and part counts are written in at most three digits. */
    static final int MAX_NUMBER = 999;

    /** {@code nnn-nnn/} after the prefix. */
    private static final int NUMBER_CHARS = 8;
    /** CBOR around a fragment: array 1, number 3, parts 3, length 5, checksum 5, byte string 3; and the CRC, 4. */
    private static final int OVERHEAD_BYTES = 24;

    private static final Pattern FORM = Pattern.compile(PREFIX + "([1-9]\\d{0,2})-([1-9]\\d{0,2})/((?:[A-Z]{2})+)");
    private static final int LETTERS = 26;
    private static final byte[] FIRST = new byte[256];
    private static final byte[] LAST = new byte[256];
    private static final short[] BYTE_OF_LETTERS = new short[LETTERS * LETTERS];

    static {
        String words = Bytewords.BYTEWORDS.toUpperCase(Locale.ROOT);
        Arrays.fill(BYTE_OF_LETTERS, (short) -1);
        for (int i = 0; i < 256; i++) {
            FIRST[i] = (byte) words.charAt(4 * i);
            LAST[i] = (byte) words.charAt(4 * i + 3);
            BYTE_OF_LETTERS[(FIRST[i] - 'A') * LETTERS + LAST[i] - 'A'] = (short) i;
        }
    }

    private UrFrame() {}

    /** How many bytes of the message a frame of so many characters carries. */
    static int fragmentBytes(int chars) {
        return (chars - PREFIX.length() - NUMBER_CHARS) / 2 - OVERHEAD_BYTES;
    }

    static String text(FountainEncoder.Part part) {
        byte[] cbor = Cbor.array(
                        Cbor.of(part.getSeqNum()),
                        Cbor.of(part.getSeqLen()),
                        Cbor.of(part.getMessageLen()),
                        Cbor.of(part.getChecksum()),
                        Cbor.of(Bytes.of(part.getData())))
                .encode()
                .toArray();
        StringBuilder text = new StringBuilder(PREFIX + part.getSeqNum() + "-" + part.getSeqLen() + "/");
        for (byte b : ByteBuffer.allocate(cbor.length + 4)
                .put(cbor)
                .putInt(crc(cbor, cbor.length))
                .array()) {
            text.append((char) FIRST[b & 0xFF]).append((char) LAST[b & 0xFF]);
        }
        return text.toString();
    }

    /** The part in this text; empty if its form, its checksum or its figures are wrong: a damaged or foreign frame. */
    static Optional<FountainEncoder.Part> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return unword(matcher.group(3))
                .flatMap(UrFrame::part)
                .filter(part -> part.getSeqNum() == Integer.parseInt(matcher.group(1))
                        && part.getSeqLen() == Integer.parseInt(matcher.group(2)));
    }

    private static Optional<byte[]> unword(String letters) {
        byte[] bytes = new byte[letters.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            int at = (letters.charAt(2 * i) - 'A') * LETTERS + letters.charAt(2 * i + 1) - 'A';
            if (BYTE_OF_LETTERS[at] < 0) {
                return Optional.empty();
            }
            bytes[i] = (byte) BYTE_OF_LETTERS[at];
        }
        int length = bytes.length - 4;
        if (length < 1 || ByteBuffer.wrap(bytes, length, 4).getInt() != crc(bytes, length)) {
            return Optional.empty();
        }
        return Optional.of(Arrays.copyOf(bytes, length));
    }

    /** The figures are bounded before the fountain decoder sees them: it allocates by what they claim. */
    private static Optional<FountainEncoder.Part> part(byte[] cbor) {
        try {
            List<Cbor> items = Fields.asArray(Cbor.decode(Bytes.of(cbor), cbor.length), 5);
            if (items.size() != 5) {
                return Optional.empty();
            }
            int number = (int) Fields.asUint(items.get(0), MAX_NUMBER);
            int parts = (int) Fields.asUint(items.get(1), MAX_NUMBER);
            int messageBytes = (int) Fields.asUint(items.get(2), Transport.MAX_MESSAGE_BYTES + 5L);
            long checksum = Fields.asUint(items.get(3), Limit.UINT32);
            byte[] fragment = Fields.asBytes(items.get(4), cbor.length).toArray();
            boolean bounded = number >= 1
                    && parts >= 1
                    && messageBytes >= 1
                    && fragment.length == (messageBytes + parts - 1) / parts;
            return bounded
                    ? Optional.of(new FountainEncoder.Part(number, parts, messageBytes, checksum, fragment))
                    : Optional.empty();
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    private static int crc(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
