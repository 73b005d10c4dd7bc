package org.jiaozi.lab.fuzz;

import static org.jiaozi.lab.fuzz.Readers.equal;
import static org.jiaozi.lab.fuzz.Readers.readIsAll;
import static org.jiaozi.lab.fuzz.Readers.target;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.output.AmountParser;
import org.jiaozi.cli.up.PolicyFile;
import org.jiaozi.cli.wallet.session.Trust;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.policy.RegionalOverride;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.lab.fuzz.Target.Bound;
import org.jiaozi.lab.fuzz.Target.Family;
import org.jiaozi.lab.fuzz.Target.Reader;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.tls.Pem;

/** What people write, and what servers and wallets keep as text: JSON, PEM, amounts, names. */
final class FileTargets {
    /** A JSON parser sets buffers aside; X.509 and EC parameters come with the JDK's own. */
    private static final Bound TEXT = new Bound(1 << 10, 1 << 20);

    private static final int DECIMALS = 2;

    private FileTargets() {}

    static List<Target> all() {
        Scratch scratch = new Scratch();
        Hidden settings = Hidden.method("cli.up.SettingsFile", "read", Path.class, boolean.class);
        Hidden account = Hidden.method("cli.wallet.online.AccountKey", "read", Path.class);
        Hidden member = Hidden.method("server.institution.Membership", "load", Path.class);
        Hidden key = Hidden.method("server.tls.Pem", "readPrivateKey", Path.class);
        Hidden words = Hidden.method("cli.ShellCommand", "words", String.class);
        Hidden host = Hidden.method("cli.wallet.tap.Carrier$HostPort", "parse", String.class);
        Hidden override = Hidden.method("cli.up.PolicyFile", "override", Path.class);
        return List.of(
                text("trust-file", input -> {
                    Trust trust = Trust.read(scratch.file("trust.json", input));
                    return equal(trust.rootKey(), k -> Trust.root(k.compressed().hex()));
                }),
                text("account-key", input -> {
                    account.call(scratch.file("account.key", input));
                    return readIsAll();
                }),
                text("profile-file", input -> {
                    Profile profile =
                            PolicyFile.named(scratch.file("profile.json", input).toString());
                    return equal(profile, p -> Profile.fromCbor(p.toCbor()));
                }),
                text("override-file", input -> {
                    override.call(scratch.file("override.json", input));
                    return readIsAll();
                }),
                text("settings-file", input -> {
                    settings.call(scratch.file("up.json", input), true);
                    return readIsAll();
                }),
                text("member-file", input -> {
                    scratch.file("member.json", input);
                    Object read = member.call(scratch.folder());
                    return equal(read, same -> same);
                }),
                text("pem-certificate", input -> {
                    Pem.readCertificate(scratch.file("certificate.pem", input));
                    return readIsAll();
                }),
                text("pem-key", input -> {
                    key.call(scratch.file("key.pem", input));
                    return readIsAll();
                }),
                typed("amount", input -> {
                    long minor = AmountParser.parse(utf8(input), DECIMALS);
                    return equal(minor, m -> AmountParser.parse(AmountParser.format(m, DECIMALS), DECIMALS));
                }),
                text("host-port", input -> {
                    host.call(utf8(input));
                    return readIsAll();
                }),
                text("shell-words", input -> {
                    words.call(utf8(input));
                    return readIsAll();
                }),
                typed("hex", FileTargets::hex),
                operator());
    }

    private static Target text(String name, Reader reader) {
        return target(
                name, Family.FILES, TEXT, reader, CommandFailure.class, StartFailure.class, DecodeException.class);
    }

    /** Of what a person types, or another reader has taken out of its frame; its caller says what is wrong. */
    private static Target typed(String name, Reader reader) {
        return target(name, Family.FILES, TEXT, reader, IllegalArgumentException.class);
    }

    private static Target.Proof hex(byte[] input) {
        String text = utf8(input);
        return switch (text.length()) {
            case 2 * Nonce.SIZE -> equal(Nonce.fromHex(text), n -> Nonce.fromHex(n.toString()));
            case 2 * Hash.SIZE -> {
                Thumbprint.fromHex(text);
                yield equal(Hash.fromHex(text), h -> Hash.fromHex(h.toString()));
            }
            default -> readIsAll();
        };
    }

    /** The body of an operator's question, as both kinds of server read it. */
    private static Target operator() {
        Hidden map = Hidden.method("server.central.Json", "map", byte[].class);
        return text("operator-body", input -> {
            @SuppressWarnings("unchecked")
            Map<String, ?> read = (Map<String, ?>) map.call((Object) input);
            if (!read.containsKey("tiers")) {
                RegionalOverride.fromMap(read);
                return readIsAll();
            }
            return equal(Profile.fromMap(read), p -> Profile.fromCbor(p.toCbor()));
        });
    }

    private static String utf8(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }
}
