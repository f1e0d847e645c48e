package io.postern.connector.kerberos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.config.ConfigReader;
import io.postern.connector.kerberos.KerberosFault.Kind;
import io.postern.fixtures.Binary;
import io.postern.fixtures.KerberosSite;
import io.postern.fixtures.ProcessFixture;
import io.postern.fixtures.SambaDomain;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What two Samba forests that trust each other do, and do not (docs/guide/kerberos.md). A user's own ticket leads
/// across; Samba 4.17 gives a connector none. Where a later one does, the second test tells by failing.
class TrustedForestsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static SambaDomain corp;
    private static SambaDomain partner;
    private static KerberosSite site;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void startForests() {
        corp = SambaDomain.startKdc();
        partner = SambaDomain.startPartner(corp);
        site = KerberosSite.start(corp);
    }

    @AfterAll
    static void stopForests() {
        site.close();
        partner.close();
        corp.close();
    }

    private static TicketDesk desk(String keytab, String principal) throws Exception {
        Files.setPosixFilePermissions(corp.keytab(keytab), PosixFilePermissions.fromString("rw-------"));
        ConfigReader config = ConfigReader.of(
                "connector.yaml", """
                kerberos:
                  keytab: %s
                  principal: %s
                  krb5-conf: %s
                  deadline: 20s
                """.formatted(corp.keytab(keytab), principal, corp.krb5Conf(partner)));
        KerberosSettings settings = KerberosSettings.read(config).orElseThrow();
        config.finish();
        return new TicketDesk(settings, new KerberosMetrics(new PrometheusRegistry()), InstantSource.system());
    }

    @Test
    void aUsersOwnTicketLeadsToTheApplicationOfTheOtherForest() {
        String application = "app.corp.test:" + site.port();
        var person = new ProcessBuilder(
                "sh",
                "-c",
                "echo '" + SambaDomain.USER_PASSWORD + "' | " + Binary.find("kinit", "krb5-user")
                        + " alice@PARTNER.TEST >&2 && curl -s -D - -o /dev/null --negotiate -u : --resolve "
                        + application
                        + ":127.0.0.1 http://" + application + "/app/");
        person.environment()
                .putAll(Map.of(
                        "KRB5_CONFIG",
                        corp.krb5Conf(partner).toString(),
                        "KRB5CCNAME",
                        "FILE:" + folder.resolve("tickets")));
        try (ProcessFixture signedIn = ProcessFixture.start("curl", person)) {
            assertEquals(0, signedIn.awaitExit(TIMEOUT), signedIn.stderr());
            assertTrue(signedIn.stdout().contains("X-Remote-User: alice@PARTNER.TEST"), signedIn.stdout());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "svc-abroad, postern/abroad.corp.test, alice@PARTNER.TEST, HTTP/app.corp.test, USER_UNKNOWN",
        "svc-connector, svc-connector, alice@PARTNER.TEST, HTTP/app.corp.test, USER_ABROAD",
        "svc-no-spn, svc-no-spn, alice@PARTNER.TEST, HTTP/app.corp.test, USER_ABROAD",
        "svc-connector, svc-connector, alice, HTTP/app.partner.test, SPN_NOT_LISTED"
    })
    void aConnectorHearsWhyItGetsNone(String keytab, String principal, String user, String spn, Kind kind)
            throws Exception {
        try (TicketDesk desk = desk(keytab, principal + "@CORP.TEST")) {
            var ticket = desk.ticket(new TicketDesk.Key(user, ServicePrincipal.of(spn)));
            throw new AssertionError("a ticket was given: " + ticket.get(25, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            KerberosFault fault = assertInstanceOf(KerberosFault.class, e.getCause());
            assertEquals(kind, fault.kind(), fault.message());
            List<String> domains = List.of("CORP.TEST", "PARTNER.TEST");
            assertTrue(domains.stream().anyMatch(fault.remedy()::contains), fault.remedy());
        }
    }
}
