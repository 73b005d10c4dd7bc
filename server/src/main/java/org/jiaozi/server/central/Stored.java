package org.jiaozi.server.central;

import java.util.ArrayList;
import java.util.List;
import org.jiaozi.core.message.RegistryAnswer;
import org.jiaozi.core.message.RegistryAnswer.Settlement;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/** How values lie in columns. */
final class Stored {
    /** A settlement is stored as the payload of an answer that holds it alone. */
    private static final IssuerKeyId NOBODY = new IssuerKeyId(InstitutionId.CENTRAL_BANK, 0);

    private Stored() {}

    static Bytes settlement(Settlement settlement) {
        return new RegistryAnswer(NOBODY, new Timestamp(0), List.of(settlement)).payload();
    }

    static Settlement settlement(Bytes stored) {
        Bytes header = new RegistryAnswer(NOBODY, new Timestamp(0), List.of()).protectedHeader();
        return RegistryAnswer.read(header, stored).settlements().getFirst();
    }

    static Bytes keys(List<Thumbprint> keys) {
        Bytes all = Bytes.EMPTY;
        for (Thumbprint key : keys) {
            all = all.concat(key.bytes());
        }
        return all;
    }

    static List<Thumbprint> keys(Bytes stored) {
        List<Thumbprint> keys = new ArrayList<>();
        for (int at = 0; at < stored.size(); at += Thumbprint.SIZE) {
            keys.add(new Thumbprint(stored.slice(at, at + Thumbprint.SIZE)));
        }
        return keys;
    }
}
