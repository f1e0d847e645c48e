package io.postern.gateway.probe;

import io.netty.channel.EventLoop;
import io.postern.domain.AppId;
import io.postern.domain.ConnectorId;
import io.postern.domain.event.ConnectorEvent;
import io.postern.domain.event.EventSink;
import io.postern.domain.health.AppPath;
import io.postern.domain.health.PathProber;
import io.postern.domain.health.ProbeTarget;
import io.postern.domain.health.Probed;
import io.postern.domain.publish.Publishing;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.PublishedApplication.Upstream;
import io.postern.tunnel.Tunnel;
import io.postern.tunnel.accept.TunnelRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Probes each path, connector × application, end to end through the data path: every interval, and when
/// somebody asks. So many at once and so many a second at most, however many paths there are. Verdicts go up as
/// events. State is confined to one event loop; the public methods may be called from any thread.
public final class Prober implements PathProber {
    private static final Logger LOG = LoggerFactory.getLogger(Prober.class);
    private static final Duration TICK = Duration.ofMillis(100);

    /// 100 a second: requests that somebody waits for come on top of the regular ones.
    private static final int STARTS_PER_TICK = 10;

    private static final int RUNNING_MAX = 256;

    private record Urgent(Question question, Consumer<Probed> asker) {}

    private final ProbeSettings settings;
    private final EventLoop home;
    private final TunnelRegistry tunnels;
    private final Supplier<Map<AppId, PublishedApplication>> applications;
    private final IntSupplier publicPort;
    private final EventSink events;
    private final InstantSource clock;
    private final Timetable timetable;
    private final ArrayDeque<Urgent> urgent = new ArrayDeque<>();
    private int running;
    private volatile boolean changed = true;

    /// @param home the loop on which this lives
    /// @param applications the published ones now; asked on the loop, must not block
    /// @param publicPort under which users reach external hosts
    public Prober(
            ProbeSettings settings,
            EventLoop home,
            TunnelRegistry tunnels,
            Supplier<Map<AppId, PublishedApplication>> applications,
            IntSupplier publicPort,
            EventSink events,
            InstantSource clock) {
        this.settings = settings;
        this.home = home;
        this.tunnels = tunnels;
        this.applications = applications;
        this.publicPort = publicPort;
        this.events = events;
        this.clock = clock;
        this.timetable = new Timetable(settings.interval(), new Random());
    }

    /// Probes until the loop ends.
    public void start() {
        home.scheduleWithFixedDelay(this::turn, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Connectors or applications came or went.
    public void onChange() {
        changed = true;
    }

    @Override
    public CompletionStage<List<Probed>> probe(Set<AppPath> paths) {
        var answer = new CompletableFuture<List<Probed>>();
        home.execute(() -> {
            List<Question> questions =
                    paths.stream().flatMap(path -> question(path).stream()).toList();
            var found = new ArrayList<Probed>();
            if (questions.isEmpty()) {
                answer.complete(List.of());
            }
            for (Question question : questions) {
                urgent.add(new Urgent(question, probed -> {
                    found.add(probed);
                    if (found.size() == questions.size()) {
                        answer.complete(List.copyOf(found));
                    }
                }));
            }
            tick();
        });
        return answer;
    }

    @Override
    public Map<ConnectorId, Load> loads() {
        var loads = new HashMap<ConnectorId, Load>();
        for (Tunnel tunnel : tunnels.all()) {
            loads.merge(
                    new ConnectorId(tunnel.connectorId()),
                    new Load(1, tunnel.openStreams()),
                    (a, b) -> new Load(a.tunnels() + b.tunnels(), a.streams() + b.streams()));
        }
        return loads;
    }

    /// The border of a job: whatever goes wrong in one turn, there is a next one.
    private void turn() {
        try {
            tick();
        } catch (RuntimeException e) {
            LOG.error("a turn of probes failed", e);
        }
    }

    private void tick() {
        assert home.inEventLoop();
        if (changed) {
            changed = false;
            timetable.replace(settings.interval().isZero() ? Map.of() : wanted(), System.nanoTime());
        }
        int starts = Math.min(STARTS_PER_TICK, RUNNING_MAX - running);
        for (; starts > 0 && !urgent.isEmpty(); starts--) {
            Urgent next = urgent.remove();
            begin(next.question(), next.asker());
        }
        for (; starts > 0; starts--) {
            Optional<Question> next = timetable.poll(System.nanoTime());
            if (next.isEmpty()) {
                return;
            }
            if (isServed(next.get())) {
                begin(next.get(), probed -> {});
            } else {
                timetable.soon(next.get(), System.nanoTime()); // the connector has not acknowledged the backend yet
            }
        }
    }

    private boolean isServed(Question question) {
        String backend = question.target().backend();
        return tunnelsOf(question.path().connector()).stream().anyMatch(tunnel -> tunnel.serves(backend));
    }

    private void begin(Question question, Consumer<Probed> asker) {
        running++;
        Duration interval = settings.interval().isZero() ? ProbeSettings.DEFAULTS.interval() : timetable.interval();
        List<Tunnel> ways = tunnelsOf(question.path().connector());
        String backend = question.target().backend();
        ways.sort(Comparator.comparing((Tunnel tunnel) -> !(tunnel.isOpen() && tunnel.serves(backend))));
        new Probe(
                        question,
                        ways,
                        settings,
                        interval,
                        clock,
                        probed -> onLoop(() -> {
                            running--;
                            timetable.again(question, System.nanoTime());
                            events.connector(new ConnectorEvent.PathProbed(probed));
                            asker.accept(probed);
                        }))
                .start();
    }

    private void onLoop(Runnable task) {
        if (home.inEventLoop()) {
            task.run();
        } else {
            home.execute(task);
        }
    }

    /// In random order, so that each of them is tried now and then.
    private List<Tunnel> tunnelsOf(ConnectorId connector) {
        var found = new ArrayList<Tunnel>();
        for (Tunnel tunnel : tunnels.all()) {
            if (tunnel.connectorId().equals(connector.value())) {
                found.add(tunnel);
            }
        }
        Collections.shuffle(found, ThreadLocalRandom.current());
        return found;
    }

    /// Every application of its group for every connector that is here.
    private Map<AppPath, Question> wanted() {
        var byGroup = new HashMap<String, List<PublishedApplication>>();
        for (PublishedApplication application : applications.get().values()) {
            if (application.upstream() instanceof Upstream.ConnectorGroup group) {
                byGroup.computeIfAbsent(group.group().value(), g -> new ArrayList<>())
                        .add(application);
            }
        }
        var wanted = new HashMap<AppPath, Question>();
        for (Tunnel tunnel : tunnels.all()) {
            Collection<PublishedApplication> served = byGroup.getOrDefault(tunnel.group(), List.of());
            for (PublishedApplication application : served) {
                var path = new AppPath(new ConnectorId(tunnel.connectorId()), application.appId());
                if (!wanted.containsKey(path)) {
                    question(path, application).ifPresent(question -> wanted.put(path, question));
                }
            }
        }
        return wanted;
    }

    private Optional<Question> question(AppPath path) {
        return Optional.ofNullable(applications.get().get(path.application())).flatMap(a -> question(path, a));
    }

    private Optional<Question> question(AppPath path, PublishedApplication application) {
        return application.publishing().flatMap(publishing -> question(path, publishing));
    }

    private Optional<Question> question(AppPath path, Publishing publishing) {
        int port = publicPort.getAsInt();
        boolean bare = publishing.settings().fields().translate() || port == 443;
        return ProbeTarget.of(publishing)
                .map(target -> new Question(
                        path, target, scheme(publishing), bare ? target.host() : target.host() + ":" + port));
    }

    private static String scheme(Publishing publishing) {
        return (publishing.segments().isEmpty()
                        ? publishing.internalUrl()
                        : publishing.segments().getFirst().internalUrl())
                .scheme();
    }
}
