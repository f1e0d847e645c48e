package io.postern.identity;

import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.postern.account.Accounts;
import io.postern.account.Actor;
import io.postern.account.PasswordHash;
import io.postern.account.onpremises.PasswordDesk;
import io.postern.base.Outcome;
import io.postern.base.Secret;
import io.postern.domain.AppId;
import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import io.postern.domain.ObjectId;
import io.postern.domain.PreAuthentication;
import io.postern.domain.ServiceAddress;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.claims.PairwiseIds;
import io.postern.domain.directory.Attributes;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.Publishing;
import io.postern.domain.publish.SignInSettings;
import io.postern.domain.publish.TenantSettings;
import io.postern.fixtures.FakeClock;
import io.postern.fixtures.FreePort;
import io.postern.fixtures.TestCertificates;
import io.postern.identity.key.SigningKeys;
import io.postern.identity.protocol.Opaque;
import io.postern.store.Assignment;
import io.postern.store.ClientCredential;
import io.postern.store.ServicePrincipal;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.store.sql.DatabaseAddress;
import io.postern.store.sql.SqlStore;
import io.postern.token.EdgeCredential;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import io.postern.token.SigningJwk;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The login host as it runs, on a loopback port and a fresh SQLite file, with two tenants.
final class LoginHost implements AutoCloseable {
    static final PasswordHash HASHES = new PasswordHash();
    static final String PASSWORD = "a quiet gate at dusk";
    static final String CALLBACK = "https://wiki-contoso.postern.localhost:8443/.postern/callback";
    static final String SPA_CALLBACK = "https://spa.example.com/auth/";

    final FakeClock clock = new FakeClock(Instant.parse("2026-11-21T08:00:00Z"));
    final ServiceAddress address;
    final KeyRing ring = KeyRing.generate();
    final Sealer keySealer = new Sealer(KeyRing.generate(), "signing-key");
    final Sealer desktopKeys = new Sealer(KeyRing.generate(), "desktop-sign-in");
    final Sealer samlKeys = new Sealer(KeyRing.generate(), "saml-signing");
    final Sealer federationSecrets = new Sealer(KeyRing.generate(), "federation");
    final PasswordDesk desk = new PasswordDesk();
    final Store store;
    final Accounts accounts;
    final Identity identity;
    final Tenant contoso;
    final Tenant fabrikam;
    final User simon;
    /// Published, confidential, assignment required; simon is assigned.
    final Application wiki;
    /// A public client without assignment.
    final Application spa;
    private final WebServer server;

    LoginHost(Path folder) {
        this(folder, 8443, 0, Optional.empty(), OutsideAccess.of(false));
    }

    /// For browsers, which speak to it themselves: under its public address and with TLS.
    static LoginHost secure(Path folder, TestCertificates.Issued certificate) {
        int port = FreePort.find();
        return new LoginHost(folder, port, port, Optional.of(certificate), OutsideAccess.of(false));
    }

    /// One that takes the word of upstreams under certificates of `authority`.
    static LoginHost trusting(Path folder, TestCertificates authority) {
        return new LoginHost(folder, 8443, 0, Optional.empty(), new OutsideAccess(SpBrowser.trusting(authority), true));
    }

    /// Both: upstreams ask it too.
    static LoginHost secureTrusting(Path folder, TestCertificates.Issued certificate, TestCertificates authority) {
        int port = FreePort.find();
        return new LoginHost(
                folder,
                port,
                port,
                Optional.of(certificate),
                new OutsideAccess(SpBrowser.trusting(authority), true));
    }

    private LoginHost(
            Path folder,
            int publicPort,
            int listenPort,
            Optional<TestCertificates.Issued> certificate,
            OutsideAccess outside) {
        address = new ServiceAddress("postern.localhost", publicPort);
        store = SqlStore.open(new DatabaseAddress.Sqlite(folder.resolve("postern.db")));
        accounts = new Accounts(store, HASHES, clock);
        contoso = tenant("contoso");
        clock.advance(Duration.ofSeconds(1)); // the older one is the service's own
        fabrikam = tenant("fabrikam");
        simon = user(contoso, "b.simon", "B. Simon");
        wiki = application(
                contoso,
                "wiki",
                List.of("https://wiki-contoso.postern.localhost/.postern/callback"),
                Optional.of(Publishing.of(
                        ExternalUrl.parse("https://wiki-contoso.postern.localhost/"),
                        InternalUrl.parse("http://wiki.corp/"),
                        PreAuthentication.POSTERN)),
                false,
                true);
        spa = application(
                contoso,
                "spa",
                List.of(SPA_CALLBACK, "http://127.0.0.1/cb", "https://app-contoso.postern.localhost/x?y=1"),
                Optional.empty(),
                true,
                false);
        assign(simon, wiki);
        identity = new Identity(
                store,
                ring,
                keySealer,
                new Sealer(KeyRing.generate(), "authentication-method"),
                samlKeys,
                desktopKeys,
                federationSecrets,
                new PairwiseIds(new byte[32]),
                HASHES,
                desk,
                outside,
                address,
                clock);
        HttpRouting.Builder routing = HttpRouting.builder();
        identity.mount(routing);
        Http1Config http1 = Http1Config.builder()
                .maxHeadersSize(65_536)
                .maxPrologueLength(65_536)
                .build();
        WebServerConfig.Builder builder = WebServer.builder()
                .address(InetAddress.getLoopbackAddress())
                .port(listenPort)
                .shutdownHook(false)
                .protocolsDiscoverServices(false)
                .addConnectionSelector(
                        Http1ConnectionSelector.builder().config(http1).build())
                .routing(routing);
        certificate.ifPresent(issued -> builder.tls(Tls.builder()
                .privateKey(issued.key())
                .privateKeyCertChain(issued.chain())
                .build()));
        server = builder.build().start();
    }

    Browser browser() {
        return new Browser(server.port(), "192.0.2.1");
    }

    Browser browser(String clientAddress) {
        return new Browser(server.port(), clientAddress);
    }

    /// What a thief of the tenant's signing key would have.
    SigningJwk signingKey(Tenant tenant) {
        return new SigningKeys(store, keySealer, address, clock).current(tenant.id());
    }

    String edgeSecret(Application application) {
        return EdgeCredential.of(ring, application.appId().value()).reveal();
    }

    User user(Tenant tenant, String localPart, String displayName) {
        return user(tenant, localPart, displayName, false);
    }

    User user(Tenant tenant, String localPart, String displayName, boolean forceChange) {
        var draft = new Accounts.Draft(
                localPart + "@" + tenant.domain(),
                displayName,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                Optional.of(Secret.of(PASSWORD)),
                forceChange,
                false,
                Attributes.NONE);
        if (accounts.create(tenant.id(), draft, Actor.service()) instanceof Outcome.Done<User>(User made)) {
            return made;
        }
        throw new AssertionError(draft.toString());
    }

    Application application(
            Tenant tenant,
            String name,
            List<String> redirectUris,
            Optional<Publishing> publishing,
            boolean publicClient,
            boolean assignmentRequired) {
        var application = new Application(
                tenant.id(),
                ObjectId.random(),
                AppId.random(),
                name,
                List.of(),
                redirectUris,
                Optional.empty(),
                publishing,
                Optional.empty(),
                publicClient,
                false,
                clock.instant());
        store.write(s -> {
            s.applications().insert(application);
            s.servicePrincipals()
                    .insert(new ServicePrincipal(
                            tenant.id(),
                            ServicePrincipalId.random(),
                            application.appId(),
                            name,
                            true,
                            assignmentRequired,
                            List.of(),
                            clock.instant()));
            return application;
        });
        return application;
    }

    ServicePrincipal principal(Application application) {
        return store.read(s -> s.servicePrincipals()
                .findByAppId(application.tenant(), application.appId())
                .orElseThrow());
    }

    void assign(User user, Application application) {
        store.write(s -> {
            s.assignments()
                    .insert(new Assignment(
                            user.tenant(),
                            UUID.randomUUID().toString(),
                            Assignment.PrincipalType.USER,
                            user.id().value(),
                            s.servicePrincipals()
                                    .findByAppId(application.tenant(), application.appId())
                                    .orElseThrow()
                                    .id(),
                            Assignment.DEFAULT_ACCESS,
                            clock.instant()));
            return user;
        });
    }

    /// Of contoso's pages.
    void setLanguage(String language) {
        store.write(s -> {
            TenantSettings now = s.tenants().settings(contoso.id());
            s.tenants()
                    .set(
                            contoso.id(),
                            new TenantSettings(
                                    now.requestsPerSecondMax(),
                                    now.applicationRequestsPerSecondMax(),
                                    now.branding(),
                                    Optional.of(language),
                                    now.signIn()));
            return language;
        });
    }

    /// How contoso's users sign in.
    void set(SignInSettings settings) {
        store.write(s -> {
            TenantSettings now = s.tenants().settings(contoso.id());
            s.tenants()
                    .set(
                            contoso.id(),
                            new TenantSettings(
                                    now.requestsPerSecondMax(),
                                    now.applicationRequestsPerSecondMax(),
                                    now.branding(),
                                    now.language(),
                                    settings));
            return settings;
        });
    }

    /// @return the secret
    String secretOf(Application application, Optional<Instant> expires) {
        String secret = "secret-" + Opaque.random();
        store.write(s -> {
            s.clientCredentials()
                    .insert(new ClientCredential(
                            application.tenant(),
                            UUID.randomUUID().toString(),
                            application.id(),
                            ClientCredential.Kind.SECRET,
                            "test",
                            Opaque.hash(secret),
                            secret.substring(0, 3),
                            Optional.empty(),
                            Instant.EPOCH,
                            expires.orElse(Instant.parse("2030-01-01T00:00:00Z"))));
            return secret;
        });
        return secret;
    }

    void setEnabled(Application application, boolean enabled) {
        ServicePrincipal p = principal(application);
        store.write(s -> s.servicePrincipals()
                .update(new ServicePrincipal(
                        p.tenant(),
                        p.id(),
                        p.appId(),
                        p.displayName(),
                        enabled,
                        p.appRoleAssignmentRequired(),
                        p.tags(),
                        p.created())));
    }

    void setEnabled(User user, boolean enabled) {
        store.write(s -> {
            User u = s.users().find(user.tenant(), user.id()).orElseThrow();
            s.users()
                    .update(new User(
                            u.tenant(),
                            u.id(),
                            u.userPrincipalName(),
                            u.displayName(),
                            u.givenName(),
                            u.surname(),
                            u.mail(),
                            enabled,
                            u.passwordHash(),
                            u.forceChangePassword(),
                            u.sessionsValidFrom(),
                            u.created(),
                            u.attributes()));
            return u;
        });
    }

    private Tenant tenant(String name) {
        var tenant = new Tenant(TenantId.random(), name, name, name + ".example", clock.instant());
        store.write(s -> {
            s.tenants().insert(tenant);
            return tenant;
        });
        return tenant;
    }

    @Override
    public void close() {
        server.stop();
        store.close();
    }
}
