package io.postern.bench;

import io.postern.fixtures.Browser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Asks one service for sign-ins and tokens, over TLS through the gateway, as a public client with one user.
final class IdentityLoad {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REDIRECT = "http://127.0.0.1/";
    private static final String VERIFIER = "a".repeat(43);
    private static final String TOKEN_PATH = "/contoso/oauth2/v2.0/token";
    private static final int SIGNING_IN = 4; // browsers at once: two compute, two wait
    static final int ADDRESSES_MAX = 500; // each has a client of its own
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final Pattern CODE = Pattern.compile("[?&]code=([^&]+)");
    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"");
    private static final Pattern ACTION = Pattern.compile("<form method=\"post\" action=\"([^\"]+)\"");

    /// @param busy answered 503
    /// @param heldBack answered 429, as too many of one address
    /// @param retryAfter of both, those that say when to come again
    record Flood(int signedIn, int busy, int heldBack, int retryAfter, double seconds, long residentMax) {}

    private final PosternFiles files;
    private final Administrator ada;
    private final String clientId;
    private final HttpClient client;

    private IdentityLoad(PosternFiles files, Administrator ada, String clientId) {
        this.files = files;
        this.ada = ada;
        this.clientId = clientId;
        client = Browser.client(files.authority());
    }

    /// Registers the client, which every user may use.
    static IdentityLoad prepare(PosternFiles files, Administrator ada) {
        var load = new IdentityLoad(files, ada, "");
        JsonNode application = load.api("POST", "/v1.0/applications", """
            {"displayName": "load", "publicClient": {"redirectUris": ["%s"]}}
            """.formatted(REDIRECT));
        String appId = application.path("appId").asString();
        JsonNode entry = load.api("POST", "/v1.0/servicePrincipals", "{\"appId\": \"" + appId + "\"}");
        load.api(
                "PATCH",
                "/v1.0/servicePrincipals/" + entry.path("id").asString(),
                "{\"appRoleAssignmentRequired\": false}");
        return new IdentityLoad(files, ada, appId);
    }

    private JsonNode api(String method, String path, String body) {
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(files.url("api").resolve(path))
                        .header("Authorization", "Bearer " + files.environment().get("POSTERN_TOKEN"))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body)));
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(answer.body());
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        return send(client, request);
    }

    private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request) {
        try {
            return client.send(request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private URI authorize(String scope) {
        return files.url("login")
                .resolve("/contoso/oauth2/v2.0/authorize?response_type=code&code_challenge_method=S256&client_id="
                        + clientId + "&code_challenge=" + challenge() + "&redirect_uri=" + encode(REDIRECT) + "&scope="
                        + encode(scope));
    }

    JsonNode token(Map<String, String> form) {
        var all = new LinkedHashMap<>(form);
        all.put("client_id", clientId);
        return JSON.readTree(
                send(post(files.url("login").resolve(TOKEN_PATH), all)).body());
    }

    private static HttpRequest.Builder post(URI uri, Map<String, String> form) {
        return HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form.entrySet().stream()
                        .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
                        .collect(Collectors.joining("&"))));
    }

    // --- refresh tokens

    /// One browser session, in which the user agrees once and then gets a code for each.
    List<Refreshing> families(int count) {
        var browser = new Browser(files.authority());
        String scope = "openid profile offline_access";
        Browser.Page page = typed(browser, browser.step(authorize(scope)));
        if (page.status() == 200) {
            page = submit(browser, page, Map.of("answer", "allow"));
        }
        var families = new ArrayList<Refreshing>();
        for (int i = 0; i < count; i++) {
            Browser.Page answer = i == 0 ? page : browser.step(authorize(scope));
            JsonNode tokens = token(Map.of(
                    "grant_type",
                    "authorization_code",
                    "code",
                    code(answer),
                    "redirect_uri",
                    REDIRECT,
                    "code_verifier",
                    VERIFIER));
            String first = tokens.path("refresh_token").asString("");
            if (first.isEmpty()) {
                throw new IllegalStateException("no refresh token: " + tokens);
            }
            families.add(new Refreshing(this, first));
        }
        return families;
    }

    /// All of them, each as fast as it is answered.
    static void together(List<Refreshing> families, Duration time) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        run(families.stream()
                .<Runnable>map(family -> () -> {
                    while (System.nanoTime() < until) {
                        family.refresh();
                    }
                })
                .toList());
    }

    private static void run(List<Runnable> work) throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            work.forEach(one -> all.add(threads.submit(one)));
            for (Future<?> one : all) {
                try {
                    one.get();
                } catch (ExecutionException e) {
                    throw new IllegalStateException(e.getCause());
                }
            }
        }
    }

    // --- passwords

    /// Whole sign-ins, each of a new browser: the request, the name, the password, whether to stay, the code.
    ///
    /// @return how many
    int signIns(Duration time) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        var count = new AtomicInteger();
        Runnable person = () -> {
            while (System.nanoTime() < until) {
                var browser = new Browser(files.authority());
                code(typed(browser, browser.step(authorize("openid"))));
                count.incrementAndGet();
            }
        };
        run(IntStream.range(0, SIGNING_IN).mapToObj(_ -> person).toList());
        return count.get();
    }

    /// Everybody at the page that asks for the password, then everybody at once.
    ///
    /// @param addresses that they come from in turn
    /// @param resident of the service, in bytes
    Flood flood(int people, int addresses, LongSupplier resident) throws InterruptedException {
        List<HttpClient> crowds =
                IntStream.range(0, addresses).mapToObj(this::crowd).toList();
        var posts = new ArrayList<HttpRequest.Builder>();
        for (int i = 0; i < people; i++) {
            var browser = new Browser(files.authority());
            Browser.Page page = browser.step(authorize("openid"));
            if (!page.body().contains("type=\"password\"")) {
                page = submit(browser, page, Map.of("username", Administrator.USER));
            }
            posts.add(post(action(page), form(page, Map.of("username", Administrator.USER, "password", ada.password())))
                    .header("Origin", "https://" + page.uri().getAuthority())
                    .header("Sec-Fetch-Site", "same-origin")
                    .header("Cookie", browser.cookiesFor(page.uri().getHost())));
        }
        var signedIn = new AtomicInteger();
        var busy = new AtomicInteger();
        var heldBack = new AtomicInteger();
        var retryAfter = new AtomicInteger();
        var most = new AtomicLong(resident.getAsLong());
        Thread watch = Thread.ofPlatform().daemon().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                most.accumulateAndGet(resident.getAsLong(), Math::max);
                LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            }
        });
        long begun = System.nanoTime();
        run(IntStream.range(0, people)
                .<Runnable>mapToObj(i -> () -> {
                    HttpResponse<String> answer = send(crowds.get(i % addresses), posts.get(i));
                    if (answer.statusCode() == 503 || answer.statusCode() == 429) {
                        (answer.statusCode() == 503 ? busy : heldBack).incrementAndGet();
                        answer.headers().firstValue("retry-after").ifPresent(_ -> retryAfter.incrementAndGet());
                    } else if (answer.statusCode() / 100 == 3 || answer.body().contains("name=\"stay\"")) {
                        signedIn.incrementAndGet();
                    }
                })
                .toList());
        double seconds = (System.nanoTime() - begun) / 1e9;
        watch.interrupt();
        watch.join();
        crowds.forEach(HttpClient::close);
        return new Flood(signedIn.get(), busy.get(), heldBack.get(), retryAfter.get(), seconds, most.get());
    }

    /// As many connections as requests, all of them from one address.
    private HttpClient crowd(int address) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .sslContext(Browser.trusting(files.authority()))
                .version(HttpClient.Version.HTTP_1_1);
        try {
            byte[] from = {127, 1, (byte) (address / 250), (byte) (address % 250 + 1)};
            return builder.localAddress(InetAddress.getByAddress(from)).build();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an IPv4 address has four octets", e);
        }
    }

    private Browser.Page typed(Browser browser, Browser.Page first) {
        Browser.Page page = first;
        if (!page.body().contains("type=\"password\"")) {
            page = submit(browser, page, Map.of("username", Administrator.USER));
        }
        page = submit(browser, page, Map.of("username", Administrator.USER, "password", ada.password()));
        return page.body().contains("name=\"stay\"") ? submit(browser, page, Map.of("stay", "no")) : page;
    }

    private static Browser.Page submit(Browser browser, Browser.Page page, Map<String, String> typed) {
        return browser.post(action(page), form(page, typed));
    }

    private static URI action(Browser.Page page) {
        Matcher action = ACTION.matcher(page.body());
        if (!action.find()) {
            throw new IllegalStateException("no form: " + page.status() + " " + page.uri() + " " + page.body());
        }
        return page.uri().resolve(action.group(1).replace("&amp;", "&"));
    }

    private static Map<String, String> form(Browser.Page page, Map<String, String> typed) {
        var form = new LinkedHashMap<String, String>();
        Matcher hidden = HIDDEN.matcher(page.body());
        while (hidden.find()) {
            form.put(hidden.group(1), hidden.group(2).replace("&amp;", "&"));
        }
        form.putAll(typed);
        return form;
    }

    private static String code(Browser.Page page) {
        Matcher code = CODE.matcher(page.fields().getOrDefault("location", ""));
        if (!code.find()) {
            throw new IllegalStateException("no code: " + page.status() + " " + page.body());
        }
        return code.group(1);
    }

    private static String challenge() {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
