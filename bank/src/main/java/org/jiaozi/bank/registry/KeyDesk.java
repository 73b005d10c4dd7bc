package org.jiaozi.bank.registry;

import java.util.List;
import java.util.Optional;
import org.jiaozi.core.message.BoundKey;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.InstitutionId;

/**
 * For which keys an institution may speak: those that asked it to certify them, by their own signature, and that did not
 * go elsewhere since (spec 07, clause 12). A certificate would prove nothing: an institution can sign one for any key.
 */
final class KeyDesk {
    private final Draft draft;
    private final RegistryContext context;
    private final InstitutionId caller;

    KeyDesk(Draft draft, RegistryContext context, InstitutionId caller) {
        this.draft = draft;
        this.context = context;
        this.caller = caller;
    }

    /**
     * What became of the keys of a request.
     *
     * @param standing for which the caller may speak
     * @param refusal 201 or 713, where it may not speak at all
     */
    record Judged(List<BoundKey> standing, Optional<Refusal> refusal) {
        Judged {
            standing = List.copyOf(standing);
        }
    }

    /** Judges keys, and puts the words of those that stand on record; one that went elsewhere keeps no other back. */
    Judged judge(List<BoundKey> keys) {
        for (BoundKey key : keys) {
            if (!key.verifies(context.verifier(), caller)) {
                return refused(RefusalCode.BAD_SIGNATURE, key.thumbprint() + " never asked for a certificate here");
            }
        }
        List<BoundKey> standing = keys.stream().filter(k -> !wentElsewhere(k)).toList();
        if (standing.isEmpty()) {
            return refused(RefusalCode.NOT_AUTHORISED, "another institution certifies every one of these keys");
        }
        standing.stream()
                .filter(k -> !draft.askedBy(k.thumbprint()).contains(caller))
                .forEach(k -> draft.put(new Effect.KeyShown(k, caller)));
        return new Judged(standing, Optional.empty());
    }

    /** A wallet goes elsewhere only while its institution is gone: of two, one that never was is the later. */
    private boolean wentElsewhere(BoundKey key) {
        return draft.askedBy(key.thumbprint()).stream()
                .anyMatch(
                        other -> !other.equals(caller) && draft.standing(other).isEmpty());
    }

    private static Judged refused(RefusalCode code, String detail) {
        return new Judged(List.of(), Optional.of(new Refusal(code, detail)));
    }
}
