package io.postern.connector.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.connector.serve.TestStream;
import io.postern.connector.serve.TunnelRig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// That HTTP Basic locks no account, and that a first answer frees whoever waits for it (PWD-9).
class BasicTrialsTest {
    private BasicApp app;
    private FormRig rig;

    @BeforeEach
    void open() throws Exception {
        app = new BasicApp("alice", "right");
        rig = new FormRig(app.port(), LoginSettings.at("/"), "right");
    }

    @AfterEach
    void close() {
        rig.close();
        app.close();
    }

    private TestStream ask(String at, String path) throws Exception {
        return rig.open(at, path, "basic app=app-1 user=u-1 session=s-1 version=1");
    }

    private TestStream get(String path) throws Exception {
        return ask(rig.backend(), path).awaitEnd();
    }

    private Set<String> endings(String at, int requests) throws Exception {
        var open = new ArrayList<TestStream>();
        for (int i = 0; i < requests; i++) {
            open.add(ask(at, "/p" + i));
        }
        for (TestStream one : open) {
            one.awaitEnd();
        }
        return open.stream()
                .map(one -> one.status() == 200 ? "200" : one.failure())
                .collect(Collectors.toSet());
    }

    @Test
    void aWrongPasswordGoesOutOnceHoweverManyRequestsComeAtATime() throws Exception {
        rig.password = "wrong";

        Set<String> endings = endings(rig.backend(), 30);

        assertEquals(List.of(false), app.tries);
        assertEquals(Set.of("sign-on-refused", "sign-on-user"), endings);
    }

    @Test
    void whoWaitedForTheFirstAnswerGoesOnWithIt() throws Exception {
        assertEquals(Set.of("200"), endings(rig.backend(), 30));
        assertEquals(30, app.tries.size());
    }

    @Test
    void pausesGrowBetweenWrongTries() throws Exception {
        rig.password = "wrong";

        for (int minutes = 0; minutes < 60; minutes++) {
            get("/");
            rig.clock.advance(Duration.ofMinutes(1));
        }

        assertEquals(3, app.tries.size()); // at once, after 10 and after 20 more
    }

    @Test
    void gatewaysThatAskForDifferentVersionsTryAWrongPasswordOnce() throws Exception {
        rig.password = "wrong";

        for (int i = 0; i < 6; i++) {
            rig.open(rig.backend(), "/", "basic app=app-1 user=u-" + i + " session=s version=" + i)
                    .awaitEnd();
        }

        assertEquals(List.of(false), app.tries);
    }

    @Test
    void onePageThatIsNotForTheUserBarsNoOther() throws Exception {
        assertEquals(200, get("/").status());

        TestStream refused = get("/private");

        assertEquals("sign-on-refused", refused.failure());
        assertTrue(refused.reason().contains("took them before"), refused.reason());
        assertEquals(200, get("/").status());
        get("/private");
        assertEquals(200, get("/other").status());
    }

    @Test
    void aSecond401AfterAnotherMeansThatThePasswordIsWrongNow() throws Exception {
        get("/");

        get("/private");
        get("/private");

        assertEquals("sign-on-user", get("/").failure());
        assertEquals(3, app.tries.size());
    }

    @Test
    void aBackendOutOfReachKeepsNobodyWaiting() throws Exception {
        int closed = freePort();

        assertEquals(Set.of("connect"), endings(rig.publish("closed", closed), 10));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void aFirstAnswerThatTakesLongLetsTheNextThrough() throws Exception {
        try (var held = new HeldApp()) {
            String at = rig.publish("held", held.port());
            TestStream first = ask(at, "/report");
            TunnelRig.await(() -> held.asked.get() == 1);

            ask(at, "/other");
            rig.clock.advance(BasicTrials.PATIENCE);

            TunnelRig.await(() -> held.asked.get() == 2);
            assertFalse(first.isComplete());
        }
    }

    @Test
    void anotherBackendIsTriedByItself() throws Exception {
        get("/");
        try (var other = new BasicApp("alice", "another")) {
            String at = rig.publish("other", other.port());

            assertEquals("sign-on-refused", ask(at, "/").awaitEnd().failure());

            assertEquals("sign-on-user", ask(at, "/").awaitEnd().failure());
            assertEquals(200, get("/").status());
        }
    }
}
