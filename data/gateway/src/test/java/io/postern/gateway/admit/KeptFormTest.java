package io.postern.gateway.admit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.UserId;
import io.postern.domain.policy.Subject;
import io.postern.domain.snapshot.Revocations;
import io.postern.gateway.House;
import io.postern.gateway.Pictures;
import io.postern.gateway.RawClient.Response;
import io.postern.gateway.ScriptedBackend;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Posts of an identity provider's answer on real connections (FRM-1): kept, sent again, and what is too large.
class KeptFormTest {
    private static final UserId USER = UserId.random();
    private static final String FORM = "application/x-www-form-urlencoded";

    private final ScriptedBackend.Log log = new ScriptedBackend.Log();
    private final House house = House.open(log.factory(ScriptedBackend::echo));

    @BeforeEach
    void guard() {
        house.publish(Pictures.awaiting(house.guard(Set.of(USER), Revocations.NONE), "/app/acs"));
    }

    @AfterEach
    void close() {
        house.close();
    }

    private String access() {
        var subject = new Subject(
                House.TENANT,
                USER,
                "b.simon@contoso.example",
                Optional.empty(),
                Instant.now().minusSeconds(5),
                Instant.now().plusSeconds(3600));
        return CookieText.accessName(House.APP) + "=" + new AccessCookie(house.ring).seal(subject, House.APP);
    }

    private static String head(String type, int length, String... more) {
        return "POST /app/acs HTTP/1.1\r\nHost: " + House.APP_HOST + "\r\nAccept: text/html\r\nSec-Fetch-Mode: navigate"
                + "\r\nContent-Type: " + type + "\r\nContent-Length: " + length + "\r\n"
                + (more.length == 0 ? "" : String.join("\r\n", more) + "\r\n") + "\r\n";
    }

    @Test
    void aLargeOneReachesTheBackendByteForByte() {
        String form = "SAMLResponse=" + "a%2Bb".repeat(80_000);
        try (var client = house.client()) {
            Response page = client.send(head(FORM, form.length(), "Origin: https://idp.test"))
                    .send(form)
                    .response();
            assertEquals(200, page.status(), page.body());
            assertTrue(log.streams.isEmpty());
            Matcher sealed = Pattern.compile("value=\"([^\"]+)\"").matcher(page.body());
            assertTrue(sealed.find());
            String again = "postern-kept=" + sealed.group(1) + "\r\n";
            String binding = page.headers().get("set-cookie").split(";", 2)[0];

            Response answer = client.send(head("text/plain", again.length(), "Cookie: " + binding + "; " + access()))
                    .send(again)
                    .response();

            assertEquals(200, answer.status(), answer.body());
            ScriptedBackend stream = log.next();
            assertEquals(form.length(), stream.received.get());
            assertEquals(FORM, stream.field("content-type"));
            assertEquals(Integer.toString(form.length()), stream.field("content-length"));
            assertEquals("https://idp.test", stream.field("origin"));
            assertEquals("", stream.field("cookie"));
            assertTrue(stream.body().startsWith("SAMLResponse=a%2Bb"));
            String next = "GET /.postern/none HTTP/1.1\r\nHost: " + House.APP_HOST + "\r\n\r\n";
            assertEquals(404, client.send(next).response().status(), "the connection goes on");
        }
    }

    @Test
    void whatIsTooLargeIsRefused() {
        String form = "a".repeat(KeptForm.BYTES_MAX + 1);
        try (var client = house.client()) {
            assertEquals(
                    413,
                    client.send(head(FORM, form.length())).send(form).response().status());
        }
        try (var client = house.client()) {
            client.send("POST /app/acs HTTP/1.1\r\nHost: " + House.APP_HOST + "\r\nAccept: text/html\r\nContent-Type: "
                    + FORM + "\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 9; i++) {
                client.send("10000\r\n" + "a".repeat(0x10000) + "\r\n");
            }
            assertEquals(413, client.response().status());
        }
    }

    @Test
    void oneThatIsGivenUpHoldsNothing() {
        try (var client = house.client()) {
            client.send(head(FORM, 100_000)).send("a".repeat(50_000));
            House.await(() -> house.metric("exchange_held_bytes") == 50_000);
        }
        assertEquals("client_gone", house.event().outcome());
        House.await(() -> house.metric("exchange_held_bytes") == 0);
    }

    @Test
    void withASessionItStreamsAsAnyOther() {
        String form = "a".repeat(KeptForm.BYTES_MAX * 2);
        try (var client = house.client()) {
            Response answer = client.send(head(FORM, form.length(), "Cookie: " + access()))
                    .send(form)
                    .response();
            assertEquals(200, answer.status());
            assertEquals(form.length(), log.next().received.get());
        }
    }
}
