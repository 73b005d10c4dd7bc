package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.http.HttpAnswer;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.HttpQuestion;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.HttpServer;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.http.Route;
import org.jiaozi.server.http.Unreachable;
import org.jiaozi.server.tls.TlsIdentity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An institution that starts while the central bank is there and cannot answer, as one without its database. */
final class JoiningTest {
    private static World world;

    @BeforeAll
    static void start(@TempDir Path folder) {
        world = new World(folder);
        world.start("bank-a", world.centralAddress);
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    private static HttpServer refusing(RefusalCode code) {
        return HttpServer.start(
                0,
                Optional.empty(),
                10_000,
                List.of(Route.post("/v1/members", asked -> HttpAnswer.refused(code, "its database is away"))));
    }

    @ParameterizedTest
    @EnumSource(
            value = RefusalCode.class,
            names = {"UNREACHABLE", "BUSY", "STORAGE_FULL"})
    void whoHasJoinedStartsAndServes(RefusalCode code) {
        try (HttpServer central = refusing(code)) {
            world.stop("bank-a");
            world.start("bank-a", central.address());
            assertThat(world.operator("bank-a", "/books").required("sum").longValue())
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = RefusalCode.class,
            names = {"NOT_AUTHORISED", "CLIENT_REFUSED", "INTERNAL"})
    void whoIsNotTakenDoesNotStart(RefusalCode code) {
        try (HttpServer central = refusing(code)) {
            world.stop("bank-a");
            assertThatThrownBy(() -> world.start("bank-a", central.address()))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining(code.name());
        }
    }

    @Test
    void whoJoinsForTheFirstTimeWaitsForAnAnswer() {
        AtomicInteger refused = new AtomicInteger();
        try (HttpCaller member = HttpCaller.create(
                Optional.of(TlsIdentity.load(world.folder.resolve("bank-b").resolve("tls"))
                        .context()),
                Duration.ofSeconds(20))) {
            URI members = URI.create(world.centralAddress + "/v1/members");
            URI bulletin = URI.create(world.centralAddress + "/v1/bulletin");
            List<Route> routes = List.of(
                    Route.post(
                            members.getPath(),
                            notAtFirst(refused, asked -> member.post(members, MediaType.JSON, asked.body()))),
                    Route.get(bulletin.getPath(), notAtFirst(refused, asked -> member.get(bulletin, MediaType.CBOR))));
            try (HttpServer central = HttpServer.start(0, Optional.empty(), 10_000, routes)) {
                world.start("bank-b", central.address());
                assertThat(refused.get()).isEqualTo(2);
                assertThat(world.operator("bank-b", "/books").required("sum").longValue())
                        .isZero();
            }
        }
    }

    /** What the real one is asked. */
    private interface Asked {
        HttpReply ask(HttpQuestion question) throws Unreachable;
    }

    private static Function<HttpQuestion, HttpAnswer> notAtFirst(AtomicInteger refused, Asked asked) {
        AtomicBoolean first = new AtomicBoolean(true);
        return question -> {
            if (first.getAndSet(false)) {
                refused.incrementAndGet();
                return HttpAnswer.refused(RefusalCode.UNREACHABLE, "its database is away");
            }
            try {
                HttpReply reply = asked.ask(question);
                return HttpAnswer.content(reply.type(), reply.body());
            } catch (Unreachable e) {
                throw new UncheckedIOException(e);
            }
        };
    }
}
