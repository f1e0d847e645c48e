package io.postern.connector.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.postern.connector.serve.TestStream;
import io.postern.connector.serve.TunnelRig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// That sign-ins through forms lock no account, mix no sessions and do not stand in each other's way (PWD-9,
/// PWD-10).
class LoginGuardTest {
    private FormApp app;
    private FormRig rig;

    @BeforeEach
    void open() throws Exception {
        app = new FormApp();
        rig = new FormRig(app.port(), LoginSettings.at("/login"), app.password);
    }

    @AfterEach
    void close() {
        rig.close();
        app.close();
    }

    private TestStream ask(String at, String user, String version) throws Exception {
        return rig.open(at, "/x", "form app=app-1 user=" + user + " session=s-" + user + " version=" + version);
    }

    @Test
    void anotherBackendOfTheApplicationGetsNoCookieOfTheFirst() throws Exception {
        try (var other = new FormApp()) {
            ask(rig.backend(), "u-1", "1").awaitEnd();

            TestStream answer = ask(rig.publish("c", other.port()), "u-1", "1").awaitEnd();

            assertEquals("welcome alice body=0", answer.body());
            assertEquals(1, other.signIns.get());
            assertEquals("GET /login ", other.seen.getFirst());
        }
    }

    @Test
    void aGroupsWrongPasswordIsTriedOnceForAllItsMembers() throws Exception {
        rig.password = "wrong";
        var open = new ArrayList<TestStream>();
        for (int i = 0; i < 6; i++) {
            open.add(ask(rig.backend(), "u-" + i, "1"));
        }

        for (TestStream one : open) {
            assertEquals("sign-on-user", one.awaitEnd().failure());
        }
        assertEquals(1, app.refusals.get());
    }

    @Test
    void gatewaysThatAskForDifferentVersionsTryAWrongPasswordOnce() throws Exception {
        rig.password = "wrong";

        for (int i = 0; i < 6; i++) {
            ask(rig.backend(), "u-1", i % 2 == 0 ? "old" : "new").awaitEnd();
        }

        assertEquals(1, app.refusals.get());
    }

    @Test
    void gatewaysThatAskForDifferentVersionsShareASession() throws Exception {
        for (int i = 0; i < 6; i++) {
            assertEquals(
                    200,
                    ask(rig.backend(), "u-1", i % 2 == 0 ? "old" : "new")
                            .awaitEnd()
                            .status());
        }

        assertEquals(1, app.signIns.get());
        assertEquals(2, rig.fetches.get());
    }

    @Test
    void otherSettingsAreTriedAtOnce() throws Exception {
        rig.settings = new LoginSettings(
                "/login",
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                new LoginProof(Optional.empty(), Optional.of("welcome bob")),
                Optional.empty());
        assertEquals("sign-on-user", ask(rig.backend(), "u-1", "1-a").awaitEnd().failure());

        rig.settings = LoginSettings.at("/login");

        assertEquals(200, ask(rig.backend(), "u-1", "1-b").awaitEnd().status());
    }

    @Test
    void theSessionOfAFormerPasswordIsEndedAtTheApplication() throws Exception {
        rig.settings = new LoginSettings(
                "/login",
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                LoginProof.FORM_IS_GONE,
                Optional.of("/logout"));
        ask(rig.backend(), "u-1", "1").awaitEnd();

        rig.version = "2";
        ask(rig.backend(), "u-1", "2").awaitEnd();

        TunnelRig.await(
                () -> app.seen.stream().anyMatch(line -> line.startsWith("GET /logout ") && line.contains("sid=")));
        assertEquals(200, ask(rig.backend(), "u-1", "2").awaitEnd().status());
        assertEquals(2, app.signIns.get());
    }

    @Test
    void whoWantsTheNewPasswordDoesNotGetTheSessionOfTheOld() throws Exception {
        var looked = new CountDownLatch(1);
        var held = new CountDownLatch(1);
        rig.afterLooking = () -> {
            looked.countDown();
            await(held);
        };
        TestStream old = ask(rig.backend(), "u-1", "1");
        await(looked);
        rig.afterLooking = () -> {};
        rig.version = "2";

        assertEquals(200, ask(rig.backend(), "u-1", "2").awaitEnd().status());
        assertEquals(1, app.signIns.get());

        held.countDown();
        assertEquals(200, old.awaitEnd().status());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anApplicationThatDoesNotAnswerLeavesRoomForOthers() throws Exception {
        try (var dead = new HeldApp()) {
            rig.applications = Set.of("app-1", "app-dead");
            rig.names = user -> user.equals("u-1") ? "alice" : user;
            String at = rig.publish("dead", dead.port());
            for (int i = 0; i < 64; i++) {
                rig.open(at, "/x", "form app=app-dead user=v-" + i + " session=s version=1");
            }
            TunnelRig.await(() -> dead.atOnce.get() == LoginGuard.AT_ONCE);

            assertEquals(200, ask(rig.backend(), "u-1", "1").awaitEnd().status());

            assertEquals(LoginGuard.AT_ONCE, dead.asked.get());
        }
    }

    @Test
    void ofThoseThatWaitForOneApplicationThereIsABound() throws Exception {
        rig.applications = Set.of("app-1", "app-dead");
        var held = new CountDownLatch(1);
        rig.afterLooking = () -> {
            await(held);
            throw LoginFault.noCredential("none");
        };
        var open = new ArrayList<TestStream>();
        for (int i = 0; i <= LoginSessions.WAITING_FOR_ONE_MAX; i++) {
            open.add(rig.open(rig.backend(), "/x", "form app=app-dead user=u-" + i + " session=s version=1"));
        }

        assertEquals("sign-on-busy", open.getLast().awaitEnd().failure());
        held.countDown();
    }

    @Test
    void aSignInThatGoesOnAndOnIsGivenUpAndItsBackendRests() throws Exception {
        var pages = new AtomicInteger();
        HttpServer slow = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        slow.createContext("/", exchange -> {
            try (exchange) {
                rig.clock.advance(Duration.ofSeconds(9));
                exchange.getResponseHeaders().add("Location", "/page-" + pages.incrementAndGet());
                exchange.sendResponseHeaders(302, -1);
            }
        });
        slow.start();
        try {
            String at = rig.publish("slow", slow.getAddress().getPort());

            TestStream first = ask(at, "u-1", "1").awaitEnd();
            TestStream second = ask(at, "u-2", "1").awaitEnd();

            assertEquals("first-byte-timeout", first.failure());
            assertTrue(first.reason().contains("30 s"), first.reason());
            assertEquals("first-byte-timeout", second.failure());
            assertEquals(4, pages.get());
        } finally {
            slow.stop(0);
        }
    }

    @Test
    void aPasswordThatGotNoAnswerIsSentLessAndLessOften() throws Exception {
        var posts = new AtomicInteger();
        HttpServer mute = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        mute.createContext("/", exchange -> {
            try (exchange) {
                if (exchange.getRequestMethod().equals("POST")) {
                    posts.incrementAndGet(); // and the connection closes
                } else {
                    byte[] form = "<form method=post><input name=u><input type=password name=p></form>"
                            .getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().add("Content-Type", "text/html");
                    exchange.sendResponseHeaders(200, form.length);
                    exchange.getResponseBody().write(form);
                }
            }
        });
        mute.start();
        try {
            String at = rig.publish("mute", mute.getAddress().getPort());
            for (int i = 0; i < 60; i++) {
                assertEquals("backend-closed", ask(at, "u-1", "1").awaitEnd().failure());
                rig.clock.advance(Duration.ofSeconds(5));
            }

            assertEquals(6, posts.get()); // after 5, 15, 35, 75 and 155 seconds again
        } finally {
            mute.stop(0);
        }
    }

    @Test
    void anErrorOfOursKeepsNobodyWaiting() throws Exception {
        rig.afterLooking = () -> {
            throw new StackOverflowError();
        };
        assertEquals(
                "sign-on-configuration",
                ask(rig.backend(), "u-1", "1").awaitEnd().failure());

        rig.afterLooking = () -> {};

        assertEquals(200, ask(rig.backend(), "u-1", "1").awaitEnd().status());
    }

    @Test
    void pausesGrowUpToHours() throws Exception {
        var rests = new Rests<String>(rig.clock);
        var why = new LoginFault(LoginFault.Kind.REFUSED, "no");

        var pauses = new ArrayList<Duration>();
        for (int i = 0; i < 8; i++) {
            pauses.add(rests.failed("a", why, LoginGuard.REFUSED, LoginGuard.REFUSED_MAX));
            assertEquals(Optional.of(why), rests.of("a"));
            rig.clock.advance(pauses.getLast());
            assertFalse(rests.of("a").isPresent());
        }

        assertEquals(
                List.of(10L, 20L, 40L, 80L, 160L, 240L, 240L, 240L),
                pauses.stream().map(Duration::toMinutes).toList());
    }
}
