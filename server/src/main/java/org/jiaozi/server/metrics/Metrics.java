package org.jiaozi.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jiaozi.core.refusal.RefusalCode;

/** All that one server counts and measures. Its parts are handed it and add to it. */
public final class Metrics implements AutoCloseable {
    /** The form of {@link #text}: Prometheus' own. */
    public static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    /** Few, for each route and status has all of them. */
    private static final Duration[] BOUNDS = {
        Duration.ofMillis(5),
        Duration.ofMillis(20),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final List<AutoCloseable> listening = new ArrayList<>();
    private final MeterProvider<Timer> requests =
            timer("jiaozi.http.request.duration", "From the end of a request's header to the beginning of its answer.");
    private final MeterProvider<Counter> refusals = Counter.builder("jiaozi.refusals")
            .description("Refusals answered, by number of spec/errors.md, also those that are answered under seal.")
            .withRegistry(registry);

    /** Those of a server in a process of its own: memory, garbage collection, threads and processor come with it. */
    public static Metrics ofThisProcess() {
        Metrics metrics = new Metrics();
        JvmGcMetrics collections = new JvmGcMetrics();
        metrics.listening.add(collections);
        for (MeterBinder part : List.of(
                new JvmMemoryMetrics(),
                collections,
                new JvmThreadMetrics(),
                new ProcessorMetrics(),
                new UptimeMetrics())) {
            part.bindTo(metrics.registry);
        }
        return metrics;
    }

    /** Where the libraries add theirs. */
    public MeterRegistry registry() {
        return registry;
    }

    private MeterProvider<Timer> timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(BOUNDS)
                .withRegistry(registry);
    }

    /** A time of one kind, by outcome. */
    public Timer timer(String name, String description, String outcome) {
        return timer(name, description).withTag("outcome", outcome);
    }

    /** A counter of one kind, there from the start; labels as name and value in turn, from closed sets. */
    public Counter counter(String name, String description, String... labels) {
        return Counter.builder(name).description(description).tags(labels).register(registry);
    }

    /** What is so now. */
    public void gauge(String name, String description, Supplier<Number> now) {
        Gauge.builder(name, now).description(description).strongReference(true).register(registry);
    }

    /**
     * A request is answered.
     *
     * @param route the template of the path, never the path itself
     */
    public void answered(String method, String route, int status, long nanos) {
        requests.withTags("method", method, "route", route, "status", Integer.toString(status))
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Somebody is told no. */
    public void refused(RefusalCode code) {
        refusals.withTag("number", Integer.toString(code.number())).increment();
    }

    /** All of it, as Prometheus reads it. */
    public String text() {
        return registry.scrape();
    }

    /** Listens no more. Calling it again is fine. */
    @Override
    public void close() {
        for (AutoCloseable each : listening) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        registry.close();
    }
}
