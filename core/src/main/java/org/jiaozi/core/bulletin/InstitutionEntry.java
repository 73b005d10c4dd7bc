package org.jiaozi.core.bulletin;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/**
 * What the bulletin says of one institution (spec 03, clause 4).
 *
 * @param id 1 to 65,535
 * @param code 1 to 16 lower-case letters, digits and hyphens
 * @param name for people, at most 64 bytes of UTF-8
 * @param keys 1 to 8, by rising generation
 * @param sealingKey X25519, to which wallets seal what only this institution may read
 * @param url where it answers, at most 128 bytes of UTF-8, may be empty
 * @param gone since when the central bank honours deposits at it elsewhere, if it is declared gone (spec 07, clause 10)
 */
public record InstitutionEntry(
        InstitutionId id,
        String code,
        String name,
        List<InstitutionKey> keys,
        Bytes sealingKey,
        String url,
        Optional<Timestamp> gone) {
    static final int MAX_KEYS = 8;
    private static final int MAX_NAME = 64;
    private static final int MAX_URL = 128;
    private static final Pattern CODE = Pattern.compile("[a-z0-9-]{1,16}");

    public InstitutionEntry {
        keys = List.copyOf(keys);
        if (id.equals(InstitutionId.CENTRAL_BANK)) {
            throw new IllegalArgumentException("the central bank is no institution of its own bulletin");
        }
        if (!CODE.matcher(code).matches()) {
            throw new IllegalArgumentException("not an institution code: " + code);
        }
        if (length(name) > MAX_NAME || length(url) > MAX_URL) {
            throw new IllegalArgumentException("name or url too long");
        }
        if (!Sealer.isUsable(sealingKey)) {
            throw new IllegalArgumentException("a sealing key to which nothing can be sealed");
        }
        if (keys.isEmpty() || keys.size() > MAX_KEYS) {
            throw new IllegalArgumentException(keys.size() + " keys, allowed 1 to " + MAX_KEYS);
        }
        for (int i = 1; i < keys.size(); i++) {
            if (keys.get(i - 1).generation() >= keys.get(i).generation()) {
                throw new IllegalArgumentException("key generations do not rise");
            }
        }
    }

    /** One that is there. */
    public InstitutionEntry(
            InstitutionId id, String code, String name, List<InstitutionKey> keys, Bytes sealingKey, String url) {
        this(id, code, name, keys, sealingKey, url, Optional.empty());
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** The key of that generation. */
    public Optional<PublicKey> key(int generation) {
        return keys.stream()
                .filter(k -> k.generation() == generation)
                .map(InstitutionKey::key)
                .findFirst();
    }

    /** The newest generation: the one it signs with. */
    public InstitutionKey currentKey() {
        return keys.getLast();
    }

    /** The payee that a new deposit at this institution names. */
    public Thumbprint depositThumbprint() {
        return currentKey().key().thumbprint();
    }

    Cbor toCbor() {
        Cbor.DictBuilder map = Cbor.map()
                .put(1, Cbor.of(id.number()))
                .put(2, Cbor.of(code))
                .put(3, Cbor.of(name))
                .put(4, Cbor.array(keys.stream().map(InstitutionKey::toCbor).toList()))
                .put(5, Cbor.of(sealingKey))
                .put(6, Cbor.of(url));
        gone.ifPresent(since -> map.put(7, Cbor.of(since.seconds())));
        return map.build();
    }

    static InstitutionEntry read(Cbor item) {
        Fields f = Fields.of(item);
        InstitutionEntry entry = Fields.valid(() -> new InstitutionEntry(
                f.institution(1),
                f.text(2, 16),
                f.text(3, MAX_NAME),
                f.array(4, MAX_KEYS).stream().map(InstitutionKey::read).toList(),
                f.exactly(5, Sealer.PUBLIC_KEY_SIZE),
                f.text(6, MAX_URL),
                f.optional(7, x -> x.time(7))));
        f.end();
        return entry;
    }
}
