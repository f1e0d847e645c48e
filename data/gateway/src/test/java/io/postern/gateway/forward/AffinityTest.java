package io.postern.gateway.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.RawHttp2;
import io.postern.gateway.RawHttp2.Frame;
import io.postern.gateway.ScriptedBackend;
import io.postern.tunnel.TunnelEnd;
import io.postern.tunnel.dial.DialledTunnel;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A client's connection on which somebody signs in keeps to one tunnel and is named to its connector (AFF-1,
/// AFF-2).
class AffinityTest {
    private static final String TYPE_1 = "NTLM TlRMTVNTUAABAAAA";

    private final ScriptedBackend.Log log = new ScriptedBackend.Log();
    private final House house = new House(log.factory(ScriptedBackend::echo), config -> config, Map.of(), 4);

    @AfterEach
    void close() {
        house.close();
    }

    private RawClient client() {
        return RawClient.http1(house.address, House.APP_HOST, house.edgeAuthority.authority());
    }

    private ScriptedBackend ask(RawClient client, String... fields) {
        String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
        client.send("GET /app/ HTTP/1.1\r\nHost: " + House.APP_HOST + "\r\n" + more + "\r\n");
        assertEquals(200, client.response().status());
        return log.next();
    }

    @Test
    void staysWithOneTunnelFromTheSignInOn() {
        try (RawClient client = client()) {
            assertEquals("", ask(client).field("postern-affinity"));
            ScriptedBackend signsIn = ask(client, "Authorization: " + TYPE_1);
            String id = signsIn.field("postern-affinity");
            DialledTunnel tunnel = signsIn.tunnel();

            assertEquals(32, id.length());
            assertEquals(TYPE_1, signsIn.field("authorization"));
            for (int i = 0; i < 20; i++) {
                ScriptedBackend later = ask(client);
                assertEquals(id, later.field("postern-affinity"));
                assertEquals(tunnel, later.tunnel());
            }
        }
    }

    @Test
    void everyConnectionHasItsOwn() {
        try (RawClient ann = client();
                RawClient bob = client();
                RawClient nobody = client()) {
            String ofAnn = ask(ann, "Authorization: " + TYPE_1).field("postern-affinity");
            String ofBob = ask(bob, "Authorization: negotiate YIIabc").field("postern-affinity");

            assertNotEquals("", ofAnn);
            assertNotEquals(ofAnn, ofBob);
            assertEquals("", ask(nobody, "Authorization: Basic dTpw").field("postern-affinity"));
            assertEquals("", ask(nobody, "Postern-Affinity: " + ofAnn).field("postern-affinity"));
            assertEquals("", ask(nobody, "Postern_Affinity: " + ofAnn).field("postern_affinity"));
        }
    }

    @Test
    void goesOnThroughAnotherTunnelWhereItsOwnEnds() {
        try (RawClient client = client()) {
            ScriptedBackend signsIn = ask(client, "Authorization: " + TYPE_1);
            signsIn.tunnel().close(TunnelEnd.of(TunnelEnd.Cause.STOPPED));
            House.await(() -> house.metric("tunnels_open") == 3);

            ScriptedBackend later = ask(client);

            assertNotEquals(signsIn.tunnel(), later.tunnel());
            assertEquals(later.tunnel(), ask(client).tunnel());
        }
    }

    /// The answer itself would be of no use: HTTP/2 has no connection that belongs to one exchange (RFC 9113 §7).
    @Test
    void tellsAClientInHttp2ToComeInHttp1() {
        String[] needing = {"NTLM", "ntlm TlRMTVNTUAAC", "Negotiate oRQwEqAD"};
        String[] passing = {"Negotiate", "Basic realm=x", "Bearer"};
        for (String challenge : needing) {
            Frame frame = refusedWith(challenge);
            assertEquals(RawHttp2.RST_STREAM, frame.type(), challenge);
            assertEquals(13, frame.code(), "HTTP_1_1_REQUIRED");
        }
        for (String challenge : passing) {
            assertEquals(RawHttp2.HEADERS, refusedWith(challenge).type(), challenge);
        }
    }

    private static Frame refusedWith(String challenge) {
        try (House refusing = House.open(() -> refusing(challenge));
                var client = new RawHttp2(refusing)) {
            client.headers(1, true, RawHttp2.get("/app/"));
            return client.await(f -> f.stream() == 1 && f.type() != RawHttp2.WINDOW_UPDATE)
                    .orElseThrow();
        }
    }

    private static ScriptedBackend refusing(String challenge) {
        return new ScriptedBackend(
                (s, c) -> {},
                (s, c) -> {
                    var head = new DefaultHttp2Headers().status("401");
                    head.add("www-authenticate", challenge);
                    c.write(new DefaultHttp2HeadersFrame(head, true));
                    c.flush();
                },
                true);
    }
}
