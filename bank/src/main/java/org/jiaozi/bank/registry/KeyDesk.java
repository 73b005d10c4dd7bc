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
     * Judges keys, and puts their words on record where all stand.
     *
     * @return 201 or 713
     */
    Optional<Refusal> refuses(List<BoundKey> keys) {
        for (BoundKey key : keys) {
            if (!key.verifies(context.verifier(), caller)) {
                return Optional.of(new Refusal(
                        RefusalCode.BAD_SIGNATURE, key.thumbprint() + " never asked for a certificate here"));
            }
        }
        for (BoundKey key : keys) {
            // a wallet goes elsewhere only while its institution is gone: of two, one that never was is the later
            if (draft.askedBy(key.thumbprint()).stream()
                    .anyMatch(other ->
                            !other.equals(caller) && draft.standing(other).isEmpty())) {
                return Optional.of(
                        new Refusal(RefusalCode.NOT_AUTHORISED, "another institution certifies " + key.thumbprint()));
            }
        }
        keys.stream()
                .filter(k -> !draft.askedBy(k.thumbprint()).contains(caller))
                .forEach(k -> draft.put(new Effect.KeyShown(k, caller)));
        return Optional.empty();
    }
}
