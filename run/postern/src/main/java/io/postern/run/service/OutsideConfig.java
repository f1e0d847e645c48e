package io.postern.run.service;

import io.postern.admin.OutsideSettings;
import io.postern.base.HostPort;
import io.postern.base.config.ConfigReader;
import io.postern.gateway.GatewayConfig.HttpListen;
import io.postern.pki.acme.AcmeSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How the service meets the world beside its https port (docs/guide/custom-domains.md).
///
/// @param dnsServer where domains are looked up; empty: the machine's own name servers
/// @param httpListen the port without TLS; empty: off
/// @param acme where certificates are ordered; empty: nowhere
/// @param fetchInternal metadata of applications is fetched from internal addresses too
/// @param gallery folder of the operator's own application templates; empty: none
public record OutsideConfig(
        Optional<HostPort> dnsServer,
        Optional<HttpListen> httpListen,
        Optional<AcmeSettings> acme,
        boolean fetchInternal,
        Optional<Path> gallery) {
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    /// @param listen the https address: where that is the world's own port, http is at home on port 80
    static OutsideConfig read(ConfigReader in, HostPort listen) {
        Optional<HostPort> dns = in.has("dns-server")
                ? Optional.of(in.address("dns-server", new HostPort("127.0.0.1", 53)))
                : Optional.empty();
        Optional<HttpListen> http = listen.port() == HTTPS
                ? Optional.of(new HttpListen(new HostPort(listen.host(), HTTP), false))
                : Optional.empty();
        if (in.has("http-listen")) {
            http = in.parsed(
                    "http-listen",
                    http,
                    "HOST:PORT or off",
                    text -> text.equals("off") || text.equals("false")
                            ? Optional.empty()
                            : Optional.of(new HttpListen(HostPort.parse(text), true)));
        }
        Optional<Path> gallery = in.text("gallery-folder").map(Path::of);
        if (gallery.filter(folder -> !Files.isDirectory(folder)).isPresent()) {
            in.fault("gallery-folder", "'" + gallery.get() + "' is no folder; make it, or leave the key out");
        }
        return new OutsideConfig(
                dns,
                http,
                in.has("acme") ? acme(in.section("acme")) : Optional.empty(),
                in.flag("fetch-internal", false),
                gallery);
    }

    private static Optional<AcmeSettings> acme(ConfigReader in) {
        Optional<URI> directory = in.parsed(
                "directory",
                Optional.empty(),
                "an https URL such as https://acme-v02.api.letsencrypt.org/directory",
                OutsideConfig::directory);
        if (!in.has("directory")) {
            in.fault("directory", "is missing; it is the ACME server's, as its documentation names it");
        }
        if (!in.flag("agree-to-terms", false)) {
            in.fault("agree-to-terms", "must be true: the ACME server serves only who agrees to its terms");
        }
        AcmeSettings.Way way =
                in.parsed("challenge", AcmeSettings.Way.HTTP, "http-01, tls-alpn-01 or dns-01", AcmeSettings.Way::of);
        Optional<Path> hook = in.text("dns-hook").map(Path::of);
        if (way == AcmeSettings.Way.DNS && hook.isEmpty()) {
            in.fault("dns-hook", "is missing; dns-01 needs a command that makes the TXT record");
        }
        Optional<String> contact = in.text("contact");
        Optional<Path> authority = in.text("authority").map(Path::of);
        return directory.map(url -> new AcmeSettings(url, contact, authority, way, hook));
    }

    private static Optional<URI> directory(String text) {
        try {
            var url = new URI(text);
            if ("https".equals(url.getScheme()) && url.getHost() != null) {
                return Optional.of(url);
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        throw new IllegalArgumentException("it is no https URL");
    }

    OutsideSettings settings() {
        return new OutsideSettings(dnsServer, acme, fetchInternal, gallery);
    }

    List<String> lines() {
        return List.of(
                "dns-server: " + dnsServer.map(HostPort::toString).orElse("the machine's"),
                "http-listen: " + httpListen.map(h -> h.address().toString()).orElse("off"),
                "fetch-internal: " + fetchInternal,
                "gallery-folder: " + gallery.map(Path::toString).orElse("none"),
                "acme: " + acme.map(a -> a.directory() + ", " + a.way().type()).orElse("off"));
    }
}
