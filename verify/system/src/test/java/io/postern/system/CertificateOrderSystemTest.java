package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.AcmeServer;
import io.postern.fixtures.FreePort;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Certificates ordered from a real ACME server (RFC 8555), and the port without TLS that it asks.
class CertificateOrderSystemTest {
    private static final String DOMAIN = "contoso.example";
    private static final String HOST = "wiki.contoso.example";

    @TempDir
    Path folder;

    private final int httpPort = FreePort.find();
    private final int httpsPort = FreePort.find();

    private Installation service(AcmeServer acme, String way) throws IOException {
        Installation service = Installation.start(folder, "365d", httpsPort, """
                http-listen: 127.0.0.1:%d
                dns-server: 127.0.0.1:%d
                acme:
                  directory: %s
                  authority: %s
                  agree-to-terms: true
                  challenge: %s
                  dns-hook: %s
                """.formatted(
                        httpPort, acme.dnsPort(), acme.directory(), acme.authority(), way, acme.hook()));
        JsonNode added = json(service.cli("domain", "add", DOMAIN, "--json"));
        acme.text("_postern." + DOMAIN, added.at("/verificationDnsRecord/text").asString());
        service.cli("domain", "verify", DOMAIN);
        return service;
    }

    private static JsonNode json(String text) {
        return new ObjectMapper().readTree(text);
    }

    /// What a browser is shown, by openssl.
    private String shown(String host) {
        return Command.of("openssl", "s_client", "-connect", "127.0.0.1:" + httpsPort, "-servername", host)
                .output();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http-01", "tls-alpn-01", "dns-01"})
    void ordersACertificateFromARealServerAndPutsItInForce(String way) throws Exception {
        try (AcmeServer acme = AcmeServer.start(httpPort, httpsPort);
                Installation service = service(acme, way)) {
            String host = way.equals("dns-01") ? "*." + DOMAIN : HOST;

            JsonNode order = json(service.cli("certificate", "order", host, "--json"));
            JsonNode certificate =
                    json(service.cli("certificate", "list", "--json")).path(0);

            assertEquals("valid", order.path("state").asString(), order.toString());
            assertEquals("ordered", certificate.path("source").asString());
            Await.until("the certificate is shown", () -> shown(HOST).contains("Pebble"));
            Instant issued = Instant.parse(certificate.path("issueDate").asString());
            Instant expires = Instant.parse(certificate.path("expiryDate").asString());
            Instant due = Instant.parse(order.path("dueDateTime").asString());
            Duration life = Duration.between(issued, expires);
            assertFalse(due.isAfter(expires.minus(life.dividedBy(3))), "a third of its life is left then");
            assertTrue(due.isAfter(expires.minus(life.dividedBy(2))), "and not much more");
        }
    }

    @Test
    void saysWhyAnOrderFailedAndSendsHttpToHttps() throws Exception {
        try (AcmeServer acme = AcmeServer.start(httpPort, httpsPort);
                Installation service = service(acme, "http-01")) {
            acme.address("lost." + DOMAIN, "127.0.0.99");

            Command.Result lost = service.tryCli("certificate", "order", "lost." + DOMAIN);
            Command.Result wild = service.tryCli("certificate", "order", "*." + DOMAIN);
            Command.Result foreign = service.tryCli("certificate", "order", "wiki.fabrikam.example");

            assertTrue(lost.errors().contains("could not see by http-01 that 'lost." + DOMAIN), lost.errors());
            assertTrue(lost.errors().contains("port 80"), lost.errors());
            assertTrue(wild.errors().contains("needs 'acme.challenge: dns-01'"), wild.errors());
            assertTrue(foreign.errors().contains("lies in no verified domain"), foreign.errors());
            String standing = service.cli("certificate", "orders");
            assertTrue(standing.contains("failed") && standing.contains("Warning: lost." + DOMAIN), standing);
            service.cli("certificate", "cancel", "lost." + DOMAIN);
            assertTrue(service.cli("certificate", "orders").contains("No order yet"));

            publish(service, "secret", "https://secret." + DOMAIN + "/", "aadPreAuthentication");
            publish(service, "open", "http://open." + DOMAIN + "/", "passthru");
            assertEquals("301 https://secret." + DOMAIN + ":" + httpsPort + "/a?b=c", http("secret." + DOMAIN));
            assertFalse(http("open." + DOMAIN).startsWith("301"), "it is published with http");

            String id = id(service, "open");
            service.api(
                    "PATCH",
                    "/v1.0/applications/" + id + "/onPremisesPublishing",
                    "--data",
                    "{\"externalAuthenticationType\":\"aadPreAuthentication\"}");
            assertEquals("301 https://open." + DOMAIN + ":" + httpsPort + "/a?b=c", http("open." + DOMAIN));
        }
    }

    private static void publish(Installation service, String name, String url, String authentication)
            throws IOException {
        JsonNode made = json(service.api(
                "POST",
                "/v1.0/applications",
                "--data",
                "{\"displayName\":\"" + name + "\",\"onPremisesPublishing\":{\"internalUrl\":\"http://" + name
                        + ".corp/\",\"externalUrl\":\"" + url + "\",\"externalAuthenticationType\":\"" + authentication
                        + "\"}}"));
        assertTrue(made.has("appId"), made.toString());
    }

    private static String id(Installation service, String name) throws IOException {
        JsonNode found = json(service.api("GET", "/v1.0/applications?$filter=displayName%20eq%20'" + name + "'"));
        return found.at("/value/0/id").asString();
    }

    /// Status and where it leads.
    private String http(String host) {
        return Command.of(
                        "curl",
                        "--silent",
                        "--max-time",
                        "20",
                        "--output",
                        "/dev/null",
                        "--write-out",
                        "%{http_code} %{redirect_url}",
                        "--header",
                        "Host: " + host,
                        "http://127.0.0.1:" + httpPort + "/a?b=c")
                .expectSuccess();
    }
}
