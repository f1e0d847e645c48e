package io.postern.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.concurrent.Future;
import io.postern.domain.OwnHost;
import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.ScriptedBackend;
import io.postern.gateway.ScriptedDoor;
import io.postern.gateway.exchange.ControlAnswer;
import io.postern.net.DeafListener;
import io.postern.net.FrameStream;
import io.postern.net.Loops;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests for our own hosts, over a real Unix domain socket to a small HTTP/1.1 server.
class DoorsTest {
    @TempDir
    Path folder;

    private ScriptedDoor server;
    private Map<OwnHost, SocketAddress> doors = Map.of();

    @BeforeEach
    void listen() throws IOException {
        server = new ScriptedDoor(
                folder.resolve("d.sock"),
                request -> "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nPostern-Secret: 1\r\nX: y\r\n\r\n"
                        + (request.line().startsWith("HEAD") ? "" : "hello"));
        doors = Map.of(
                OwnHost.LOGIN, server.address(), OwnHost.API, UnixDomainSocketAddress.of(folder.resolve("none.sock")));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        Files.deleteIfExists(folder.resolve("d.sock"));
    }

    private House house() {
        return new House(ScriptedBackend::echo, config -> config, doors, 0);
    }

    private static RawClient client(House house) {
        return RawClient.open(
                house.address, "login.example.test", house.edgeAuthority.authority(), List.of("http/1.1"), new byte[0]);
    }

    @Test
    void forwardsOurOwnHostsWithTheFieldsOfTheDoor() throws InterruptedException {
        try (House house = house();
                var client = client(house)) {
            client.send(RawClient.head(
                    "POST /contoso/oauth2/v2.0/token?a=b HTTP/1.1",
                    "Host: login.example.test",
                    "Postern-Subject: forged",
                    "Postern_Client_Address: forged",
                    "Cookie: __Host-postern-session=1",
                    "Content-Length: 3"));
            client.send("abc");
            RawClient.Response response = client.response();
            assertEquals("hello", response.body());
            assertEquals("y", response.headers().get("x"));
            assertTrue(!response.headers().containsKey("postern-secret"));
            ScriptedDoor.Seen request = server.seen.take();
            assertEquals("POST /contoso/oauth2/v2.0/token?a=b HTTP/1.1", request.line());
            assertEquals("abc", request.body());
            assertEquals("login.example.test", request.fields().get("host"));
            assertEquals("127.0.0.1", request.fields().get("postern-client-address"));
            assertEquals("https://login.example.test", request.fields().get("postern-origin"));
            assertEquals(house.event().exchange(), request.fields().get("postern-exchange"));
            assertEquals("__Host-postern-session=1", request.fields().get("cookie"));
            assertTrue(request.fields().values().stream().noneMatch(v -> v.contains("forged")));
        }
    }

    @Test
    void usesAConnectionAgain() {
        try (House house = house();
                var client = client(house)) {
            for (int i = 0; i < 5; i++) {
                String method = i % 2 == 0 ? "GET" : "HEAD";
                client.send(RawClient.head(method + " /" + i + " HTTP/1.1", "Host: login.example.test"));
                assertEquals(200, client.response(i % 2 == 1).status());
            }
            assertEquals(1, server.connections.get());
        }
    }

    @Test
    void saysUnavailableWhenNobodyIsBehindTheDoor() {
        try (House house = house();
                var client = client(house)) {
            client.send(RawClient.head("GET / HTTP/1.1", "Host: api.example.test"));
            assertEquals(503, client.response().status());
        }
    }

    @Test
    void opensNoMoreConnectionsThanItsBound() {
        Loops loops = Loops.open("test", 1);
        try {
            var bounded = new Doors(loops, doors, 2);
            var loop = loops.next();
            var first = open(bounded, loop).syncUninterruptibly().getNow();
            open(bounded, loop).syncUninterruptibly();
            assertThrows(ConnectException.class, () -> open(bounded, loop).sync());
            first.reset(Http2Error.CANCEL);
            open(bounded, loop).syncUninterruptibly();
        } finally {
            loops.close(Duration.ofSeconds(1)).awaitUninterruptibly();
        }
    }

    private static Future<FrameStream> open(Doors doors, EventLoop loop) {
        return loop.submit(() -> doors.open(loop, OwnHost.LOGIN, DeafListener.INSTANCE))
                .syncUninterruptibly()
                .getNow();
    }

    @Test
    void callsTheControlPlaneForItself() throws InterruptedException {
        Loops loops = Loops.open("test", 1);
        try {
            var calls = new DoorCalls(new Doors(loops, doors));
            var loop = loops.next();
            Future<ControlAnswer> answer = loop.submit(() -> calls.call(
                            loop,
                            OwnHost.LOGIN,
                            "POST",
                            "/token",
                            new DefaultHttp2Headers().set("content-type", "application/x-www-form-urlencoded"),
                            "code=1"))
                    .awaitUninterruptibly()
                    .getNow();
            assertEquals("hello", answer.awaitUninterruptibly().getNow().body());
            assertEquals("code=1", server.seen.take().body());
            Future<ControlAnswer> failed = loop.submit(
                            () -> calls.call(loop, OwnHost.API, "GET", "/", new DefaultHttp2Headers(), ""))
                    .awaitUninterruptibly()
                    .getNow();
            assertThrows(Exception.class, failed::sync);
        } finally {
            loops.close(Duration.ofSeconds(1)).awaitUninterruptibly();
        }
    }
}
