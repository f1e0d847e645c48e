package io.postern.connector.serve;

import static io.postern.connector.serve.TunnelRig.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.fixtures.ConnectionSignInServer;
import io.postern.tunnel.TunnelProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A backend that signs users in on the connection: whose it is, and that nobody else ever gets it (AFF-1).
class PinnedConnectionsTest {
    private final ConnectionSignInServer server = new ConnectionSignInServer();
    private TunnelRig rig;
    private String backend;

    @BeforeEach
    void open() throws Exception {
        rig = TunnelRig.open();
        backend = rig.publish(server.port());
    }

    @AfterEach
    void close() {
        rig.close();
        server.close();
    }

    private TestStream ask(String affinity, String authorization) throws Exception {
        Http2Headers head = request("GET", backend, "/");
        if (!affinity.isEmpty()) {
            head.set(TunnelProtocol.AFFINITY, affinity);
        }
        if (!authorization.isEmpty()) {
            head.set(HttpHeaderNames.AUTHORIZATION, authorization);
        }
        return rig.open(head, true).awaitEnd();
    }

    /// @return the number of his connection
    private String signIn(String affinity, String user) throws Exception {
        TestStream challenged = ask(affinity, ConnectionSignInServer.hello());
        assertEquals(401, challenged.status());
        String challenge =
                challenged.head().get(HttpHeaderNames.WWW_AUTHENTICATE).toString();
        TestStream signedIn = ask(affinity, ConnectionSignInServer.answer(user, challenge));
        assertEquals(200, signedIn.status(), signedIn.body());
        return connection(signedIn);
    }

    private static String connection(TestStream answer) {
        return answer.body().strip().split("connection=", 2)[1];
    }

    @Test
    void goesOnOnTheSameConnectionWithoutAField() throws Exception {
        String connection = signIn("client-a", "ann");

        for (int i = 0; i < 3; i++) {
            assertEquals(
                    "user=ann connection=" + connection,
                    ask("client-a", "").body().strip());
        }
    }

    @Test
    void nobodyElseRidesOnIt() throws Exception {
        String ann = signIn("client-a", "ann");
        String bob = signIn("client-b", "bob");

        assertNotEquals(ann, bob);
        for (int i = 0; i < 20; i++) {
            assertEquals(401, ask("", "").status());
            assertEquals(401, ask("client-c" + i, "").status());
        }
        assertEquals("user=ann connection=" + ann, ask("client-a", "").body().strip());
        assertEquals("user=bob connection=" + bob, ask("client-b", "").body().strip());
    }

    @Test
    void requestsAtTheSameTimeDoNotShareItEither() throws Exception {
        signIn("client-a", "ann");

        TestStream first = rig.open(request("GET", backend, "/"), true);
        TestStream second = rig.open(request("GET", backend, "/"), true);

        assertEquals(401, first.awaitEnd().status());
        assertEquals(401, second.awaitEnd().status());
    }

    /// Where the gateway says nothing of a connection, as for HTTP/2 and for signed-in users.
    @Test
    void withoutAffinityItEndsWithItsExchange() throws Exception {
        TestStream challenged = ask("", ConnectionSignInServer.hello());
        String connection = connection(challenged);

        for (int i = 0; i < 10; i++) {
            assertNotEquals(connection, connection(ask("", "")));
        }
    }

    @Test
    void isAskedAnewWhenTheBackendEndedIt() throws Exception {
        signIn("client-a", "ann");
        server.close();
        TunnelRig.await(() -> server.connections() == 0);

        try (var again = new ConnectionSignInServer()) {
            backend = rig.publish(again.port());
            assertEquals(401, ask("client-a", "").status());
            assertNotEquals("", signIn("client-a", "ann"));
        }
    }

    @Test
    void takesNoPlaceFromOthers() throws Exception {
        rig.close();
        ServeSettings defaults = ServeSettings.defaults();
        rig = TunnelRig.open(new ServeSettings(
                defaults.allow(), defaults.proxies(), defaults.connectTimeout(), defaults.idleTimeout(), 4, 2, 1));
        backend = rig.publish(server.port());
        for (int i = 0; i < 5; i++) {
            signIn("client-" + i, "user" + i);
        }

        assertEquals(401, ask("", "").status());
        assertEquals("user=user0", ask("client-0", "").body().strip().split(" ")[0]);
    }
}
