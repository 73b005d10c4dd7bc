package org.jiaozi.core.value;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Collects bytes without the lock that its parent takes for each of them. Not thread-safe. */
public final class BytesWriter extends ByteArrayOutputStream {
    private static final int FIRST = 256;

    public BytesWriter() {
        super(FIRST);
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // that is what it is for
    public void write(int value) {
        room(1);
        buf[count++] = (byte) value;
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public void write(byte[] from, int offset, int length) {
        room(length);
        System.arraycopy(from, offset, buf, count, length);
        count += length;
    }

    private void room(int more) {
        int needed = Math.addExact(count, more);
        if (needed > buf.length) {
            buf = Arrays.copyOf(buf, Math.max(needed, Math.multiplyExact(2, buf.length)));
        }
    }

    /** What was written so far, copied once. */
    public Bytes content() {
        return Bytes.of(buf, 0, count);
    }
}
