package io.postern.connector.kerberos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.connector.kerberos.KdcRelay.Mode;
import io.postern.connector.serve.ScriptedBackend;
import io.postern.connector.serve.TestStream;
import io.postern.connector.serve.TunnelRig;
import io.postern.fixtures.KerberosSite;
import io.postern.fixtures.SambaDomain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// While no KDC answers, users whose tickets are there go on, others are told soon; afterwards all is as before,
/// without a restart.
class KdcOutageTest {
    private static SambaDomain domain;
    private static KerberosSite site;

    @BeforeAll
    static void start() {
        domain = SambaDomain.startKdc();
        site = KerberosSite.start(domain);
    }

    @AfterAll
    static void stop() {
        site.close();
        domain.close();
    }

    private static TestStream as(KerberosRig rig, String user) throws Exception {
        return rig.get(
                "/app/",
                KerberosRig.way(user, "onPremisesSAMAccountName", KerberosRig.SPN, " mechanism=spnego mutual=0"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"SILENT", "GONE"})
    void cachedUsersGoOnAndNewOnesAreToldUntilItIsBack(Mode outage) throws Exception {
        try (var relay = new KdcRelay(domain.kdc());
                var rig = KerberosRig.open(KerberosRig.settings(domain, relay.address()), site)) {
            assertEquals(200, as(rig, "alice").status());

            relay.become(outage);
            TestStream known = as(rig, "alice");
            TestStream unknown = as(rig, "bob"); // within the stream's 10 s, though Java alone would wait longer
            relay.become(Mode.PASSES);

            assertEquals(200, known.status());
            assertEquals("sign-on-unreachable", unknown.failure());
            String reason = unknown.head().get("postern-reason").toString();
            assertTrue(reason.contains("KDC") || reason.contains("no ticket came"), reason);
            TunnelRig.await(() -> {
                try {
                    return as(rig, "bob").status() == 200;
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aTicketThatIsDueToBeGotAnewIsUsedOnWhileNoKdcAnswers() throws Exception {
        try (var relay = new KdcRelay(domain.kdc())) {
            KerberosSettings plain = KerberosRig.settings(domain, relay.address());
            var shortLived = new KerberosSettings(
                    plain.keytab(),
                    plain.principal(),
                    plain.krb5Conf(),
                    plain.allow(),
                    plain.realms(),
                    plain.ldap(),
                    plain.cacheSize(),
                    Duration.ZERO,
                    plain.parallel(),
                    plain.queue(),
                    plain.deadline());
            try (var rig = KerberosRig.open(shortLived, site)) {
                assertEquals(200, as(rig, "alice").status());
                int before = relay.questions();
                assertEquals(200, as(rig, "alice").status());
                assertTrue(relay.questions() > before, "a ticket that is due is asked for anew");

                relay.become(Mode.GONE);

                assertEquals(200, as(rig, "alice").status());
            }
        }
    }

    @Test
    void oneQuestionForManyRequestsOfAUserAtOnce() throws Exception {
        try (var relay = new KdcRelay(domain.kdc());
                var rig = KerberosRig.open(KerberosRig.settings(domain, relay.address()), site)) {
            assertEquals(200, as(rig, "alice").status()); // the connector has signed in
            int before = relay.questions();
            var streams = new ArrayList<TestStream>();
            String way =
                    KerberosRig.way("bob", "onPremisesSAMAccountName", KerberosRig.SPN, " mechanism=spnego mutual=0");
            for (int i = 0; i < 20; i++) {
                streams.add(rig.open("GET", "/app/", way));
            }
            for (TestStream each : streams) {
                assertEquals(200, each.awaitEnd().status());
                assertEquals("bob@CORP.TEST", each.head().get("x-remote-user").toString());
            }
            assertEquals(2, relay.questions() - before, "S4U2Self and S4U2Proxy, once");
        }
    }

    @Test
    void aClockThatIsOffIsNamed() throws Exception {
        try (SambaDomain late = SambaDomain.startKdc()) {
            late.stop();
            late.startAgainAt("+10m");
            try (var rig = KerberosRig.open(KerberosRig.settings(late, late.kdc()), site)) {
                TestStream answer = as(rig, "alice");
                assertEquals("sign-on-configuration", answer.failure());
                String reason = answer.head().get("postern-reason").toString();
                assertTrue(reason.contains("clock") && reason.contains("12008"), reason);
            }
        }
    }

    @Test
    void aRefusedTicketIsGotAnewOnceAndThenTheUserIsTold() throws Exception {
        try (var relay = new KdcRelay(domain.kdc());
                var rig = KerberosRig.open(KerberosRig.settings(domain, relay.address()), site);
                var moody = new ScriptedBackend((connection, number) -> {
                    String head = connection.readHead();
                    boolean first = number % 2 == 1;
                    connection.send(
                            head.contains("/never") || first
                                    ? "HTTP/1.1 401 No\r\nWWW-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n"
                                    : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                })) {
            String backend = rig.rig().publish(moody.port());
            String way =
                    KerberosRig.way("alice", "onPremisesSAMAccountName", KerberosRig.SPN, " mechanism=spnego mutual=0");
            TestStream second = rig.rig()
                    .open(TunnelRig.request("GET", backend, "/").set("postern-sign-on", way), true)
                    .awaitEnd();
            assertEquals(200, second.status());
            assertEquals(2, moody.requests().size());
            assertTrue(!token(moody, 0).equals(token(moody, 1)), "a fresh token");

            TestStream never = rig.rig()
                    .open(TunnelRig.request("GET", backend, "/never").set("postern-sign-on", way), true)
                    .awaitEnd();
            assertEquals("sign-on-refused", never.failure());
            assertEquals(403, never.status());
            assertTrue(never.head().get("postern-reason").toString().contains("13022"));
            assertEquals(4, moody.requests().size());
        }
    }

    private static String token(ScriptedBackend backend, int request) {
        return backend.requests().get(request).replaceAll("(?s).*authorization: Negotiate ([^\r]*).*", "$1");
    }
}
