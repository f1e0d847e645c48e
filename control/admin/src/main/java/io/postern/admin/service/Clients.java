package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.base.Secret;
import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import io.postern.domain.client.ClientSettings;
import io.postern.domain.client.ExposedScope;
import io.postern.domain.publish.Application;
import io.postern.store.ClientCredential;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Registrations as OAuth clients and resources: redirect URIs by kind, exposed scopes, claims, what they prove
/// themselves with.
public final class Clients {
    /// Where the request names no end; two years at most is what the original gives.
    private static final Duration SECRET_LIFETIME = Duration.ofDays(180);

    private static final Duration SECRET_LIFETIME_MAX = Duration.ofDays(731);
    private static final int CREDENTIALS_MAX = 20;
    private static final int HINT = 3;
    private static final SecureRandom RANDOM = new SecureRandom();

    /// @param secret for the one moment when it is shown
    public record Issued(ClientCredential credential, Secret secret) {}

    private final Ledger ledger;

    public Clients(Ledger ledger) {
        this.ledger = ledger;
    }

    public ClientSettings settings(TenantId tenant, ObjectId application) {
        return ledger.read(stores -> stores.clientSettings().of(tenant, application));
    }

    public List<ClientCredential> credentials(TenantId tenant, ObjectId application) {
        return ledger.read(stores -> stores.clientCredentials().of(tenant, application));
    }

    /// In a transaction that notes it.
    static ClientSettings put(Change change, ObjectId id, ClientPatch patch) {
        ClientSettings old = change.stores().clientSettings().of(change.tenant(), id);
        ClientSettings settings;
        try {
            settings = new ClientSettings(
                    patch.spaRedirectUris().or(old.spaRedirectUris()),
                    patch.publicRedirectUris().or(old.publicRedirectUris()),
                    patch.scopes().or(old.scopes()),
                    patch.requiredAccess().or(old.requiredAccess()),
                    patch.idTokenClaims().or(old.idTokenClaims()),
                    patch.accessTokenClaims().or(old.accessTokenClaims()),
                    patch.groupClaims().or(old.groupClaims()),
                    patch.frontChannelLogoutUrl().orKeep(old.frontChannelLogoutUrl()),
                    patch.backChannelLogoutUrl().orKeep(old.backChannelLogoutUrl()),
                    patch.accessTokenMinutes().map(Duration::ofMinutes).orKeep(old.accessTokenLifetime()));
        } catch (IllegalArgumentException e) {
            throw Rejected.invalid("accessTokenLifetimeMinutes", String.valueOf(e.getMessage()));
        }
        check(settings);
        change.stores().clientSettings().put(change.tenant(), id, settings);
        return settings;
    }

    private static Application editable(Change change, ObjectId id) {
        Application application =
                change.found(change.stores().applications().find(change.tenant(), id), "application", id);
        if (application.system()) {
            throw Rejected.forbidden("application '" + application.displayName() + "' is Postern's own");
        }
        return application;
    }

    private static void check(ClientSettings settings) {
        settings.spaRedirectUris().forEach(uri -> checkRedirect("spa.redirectUris", uri, false));
        settings.publicRedirectUris().forEach(uri -> checkRedirect("publicClient.redirectUris", uri, true));
        settings.frontChannelLogoutUrl().ifPresent(url -> checkRedirect("web.logoutUrl", url, false));
        settings.backChannelLogoutUrl().ifPresent(url -> checkRedirect("web.backChannelLogoutUrl", url, false));
        var seen = new HashSet<String>();
        for (ExposedScope scope : settings.scopes()) {
            if (!seen.add(scope.value()) || !seen.add(scope.id())) {
                throw Rejected.invalid(
                        "api.oauth2PermissionScopes",
                        "scope '" + scope.value() + "' stands there twice, by its value or its id");
            }
        }
    }

    /// An absolute URI without fragment; web pages by https, or http on this machine while they are developed.
    private static void checkRedirect(String field, String text, boolean program) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw Rejected.invalid(field, "'" + text + "' is no URI");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme();
        String host = uri.getHost() == null ? "" : uri.getHost();
        boolean loopback = host.equals("localhost")
                || host.equals("127.0.0.1")
                || host.equals("[::1]")
                || host.endsWith(".localhost");
        boolean web = (scheme.equals("https") && !host.isEmpty()) || (scheme.equals("http") && loopback);
        // RFC 8252 §7.1: a scheme of the program's own holds its domain name backwards, so it has a dot; MSAL's has
        // none
        boolean own = program && (scheme.indexOf('.') > 0 || scheme.startsWith("msal") || scheme.equals("msauth"));
        if (!(web || own) || uri.getRawUserInfo() != null || uri.getRawFragment() != null || text.contains("*")) {
            throw Rejected.invalid(
                    field,
                    "'" + text + "' must be an https address without user name, fragment and '*'"
                            + (program
                                    ? ", http://localhost, or one with a scheme such as com.example.app"
                                    : ", or http on localhost"));
        }
    }

    public Outcome<Issued> addSecret(
            Actor actor, ObjectId id, String displayName, Optional<Instant> starts, Optional<Instant> ends) {
        return ledger.change(actor, change -> {
            Application application = editable(change, id);
            Instant from = starts.orElse(change.now());
            Instant until = ends.orElse(from.plus(SECRET_LIFETIME));
            if (!until.isAfter(from) || until.isAfter(from.plus(SECRET_LIFETIME_MAX))) {
                throw Rejected.invalid(
                        "passwordCredential.endDateTime",
                        "endDateTime '" + until + "' must lie after startDateTime, two years at most");
            }
            byte[] bytes = new byte[30];
            RANDOM.nextBytes(bytes);
            String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            var credential = new ClientCredential(
                    change.tenant(),
                    UUID.randomUUID().toString(),
                    id,
                    ClientCredential.Kind.SECRET,
                    displayName,
                    sha256(secret.getBytes(StandardCharsets.UTF_8)),
                    secret.substring(0, HINT),
                    Optional.empty(),
                    from,
                    until);
            add(change, application, credential);
            return new Issued(credential, Secret.of(secret));
        });
    }

    /// @param certificate PEM, or DER in base64
    public Outcome<ClientCredential> addCertificate(Actor actor, ObjectId id, String displayName, String certificate) {
        X509Certificate read;
        byte[] der;
        try {
            read = read(certificate);
            der = read.getEncoded();
        } catch (CertificateException | IllegalArgumentException e) {
            return Outcome.invalid("keyCredential.key", "key is no X.509 certificate in PEM or base64");
        }
        boolean strong = (read.getPublicKey() instanceof RSAPublicKey rsa
                        && rsa.getModulus().bitLength() >= 2048)
                || read.getPublicKey() instanceof ECPublicKey;
        if (!strong) {
            return Outcome.invalid(
                    "keyCredential.key", "the certificate's key must be RSA with 2048 bits or more, or EC");
        }
        return ledger.change(actor, change -> {
            Application application = editable(change, id);
            var credential = new ClientCredential(
                    change.tenant(),
                    UUID.randomUUID().toString(),
                    id,
                    ClientCredential.Kind.CERTIFICATE,
                    displayName,
                    sha256(der),
                    read.getSubjectX500Principal().getName(),
                    Optional.of(Base64.getEncoder().encodeToString(der)),
                    read.getNotBefore().toInstant(),
                    read.getNotAfter().toInstant());
            add(change, application, credential);
            return credential;
        });
    }

    private static X509Certificate read(String text) throws CertificateException {
        byte[] bytes = text.contains("-----BEGIN")
                ? text.getBytes(StandardCharsets.US_ASCII)
                : Base64.getMimeDecoder().decode(text);
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
    }

    private static void add(Change change, Application application, ClientCredential credential) {
        change.stores()
                .servicePrincipals()
                .findByAppId(change.tenant(), application.appId())
                .ifPresent(principal -> Authority.overPrincipal(change, principal));
        if (credential.displayName().length() > 120) {
            throw Rejected.invalid("displayName", "displayName may have 120 characters at most");
        }
        if (change.stores()
                        .clientCredentials()
                        .of(change.tenant(), application.id())
                        .size()
                >= CREDENTIALS_MAX) {
            throw Rejected.conflict("the application has " + CREDENTIALS_MAX + " credentials; remove one first");
        }
        change.stores().clientCredentials().insert(credential);
        change.note(
                Activity.UPDATE_APPLICATION,
                application.id(),
                application.displayName(),
                Map.of(
                        "credentialAdded",
                        credential.id(),
                        "kind",
                        credential.kind().name()));
    }

    public Outcome<String> removeCredential(Actor actor, ObjectId id, ClientCredential.Kind kind, String credential) {
        return ledger.change(actor, change -> {
            Application application = editable(change, id);
            boolean known = change.stores().clientCredentials().of(change.tenant(), id).stream()
                    .anyMatch(c -> c.id().equals(credential) && c.kind() == kind);
            if (!known) {
                throw Rejected.notFound("credential of this application", credential);
            }
            change.stores().clientCredentials().delete(change.tenant(), id, credential);
            change.note(
                    Activity.UPDATE_APPLICATION,
                    id,
                    application.displayName(),
                    Map.of("credentialRemoved", credential));
            return credential;
        });
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
