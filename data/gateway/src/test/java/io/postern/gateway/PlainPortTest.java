package io.postern.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.postern.base.HostPort;
import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import io.postern.domain.PreAuthentication;
import io.postern.domain.event.Cause;
import io.postern.domain.publish.Publishing;
import io.postern.domain.snapshot.OrderProofs;
import io.postern.gateway.GatewayConfig.HttpListen;
import io.postern.gateway.RawClient.Response;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The port without TLS: 1.4 of the rules, and S4's switch to pre-authentication.
class PlainPortTest {
    private static final String PROOF = "/.well-known/acme-challenge/";

    private final ScriptedBackend.Log log = new ScriptedBackend.Log();
    private House house;

    @BeforeEach
    void open() {
        house = house(ScriptedBackend::echo);
    }

    private House house(Supplier<ScriptedBackend> backend) {
        return new House(
                log.factory(backend),
                config -> config.with(Optional.of(new HttpListen(new HostPort("127.0.0.1", 0), true))),
                Map.of(),
                1);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private static Publishing publishing(String external, PreAuthentication preAuthentication) {
        return Publishing.of(
                ExternalUrl.parse(external), InternalUrl.parse("http://inside.corp:8080/"), preAuthentication);
    }

    private void publish(String... externals) {
        house.publish(Arrays.stream(externals)
                .map(external -> publishing(external, PreAuthentication.PASSTHROUGH))
                .toArray(Publishing[]::new));
    }

    private RawClient client() {
        return RawClient.plain(house.gateway.plainAddress().orElseThrow());
    }

    private Response ask(String method, String host, String target) {
        try (RawClient client = client()) {
            return client.send(
                            RawClient.head(method + " " + target + " HTTP/1.1", "Host: " + host, "Content-Length: 0"))
                    .response(method.equals("HEAD"));
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, 301", "HEAD, 301", "POST, 308", "PUT, 308", "OPTIONS, 308"})
    void sendsEverybodyToHttps(String method, int status) {
        publish("https://wiki.example.test/");

        Response answer = ask(method, "wiki.example.test", "/a?b=c");

        assertEquals(status, answer.status());
        assertEquals("https://wiki.example.test/a?b=c", answer.headers().get("location"));
        assertFalse(answer.headers().containsKey("strict-transport-security"), "RFC 6797 §7.2: never without TLS");
        assertFalse(answer.headers().containsKey("set-cookie"));
    }

    @Test
    void sendsOurOwnHostsToHttps() {
        Response answer = ask("GET", "login.example.test", "/signin");

        assertEquals(301, answer.status());
        assertEquals("https://login.example.test/signin", answer.headers().get("location"));
    }

    /// The host of a Location is ours, whatever the client says that it wants.
    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "app.example.test.evil.example", "evil.example:80"})
    void sendsNobodyToAForeignHost(String host) {
        assertEquals(404, ask("GET", host, "/").status());
    }

    @Test
    void forwardsWhatIsPublishedWithHttp() {
        publish("http://open.example.test/");

        Response answer = ask("GET", "open.example.test", "/a?b=c");

        assertEquals(200, answer.status());
        assertEquals(
                "http", log.next().head.orElseThrow().get("x-forwarded-proto").toString());
        assertFalse(answer.headers().containsKey("strict-transport-security"));
    }

    /// PUB-2: two external URLs may differ in the scheme alone.
    @Test
    void prefersWhatIsPublishedWithHttpWhereAnotherHasTheSameNameWithHttps() {
        publish("https://both.example.test/", "http://both.example.test/open/");

        assertEquals(200, ask("GET", "both.example.test", "/open/x").status());
        assertEquals(301, ask("GET", "both.example.test", "/x").status());
    }

    @Test
    void servesNobodyWhoMustSignIn() {
        house.publish(publishing("https://secret.example.test/", PreAuthentication.POSTERN));

        assertEquals(301, ask("GET", "secret.example.test", "/").status());
        assertEquals(
                308, ask("POST", "secret.example.test", "/.postern/callback").status());
        assertTrue(log.streams.isEmpty());
    }

    /// S4: its URL is https then, and the old one is redirected.
    @Test
    void endsWhatIsOpenWhenSigningInBecomesNecessaryAndRedirectsTheOldUrl() {
        house.close();
        house = house(() -> ScriptedBackend.manual(true));
        house.publish(House.of(publishing("http://open.example.test/", PreAuthentication.PASSTHROUGH)));
        House.await(() -> house.gateway.isRouted(House.APP));
        try (RawClient client = client()) {
            client.send(RawClient.head("GET /events HTTP/1.1", "Host: open.example.test"));
            ScriptedBackend stream = log.next();
            stream.head(new DefaultHttp2Headers().status("200"), false);
            client.skipHead();

            house.publish(House.of(publishing("https://open.example.test/", PreAuthentication.POSTERN)));

            House.await(() -> stream.reset.isPresent());
            assertEquals(Optional.of(Cause.REVOKED), house.event().cause());
        }
        assertEquals(
                "https://open.example.test/events",
                ask("GET", "open.example.test", "/events").headers().get("location"));
    }

    /// What is asked again for each snapshot is the port that the request came by.
    @Test
    void goesOnWithWhatIsOpenAcrossSnapshots() {
        house.close();
        house = house(() -> ScriptedBackend.manual(true));
        publish("https://both.example.test/", "http://both.example.test/");
        try (RawClient client = client()) {
            client.send(RawClient.head("GET /events HTTP/1.1", "Host: both.example.test"));
            ScriptedBackend stream = log.next();
            stream.head(new DefaultHttp2Headers().status("200"), false);
            client.skipHead();

            house.present(List.of(), OrderProofs.NONE);
            house.present(List.of(), OrderProofs.NONE);
            ask("GET", "nobody.example.test", "/"); // the snapshots are in force

            assertTrue(stream.reset.isEmpty());
        }
    }

    /// RFC 8555 §8.3.
    @Test
    void answersAnAcmeServerOnTheHostThatWasOrderedFor() {
        publish("https://wiki.example.test/", "https://other.example.test/");
        house.present(
                List.of(), new OrderProofs(Map.of(OrderProofs.place("wiki.example.test", "tok"), "tok.abc"), Map.of()));

        Response proof = ask("GET", "WIKI.example.test:80", PROOF + "tok");

        assertEquals(200, proof.status());
        assertEquals("tok.abc", proof.body());
        assertEquals("nosniff", proof.headers().get("x-content-type-options"));
        assertEquals("no-store", proof.headers().get("cache-control"));
    }

    @ParameterizedTest
    @CsvSource({
        "other.example.test, tok, 301",
        "nobody.example.test, tok, 404",
        "127.0.0.1, tok, 404",
        "wiki.example.test, other, 301",
        "wiki.example.test, tok/../tok, 400",
        "wiki.example.test, tok?x, 301",
    })
    void givesNoProofElsewhere(String host, String token, int status) {
        publish("https://wiki.example.test/", "https://other.example.test/");
        house.present(
                List.of(), new OrderProofs(Map.of(OrderProofs.place("wiki.example.test", "tok"), "tok.abc"), Map.of()));

        Response answer = ask("GET", host, PROOF + token);

        assertEquals(status, answer.status());
        assertFalse(answer.body().contains("tok.abc"));
    }

    @Test
    void givesNoProofOnTheOtherPort() {
        house.present(
                List.of(), new OrderProofs(Map.of(OrderProofs.place(House.APP_HOST, "tok"), "tok.abc"), Map.of()));

        try (RawClient client = house.client()) {
            client.send(RawClient.head("GET " + PROOF + "tok HTTP/1.1", "Host: " + House.APP_HOST));
            assertEquals(404, client.response().status());
        }
    }
}
