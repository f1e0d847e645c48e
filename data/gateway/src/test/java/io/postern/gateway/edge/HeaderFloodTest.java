package io.postern.gateway.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.ScriptedBackend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Heads that are too large, too many or too slow (security case "unauthenticated memory use").
class HeaderFloodTest {
    private static House house;

    @BeforeAll
    static void open() {
        house = House.open(ScriptedBackend::echo);
    }

    @AfterAll
    static void close() {
        house.close();
    }

    private static RawClient.Response answer(String request) {
        try (var client = house.client()) {
            return client.send(request).response();
        }
    }

    @Test
    void takes60KiBOfFields() {
        String request = RawClient.head(
                "GET /app/ HTTP/1.1",
                "Host: app.example.test",
                "Cookie: " + "c".repeat(30_000),
                "X: " + "x".repeat(30_000));
        assertEquals(200, answer(request).status());
    }

    @Test
    void refusesFieldsBeyond64KiB() {
        String request = RawClient.head("GET /app/ HTTP/1.1", "Host: app.example.test", "X: " + "x".repeat(66_000));
        assertEquals(431, answer(request).status());
    }

    @Test
    void refusesAnEndlessFieldBeforeItsEnd() {
        assertEquals(
                431, answer("GET /app/ HTTP/1.1\r\nX: " + "x".repeat(70_000)).status());
    }

    @Test
    void refusesAnEndlessRequestLine() {
        assertEquals(414, answer("GET /app/" + "x".repeat(70_000)).status());
    }

    @Test
    void refusesHundredsOfFields() {
        String request = "GET /app/ HTTP/1.1\r\nHost: app.example.test\r\n" + "a: b\r\n".repeat(300) + "\r\n";
        assertEquals(431, answer(request).status());
    }
}
