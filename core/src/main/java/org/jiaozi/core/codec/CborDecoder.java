package org.jiaozi.core.codec;

import com.upokecenter.cbor.CBOREncodeOptions;
import com.upokecenter.cbor.CBORException;
import com.upokecenter.cbor.CBORObject;
import java.io.ByteArrayInputStream;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;

/** Strict reading: the library parses, and what does not re-encode to the same bytes is refused. */
final class CborDecoder {
    static final int MAX_DEPTH = 12;
    private static final CBOREncodeOptions STRICT =
            new CBOREncodeOptions("allowduplicatekeys=false;resolvereferences=false;keepkeyorder=true");

    private CborDecoder() {}

    static Cbor decode(Bytes bytes, int maxBytes) {
        if (bytes.size() > maxBytes) {
            throw new DecodeException(
                    RefusalCode.TOO_LARGE, bytes.size() + " bytes where at most " + maxBytes + " are allowed");
        }
        // read as a stream: the library's array reader takes some trailing bytes for a premature end
        ByteArrayInputStream stream = new ByteArrayInputStream(bytes.toArray());
        CBORObject object;
        try {
            object = CBORObject.Read(stream, STRICT);
        } catch (CBORException e) {
            throw classify(e);
        } catch (RuntimeException e) {
            // the library reports some malformed inputs with other unchecked exceptions
            throw DecodeException.malformed("not CBOR");
        }
        if (stream.available() > 0) {
            throw new DecodeException(RefusalCode.TRAILING_BYTES, stream.available() + " bytes after the end");
        }
        Cbor item = Cbor.fromObject(object, 0);
        if (!item.encode().equals(bytes)) {
            throw new DecodeException(RefusalCode.NON_CANONICAL, "not in deterministic encoding");
        }
        return item;
    }

    private static DecodeException classify(CBORException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("uplicate")) {
            return new DecodeException(RefusalCode.DUPLICATE_KEY, "a map key twice");
        }
        return DecodeException.malformed("not CBOR");
    }
}
