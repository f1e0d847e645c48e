package io.postern.run.cli;

import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServer;
import io.postern.account.Accounts;
import io.postern.account.Actor;
import io.postern.account.PasswordHash;
import io.postern.admin.Administration;
import io.postern.admin.OutsideSettings;
import io.postern.admin.service.Site;
import io.postern.base.Outcome;
import io.postern.base.Secret;
import io.postern.domain.AppId;
import io.postern.domain.ConnectorId;
import io.postern.domain.health.AppPath;
import io.postern.domain.health.PathProber;
import io.postern.domain.health.Probed;
import io.postern.domain.links.LinkRecorder;
import io.postern.domain.links.LinkReport;
import io.postern.fixtures.TestCertificates;
import io.postern.pki.MasterKey;
import io.postern.pki.OperatorCertificates;
import io.postern.pki.Pki;
import io.postern.run.Main;
import io.postern.store.Connector;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.store.sql.DatabaseAddress;
import io.postern.store.sql.SqlStore;
import io.postern.token.KeyRing;
import io.postern.web.Pages;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The administration of a service with its API on a loopback port, by TLS, for commands to talk to: everything
/// is real but the gateway, through which nothing goes.
final class LiveService implements AutoCloseable {
    private static final String BASE = "postern.localhost";
    private static final int PORT = 8443;

    /// @param out what the command printed
    record Result(int status, String out, String err) {
        JsonNode json() {
            return new JsonMapper().readTree(out);
        }
    }

    final Store store;
    final Tenant tenant;
    final User administrator;
    private final Accounts accounts;
    private final Administration administration;
    private final WebServer server;
    private final Path folder;

    LiveService(Path folder) throws IOException, CertificateEncodingException {
        this(folder, OutsideSettings.DEFAULTS);
    }

    LiveService(Path folder, OutsideSettings outside) throws IOException, CertificateEncodingException {
        this.folder = folder;
        Clock clock = Clock.systemUTC();
        store = SqlStore.open(new DatabaseAddress.Sqlite(folder.resolve("postern.db")));
        Pki pki = Pki.open(store, MasterKey.loadOrCreate(folder.resolve("master.key")), BASE, clock);
        accounts = new Accounts(store, new PasswordHash(), clock);
        administration = Administration.open(
                new Site(BASE, PORT),
                "srv-a:8443",
                store,
                pki,
                OperatorCertificates.open(List.of(), clock),
                accounts,
                new Pages(KeyRing.generate(), clock),
                new QuietProber(),
                outside,
                new QuietRecorder(),
                _ -> _ -> {}, // nobody signs in here, so a new tenant needs no key
                (_, app, user, audience) -> Optional.of(
                        Map.of("sub", user.value(), "aud", audience.orElse(app.value()), "iat", 1795382000L)),
                clock);
        tenant = administration.bootstrap().ensureTenant("contoso", "Contoso", "contoso.example");
        administrator = done(administration
                .bootstrap()
                .ensureAdministrator(
                        tenant, "b.simon@contoso.example", "B. Simon", Secret.of("correct horse battery")));
        var quickstart = administration.bootstrap().ensureQuickstart(tenant);
        Files.writeString(
                folder.resolve("token"),
                administration
                        .bootstrap()
                        .issueApiToken(tenant, quickstart.id(), "commands")
                        .reveal());
        TestCertificates authority = TestCertificates.authority("commands");
        Files.writeString(
                folder.resolve("ca.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(authority.authority().getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        TestCertificates.Issued own = authority.server("127.0.0.1");
        server = WebServer.builder()
                .host("127.0.0.1")
                .port(0)
                .shutdownHook(false)
                .tls(Tls.builder()
                        .privateKey(own.key())
                        .privateKeyCertChain(own.chain())
                        .build())
                .routing(administration::mountApi)
                .build()
                .start();
        administration.catchUp();
    }

    /// Runs `postern` in this process.
    ///
    /// @param line words, or texts in single quotes
    Result run(String line, String... more) {
        return run(folder.resolve("token"), line, more);
    }

    /// As whoever the token is of, for example another tenant.
    Result run(Path token, String line, String... more) {
        var words = new ArrayList<String>();
        String[] parts = line.split("'");
        for (int i = 0; i < parts.length; i++) {
            words.addAll(
                    i % 2 == 1 ? List.of(parts[i]) : List.of(parts[i].strip().split(" +")));
        }
        words.removeIf(String::isEmpty);
        words.addAll(List.of(more));
        words.addAll(List.of(
                "--url",
                origin(),
                "--token-file",
                token.toString(),
                "--ca",
                folder.resolve("ca.pem").toString()));
        var out = new StringWriter();
        var err = new StringWriter();
        CommandLine command = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int status = command.execute(words.toArray(String[]::new));
        return new Result(status, out.toString(), err.toString());
    }

    /// As above, and it must end well.
    String ok(String line, String... more) {
        Result result = run(line, more);
        if (result.status() != 0) {
            throw new AssertionError("'" + line + "' ended with " + result.status() + ": " + result.err());
        }
        return result.out();
    }

    JsonNode json(String line, String... more) {
        return new JsonMapper().readTree(ok(line + " --json", more));
    }

    /// Lets rules of dynamic groups find their members, as the service's job does.
    void findMembers() {
        administration.services().memberships().upkeep().work();
    }

    /// Lets applications be told of their users, as the service's job does.
    void provision() {
        administration.provision();
    }

    /// A connector of the default group that can take passwords.
    void sealKey(String publicKey) {
        store.write(stores -> {
            var connector = new Connector(
                    tenant.id(),
                    ConnectorId.random(),
                    stores.connectorGroups().defaultGroup(tenant.id()).id(),
                    "first",
                    Optional.empty(),
                    "1.0.0",
                    "ab".repeat(32),
                    Instant.now().plusSeconds(86_400),
                    Instant.now(),
                    Optional.empty(),
                    true,
                    Optional.empty());
            stores.connectors().insert(connector);
            return stores.applicationPasswords().putKey(tenant.id(), connector.id(), publicKey);
        });
    }

    String origin() {
        return "https://127.0.0.1:" + server.port();
    }

    /// Who vouches for the service's certificate.
    Path authority() {
        return folder.resolve("ca.pem");
    }

    User user(String name) {
        return done(accounts.create(
                tenant.id(),
                Accounts.Draft.of(name + "@contoso.example", name, Secret.of("correct horse battery")),
                Actor.service()));
    }

    private static <T> T done(Outcome<T> outcome) {
        if (outcome instanceof Outcome.Done<T>(T value)) {
            return value;
        }
        throw new AssertionError("not done: " + outcome);
    }

    @Override
    public void close() {
        server.stop();
        administration.close();
        store.close();
    }

    /// Of a gateway without connectors.
    private static final class QuietProber implements PathProber {
        @Override
        public CompletionStage<List<Probed>> probe(Set<AppPath> paths) {
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public Map<ConnectorId, Load> loads() {
            return Map.of();
        }
    }

    /// Of a gateway through which nothing goes.
    private static final class QuietRecorder implements LinkRecorder {
        @Override
        public Optional<LinkReport> start(AppId application, Duration length) {
            return Optional.of(LinkReport.NONE);
        }

        @Override
        public LinkReport report(AppId application) {
            return LinkReport.NONE;
        }

        @Override
        public void forget(AppId application) {
            // nothing was recorded
        }
    }
}
