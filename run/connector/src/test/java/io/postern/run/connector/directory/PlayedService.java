package io.postern.run.connector.directory;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.postern.base.HostPort;
import io.postern.connector.enroll.DataFolder;
import io.postern.connector.enroll.Identity;
import io.postern.connector.enroll.ServiceCall;
import io.postern.fixtures.TestCertificates;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.net.dial.Dialler;
import io.postern.net.dial.ProxyChoice;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The service's door for connectors, as small as it can be: gives out jobs, takes pages, and remembers all
/// that it was told. Who has no certificate of its authority is not let in. Thread-safe.
public final class PlayedService implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    /// A question as it came.
    public record Call(String path, JsonNode body, String text) {}

    private record Refusal(int status, String body) {}

    private final TestCertificates authority = TestCertificates.authority("postern connectors");
    private final HttpsServer server;
    private final Loops loops = Loops.open("test", 1);
    private final DataFolder folder;
    private final List<Call> calls = new ArrayList<>(); // guarded by this, as all below
    private final Deque<String> jobs = new ArrayDeque<>();
    private final Deque<String> questions = new ArrayDeque<>();
    private final Map<String, Deque<Refusal>> refusals = Map.of(
            "/directory/ask",
            new ArrayDeque<>(),
            "/directory/page",
            new ArrayDeque<>(),
            "/directory/end",
            new ArrayDeque<>(),
            "/questions/ask",
            new ArrayDeque<>());

    public PlayedService(Path data) throws IOException, GeneralSecurityException {
        TestCertificates.Issued own = authority.server("localhost");
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("own", own.key(), new char[0], own.chain().toArray(Certificate[]::new));
        keys.setCertificateEntry("authority", authority.authority());
        var keyFactory = KeyManagerFactory.getInstance("PKIX");
        keyFactory.init(keys, new char[0]);
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(keys);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keyFactory.getKeyManagers(), trust.getTrustManagers(), null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = tls.getDefaultSSLParameters();
                wanted.setApplicationProtocols(new String[] {"postern-enroll/1"});
                wanted.setNeedClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::take);
        server.start();
        folder = DataFolder.open(data);
        TestCertificates.Issued connector = authority.client("c-1");
        folder.keep(new Identity(
                "c-1", "contoso", "Default", connector.key(), List.of(connector.leaf()), authority.authority()));
    }

    DirectoryDoor door() {
        return new DirectoryDoor(call(), folder);
    }

    public ServiceCall call() {
        var dialler = new Dialler(loops, new LocalNames(), ProxyChoice.none());
        return new ServiceCall(
                dialler, new HostPort("localhost", server.getAddress().getPort()));
    }

    public DataFolder folder() {
        return folder;
    }

    /// The next who asks questions gets this one.
    public synchronized void question(String question) {
        questions.add(question);
    }

    /// The next who asks without one gets it.
    synchronized void give(String job) {
        jobs.add(job);
    }

    /// The next answer there is this.
    public synchronized void refuse(String path, int status, String code) {
        refusals.getOrDefault(path, new ArrayDeque<>())
                .add(new Refusal(status, "{\"error\":{\"code\":\"" + code + "\",\"message\":\"said the service\"}}"));
    }

    /// Waits until so many questions of a kind have come.
    public synchronized List<Call> await(String path, int count) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            List<Call> found = of(path);
            if (found.size() >= count) {
                return found;
            }
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("not " + count + " times: " + path + "; came: "
                        + calls.stream()
                                .map(c -> c.path() + " " + cut(c.text()))
                                .toList());
            }
            wait(left);
        }
    }

    synchronized List<Call> pages() {
        return of("/directory/page");
    }

    private List<Call> of(String path) {
        return calls.stream().filter(c -> c.path().equals(path)).toList();
    }

    private static String cut(String text) {
        return text.length() > 150 ? text.substring(0, 150) + "..." : text;
    }

    private void take(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Refusal answer = answer(path, JSON.readTree(text), text);
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private synchronized Refusal answer(String path, JsonNode body, String text) {
        calls.add(new Call(path, body, text));
        notifyAll();
        Refusal refusal = refusals.getOrDefault(path, new ArrayDeque<>()).poll();
        if (refusal != null) {
            return refusal;
        }
        return new Refusal(
                200,
                switch (path) {
                    case "/directory/ask" ->
                        jobs.isEmpty() || body.has("working")
                                ? "{\"wait\":1}"
                                : "{\"wait\":10,\"job\":" + jobs.poll() + "}";
                    case "/questions/ask" ->
                        questions.isEmpty()
                                ? "{\"wait\":1,\"questions\":[]}"
                                : "{\"wait\":1,\"questions\":[" + questions.poll() + "]}";
                    case "/directory/page" ->
                        "{\"next\":" + (body.path("sequence").asInt() + 1) + "}";
                    default -> "{}";
                });
    }

    @Override
    public void close() {
        server.stop(0);
        folder.close();
        loops.close(Duration.ZERO).awaitUninterruptibly(2_000);
    }
}
