package io.postern.run.connector;

import io.netty.handler.ssl.SslContext;
import io.postern.base.EnrollmentToken;
import io.postern.base.HostPort;
import io.postern.connector.ConnectorFault;
import io.postern.connector.ConnectorFault.Kind;
import io.postern.net.TlsContexts;
import io.postern.net.dial.Dialler;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An administrator signs in on any device (RFC 8628), and the service makes a one-time token in his name (REG-1). His
/// access token lives in this object's methods only; nothing of it is written anywhere (REG-3).
///
/// @param service where the connector registers: `connect.BASE-DOMAIN`; sign-in and API are beside it
/// @param tenant name, domain or id
/// @param authority certificates (PEM) to trust instead of the system's
/// @param told where the administrator reads what to do
record SignInToken(HostPort service, String tenant, Optional<Path> authority, PrintStream told) implements TokenSource {
    /// The same in every installation; every tenant knows it.
    static final String CLIENT_ID = "00000006-0000-4000-8000-706f73746572";

    private static final Duration POLL_MIN = Duration.ofSeconds(1);
    private static final JsonMapper JSON = new JsonMapper();

    private record Answer(int status, JsonNode body) {
        String text(String name) {
            return body.path(name).asString("");
        }
    }

    @Override
    public EnrollmentToken read(InputStream standardInput, Dialler dialler) {
        String base = baseDomain();
        var https = new HttpsQuestion(dialler, trusting());
        try {
            String oauth = origin("login", base) + "/" + encode(tenant) + "/oauth2/v2.0/";
            Answer code = form(
                    https,
                    oauth + "devicecode",
                    Map.of("client_id", CLIENT_ID, "scope", "https://api." + base + "/.default"));
            if (code.status() != 200) {
                throw new ConnectorFault(
                        Kind.USAGE, "the service does not begin a sign-in: " + complaint(code) + "; check --tenant");
            }
            told.println(code.text("message"));
            told.println("Whoever does must be Global or Application Administrator of '" + tenant
                    + "' itself: no guest, and nobody of another organisation.");
            told.flush();
            String accessToken = await(https, oauth + "token", code);
            return mint(https, origin("api", base), accessToken);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectorFault(Kind.INTERNAL, "the sign-in was interrupted; start again", e);
        }
    }

    private String await(HttpsQuestion https, String url, Answer code) throws InterruptedException {
        Duration interval = Duration.ofSeconds(code.body().path("interval").asLong(5));
        Instant end = Instant.now().plusSeconds(code.body().path("expires_in").asLong(900));
        while (Instant.now().isBefore(end)) {
            Thread.sleep(interval.compareTo(POLL_MIN) < 0 ? POLL_MIN : interval);
            Answer answer = form(
                    https,
                    url,
                    Map.of(
                            "grant_type",
                            "urn:ietf:params:oauth:grant-type:device_code",
                            "client_id",
                            CLIENT_ID,
                            "device_code",
                            code.text("device_code")));
            if (answer.status() == 200) {
                return answer.text("access_token");
            }
            switch (answer.text("error")) {
                case "authorization_pending" -> {}
                case "slow_down" -> interval = interval.plusSeconds(5);
                case "expired_token" -> throw late();
                case "access_denied" ->
                    throw new ConnectorFault(
                            Kind.REFUSED,
                            "the sign-in was declined in the browser: " + complaint(answer)
                                    + " Nothing was registered");
                default -> throw new ConnectorFault(Kind.REFUSED, "the sign-in failed: " + complaint(answer));
            }
        }
        throw late();
    }

    private ConnectorFault late() {
        return new ConnectorFault(
                Kind.REFUSED,
                "the code has expired: no administrator of '" + tenant
                        + "' confirmed it within 15 minutes; start again");
    }

    private static EnrollmentToken mint(HttpsQuestion https, String api, String accessToken)
            throws InterruptedException {
        Answer minted = send(
                https,
                api + "/beta/onPremisesPublishingProfiles/applicationProxy/connectorTokens",
                Map.of("authorization", "Bearer " + accessToken, "content-type", "application/json"),
                "{}");
        if (minted.status() != 201) {
            throw new ConnectorFault(
                    Kind.REFUSED,
                    "you are signed in, but the service does not let you register a connector: "
                            + minted.body().path("error").path("message").asString("status " + minted.status()));
        }
        return EnrollmentToken.parse(minted.text("token"));
    }

    private static Answer form(HttpsQuestion https, String url, Map<String, String> form) throws InterruptedException {
        String body = form.entrySet().stream()
                .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
                .collect(Collectors.joining("&"));
        return send(https, url, Map.of("content-type", "application/x-www-form-urlencoded"), body);
    }

    private static Answer send(HttpsQuestion https, String url, Map<String, String> fields, String body)
            throws InterruptedException {
        URI uri = URI.create(url);
        try {
            HttpsQuestion.Answer answer = https.post(uri, fields, body);
            return new Answer(answer.status(), JSON.readTree(answer.body()));
        } catch (InterruptedException e) {
            throw e;
        } catch (JacksonException e) {
            throw new ConnectorFault(Kind.SERVICE, uri.getHost() + " is no Postern service; check --service", e);
        } catch (SSLException e) {
            throw new ConnectorFault(
                    Kind.SERVICE,
                    "the certificate of " + uri.getHost() + " is not trusted here (" + innermost(e)
                            + "); give --sign-in-ca when it is not public, and see that nothing on the way opens TLS",
                    e);
        } catch (Exception e) { // the future's, which may be any
            throw new ConnectorFault(
                    Kind.SERVICE, uri.getHost() + " cannot be reached (" + e.getMessage() + "); check --service", e);
        }
    }

    /// What is wrong with it; the outer exceptions only say that something is.
    private static String innermost(Throwable fault) {
        Throwable cause = fault.getCause();
        return cause == null ? String.valueOf(fault.getMessage()) : innermost(cause);
    }

    private SslContext trusting() {
        return authority.map(SignInToken::trusting).orElseGet(() -> TlsContexts.backend(true));
    }

    private static SslContext trusting(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            List<X509Certificate> authorities =
                    CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (authorities.isEmpty()) {
                throw new GeneralSecurityException("there is no certificate in it");
            }
            return TlsContexts.backend(authorities);
        } catch (IOException | GeneralSecurityException e) {
            throw new ConnectorFault(Kind.USAGE, "--sign-in-ca '" + file + "' cannot be used: " + e.getMessage(), e);
        }
    }

    private String baseDomain() {
        String host = service.host();
        if (!host.startsWith("connect.")) {
            throw new ConnectorFault(
                    Kind.USAGE,
                    "--sign-in needs the service's own name, https://connect.BASE-DOMAIN, not '" + host + "'");
        }
        return host.substring("connect.".length());
    }

    private String origin(String label, String base) {
        return "https://" + label + "." + base + (service.port() == 443 ? "" : ":" + service.port());
    }

    private static String complaint(Answer answer) {
        String description = answer.text("error_description");
        int rest = description.indexOf(" Trace ID:");
        return description.isEmpty()
                ? "status " + answer.status()
                : rest < 0 ? description : description.substring(0, rest);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
