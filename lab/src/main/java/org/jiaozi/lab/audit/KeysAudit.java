package org.jiaozi.lab.audit;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jiaozi.core.value.Bytes;

/** Whoever claimed for a key or revoked it was asked by that key to certify it. */
final class KeysAudit {
    private static final int THUMBPRINT = 32;

    private KeysAudit() {}

    static void run(CentralRecord record, KeyCheck check, Findings findings) {
        Set<String> asked = new HashSet<>();
        for (CentralRecord.BoundKeyRow row : record.boundKeys()) {
            boolean own = RawStatement.thumbprint(row.key()).equals(row.thumbprint());
            findings.expect(
                    own && check.verifies(row.key(), challenge(row.institution(), row.message()), row.proof()),
                    "key " + row.thumbprint() + " never asked institution " + row.institution());
            asked.add(row.institution() + " " + row.thumbprint());
        }
        for (CentralRecord.SpokenRow row : record.spoken()) {
            for (int at = 0; at < row.keys().size(); at += THUMBPRINT) {
                String key = row.keys().slice(at, at + THUMBPRINT).hex();
                findings.expect(
                        asked.contains(row.institution() + " " + key),
                        "institution " + row.institution() + " spoke for key " + key + " without its word");
            }
        }
    }

    /** The array of domain, institution and message. */
    private static Bytes challenge(int institution, Bytes message) {
        Bytes domain = Bytes.of("jiaozi/1/key-proof".getBytes(StandardCharsets.US_ASCII));
        return Raw.head(4, 3)
                .concat(Raw.head(3, domain.size()))
                .concat(domain)
                .concat(Raw.head(0, institution))
                .concat(Raw.string(message));
    }
}
