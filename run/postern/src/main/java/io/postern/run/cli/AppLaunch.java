package io.postern.run.cli;

import io.postern.run.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpResponse;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import tools.jackson.databind.JsonNode;

/// The way a user comes, step by step, and then the way behind the service. A step that fails says why and what to
/// do, and the steps that do not need it go on.
final class AppLaunch {
    private static final Duration EXPIRES_SOON = Duration.ofDays(30);
    private static final int SERVER_ERROR = 500;

    private final Api api;
    private final JsonNode application;
    private final JsonNode publishing;
    private final String name;
    private final TestReport report;

    AppLaunch(Api api, JsonNode application) {
        this.api = api;
        this.application = application;
        this.publishing = application.path("onPremisesPublishing");
        this.name = application.path("displayName").asString("");
        if (!publishing.has("externalUrl")) {
            throw new Fault("application '" + name + "' is not published; publish it with 'postern app publish'");
        }
        this.report = new TestReport(name, publishing.path("externalUrl").asString(""));
    }

    TestReport run() {
        configuration();
        URI url = URI.create(publishing.path("externalUrl").asString(""));
        if (dns(url.getHost())) {
            open(url);
        }
        connectors();
        return report;
    }

    private boolean isPassthrough() {
        return publishing.path("externalAuthenticationType").asString("").equals("passthru");
    }

    private void configuration() {
        JsonNode principal = new Lookup(api).servicePrincipal(application);
        if (!principal.path("accountEnabled").asBoolean(true)) {
            report.fault(
                    "settings",
                    "the application is disabled: nobody gets in",
                    "enable it: PATCH /servicePrincipals/"
                            + principal.path("id").asString() + " accountEnabled true");
            return;
        }
        boolean nobody = principal.path("appRoleAssignmentRequired").asBoolean(false)
                && !isPassthrough()
                && api.list("/servicePrincipals/" + principal.path("id").asString() + "/appRoleAssignedTo")
                        .isEmpty();
        if (nobody) {
            report.warning(
                    "settings",
                    "nobody is assigned, so nobody may use it",
                    "postern app assign '" + name + "' --user USER");
        } else {
            report.ok("settings", "enabled, " + (isPassthrough() ? "passthrough" : "users sign in first"));
        }
    }

    private boolean dns(String host) {
        try {
            report.ok("dns", host + " is at " + addresses(host));
            return true;
        } catch (UnknownHostException e) {
            report.fault(
                    "dns",
                    host + " does not resolve on this machine",
                    "make a DNS record for it, or for *." + host.substring(host.indexOf('.') + 1)
                            + ", that leads to the service's public address");
            return false;
        }
    }

    private static String addresses(String host) throws UnknownHostException {
        return Arrays.stream(InetAddress.getAllByName(host))
                .map(InetAddress::getHostAddress)
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private void open(URI url) {
        HttpResponse<Void> answer;
        try {
            answer = api.visit(url);
        } catch (SSLException e) {
            report.fault("certificate", "not accepted: " + innermost(e), certificateRemedy(url.getHost(), e));
            return;
        } catch (IOException e) {
            report.fault(
                    "connection",
                    url.getHost() + ":" + port(url) + " cannot be reached: " + innermost(e),
                    "check that the DNS record leads to the service and that firewalls let the port in");
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        answer.sslSession().flatMap(AppLaunch::leaf).ifPresent(this::certificate);
        judge(answer);
    }

    private void certificate(X509Certificate leaf) {
        Instant expires = leaf.getNotAfter().toInstant();
        String text = "accepted, issued by " + leaf.getIssuerX500Principal().getName() + ", valid until " + expires;
        if (expires.isBefore(Instant.now().plus(EXPIRES_SOON))) {
            report.warning("certificate", text, "renew it soon: 'certificates' in the service's configuration");
        } else {
            report.ok("certificate", text);
        }
    }

    private void judge(HttpResponse<Void> answer) {
        int status = answer.statusCode();
        String location = answer.headers().firstValue("location").orElse("");
        boolean challenged = status / 100 == 3 && location.startsWith(api.ownOrigin("login") + "/");
        if (isPassthrough()) {
            if (status >= SERVER_ERROR) {
                report.fault("answer", "status " + status, "see what the connectors say below");
            } else {
                report.ok("answer", "status " + status + ", the application answers everybody");
            }
        } else if (challenged) {
            report.ok("sign-in", "a stranger is sent to sign in");
        } else if (status >= SERVER_ERROR) {
            report.fault("sign-in", "status " + status + " in place of the sign-in", "look into the service's log");
        } else {
            report.fault(
                    "sign-in",
                    "a stranger gets status " + status + (location.isEmpty() ? "" : " to " + location)
                            + " in place of the sign-in",
                    "check that the DNS record leads to this service and not past it");
        }
    }

    private void connectors() {
        JsonNode health = api.post(
                "/applications/" + application.path("id").asString() + "/onPremisesPublishing/probe", Api.object());
        for (JsonNode path : health.path("paths")) {
            String machine = path.path("machineName").asString("");
            String verdict = path.path("verdict").asString("");
            String remedy = path.path("remedy").asString("");
            String text = "through " + machine + ": " + HealthText.verdict(path);
            JsonNode probe = path.path("lastProbe");
            if (!verdict.equals("ok")) {
                report.fault("connector", text, remedy);
            } else {
                String measured = text + ", status " + probe.path("httpStatus").asString("?") + ", "
                        + probe.path("latencyInMilliseconds").asString("?") + " ms";
                if (remedy.isEmpty()) {
                    report.ok("connector", measured);
                } else {
                    report.warning("connector", measured, remedy);
                }
            }
        }
        if (health.path("paths").isEmpty()) {
            report.fault("connector", "there is none to reach the application", "see the group below");
        }
        for (JsonNode warning : health.path("warnings")) {
            report.warning("group", warning.asString(""), "");
        }
    }

    private static Optional<X509Certificate> leaf(SSLSession session) {
        try {
            List<Certificate> chain = List.of(session.getPeerCertificates());
            return chain.getFirst() instanceof X509Certificate leaf ? Optional.of(leaf) : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    private static String certificateRemedy(String host, SSLException fault) {
        String text = innermost(fault);
        if (text.contains("No subject alternative") || text.contains("No name matching")) {
            return "the service has no certificate for " + host + ": add one to 'certificates' in its configuration";
        }
        if (text.contains("expired") || text.contains("NotAfter")) {
            return "renew the certificate for " + host;
        }
        return "users' browsers will refuse it too, unless they trust its authority: use a certificate of a public"
                + " authority, or roll out the service's own (ca.pem); for this command, --ca FILE";
    }

    private static String innermost(Throwable fault) {
        Throwable inner = fault;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner.getMessage() == null ? inner.getClass().getSimpleName() : inner.getMessage();
    }

    private static int port(URI url) {
        return url.getPort() != -1 ? url.getPort() : url.getScheme().equals("https") ? 443 : 80;
    }
}
