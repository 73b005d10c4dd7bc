package org.jiaozi.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jiaozi.cli.Main;
import org.jiaozi.core.policy.Profile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a policy is told by file and key, before anybody is asked. */
final class PolicyFileTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder = Path.of("");

    private String said(String command, String shipped, Consumer<ObjectNode> change) throws IOException {
        ObjectNode policy = (ObjectNode)
                JSON.readTree(Profile.class.getResourceAsStream("/org/jiaozi/core/policy/profiles/" + shipped));
        change.accept(policy);
        Path file = Files.writeString(folder.resolve("mine.json"), policy.toString());
        StringWriter err = new StringWriter();
        int code = Main.run(
                new PrintWriter(new StringWriter()),
                new PrintWriter(err, true),
                "central",
                command,
                file.toString(),
                "--data",
                folder.resolve("data").toString());
        assertThat(code).isNotZero();
        assertThat(err.toString().lines()).hasSize(1);
        return err.toString().replace(file.toString(), "FILE");
    }

    @Test
    void aKeyThatIsMissingAndOneThatIsUnknownAreBothNamed() throws IOException {
        assertThat(said("policy", "dcep.json", p -> p.set("maxHopz", p.remove("maxHops"))))
                .contains("FILE: profile.maxHops is missing; unknown key profile.maxHopz");
        assertThat(said("policy", "circulating.json", p -> ((ObjectNode) p.at("/tiers/1/offline")).remove("count")))
                .contains("FILE: profile.tiers[1].offline.count is missing");
        assertThat(said("override", "disaster.override.json", p -> p.put("reason", "flood")))
                .contains("FILE: unknown key override.reason");
    }

    @Test
    void aValueThatCannotBeIsNamedToo() throws IOException {
        assertThat(said("policy", "dcep.json", p -> p.put("maxHops", 99)))
                .contains("FILE: profile.maxHops is 99, allowed 1 to 16");
        assertThat(said("policy", "dcep.json", p -> p.put("maxHops", "9")))
                .contains("FILE: profile.maxHops is string where number is due");
        assertThat(said("override", "disaster.override.json", p -> p.put("region", "nowhere")))
                .contains("FILE: not a region: nowhere");
    }

    @Test
    void aSoundOneGoesOnToTheServers() throws IOException {
        assertThat(said("policy", "dcep.json", p -> {})).contains("nothing was ever started");
        assertThat(said("override", "disaster.override.json", p -> {})).contains("nothing was ever started");
    }
}
