package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.AppId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.pki.SamlSigningKeys;
import io.postern.store.SamlCertificate;
import io.postern.store.ServicePrincipal;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Certificates with which assertions for an application are signed (3.4.2): made here, inactive until somebody makes
/// one active, so that the service provider can learn of it before.
public final class SigningCertificates {
    /// As long as one may last.
    public static final int YEARS_MAX = 3;

    private static final int PER_APPLICATION_MAX = 10;
    private static final int NAME_MAX = 64; // ub-common-name of RFC 5280

    /// @param displayName `CN=...`, or the name alone
    /// @param ends empty: in three years
    public record Wanted(String displayName, Optional<Instant> ends) {
        public static final Wanted DEFAULT = new Wanted("CN=Postern signing certificate", Optional.empty());

        String commonName() {
            return displayName.startsWith("CN=") ? displayName.substring(3) : displayName;
        }
    }

    private final Ledger ledger;
    private final SamlSigningKeys keys;

    public SigningCertificates(Ledger ledger, SamlSigningKeys keys) {
        this.ledger = ledger;
        this.keys = keys;
    }

    public Outcome<List<SamlCertificate>> list(TenantId tenant, ServicePrincipalId id) {
        return ledger.look(stores -> stores.samlCertificates()
                .list(tenant, SignOns.principal(stores, tenant, id).appId()));
    }

    /// The first one of an application is active at once, others wait.
    public Outcome<SamlCertificate> add(Actor actor, ServicePrincipalId id, Wanted wanted) {
        prepare(1);
        return ledger.change(
                actor,
                change -> add(
                        change,
                        SignOns.principal(change.stores(), change.tenant(), id).appId(),
                        wanted));
    }

    /// Before a transaction that may add so many.
    void prepare(int count) {
        keys.prepare(count);
    }

    SamlCertificate add(Change change, AppId application, Wanted wanted) {
        ServicePrincipal principal = change.found(
                change.stores().servicePrincipals().findByAppId(change.tenant(), application),
                "service principal of application",
                application);
        List<SamlCertificate> others = change.stores().samlCertificates().list(change.tenant(), application);
        if (others.size() >= PER_APPLICATION_MAX) {
            throw Rejected.conflict("application '" + principal.displayName() + "' has " + others.size()
                    + " signing certificates already; delete an old one first");
        }
        Instant latest =
                change.now().atOffset(ZoneOffset.UTC).plusYears(YEARS_MAX).toInstant();
        Instant ends = wanted.ends().orElse(latest).truncatedTo(ChronoUnit.SECONDS);
        check(wanted, change.now(), ends, latest);
        String keyId = UUID.randomUUID().toString();
        Instant starts = change.now().truncatedTo(ChronoUnit.SECONDS);
        SamlSigningKeys.Made made = keys.make(keyId, wanted.commonName(), starts, ends);
        byte[] der = encoded(made);
        var certificate = new SamlCertificate(
                change.tenant(),
                application,
                keyId,
                "CN=" + wanted.commonName(),
                thumbprint(der),
                Base64.getEncoder().encodeToString(der),
                made.sealed(),
                others.isEmpty(),
                starts,
                ends,
                change.now());
        change.stores().samlCertificates().insert(certificate);
        note(change, Activity.ADD_SIGNING_CERTIFICATE, principal, certificate);
        return certificate;
    }

    private static void check(Wanted wanted, Instant now, Instant ends, Instant latest) {
        if (wanted.commonName().isBlank() || wanted.commonName().length() > NAME_MAX) {
            throw Rejected.invalid(
                    "displayName",
                    "displayName '" + wanted.displayName() + "' must be CN= and 1 to " + NAME_MAX + " characters");
        }
        if (!ends.isAfter(now) || ends.isAfter(latest)) {
            throw Rejected.invalid(
                    "endDateTime",
                    "endDateTime " + ends + " must lie between now and " + latest.truncatedTo(ChronoUnit.SECONDS)
                            + ", three years ahead");
        }
    }

    /// From now on it signs. @param keyIdOrThumbprint either of them
    public Outcome<SamlCertificate> activate(Actor actor, ServicePrincipalId id, String keyIdOrThumbprint) {
        return ledger.change(actor, change -> activate(change, id, keyIdOrThumbprint));
    }

    SamlCertificate activate(Change change, ServicePrincipalId id, String keyIdOrThumbprint) {
        ServicePrincipal principal = SignOns.principal(change.stores(), change.tenant(), id);
        SamlCertificate certificate = one(change, principal, keyIdOrThumbprint);
        if (!certificate.isValid(change.now())) {
            throw Rejected.conflict("certificate " + certificate.thumbprint() + " ended on " + certificate.expires()
                    + "; make a new one, give it to the service provider, then make that active");
        }
        if (!certificate.active()) {
            change.stores()
                    .samlCertificates()
                    .activate(change.tenant(), certificate.application(), certificate.keyId());
            note(change, Activity.ACTIVATE_SIGNING_CERTIFICATE, principal, certificate);
        }
        return one(change, principal, certificate.keyId());
    }

    /// The active one stays while there is another to take its place.
    public Outcome<SamlCertificate> delete(Actor actor, ServicePrincipalId id, String keyIdOrThumbprint) {
        return ledger.change(actor, change -> {
            ServicePrincipal principal = SignOns.principal(change.stores(), change.tenant(), id);
            SamlCertificate certificate = one(change, principal, keyIdOrThumbprint);
            if (certificate.active()) {
                throw Rejected.conflict("certificate " + certificate.thumbprint() + " of '" + principal.displayName()
                        + "' is the active one; make another active first");
            }
            change.stores().samlCertificates().delete(change.tenant(), certificate.application(), certificate.keyId());
            note(change, Activity.REMOVE_SIGNING_CERTIFICATE, principal, certificate);
            return certificate;
        });
    }

    private static SamlCertificate one(Change change, ServicePrincipal principal, String keyIdOrThumbprint) {
        return change.stores().samlCertificates().list(change.tenant(), principal.appId()).stream()
                .filter(c -> c.keyId().equalsIgnoreCase(keyIdOrThumbprint)
                        || c.thumbprint().equalsIgnoreCase(keyIdOrThumbprint.replace(":", "")))
                .findFirst()
                .orElseThrow(() -> Rejected.notFound(
                        "signing certificate of '" + principal.displayName() + "' with key id or thumbprint",
                        keyIdOrThumbprint));
    }

    private static void note(
            Change change, Activity activity, ServicePrincipal principal, SamlCertificate certificate) {
        change.note(
                activity,
                principal.id(),
                principal.displayName(),
                Map.of(
                        "keyId",
                        certificate.keyId(),
                        "thumbprint",
                        certificate.thumbprint(),
                        "expires",
                        certificate.expires().toString()));
    }

    private static byte[] encoded(SamlSigningKeys.Made made) {
        try {
            return made.certificate().getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("it was made just now", e);
        }
    }

    private static String thumbprint(byte[] der) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(der))
                    .toUpperCase(Locale.ROOT);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-1 is part of every Java", e);
        }
    }
}
