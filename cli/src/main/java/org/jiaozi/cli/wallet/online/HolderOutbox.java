package org.jiaozi.cli.wallet.online;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.output.Reason;
import org.jiaozi.cli.wallet.store.OwnerFile;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;

/**
 * Messages that the account key signed and that are not answered yet. The device may be gone, so they lie beside the
 * key: one file for each, {@code KEYFILE.under-way-ID}, a version byte and the signed message. Two commands at once do
 * not overwrite each other's, and whoever finds one may send it: the institution answers it once.
 */
final class HolderOutbox {
    private static final byte VERSION = 1;
    private static final String MARK = ".under-way-";

    private final Path keyFile;

    HolderOutbox(Path keyFile) {
        this.keyFile = keyFile.toAbsolutePath();
    }

    /** What is under way, oldest first. */
    List<Signed<WalletMessage>> messages() {
        List<Signed<WalletMessage>> found = new ArrayList<>();
        for (Path file : files()) {
            found.add(read(file));
        }
        found.sort(
                Comparator.comparing((Signed<WalletMessage> m) -> m.statement().at())
                        .thenComparing(m -> m.statement().id()));
        return found;
    }

    /** Makes a message durable: from here on it will be sent until it is answered. */
    void put(Signed<WalletMessage> message) {
        Path file = file(message.statement().id());
        try {
            OwnerFile.write(
                    file,
                    Bytes.of(new byte[] {VERSION}).concat(message.encode()).toArray());
        } catch (IOException e) {
            throw new CommandFailure(
                    "nothing is sent: the message cannot be stored beside the account key in " + file + ": "
                            + Reason.of(e),
                    e);
        }
    }

    /** It was answered. */
    void remove(Nonce id) {
        try {
            OwnerFile.remove(file(id));
        } catch (IOException e) {
            throw new CommandFailure("cannot remove " + file(id) + ", which is answered: " + Reason.of(e), e);
        }
    }

    /** The key's file has another name now; what it signed goes with it. */
    void follow(Path renamed) {
        HolderOutbox next = new HolderOutbox(renamed);
        for (Signed<WalletMessage> message : messages()) {
            next.put(message);
            remove(message.statement().id());
        }
    }

    private Path file(Nonce id) {
        return keyFile.resolveSibling(keyFile.getFileName() + MARK + id.hex());
    }

    private List<Path> files() {
        String prefix = keyFile.getFileName() + MARK;
        List<Path> found = new ArrayList<>();
        Path folder = keyFile.getParent();
        if (folder == null) {
            return found;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(
                folder, path -> path.getFileName().toString().startsWith(prefix))) {
            all.forEach(found::add);
        } catch (IOException e) {
            throw new CommandFailure("cannot look for messages under way in " + folder + ": " + Reason.of(e), e);
        }
        return found;
    }

    private static Signed<WalletMessage> read(Path file) {
        try {
            byte[] content = Files.readAllBytes(file);
            if (content.length == 0 || content[0] != VERSION) {
                throw new CommandFailure(file + " is no message that this version stored: move it away");
            }
            return Signed.decode(
                    Bytes.of(content).slice(1, content.length), Limit.SERVICE_MESSAGE_BYTES, WalletMessage::read);
        } catch (IOException e) {
            throw new CommandFailure("cannot read " + file + ": " + Reason.of(e), e);
        } catch (DecodeException e) {
            throw new CommandFailure(file + " is damaged (" + e.refusal() + "): move it away", e);
        }
    }
}
