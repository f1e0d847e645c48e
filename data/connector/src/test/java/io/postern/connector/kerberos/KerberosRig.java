package io.postern.connector.kerberos;

import static io.postern.connector.serve.TunnelRig.request;

import io.netty.handler.codec.http2.Http2Headers;
import io.postern.base.config.ConfigReader;
import io.postern.connector.ConnectorSettings;
import io.postern.connector.directory.DirectorySettings;
import io.postern.connector.serve.TestStream;
import io.postern.connector.serve.TunnelRig;
import io.postern.fixtures.KerberosSite;
import io.postern.fixtures.SambaDomain;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A connector whose tunnel a test holds, set up for a real domain, and a real application behind it that takes
/// tickets alone.
final class KerberosRig implements AutoCloseable {
    static final String SPN = "HTTP/app.corp.test";

    private final TunnelRig rig;
    private final String backend;

    private KerberosRig(TunnelRig rig, KerberosSite site) throws InterruptedException {
        this.rig = rig;
        this.backend = rig.publish(TunnelRig.http("app", "localhost", site.port()));
    }

    static KerberosRig open(KerberosSettings settings, KerberosSite site) throws Exception {
        ConnectorSettings plain = ConnectorSettings.defaults();
        return new KerberosRig(
                new TunnelRig(
                        new ConnectorSettings(
                                plain.serve(),
                                plain.proxy(),
                                1,
                                1,
                                plain.backendTls(),
                                List.of(),
                                Optional.of(settings),
                                plain.metricsListen(),
                                Duration.ZERO,
                                plain.logs()),
                        1),
                site);
    }

    /// @param account whose keytab it has
    static KerberosSettings settings(
            SambaDomain domain, String account, Path krb5Conf, Optional<DirectorySettings> ldap) {
        return new KerberosSettings(
                domain.keytab(account),
                account + "@CORP.TEST",
                krb5Conf,
                List.of(),
                Map.of(),
                ldap,
                10_000,
                Duration.ofMinutes(15),
                8,
                400,
                Duration.ofMillis(2_500));
    }

    static KerberosSettings settings(SambaDomain domain, String account) {
        return settings(domain, account, domain.krb5Conf(domain.kdc()), Optional.empty());
    }

    static KerberosSettings settings(SambaDomain domain, InetSocketAddress kdc) {
        return settings(domain, "svc-connector", domain.krb5Conf(kdc), Optional.empty());
    }

    static DirectorySettings ldap(SambaDomain domain, Path folder) throws Exception {
        Path password = folder.resolve("ldap.password");
        Files.writeString(password, SambaDomain.READER_PASSWORD);
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        return DirectorySettings.read(
                ConfigReader.of("ldap", """
                        urls: ["%s"]
                        trust: "%s"
                        bind-dn: svc-sync@corp.test
                        password-file: "%s"
                        """.formatted(domain.ldaps(), domain.authority(), password)), "kerberos.ldap");
    }

    static String way(String user, String identity, String spn, String more) {
        return "kerberos user=" + URLEncoder.encode(user, StandardCharsets.UTF_8) + " identity=" + identity + " spn="
                + URLEncoder.encode(spn, StandardCharsets.UTF_8) + more;
    }

    TestStream get(String path, String way) throws Exception {
        return open("GET", path, way).awaitEnd();
    }

    /// As alice, by her account's name.
    TestStream alice() throws Exception {
        return get("/app/", way("alice", "onPremisesSAMAccountName", SPN, " mechanism=spnego mutual=0"));
    }

    TestStream open(String method, String path, String way) throws Exception {
        Http2Headers head = request(method, backend, path).set("postern-sign-on", way);
        return rig.open(head, true);
    }

    TestStream webSocket(String path, String way) throws Exception {
        Http2Headers head = request("CONNECT", backend, path)
                .set(":protocol", "websocket")
                .set("sec-websocket-version", "13")
                .set("postern-sign-on", way);
        return rig.open(head, false);
    }

    TunnelRig rig() {
        return rig;
    }

    @Override
    public void close() {
        rig.close();
    }
}
