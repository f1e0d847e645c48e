package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.HostPort;
import io.postern.fixtures.Browser;
import io.postern.fixtures.FreePort;
import io.postern.fixtures.SambaDomain;
import io.postern.sense.SenseDemo;
import io.postern.sense.SenseSetup;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// What processes keep and tell of the secrets of sign-on at applications: service and connector at their
/// most talkative, a user who gives her password in My Apps and opens an application with a form and one with
/// Kerberos.
class SecretsSystemTest {
    private static final String ALICE = "alice@contoso.example";
    private static final String OWN = "Correct-Horse-7-Battery";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static SambaDomain domain;
    private static HttpBackend intranet;
    private static SenseDemo demo;
    private static Installation installation;
    private static Installation.Started connector;
    private static Browser alice;

    /// Two parts that look the same in ASCII, UTF-8, Latin-1, JSON and forms, and between them what does not.
    private record Password(String first, String second) {
        static Password random() {
            return new Password(part(), part());
        }

        private static String part() {
            byte[] bytes = new byte[12];
            new SecureRandom().nextBytes(bytes);
            return HexFormat.of().formatHex(bytes);
        }

        String text() {
            return first + "ü& +" + second;
        }

        /// Each form in which it might lie in a memory.
        List<byte[]> forms() {
            var forms = new ArrayList<byte[]>();
            for (String each : List.of(first, second, text())) {
                for (Charset charset : List.of(
                        StandardCharsets.UTF_8,
                        StandardCharsets.ISO_8859_1,
                        StandardCharsets.UTF_16LE,
                        StandardCharsets.UTF_16BE)) {
                    forms.add(each.getBytes(charset));
                }
            }
            forms.add(URLEncoder.encode(text(), StandardCharsets.UTF_8).getBytes(StandardCharsets.US_ASCII));
            forms.add(Base64.getEncoder().withoutPadding().encode(text().getBytes(StandardCharsets.UTF_8)));
            return forms;
        }
    }

    private static final Password TYPED = Password.random();
    private static final Password SET = Password.random();

    @BeforeAll
    static void open() throws Exception {
        domain = SambaDomain.startKdc();
        intranet = new HttpBackend(HttpBackend::empty);
        demo = SenseDemo.start(
                new HostPort("127.0.0.1", 0), SenseSetup.today(Map.of("alice", TYPED.text()), List.of("127.0.0.1")));
        installation = Installation.start(folder.resolve("i"), "30d", FreePort.find(), "log-level: debug\n");
        connector = installation.connector(
                "--verbose",
                "--config",
                configuration().toString(),
                "--token-file",
                installation.token().toString());
        connector.awaitLine("connected to the service", 1);
        Path password = Files.writeString(folder.resolve("word"), OWN);
        installation.cli("user", "add", ALICE, "--password-file", password.toString());
        publish("hub", "http://127.0.0.1:" + demo.port() + "/", """
                "singleSignOnMode": "password", "passwordSignOnSettings": {"signOnPage": "/hub"}""");
        publish("intranet", intranet.url(), """
                "singleSignOnMode": "onPremisesKerberos", "kerberosSignOnSettings": {
                  "kerberosServicePrincipalName": "HTTP/app.corp.test",
                  "kerberosSignOnMappingAttributeType": "userPrincipalUsername"}""");
        alice = new Browser(installation.authority());
    }

    @AfterAll
    static void close() {
        installation.close();
        demo.close();
        intranet.close();
        domain.close();
    }

    private static void publish(String name, String url, String signOn) throws IOException {
        installation.declare(
                name,
                "\"assignedUsers\": [\"" + ALICE + "\"]",
                "\"internalUrl\": \"" + url + "\", \"singleSignOnSettings\": {" + signOn + "}");
    }

    private static String api(String method, String path, String body) throws IOException {
        Path file = Files.writeString(folder.resolve("body.json"), body);
        return installation.api(method, "/v1.0/" + path, "--data", "@" + file);
    }

    private static Path configuration() throws IOException {
        Path keytab = secret(folder.resolve("connector.keytab"));
        Files.write(keytab, Files.readAllBytes(domain.keytab("svc-connector")));
        return Files.writeString(
                folder.resolve("connector.yaml"), """
                kerberos:
                  keytab: %s
                  principal: svc-connector@CORP.TEST
                  krb5-conf: %s
                """.formatted(keytab, domain.krb5Conf(domain.kdc())));
    }

    private static Path secret(Path file) throws IOException {
        return Files.setPosixFilePermissions(Files.createFile(file), PosixFilePermissions.fromString("rw-------"));
    }

    private static JsonNode principal(String application) throws IOException {
        String found =
                installation.api("GET", "/v1.0/servicePrincipals?$filter=displayName%20eq%20'" + application + "'");
        return JSON.readTree(found).at("/value/0");
    }

    /// Gives the password as users do, once a connector can take it.
    private static void typeInMyApps() throws IOException {
        URI page = installation
                .url("myapps")
                .resolve("password/" + principal("hub").path("appId").asString());
        var last = new AtomicReference<Browser.Page>();
        Await.until("the password is taken", () -> {
            Browser.Page form = alice.openSignedIn(page, ALICE, OWN);
            last.set(form);
            last.set(alice.fill(form, Map.of("name", "alice", "password", TYPED.text())));
            return last.get().status() < 400 && !last.get().uri().equals(page);
        });
    }

    private static Browser.Page opened(String application, int expected) {
        URI url = installation.url(application + "-contoso");
        var last = new AtomicReference<Browser.Page>();
        Await.until(application + " is open", () -> {
            last.set(alice.openSignedIn(url.resolve(expected == 200 ? "/qps/user" : "/"), ALICE, OWN));
            return last.get().status() == expected;
        });
        return last.get();
    }

    @Test
    void neitherLogNorTheServicesHeapKeepsThem() throws Exception {
        typeInMyApps();
        Browser.Page inside = opened("hub", 200);
        assertTrue(inside.body().contains("\"alice\""), inside.body());
        opened("intranet", 204);
        setByApi();

        HeapDump heap = HeapDump.of(installation.service().process(), folder.resolve("heap.hprof"));

        assertTrue(heap.has("postern.localhost".getBytes(StandardCharsets.ISO_8859_1)), "what is there is found");
        for (Password each : List.of(TYPED, SET)) {
            for (byte[] form : each.forms()) {
                assertFalse(heap.has(form), () -> "found as " + new String(form, StandardCharsets.ISO_8859_1));
            }
        }
        logsHaveNone(secrets());
    }

    /// Another one, as administrators do, for somebody who has none yet.
    private static void setByApi() throws IOException {
        String bob = JSON.readTree(api("POST", "users", """
                {"userPrincipalName": "bob@contoso.example", "displayName": "Bob",
                  "passwordProfile": {"password": "%s"}}
                """.formatted(OWN)))
                .path("id")
                .asString();
        String id = principal("hub").path("id").asString();
        String answer = api("POST", "servicePrincipals/" + id + "/createPasswordSingleSignOnCredentials", """
                {"id": "%s", "credentials": [{"fieldId": "user", "value": "bob", "type": "username"},
                  {"fieldId": "password", "value": "%s", "type": "password"}]}
                """.formatted(
                        bob, SET.text()));
        assertEquals("bob", JSON.readTree(answer).at("/credentials/0/value").asString(), answer);
    }

    private static Set<String> secrets() throws IOException {
        String ticket = intranet.next().getFirst("Authorization").replaceFirst("^Negotiate ", "");
        var secrets = new TreeSet<>(Set.of(TYPED.first(), TYPED.second(), SET.first(), SET.second(), OWN));
        secrets.add(ticket.substring(0, 60));
        secrets.add(HexFormat.of().formatHex(Base64.getDecoder().decode(ticket)).substring(0, 60));
        secrets.add(ticket.substring(ticket.length() - 60));
        secrets.add(Files.readString(installation.data().resolve("seal.key")).split(" ")[0]); // the private half
        return secrets;
    }

    private static void logsHaveNone(Set<String> secrets) {
        assertTrue(connector.log().toString().contains(" DEBUG "), "it says all it can");
        assertTrue(installation.service().log().toString().contains("log-level: debug"), "and so does the service");
        for (Installation.Started each : List.of(installation.service(), connector)) {
            String log = String.join("\n", each.log());
            for (String secret : secrets) {
                assertFalse(log.contains(secret), () -> "'" + secret + "' in a log");
            }
        }
    }
}
