package io.postern.bench.drain;

import io.postern.fixtures.Browser;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// People at work, until they are told to stop: small requests, transfers, event streams, WebSockets, over HTTP/1.1
/// and HTTP/2. Whatever is not answered in full, with the right bytes, is lost.
///
/// Everything is POST: what Java's client sends again by itself after a connection was lost is GET and HEAD.
final class Users {
    private static final int SMALL = 8;
    private static final int STREAMS = 2;
    private static final int SOCKETS = 4;
    private static final Duration THINKING = Duration.ofMillis(20);
    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(2);
    private static final Content PAGE = new Content(1 << 10);

    private final Site site;
    private final Tally tally;
    private final Content large;
    private final double bytesPerSecond;
    private final HttpClient http1;
    private final HttpClient http2;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean isOver;

    private interface Work {
        /// @return "" when all is well, else what is not
        String once(HttpClient client) throws IOException, InterruptedException;
    }

    private Users(Site site, Tally tally, Content large, Duration transfer) {
        this.site = site;
        this.tally = tally;
        this.large = large;
        this.bytesPerSecond = (double) large.size() / transfer.toNanos() * 1e9;
        this.http1 = client(HttpClient.Version.HTTP_1_1);
        this.http2 = client(HttpClient.Version.HTTP_2);
    }

    /// @param large what is sent and fetched
    /// @param transfer how long each of those takes at least
    static Users start(Site site, Tally tally, Content large, Duration transfer) {
        var users = new Users(site, tally, large, transfer);
        for (int i = 0; i < SMALL; i++) {
            users.employ(Kind.SMALL, i, users::small);
        }
        for (int i = 0; i < STREAMS; i++) {
            users.employ(Kind.EVENTS, i, users::events);
            users.employ(Kind.UPLOAD, i, users::upload);
            users.employ(Kind.DOWNLOAD, i, users::download);
        }
        for (int i = 0; i < SOCKETS; i++) {
            users.employ(Kind.SOCKET, i, client -> new Caller(site, client).callUntil(() -> users.isOver));
        }
        return users;
    }

    private HttpClient client(HttpClient.Version version) {
        return HttpClient.newBuilder()
                .sslContext(Browser.trusting(site.authority()))
                .version(version)
                .build();
    }

    private void employ(Kind kind, int number, Work work) {
        HttpClient client = number % 2 == 0 ? http1 : http2;
        threads.add(Thread.ofVirtual().name(kind + "-" + number).start(() -> {
            while (!isOver) {
                String fault;
                try {
                    fault = work.once(client);
                } catch (IOException e) {
                    fault = client.version() + ": " + e;
                } catch (InterruptedException e) {
                    fault = "no answer to this day";
                }
                if (fault.isEmpty()) {
                    tally.done(kind);
                } else {
                    tally.lost(kind, fault);
                    LockSupport.parkNanos(Duration.ofSeconds(1).toNanos()); // one reason is one loss, not a thousand
                }
            }
        }));
    }

    private String small(HttpClient client) throws IOException, InterruptedException {
        LockSupport.parkNanos(THINKING.toNanos());
        return digested(client, PAGE, Pace.NONE);
    }

    private String upload(HttpClient client) throws IOException, InterruptedException {
        return digested(client, large, Pace.of(bytesPerSecond));
    }

    private String digested(HttpClient client, Content content, Pace pace) throws IOException, InterruptedException {
        var body =
                BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> content.stream(pace)), content.size());
        HttpResponse<String> answer = client.send(request("upload", body), BodyHandlers.ofString());
        return answer.statusCode() == 200 && answer.body().contains(content.digest())
                ? ""
                : answer.statusCode() + " " + answer.body();
    }

    private String download(HttpClient client) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = client.send(
                request("tempcontent/large?size=" + large.size(), BodyPublishers.noBody()),
                BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            return answer.statusCode() == 200 ? large.compare(body, Pace.of(bytesPerSecond)) : told(answer, body);
        }
    }

    /// To its proper end, which the connector makes when its grace period is over.
    private String events(HttpClient client) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer =
                client.send(request("events", BodyPublishers.noBody()), BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            if (answer.statusCode() != 200) {
                return told(answer, body);
            }
            byte[] piece = new byte[4 << 10];
            while (!isOver && body.read(piece) >= 0) {
                // each second there is something
            }
            return "";
        }
    }

    private static String told(HttpResponse<?> answer, InputStream body) throws IOException {
        return answer.statusCode() + " " + new String(body.readNBytes(1_000), StandardCharsets.UTF_8);
    }

    private HttpRequest request(String path, BodyPublisher body) {
        URI uri = site.application().resolve(path);
        return HttpRequest.newBuilder(uri)
                .header("Cookie", site.cookie())
                .header("Origin", "https://" + uri.getAuthority())
                .header("Accept", "application/json")
                .timeout(ANSWER_LIMIT)
                .POST(body)
                .build();
    }

    /// Begins nothing new and waits for what has been begun; what does not end is lost.
    void close() {
        isOver = true;
        long until = System.nanoTime() + ANSWER_LIMIT.toNanos();
        for (Thread thread : threads) {
            try {
                if (!thread.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())))) {
                    thread.interrupt();
                    thread.join();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        http1.shutdownNow();
        http2.shutdownNow();
    }
}
