package org.jiaozi.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.wallet.World.Device;
import org.jiaozi.wallet.host.WalletRows;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.purse.PurseStateCodec;
import org.junit.jupiter.api.Test;

/** What is on disk stays readable: golden files are added and never changed. */
final class StoredFormTest {
    private static final String GOLDEN = "/org/jiaozi/wallet/wallet-rows-v1.txt";

    /** A wallet with something in every kind of row; this is how the golden file was made. */
    private static WalletState furnished() {
        World world = new World(99);
        Device a = world.device("a", 2);
        Device b = world.device("b", 2);
        a.load(10_000);
        b.load(1_000);
        Tap.pay(a, b, 1_234);
        Device clone = a.copy();
        Tap.pay(a, b, 100);
        Tap.deliver(b, Tap.payment(clone, b.ask(150)));
        Tap.pay(b, a, 77);
        Tap.payment(b, a.ask(5));
        b.ask(9);
        return b.state;
    }

    @Test
    void whatIsStoredComesBack() {
        WalletState state = furnished();
        assertThat(state.evidence()).isNotEmpty();
        SortedMap<WalletRows.Row, Bytes> rows = WalletRows.all(state);
        assertThat(rows.keySet().stream().map(WalletRows.Row::kind).distinct())
                .containsExactlyInAnyOrder(WalletRows.Kind.values());
        assertThat(WalletRows.all(WalletRows.load(rows))).isEqualTo(rows);
    }

    @Test
    void changesTurnOneStoredStateIntoTheNext() {
        World world = new World(98);
        Device a = world.device("a", 1);
        Device b = world.device("b", 1);
        a.load(500);
        WalletState before = b.state;
        SortedMap<WalletRows.Row, Bytes> rows = new TreeMap<>(WalletRows.all(before));
        Tap.pay(a, b, 20);
        List<WalletRows.Change> changes = WalletRows.changes(before, b.state);
        changes.forEach(c -> c.value().ifPresentOrElse(v -> rows.put(c.row(), v), () -> rows.remove(c.row())));
        assertThat(rows).isEqualTo(WalletRows.all(b.state));
        assertThat(WalletRows.changes(b.state, b.state)).isEmpty();
        assertThat(changes.stream().map(c -> c.row().kind()))
                .doesNotContain(WalletRows.Kind.BULLETIN, WalletRows.Kind.SETTINGS);
    }

    @Test
    void theFirstVersionIsStillRead() throws IOException {
        SortedMap<WalletRows.Row, Bytes> rows = new TreeMap<>();
        try (var in = StoredFormTest.class.getResourceAsStream(GOLDEN)) {
            if (in == null) {
                throw new AssertionError("no " + GOLDEN);
            }
            for (String line : new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList()) {
                String[] parts = line.split(" ", -1);
                rows.put(
                        new WalletRows.Row(WalletRows.Kind.of(Integer.parseInt(parts[0])), Bytes.fromHex(parts[1])),
                        Bytes.fromHex(parts[2]));
            }
        }
        WalletState state = WalletRows.load(rows);
        assertThat(WalletRows.all(state)).isEqualTo(rows);
        assertThat(state.purse().holding().minor()).isEqualTo(1_000 + 1_334 - 77 - 5);
        assertThat(state.payments()).hasSize(2);
        assertThat(state.evidence()).hasSize(1);
    }

    @Test
    void damageAndOtherVersionsAreRefused() {
        Bytes good = PurseStateCodec.encode(furnished().purse());
        byte[] later = good.toArray();
        later[0] = 2;
        assertThatThrownBy(() -> PurseStateCodec.decode(Bytes.of(later))).isInstanceOf(DecodeException.class);
        assertThatThrownBy(() -> PurseStateCodec.decode(good.slice(0, good.size() - 1)))
                .isInstanceOf(DecodeException.class);
        assertThatThrownBy(() -> PurseStateCodec.decode(Bytes.EMPTY)).isInstanceOf(DecodeException.class);
        assertThatThrownBy(() -> WalletRows.load(Map.of())).isInstanceOf(DecodeException.class);
    }

    /** Prints the golden file's content: run it by hand when a new version of the stored form begins. */
    public static void main(String[] args) {
        WalletRows.all(furnished())
                .forEach((row, value) ->
                        System.out.println(row.kind().number() + " " + row.key().hex() + " " + value.hex()));
    }
}
