package io.postern.bench.drain;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One WebSocket on which calls are made and answered. Its proper end is 1012, Service Restart, or ours.
final class Caller implements WebSocket.Listener {
    private static final int SERVICE_RESTART = 1012;
    private static final Duration THINKING = Duration.ofMillis(100);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
    private static final String CALL =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"handle\":-1,\"method\":\"GetDocList\",\"params\":[]}";

    private final Site site;
    private final HttpClient client;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final StringBuilder partial = new StringBuilder();
    private volatile @Nullable String end;

    Caller(Site site, HttpClient client) {
        this.site = site;
        this.client = client;
    }

    /// @return "" when it ended as it may, else what happened
    String callUntil(BooleanSupplier isOver) throws IOException, InterruptedException {
        URI uri = site.application().resolve("app/engineData");
        WebSocket socket = open(uri);
        while (!isOver.getAsBoolean() && end == null) {
            answers.clear();
            try {
                socket.sendText(CALL, true).join();
            } catch (CompletionException e) {
                awaitEnd();
                break;
            }
            if (!isAnswered()) {
                socket.abort();
                return end == null ? "a call was not answered in " + ANSWER_LIMIT.toSeconds() + " s" : verdict();
            }
            LockSupport.parkNanos(THINKING.toNanos());
        }
        String verdict = verdict();
        socket.abort();
        return verdict;
    }

    private WebSocket open(URI uri) throws IOException, InterruptedException {
        CompletableFuture<WebSocket> opening = client.newWebSocketBuilder()
                .header("Cookie", site.cookie())
                .header("Origin", "https://" + uri.getAuthority())
                .buildAsync(URI.create("wss" + uri.toString().substring("https".length())), this);
        try {
            return opening.get();
        } catch (ExecutionException e) {
            throw new IOException("handshake: " + e.getCause(), e);
        }
    }

    private boolean isAnswered() throws InterruptedException {
        long until = System.nanoTime() + ANSWER_LIMIT.toNanos();
        while (end == null && System.nanoTime() < until) {
            String answer = answers.poll(50, TimeUnit.MILLISECONDS);
            if (answer != null && answer.contains("qDocList")) {
                return true;
            }
        }
        return end != null && verdict().isEmpty();
    }

    /// The end may be heard of a moment after a call could not be sent.
    private void awaitEnd() {
        for (int i = 0; i < 100 && end == null; i++) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        if (end == null) {
            end = "a call could not be sent";
        }
    }

    private String verdict() {
        String how = end;
        return how == null ? "" : how;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            answers.add(partial.toString());
            partial.setLength(0);
        }
        socket.request(1);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        end = code == SERVICE_RESTART ? "" : "closed with " + code + " " + reason;
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        end = "ended without a Close: " + error;
    }
}
