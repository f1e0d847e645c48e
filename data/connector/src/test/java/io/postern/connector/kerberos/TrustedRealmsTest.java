package io.postern.connector.kerberos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.config.ConfigReader;
import io.postern.connector.kerberos.Delegated.Mechanism;
import io.postern.connector.kerberos.KerberosFault.Kind;
import io.postern.fixtures.KerberosSite;
import io.postern.fixtures.TrustedRealms;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// KCD-7 and KCD-13: users of a domain that the connector's one trusts, with KDCs that know how.
class TrustedRealmsTest {
    private static final String APP = "HTTP/app.corp.test";

    private static TrustedRealms realms;
    private static KerberosSite site;
    private static HttpClient http;

    @BeforeAll
    static void startRealms() throws IOException {
        realms = TrustedRealms.start();
        Files.setPosixFilePermissions(realms.connectorKeytab(), PosixFilePermissions.fromString("rw-------"));
        site = KerberosSite.start(realms.httpKeytab());
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stopRealms() {
        http.close();
        site.close();
        realms.close();
    }

    private static TicketDesk desk(String principal) {
        ConfigReader config = ConfigReader.of(
                "connector.yaml", """
                kerberos:
                  keytab: %s
                  principal: %s
                  krb5-conf: %s
                  deadline: 20s
                """.formatted(realms.connectorKeytab(), principal, realms.krb5Conf()));
        KerberosSettings settings = KerberosSettings.read(config).orElseThrow();
        config.finish();
        return new TicketDesk(settings, new KerberosMetrics(new PrometheusRegistry()), InstantSource.system());
    }

    private static Delegated ticket(TicketDesk desk, String user, String spn) {
        try {
            return desk.ticket(new TicketDesk.Key(user, ServicePrincipal.of(spn)))
                    .get(25, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KerberosFault fault) {
                throw fault;
            }
            throw new AssertionError(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static String visit(TicketDesk desk, Delegated ticket) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + site.port() + "/app/"))
                        .header(
                                "Authorization",
                                ticket.token(Mechanism.NEGOTIATED, false, desk.faults())
                                        .field())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() + " "
                + answer.headers().firstValue("X-Remote-User").orElse("-");
    }

    @Test
    void signsOnUsersOfBothDomainsAndConfusesNobody() throws Exception {
        try (TicketDesk desk = desk(TrustedRealms.CONNECTOR)) {
            assertEquals("200 alice@CORP.TEST", visit(desk, ticket(desk, "alice", APP)));
            assertEquals("200 alice@PARTNER.TEST", visit(desk, ticket(desk, "alice@PARTNER.TEST", APP)), site.log());
            assertEquals("200 eve@PARTNER.TEST", visit(desk, ticket(desk, "eve@partner.test", APP)));
            assertEquals("200 alice@CORP.TEST", visit(desk, ticket(desk, "alice@corp.test", APP)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "postern/connector.corp.test@CORP.TEST, nobody@PARTNER.TEST, HTTP/app.corp.test, USER_UNKNOWN",
        "postern/connector.corp.test@CORP.TEST, eve, HTTP/app.corp.test, USER_UNKNOWN",
        "postern/connector.corp.test@CORP.TEST, sens@PARTNER.TEST, HTTP/app.corp.test, NOT_FORWARDABLE",
        "postern/connector.corp.test@CORP.TEST, disa@PARTNER.TEST, HTTP/app.corp.test, USER_DISABLED",
        "postern/connector.corp.test@CORP.TEST, eve@LONELY.TEST, HTTP/app.corp.test, USER_ABROAD",
        "postern/connector.corp.test@CORP.TEST, eve@elsewhere.test, HTTP/app.corp.test, USER_REALM",
        "postern/connector.corp.test@CORP.TEST, alice, HTTP/app.partner.test, SPN_NOT_LISTED",
        "postern/connector.corp.test@CORP.TEST, eve@PARTNER.TEST, HTTP/app.partner.test, SPN_NOT_LISTED",
        "svc-connector@CORP.TEST, eve@PARTNER.TEST, HTTP/app.corp.test, USER_ABROAD"
    })
    void tellsWhatStandsBetweenTwoDomains(String principal, String user, String spn, Kind kind) {
        try (TicketDesk desk = desk(principal)) {
            Delegated got = ticket(desk, user, spn);
            throw new AssertionError("a ticket was given: " + got);
        } catch (KerberosFault fault) {
            assertEquals(kind, fault.kind(), fault.message());
            assertTrue(fault.remedy().length() > 20, fault.remedy());
        }
    }
}
