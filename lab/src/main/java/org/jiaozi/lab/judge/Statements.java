package org.jiaozi.lab.judge;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.lab.audit.KeyCheck;
import org.jiaozi.lab.audit.Raw;
import org.jiaozi.lab.audit.RawNote;
import org.jiaozi.lab.audit.RawStatement;
import org.jiaozi.lab.audit.RawTransfer;

/** Everything that was signed, read once and checked down to its notes by the judge's own arithmetic. Not thread-safe. */
final class Statements {
    /**
     * A note that was read.
     *
     * @param sound whether its issuer signed it
     */
    record KnownNote(RawNote note, long expiry, long maxHops, String loadNonce, boolean sound) {}

    private final KeyCheck check;
    private final Map<String, KnownNote> notes = new HashMap<>();
    private final Map<String, Seen> transfers = new HashMap<>();
    private final Map<Bytes, Optional<Seen.Certified>> certificates = new HashMap<>();
    private final Map<Long, Set<String>> revoked = new HashMap<>();
    private Listed listed;

    Statements(KeyCheck check, Listed listed) {
        this.check = check;
        list(listed);
    }

    void list(Listed newer) {
        listed = newer;
        revoked.put(newer.epoch(), newer.revoked());
    }

    /** The keys that the bulletin of an epoch revokes; nothing for one that was before this judge's time. */
    Set<String> revoked(long epoch) {
        return revoked.getOrDefault(epoch, Set.of());
    }

    Listed listed() {
        return listed;
    }

    KnownNote note(Bytes signed) {
        RawNote raw = RawNote.of(RawStatement.of("note", signed));
        return notes.computeIfAbsent(raw.hash(), h -> {
            Raw body = raw.statement().body();
            boolean sound = listed.key(raw.statement().kid())
                    .filter(key -> raw.statement().signedBy(key, check))
                    .isPresent();
            return new KnownNote(
                    raw,
                    body.at(4).integer(),
                    body.at(5).integer(),
                    body.at(7).bytes().hex(),
                    sound);
        });
    }

    Collection<KnownNote> notes() {
        return notes.values();
    }

    Optional<KnownNote> note(String hash) {
        return Optional.ofNullable(notes.get(hash));
    }

    Optional<Seen> transfer(String hash) {
        return Optional.ofNullable(transfers.get(hash));
    }

    Collection<Seen> transfers() {
        return transfers.values();
    }

    /** Reads a transfer whose parents were read before. */
    Seen transfer(Bytes signed, Bytes certificate) {
        RawStatement statement = RawStatement.of("transfer", signed);
        String hash = statement.hash();
        Seen before = transfers.get(hash);
        if (before != null && before.sound()) {
            return before;
        }
        Seen read = read(statement, certificate);
        transfers.put(hash, read);
        return read;
    }

    /** The certificate, if its issuer signed it. */
    Optional<Seen.Certified> certificate(Bytes signed) {
        return certificates.computeIfAbsent(signed, s -> {
            RawStatement raw = RawStatement.of("certificate", s);
            Raw body = raw.body();
            boolean sound = listed.key(raw.kid())
                    .filter(key -> raw.signedBy(key, check))
                    .isPresent();
            return sound
                    ? Optional.of(new Seen.Certified(
                            RawStatement.thumbprint(RawStatement.certifiedKey(raw)),
                            raw.kid().institution(),
                            body.at(-65539).integer(),
                            body.at(-65540).integer(),
                            body.at(-65541).integer(),
                            body.at(-65542).integer(),
                            body.at(5).integer(),
                            body.at(4).integer(),
                            body.at(-65543).integer(),
                            body.at(-65544).integer()))
                    : Optional.empty();
        });
    }

    private Seen read(RawStatement statement, Bytes certificate) {
        RawStatement cert = RawStatement.of("certificate", certificate);
        RawTransfer transfer = RawTransfer.of(statement, cert);
        Raw body = statement.body();
        Seen.Certified certified = certificate(certificate).orElse(null);
        boolean deposit = listed.deposits().containsKey(transfer.payee());
        List<Seen.Output> outputs = new ArrayList<>();
        String unsound = certified == null
                ? "its certificate is not an institution's"
                : statement.signedBy(RawStatement.certifiedKey(cert), check)
                        ? moves(transfer, deposit, outputs)
                        : "its signature does not stand";
        return new Seen(
                transfer,
                certified == null ? new Seen.Certified(transfer.signer(), 0, 0, 0, 0, 0, 0, 0, 0, 0) : certified,
                outputs,
                deposit,
                body.at(5).integer(),
                body.at(6).integer(),
                unsound);
    }

    private String moves(RawTransfer transfer, boolean deposit, List<Seen.Output> outputs) {
        List<RawTransfer.Input> inputs = transfer.inputs();
        for (int i = 0; i < inputs.size(); i++) {
            RawTransfer.Input input = inputs.get(i);
            Optional<Seen.Output> parent = output(input.parent(), input.index());
            if (parent.isEmpty()) {
                return "it takes what is not there";
            }
            Seen.Output p = parent.get();
            if (!p.holder().equals(transfer.signer())) {
                return "it takes what is another's";
            }
            if (input.lo() < p.lo() || input.hi() > p.hi() || input.lo() >= input.hi()) {
                return "it takes more than there was";
            }
            for (RawTransfer.Input other : inputs.subList(0, i)) {
                if (other.parent().equals(input.parent())
                        && other.index() == input.index()
                        && other.lo() < input.hi()
                        && input.lo() < other.hi()) {
                    return "it takes a part twice";
                }
            }
            outputs.add(new Seen.Output(
                    p.note(), input.lo(), input.hi(), transfer.payee(), deposit ? p.hops() : p.hops() + 1));
        }
        return "";
    }

    /** What a sound statement gave. */
    Optional<Seen.Output> output(String parent, long index) {
        KnownNote note = notes.get(parent);
        if (note != null) {
            return note.sound() && index == 0
                    ? Optional.of(new Seen.Output(
                            parent, 0, note.note().value(), note.note().holder(), 0))
                    : Optional.empty();
        }
        Seen seen = transfers.get(parent);
        return seen != null
                        && seen.sound()
                        && !seen.deposit()
                        && index < seen.outputs().size()
                ? Optional.of(seen.outputs().get((int) index))
                : Optional.empty();
    }
}
