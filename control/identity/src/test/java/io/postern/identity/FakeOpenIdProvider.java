package io.postern.identity;

import com.sun.net.httpserver.HttpExchange;
import io.postern.fixtures.HttpsSite;
import io.postern.fixtures.TestCertificates;
import io.postern.identity.protocol.Opaque;
import io.postern.token.SigningJwk;
import io.postern.web.Parameters;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import tools.jackson.databind.json.JsonMapper;

/// An OpenID Provider that says what a test makes it say, truth or not.
final class FakeOpenIdProvider implements AutoCloseable {
    static final TestCertificates AUTHORITY = TestCertificates.authority("upstream");

    private final HttpsSite site = HttpsSite.start(AUTHORITY.server("localhost"), this::handle);
    private final Map<String, String> idTokens = new ConcurrentHashMap<>();
    final List<String> asked = new CopyOnWriteArrayList<>();
    final List<Parameters> redeemed = new CopyOnWriteArrayList<>();
    final List<String> authorizations = new CopyOnWriteArrayList<>();
    final Map<String, Object> discovery = new LinkedHashMap<>();
    volatile List<SigningJwk> published = List.of(SigningJwk.generate());
    volatile SigningJwk signing = published.getFirst();
    volatile Map<String, Object> userInfo = Map.of();
    /// What becomes of a token that is good.
    volatile UnaryOperator<String> forgery = UnaryOperator.identity();

    FakeOpenIdProvider() {
        discovery.put("issuer", issuer());
        discovery.put("authorization_endpoint", issuer() + "/authorize");
        discovery.put("token_endpoint", issuer() + "/token");
        discovery.put("jwks_uri", issuer() + "/keys");
        discovery.put("end_session_endpoint", issuer() + "/logout");
    }

    String issuer() {
        return "https://localhost:" + site.port() + "/op";
    }

    /// The question with which a browser was sent here.
    static Parameters question(Browser.Answer sentAway) {
        return Parameters.parse(URI.create(sentAway.location().orElseThrow(() -> new AssertionError(sentAway)))
                .getRawQuery());
    }

    static Map<String, Object> claims(String subject, String name) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("sub", subject);
        claims.put("preferred_username", name);
        claims.put("name", "Alice Arden");
        return claims;
    }

    /// Signs somebody in. @return the path to which the browser goes back
    String answer(Parameters question, Instant now, Map<String, Object> claims) {
        var all = new LinkedHashMap<String, Object>(Map.of(
                "iss", issuer(),
                "aud", question.oneOrEmpty("client_id"),
                "iat", Date.from(now),
                "exp", Date.from(now.plusSeconds(300)),
                "nonce", question.oneOrEmpty("nonce")));
        all.putAll(claims);
        all.values().removeIf(""::equals);
        String code = Opaque.random();
        idTokens.put(code, forgery.apply(signing.sign(all)));
        return back(question, "code", code);
    }

    static String back(Parameters question, String name, String value) {
        return URI.create(question.oneOrEmpty("redirect_uri")).getRawPath() + "?" + name + "=" + value + "&state="
                + question.oneOrEmpty("state");
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().substring("/op".length());
            asked.add(path);
            switch (path) {
                case "/.well-known/openid-configuration" -> send(exchange, 200, discovery);
                case "/keys" ->
                    send(
                            exchange,
                            200,
                            Map.of(
                                    "keys",
                                    new ArrayList<>(published.stream()
                                            .map(key -> JsonMapper.shared().readTree(key.publicJson()))
                                            .toList())));
                case "/token" -> token(exchange);
                case "/userinfo" -> send(exchange, 200, userInfo);
                default -> send(exchange, 404, Map.of());
            }
        }
    }

    private void token(HttpExchange exchange) throws IOException {
        Parameters form =
                Parameters.parse(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        redeemed.add(form);
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("authorization")));
        String token = idTokens.remove(form.oneOrEmpty("code"));
        if (token == null) {
            send(exchange, 400, Map.of("error", "invalid_grant"));
        } else {
            send(exchange, 200, Map.of("id_token", token, "access_token", "at", "token_type", "Bearer"));
        }
    }

    private static void send(HttpExchange exchange, int status, Map<String, Object> body) throws IOException {
        byte[] bytes = JsonMapper.shared().writeValueAsBytes(body);
        exchange.getResponseHeaders().add("content-type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        site.close();
    }
}
