package io.postern.identity.oidc;

import io.postern.domain.ServiceAddress;
import io.postern.identity.protocol.Destinations;
import io.postern.store.SessionClientStore;
import io.postern.store.Store;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells clients that a session is over (OpenID Connect Back-Channel Logout), however it ended. What is to be told
/// stands in the database, so a restart forgets nothing and of several nodes one tells.
///
/// An administrator of a tenant chooses the address, so [Destinations] decides whether it is asked, redirects are not
/// followed, and nothing of the answer is kept but whether it was good.
final class BackChannel {
    /// After the last of five tries.
    static final Duration GIVES_UP = Duration.ofHours(2);

    private static final List<Duration> PAUSES = List.of(
            Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(1), GIVES_UP);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int BATCH = 200;
    private static final int AT_ONCE = 16;
    private static final Logger LOG = LoggerFactory.getLogger(BackChannel.class);

    private final Store store;
    private final RelyingParties parties;
    private final Tokens tokens;
    private final Destinations destinations;
    private final Clock clock;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    BackChannel(Store store, RelyingParties parties, Tokens tokens, ServiceAddress address, Clock clock) {
        this.store = store;
        this.parties = parties;
        this.tokens = tokens;
        this.destinations = new Destinations(store, address);
        this.clock = clock;
    }

    /// Tells whoever is due; waits for their answers, 5 s each at most. Thread-safe.
    void work() {
        Instant now = clock.instant();
        List<SessionClientStore.Row> due = store.read(s -> s.sessionClients().toTell(now, BATCH));
        if (due.isEmpty()) {
            return;
        }
        var places = new Semaphore(AT_ONCE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (SessionClientStore.Row row : due) {
                Instant next = now.plus(PAUSES.get(Math.min(row.attempts(), PAUSES.size() - 1)));
                if (store.write(s -> s.sessionClients().claim(row, next))) {
                    CompletableFuture.runAsync(() -> tell(row, places), threads).exceptionally(fault -> {
                        LOG.error("telling a client failed appId={}", row.appId(), fault);
                        return null;
                    });
                }
            }
        }
    }

    private void tell(SessionClientStore.Row row, Semaphore places) {
        Optional<String> url = store.read(s -> s.tenants().find(row.tenant()))
                .flatMap(tenant -> parties.find(tenant, row.appId()))
                .flatMap(party -> party.settings().backChannelLogoutUrl());
        if (url.isEmpty()) {
            store.write(s -> done(s.sessionClients(), row));
            return;
        }
        places.acquireUninterruptibly();
        String problem;
        try {
            problem = post(row, url.get());
        } finally {
            places.release();
        }
        boolean over = problem.isEmpty() || row.attempts() + 1 >= PAUSES.size();
        if (over) {
            store.write(s -> done(s.sessionClients(), row));
        }
        if (problem.isEmpty()) {
            LOG.info("client told of the end of a session appId={} sessionId={}", row.appId(), row.session());
        } else {
            LOG.warn(
                    "client not told of the end of a session appId={} sessionId={} try={} url={} problem={}",
                    row.appId(),
                    row.session(),
                    row.attempts() + 1,
                    url.get(),
                    problem);
        }
    }

    private static boolean done(SessionClientStore clients, SessionClientStore.Row row) {
        clients.done(row);
        return true;
    }

    /// @return what went wrong; empty when the client took it
    private String post(SessionClientStore.Row row, String url) {
        Optional<String> refusal = destinations.refusal(row.tenant(), url, true, false);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        String token = tokens.logoutToken(row.tenant(), row.appId(), row.user().value(), row.session());
        try {
            HttpResponse<Void> answer = client.send(
                    HttpRequest.newBuilder(URI.create(url))
                            .timeout(TIMEOUT)
                            .header("content-type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString("logout_token=" + token))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            int status = answer.statusCode();
            return status == 200 || status == 204 ? "" : "it answered " + status;
        } catch (IOException e) {
            return "it cannot be reached: " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }
}
