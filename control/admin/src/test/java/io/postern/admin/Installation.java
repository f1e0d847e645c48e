package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.helidon.common.socket.SocketOptions;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.postern.account.Accounts;
import io.postern.account.PasswordHash;
import io.postern.admin.service.Site;
import io.postern.base.Outcome;
import io.postern.base.Secret;
import io.postern.domain.AppId;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.DoorFields;
import io.postern.domain.ObjectId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.directory.AdminRole;
import io.postern.domain.publish.Application;
import io.postern.pki.MasterKey;
import io.postern.pki.OperatorCertificates;
import io.postern.pki.Pki;
import io.postern.store.Connector;
import io.postern.store.ConnectorGroup;
import io.postern.store.RoleStore;
import io.postern.store.ServicePrincipal;
import io.postern.store.SessionStore;
import io.postern.store.SigningKeyStore;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.store.sql.DatabaseAddress;
import io.postern.store.sql.SqlStore;
import io.postern.token.KeyRing;
import io.postern.token.SigningJwk;
import io.postern.web.Json;
import io.postern.web.Pages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A whole administration on SQLite in a folder of its own, with its doors on loopback ports. The test
/// plays the gateway: it sets the fields that only the gateway may set.
final class Installation implements AutoCloseable {
    static final String BASE = "postern.localhost";
    static final int PORT = 8443;
    static final String PROFILE = "/onPremisesPublishingProfiles/applicationProxy";
    static final String NODE = "srv-a:8443";
    /// As with the sockets of the file system that the service has: no answer waits for an acknowledgement.
    private static final SocketOptions NO_DELAY =
            SocketOptions.builder().tcpNoDelay(true).build();

    static final Secret PASSWORD = Secret.of("correct horse battery");

    record Response(int status, JsonNode json, HttpResponse<String> raw) {
        String text(String pointer) {
            return json.at(pointer).asString();
        }
    }

    final Store store;
    final Pki pki;
    final Accounts accounts;
    final Administration administration;
    final Tenant tenant;
    final User administrator;
    final User user;
    final ServicePrincipal quickstart;
    final String apiToken;
    final Site site = new Site(BASE, PORT);
    final ScriptedProber prober = new ScriptedProber();
    private final Path folder;
    final ScriptedLinks links = new ScriptedLinks();
    private final Clock clock;
    private final OutsideSettings outside;
    final SigningJwk signing = SigningJwk.generate();
    private final WebServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    Installation(Path folder) {
        this(folder, Clock.systemUTC());
    }

    Installation(Path folder, Clock clock) {
        this(folder, clock, OutsideSettings.DEFAULTS);
    }

    Installation(Path folder, Clock clock, OutsideSettings outside) {
        this(folder, clock, outside, new DatabaseAddress.Sqlite(folder.resolve("postern.db")));
    }

    Installation(Path folder, Clock clock, OutsideSettings outside, DatabaseAddress database) {
        this.folder = folder;
        this.outside = outside;
        store = SqlStore.open(database);
        pki = Pki.open(store, MasterKey.loadOrCreate(folder.resolve("master.key")), BASE, clock);
        accounts = new Accounts(store, new PasswordHash(), clock);
        this.clock = clock;
        administration = node(NODE);
        tenant = administration.bootstrap().ensureTenant("contoso", "Contoso", "contoso.example");
        administrator = done(administration
                .bootstrap()
                .ensureAdministrator(tenant, "b.simon@contoso.example", "B. Simon", PASSWORD));
        user = done(accounts.create(
                tenant.id(),
                Accounts.Draft.of("a.user@contoso.example", "A. User", PASSWORD),
                io.postern.account.Actor.service()));
        quickstart = administration.bootstrap().ensureQuickstart(tenant);
        apiToken = administration
                .bootstrap()
                .issueApiToken(tenant, quickstart.id(), "test")
                .reveal();
        addKey(tenant.id());
        server = WebServer.builder()
                .host("127.0.0.1")
                .port(0)
                .shutdownHook(false)
                .connectionOptions(NO_DELAY)
                .routing(routing(administration::mountApi))
                .putSocket(
                        "connect",
                        s -> s.host("127.0.0.1")
                                .port(0)
                                .connectionOptions(NO_DELAY)
                                .routing(routing(administration::mountConnect)))
                .putSocket(
                        "myapps",
                        s -> s.host("127.0.0.1")
                                .port(0)
                                .connectionOptions(NO_DELAY)
                                .routing(routing(administration::mountMyApps)))
                .build()
                .start();
        administration.catchUp();
    }

    /// A node of the service on the same store, as after a restart or beside the first. Whoever asks closes it.
    Administration node(String name) {
        return node(name, store, pki);
    }

    /// One with a connection of its own to the same database, as another process has it.
    Administration node(String name, Store own) {
        return node(name, own, Pki.open(own, MasterKey.loadOrCreate(folder.resolve("master.key")), BASE, clock));
    }

    private Administration node(String name, Store store, Pki pki) {
        return Administration.open(
                site,
                name,
                store,
                pki,
                OperatorCertificates.open(List.of(), clock),
                accounts,
                new Pages(KeyRing.generate(), clock),
                prober,
                outside,
                links,
                Installation::firstKey,
                (_, app, user, audience) -> Optional.of(
                        Map.of("sub", user.value(), "aud", audience.orElse(app.value()), "groups", List.of("a", "b"))),
                clock);
    }

    /// As the identity provider makes it, but for the seal, which nobody opens here.
    private static Consumer<Stores> firstKey(TenantId tenant) {
        SigningJwk key = SigningJwk.generate();
        return stores -> stores.signingKeys()
                .insert(new SigningKeyStore.Row(
                        tenant, key.keyId(), key.publicJson(), "sealed", Instant.EPOCH, Optional.empty()));
    }

    private static Consumer<HttpRouting.Builder> routing(Consumer<HttpRouting.Builder> mount) {
        return mount;
    }

    /// An access token of a user as the OpenID Provider makes it, changed by `change`.
    String accessToken(User who, Consumer<Map<String, Object>> change) {
        return accessToken(signing, who, change);
    }

    String accessToken(SigningJwk key, User who, Consumer<Map<String, Object>> change) {
        long now = Instant.now().getEpochSecond();
        var claims = new HashMap<String, Object>();
        claims.put("iss", "https://login." + BASE + ":" + PORT + "/" + who.tenant() + "/v2.0");
        claims.put("aud", "https://api." + BASE);
        claims.put("sub", who.id().value());
        claims.put("oid", who.id().value());
        claims.put("tid", who.tenant().value());
        claims.put("scp", "user_impersonation");
        claims.put("auth_time", now);
        claims.put("iat", now);
        claims.put("nbf", now);
        claims.put("exp", now + 600);
        change.accept(claims);
        return key.sign(claims);
    }

    String accessToken(User who) {
        return accessToken(who, _ -> {});
    }

    void addKey(TenantId of) {
        store.write(stores -> {
            stores.signingKeys()
                    .insert(new SigningKeyStore.Row(
                            of, signing.keyId(), signing.publicJson(), "sealed", Instant.EPOCH, Optional.empty()));
            stores.changes().bump();
            return true;
        });
    }

    /// A second tenant with a service principal that administers it; answers its API token.
    String otherTenantToken() {
        var other = new Tenant(TenantId.random(), "fabrikam", "Fabrikam", "fabrikam.example", Instant.now());
        ServicePrincipalId principal = ServicePrincipalId.random();
        AppId appId = AppId.random();
        store.write(stores -> {
            stores.tenants().insert(other);
            stores.connectorGroups()
                    .insert(new ConnectorGroup(
                            other.id(), ConnectorGroupId.random(), "Default", true, Optional.empty(), Instant.now()));
            stores.applications()
                    .insert(new Application(
                            other.id(),
                            ObjectId.random(),
                            appId,
                            "robot",
                            List.of(),
                            List.of(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            false,
                            false,
                            Instant.now()));
            stores.servicePrincipals()
                    .insert(new ServicePrincipal(
                            other.id(), principal, appId, "robot", true, true, List.of(), Instant.now()));
            stores.roles().grant(other.id(), principal.value(), RoleStore.GLOBAL_ADMINISTRATOR);
            stores.changes().bump();
            return true;
        });
        return administration
                .bootstrap()
                .issueApiToken(other, principal, "test")
                .reveal();
    }

    /// One of the default group that never called.
    ConnectorId connector(String host) {
        ConnectorId id = ConnectorId.random();
        store.write(stores -> {
            stores.connectors()
                    .insert(new Connector(
                            tenant.id(),
                            id,
                            stores.connectorGroups().defaultGroup(tenant.id()).id(),
                            host,
                            Optional.empty(),
                            "1.0",
                            UUID.randomUUID().toString(),
                            Instant.now().plusSeconds(3600),
                            Instant.now(),
                            Optional.empty(),
                            true,
                            Optional.empty()));
            return true;
        });
        return id;
    }

    /// An application that is not published, of the template for any other.
    ///
    /// @return path of its service principal
    String application(String name) {
        Response made = post(
                "/applicationTemplates/8adf8e6e-67b2-4cf2-a259-e3dc5476c621/instantiate",
                "{\"displayName\":\"" + name + "\"}");
        assertEquals(201, made.status(), made.raw().body());
        return "/servicePrincipals/" + made.text("/servicePrincipal/id");
    }

    /// One that signs in by SAML, as `urn:name` at `https://name.example/acs`.
    String saml(String name) {
        String path = application(name);
        Response done = patch(
                path + "/signOn",
                "{\"preferredSingleSignOnMode\":\"saml\",\"identifierUris\":[\"urn:" + name
                        + "\"],\"replyUrls\":[{\"url\":\"https://" + name + ".example/acs\",\"index\":2,"
                        + "\"isDefault\":true}]}");
        assertEquals(204, done.status(), done.raw().body());
        return path;
    }

    Response get(String path) {
        return api("GET", path, null);
    }

    Response post(String path, String json) {
        return api("POST", path, json);
    }

    Response patch(String path, String json) {
        return api("PATCH", path, json);
    }

    Response delete(String path) {
        return api("DELETE", path, null);
    }

    /// As the administrator, by API token.
    Response api(String method, String path, @Nullable String json) {
        return call(method, "/v1.0" + path, Map.of("Authorization", "Bearer " + apiToken), json);
    }

    Response call(String method, String path, Map<String, String> fields, @Nullable String json) {
        return send(server.port(), method, path, fields, json);
    }

    int apiPort() {
        return server.port();
    }

    Response connect(Map<String, String> fields, String json) {
        return connect("POST", "/enroll", fields, json);
    }

    Response connect(String method, String path, Map<String, String> fields, @Nullable String json) {
        return send(server.port("connect"), method, path, fields, json);
    }

    Response myApps(String path, Map<String, String> fields) {
        return send(server.port("myapps"), "GET", path, fields, null);
    }

    /// A form of My Apps as a browser sends it; `cookie` as the page set it.
    Response myAppsForm(User who, String path, String cookie, String form) {
        return send(
                server.port("myapps"),
                "POST",
                path,
                Map.of(
                        DoorFields.SUBJECT,
                        who.tenant() + "/" + who.id() + "/",
                        DoorFields.ORIGIN,
                        "https://myapps." + BASE + ":" + PORT,
                        "Origin",
                        "https://myapps." + BASE + ":" + PORT,
                        "Cookie",
                        cookie,
                        "Content-Type",
                        "application/x-www-form-urlencoded"),
                form);
    }

    private Response send(int port, String method, String path, Map<String, String> fields, @Nullable String json) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(
                        method,
                        json == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(json));
        if (json != null && !fields.containsKey("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        fields.forEach(request::header);
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            boolean isJson = response.headers()
                    .firstValue("content-type")
                    .filter(type -> type.startsWith("application/json") || type.startsWith("application/scim+json"))
                    .isPresent();
            return new Response(
                    response.statusCode(),
                    isJson ? Json.MAPPER.readTree(response.body()) : Json.MAPPER.createObjectNode(),
                    response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static <T> T done(Outcome<T> outcome) {
        if (outcome instanceof Outcome.Done<T>(T value)) {
            return value;
        }
        throw new AssertionError("not done: " + outcome);
    }

    SessionId session(User user, String device) {
        return session(user.id(), device);
    }

    /// A browser session, an hour long, of a user of the tenant.
    SessionId session(UserId user, String device) {
        SessionId id = SessionId.random();
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        store.write(stores -> {
            stores.sessions()
                    .insert(new SessionStore.Row(
                            tenant.id(),
                            id,
                            user,
                            UUID.randomUUID().toString(),
                            now,
                            now,
                            now.plusSeconds(3600),
                            false,
                            "192.0.2.1",
                            "Mozilla/5.0",
                            Set.of("pwd"),
                            Optional.empty(),
                            device));
            return id;
        });
        return id;
    }

    /// A user who is written straight into the store: the password costs the most of one.
    User someone(String localPart, String displayName) {
        var someone = new User(
                tenant.id(),
                UserId.random(),
                localPart + "@contoso.example",
                displayName,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                Optional.empty(),
                false,
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                Instant.now());
        store.write(stores -> {
            stores.users().insert(someone);
            return true;
        });
        return someone;
    }

    /// Somebody who has this role and no other.
    User holder(AdminRole role) {
        User holder = someone(UserId.random().value(), role.displayName());
        store.write(stores -> {
            stores.roles().grant(tenant.id(), holder.id().value(), role.templateId());
            return true;
        });
        return holder;
    }

    @Override
    public void close() {
        client.close();
        server.stop();
        administration.close();
        store.close();
    }

    static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.call()) {
            assertTrue(System.nanoTime() < end, "not within 10 s");
            LockSupport.parkNanos(1_000_000);
        }
    }

    /// A request for a certificate of a key made for it, Base64.
    static String csr() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair pair = generator.generateKeyPair();
        byte[] der = new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=ignored"), pair.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
                .getEncoded();
        return Base64.getEncoder().encodeToString(der);
    }
}
