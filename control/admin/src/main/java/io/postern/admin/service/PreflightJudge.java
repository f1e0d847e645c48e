package io.postern.admin.service;

import io.postern.admin.service.Preflight.About;
import io.postern.admin.service.Preflight.Finding;
import io.postern.admin.service.Preflight.Product;
import io.postern.admin.service.Preflight.Result;
import io.postern.domain.InternalUrl;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.BackendSignOn;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What a connector saw of a backend, judged for the users who would come (PFL-1).
record PreflightJudge(About about) {
    private static final Map<String, String> REMEDIES = Map.of(
            "resolve", "correct the internal URL, or the name servers of the connector's machine",
            "not-permitted", "add the backend to 'allow' in the connector's configuration",
            "connect", "check that the backend runs, and that a firewall lets the connector's machine through",
            "connect-timeout",
                    "a firewall drops the connection, or the backend is overloaded; open the port for the"
                            + " connector's machine",
            "tls-untrusted",
                    "name the authority in 'backend-authorities' of the connector's configuration, or pin the"
                            + " certificate (postern app set --pin)",
            "tls-expired", "renew the backend's certificate",
            "tls-name", "publish the name in the certificate, or set backendTls.serverName to it",
            "tls-pin", "update the pins of the application, or find out who answers there",
            "tls-client-certificate", "give the connector the certificate that the backend asks for",
            "first-byte-timeout", "the backend took the request and stays silent; look at its log");

    /// Qlik Sense, by what it shows to everybody.
    static Product product(JsonNode seen) {
        boolean cookie =
                seen.path("cookies").valueStream().anyMatch(c -> c.asString("").startsWith("X-Qlik-"));
        String location = seen.path("location").asString("");
        return cookie
                        || location.endsWith("/hub")
                        || location.contains("/internal_windows_authentication")
                        || location.contains("/internal_forms_authentication")
                ? Product.QLIK_SENSE
                : Product.NONE;
    }

    List<Finding> nobody(ConnectorQuestions.Answer answer) {
        String group = about.groupName();
        return List.of(
                switch (answer) {
                    case ConnectorQuestions.Answer.Nobody _ ->
                        fault(
                                "connector",
                                "no connector of group '" + group + "' is here that can look",
                                "start one, or bring it to this version; 'postern connector list' shows them");
                    case ConnectorQuestions.Answer.Silent silent ->
                        fault(
                                "connector",
                                "connector '" + silent.connector().name() + "' took the question and said nothing",
                                "look at its log, and try again");
                    case ConnectorQuestions.Answer.Busy _ ->
                        fault("connector", "too many questions wait for an answer", "try again in a minute");
                    case ConnectorQuestions.Answer.Said said ->
                        fault(
                                "connector",
                                "connector '" + said.connector().name() + "' could not look: "
                                        + said.body().path("error").asString("no reason given"),
                                "look at its log");
                });
    }

    /// Name, address, TLS.
    List<Finding> reached(JsonNode seen) {
        String failure = seen.path("failure").asString("");
        if (!failure.isEmpty()) {
            return List.of(fault(
                    failure.startsWith("tls") ? "tls" : "reach",
                    inside() + ": " + seen.path("why").asString(failure),
                    REMEDIES.getOrDefault(failure, "see " + failure + " in docs/operate/troubleshoot.md")));
        }
        var findings = new ArrayList<Finding>();
        findings.add(ok("reach", inside() + " answers at " + seen.path("remote").asString("")));
        JsonNode leaf = seen.path("certificate");
        if (!leaf.isMissingNode()) {
            String shown = leaf.path("subject").asString("") + ", of "
                    + leaf.path("issuer").asString("") + ", until "
                    + leaf.path("notAfter").asString("");
            findings.add(
                    about.publishing().settings().backendTls().validate()
                            ? ok("tls", shown)
                            : warning(
                                    "tls",
                                    "the certificate is not checked: " + shown,
                                    "trust its authority at the connector, and validate (BTLS-1)"));
        }
        return findings;
    }

    /// The page where users begin.
    List<Finding> page(JsonNode seen, Product product) {
        var findings = new ArrayList<Finding>();
        int status = seen.path("status").asInt(0);
        String location = seen.path("location").asString("");
        if (status >= 300 && status < 400 && !location.isEmpty()) {
            findings.add(redirect(status, location));
        } else if (status == 400 || status == 421) {
            findings.add(fault(
                    "answer",
                    "the backend answers " + status + ", as servers do that do not know the host they are asked by",
                    about.publishing().settings().fields().translate()
                            ? "look at the backend's log"
                            : "let it know the host " + Preflight.externalAuthority(about)
                                    + ", or translate headers (isTranslateHostHeaderEnabled)"));
        } else if (status >= 500 || status == 0) {
            findings.add(fault("answer", "the backend answers " + status, "look at the backend's log"));
        } else if (status == 404) {
            findings.add(warning(
                    "answer",
                    "the backend answers 404 at its first page",
                    "set the home page, or publish another path"));
        } else {
            findings.add(ok("answer", "the backend answers " + status));
        }
        findings.addAll(signOn(seen, status, product));
        List<String> cookies = seen.path("cookies")
                .valueStream()
                .map(c -> c.asString(""))
                .sorted()
                .toList();
        if (!cookies.isEmpty()) {
            findings.add(ok("cookies", "the backend sets " + String.join(", ", cookies)));
        }
        return findings;
    }

    private Finding redirect(int status, String location) {
        Optional<URI> to = absolute(location);
        if (to.isEmpty()) {
            return ok("redirect", status + " to " + location);
        }
        URI url = to.get();
        int port = port(url);
        InternalUrl inside = about.publishing().internalUrl();
        boolean same = url.getScheme().equals(inside.scheme())
                && port == inside.port()
                && inside.host().equalsIgnoreCase(url.getHost());
        boolean outside = location.startsWith(Preflight.origin(about) + "/");
        Optional<Application> other = same
                ? Optional.of(about.application())
                : about.all().stream().filter(a -> covers(a, url, port)).findFirst();
        if (outside) {
            return ok("redirect", status + " to " + location + ", the external URL");
        }
        if (other.isEmpty()) {
            boolean login = port == 4244 || port == 4248;
            return fault(
                    "redirect",
                    "redirects to " + (inside.host().equalsIgnoreCase(url.getHost()) ? "port " + port : location)
                            + ", which is not published",
                    login
                            ? "a release before April 2018: publish " + url.getScheme() + "://" + url.getHost() + ":"
                                    + port + "/ as a second application (template qlik-sense-proxied with"
                                    + " old-release=yes does it, with the same users and without a tile)"
                            : "publish " + url.getScheme() + "://" + url.getAuthority()
                                    + "/ too, or let the backend use its published address");
        }
        boolean translated = about.publishing().settings().fields().translate();
        return translated
                ? ok(
                        "redirect",
                        status + " to " + location + ", which users reach as "
                                + about.site()
                                        .show(other.get()
                                                .publishing()
                                                .orElseThrow()
                                                .externalUrl()))
                : fault(
                        "redirect",
                        status + " to the internal address " + location + ", and headers are not translated",
                        "switch translation of headers on (isTranslateHostHeaderEnabled), or let the backend redirect"
                                + " to the host that it is asked by");
    }

    private static boolean covers(Application application, URI url, int port) {
        return application
                .publishing()
                .map(p -> p.internalUrl())
                .filter(i -> !i.isWildcard()
                        && i.scheme().equals(url.getScheme())
                        && i.host().equalsIgnoreCase(url.getHost())
                        && i.port() == port
                        && Optional.ofNullable(url.getPath()).orElse("/").startsWith(i.path()))
                .isPresent();
    }

    private List<Finding> signOn(JsonNode seen, int status, Product product) {
        List<String> ways =
                seen.path("authenticate").valueStream().map(w -> w.asString("")).toList();
        boolean kerberos = about.publishing().settings().signOn().how() instanceof BackendSignOn.Kerberos;
        boolean negotiate = ways.stream().anyMatch("Negotiate"::equalsIgnoreCase);
        if (status == 401 && kerberos && !negotiate) {
            return List.of(fault(
                    "sign-on",
                    "Kerberos is set, and the backend asks for "
                            + (ways.isEmpty() ? "nothing" : String.join(", ", ways)),
                    product == Product.QLIK_SENSE
                            ? "QMC, Proxies, Authentication: Kerberos authentication on; Windows authentication pattern"
                                    + " Mozilla"
                            : "switch Negotiate on at the backend"));
        }
        if (status == 401 && !kerberos) {
            return List.of(warning(
                    "sign-on",
                    "the backend asks for " + (ways.isEmpty() ? "a sign-in" : String.join(", ", ways))
                            + ", and nothing is set that answers it: users see its prompt",
                    negotiate
                            ? "set Kerberos sign-on (guide: Kerberos), or leave it"
                            : "set password sign-on, or leave it"));
        }
        return List.of();
    }

    /// Whether the backend takes headers of some size.
    List<Finding> budget(JsonNode seen, JsonNode plain, int bytes) {
        int status = seen.path("status").asInt(0);
        boolean refused = (status == 400 || status == 413 || status == 431 || status == 0)
                && status != plain.path("status").asInt(0);
        return List.of(
                refused
                        ? warning(
                                "headers",
                                "the backend refuses requests with " + bytes / 1024 + " KiB of headers ("
                                        + (status == 0 ? seen.path("failure").asString("") : status) + ")",
                                "raise its limit: big Kerberos tickets and many cookies need as much (Qlik Sense: QMC,"
                                        + " Proxies, Advanced, Max header size)")
                        : ok("headers", "the backend takes " + bytes / 1024 + " KiB of request headers"));
    }

    /// The upgrade that browsers would ask for.
    List<Finding> socket(JsonNode seen, String path, Product product) {
        int status = seen.path("status").asInt(0);
        String origin = Preflight.origin(about);
        String host = origin.replaceAll("^[a-z]+://", "").replaceAll(":[0-9]+$", "");
        if (status == 101) {
            return List.of(ok("websocket", path + " opens for pages of " + origin));
        }
        if (status == 403) {
            return List.of(fault(
                    "websocket",
                    path + " is refused (403) for pages of " + origin,
                    product == Product.QLIK_SENSE
                            ? "QMC, Virtual proxies, Advanced, Host allow list: add " + host
                            : "let the backend accept the origin " + origin));
        }
        return List.of(fault(
                "websocket",
                path + " does not upgrade: the backend answers "
                        + (status == 0 ? seen.path("why").asString("nothing") : status),
                "look at the backend's log; a proxy between may not know WebSocket"));
    }

    private static Optional<URI> absolute(String location) {
        try {
            URI url = URI.create(location);
            return url.getHost() == null || url.getScheme() == null ? Optional.empty() : Optional.of(url);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static int port(URI url) {
        return url.getPort() > 0 ? url.getPort() : url.getScheme().equals("https") ? 443 : 80;
    }

    private String inside() {
        return about.publishing().internalUrl().origin();
    }

    private static Finding ok(String check, String finding) {
        return new Finding(check, Result.OK, finding, "");
    }

    private static Finding warning(String check, String finding, String remedy) {
        return new Finding(check, Result.WARNING, finding, remedy);
    }

    private static Finding fault(String check, String finding, String remedy) {
        return new Finding(check, Result.FAULT, finding, remedy);
    }
}
