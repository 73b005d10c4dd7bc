package org.jiaozi.core.crypto;

import java.util.Set;
import org.jiaozi.core.value.Bytes;

/** The X25519 keys whose order divides the cofactor, in every encoding: 0, 1, two of order 8, p-1, p and p+1. */
final class LowOrder {
    static final Set<Bytes> POINTS = Set.of(
            Bytes.fromHex("00".repeat(32)),
            Bytes.fromHex("01" + "00".repeat(31)),
            Bytes.fromHex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
            Bytes.fromHex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
            Bytes.fromHex("ec" + "ff".repeat(30) + "7f"),
            Bytes.fromHex("ed" + "ff".repeat(30) + "7f"),
            Bytes.fromHex("ee" + "ff".repeat(30) + "7f"));

    private LowOrder() {}

    /** X25519 ignores the highest bit (RFC 7748, 5). */
    static Bytes masked(Bytes key) {
        byte[] raw = key.toArray();
        raw[raw.length - 1] &= 0x7f;
        return Bytes.of(raw);
    }
}
