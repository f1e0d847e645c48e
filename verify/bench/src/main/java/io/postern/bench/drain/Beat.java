package io.postern.bench.drain;

import io.postern.fixtures.Browser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Small requests at a steady rate, whether earlier ones were answered or not, so that a stall shows in every request
/// that was due in it. One in twenty is slow: of those some are in flight at any time.
final class Beat {
    private static final int SLOW_ONE_IN = 20;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
    private static final int CLIENTS = 16;
    /// Of each client: the edge allows 100 streams on a connection, and Java's client fails a request beyond that.
    private static final int OPEN_MAX = 80;

    private record Line(HttpClient client, Semaphore open) {}

    /// @param sentNanos when it was due
    /// @param status 0 without an answer
    /// @param text of an answer that is not 200, or why there was none
    record Answer(boolean isSlow, long sentNanos, long answeredNanos, int status, String text) {
        boolean isGood() {
            return status == 200;
        }
    }

    private final Site site;
    private final int perSecond;
    private final List<Line> lines;
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final Thread drummer;
    private volatile boolean isOver;

    private Beat(Site site, int perSecond) {
        this.site = site;
        this.perSecond = perSecond;
        this.lines = Stream.generate(() -> new Line(Browser.client(site.authority()), new Semaphore(OPEN_MAX)))
                .limit(CLIENTS)
                .toList();
        this.drummer = Thread.ofPlatform().name("beat").start(this::beat);
    }

    static Beat start(Site site, int perSecond) {
        return new Beat(site, perSecond);
    }

    private void beat() {
        long begin = System.nanoTime();
        for (long i = 0; !isOver; i++) {
            long due = begin + i * 1_000_000_000L / perSecond;
            for (long left; (left = due - System.nanoTime()) > 0; ) {
                LockSupport.parkNanos(left);
            }
            send(lines.get((int) (i % CLIENTS)), i % SLOW_ONE_IN == 0, due);
        }
    }

    private void send(Line line, boolean isSlow, long dueNanos) {
        line.open().acquireUninterruptibly();
        URI uri = site.application().resolve(isSlow ? "slow?seconds=1" : "api/echo");
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Cookie", site.cookie())
                .header("Origin", "https://" + uri.getAuthority())
                .header("Accept", "application/json")
                .timeout(ANSWER_LIMIT)
                .POST(BodyPublishers.ofString("a body, so that nobody may send it twice"))
                .build();
        CompletableFuture<HttpResponse<String>> sent = line.client().sendAsync(request, BodyHandlers.ofString());
        sent.whenComplete((answer, failure) -> {
            answers.add(answer(isSlow, dueNanos, answer, failure));
            line.open().release();
        });
    }

    private static Answer answer(
            boolean isSlow, long dueNanos, @Nullable HttpResponse<String> answer, @Nullable Throwable failure) {
        long now = System.nanoTime();
        if (answer == null) {
            return new Answer(isSlow, dueNanos, now, 0, String.valueOf(failure));
        }
        boolean isGood = answer.statusCode() == 200;
        return new Answer(
                isSlow, dueNanos, now, answer.statusCode(), isGood ? "" : answer.statusCode() + " " + answer.body());
    }

    /// What was answered so far counts no more.
    void forget() {
        answers.clear();
    }

    List<Answer> answers() {
        return List.copyOf(answers);
    }

    /// Sends no more, and waits for what is on its way.
    void close() {
        isOver = true;
        try {
            drummer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Line line : lines) {
            line.open().acquireUninterruptibly(OPEN_MAX);
            line.client().shutdownNow();
        }
    }
}
