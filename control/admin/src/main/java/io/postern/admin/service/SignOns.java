package io.postern.admin.service;

import io.postern.account.Persons;
import io.postern.base.Outcome;
import io.postern.domain.AppId;
import io.postern.domain.PreAuthentication;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.claims.ClaimsFault;
import io.postern.domain.claims.Issue;
import io.postern.domain.claims.Issued;
import io.postern.domain.claims.NameIdFormat;
import io.postern.domain.claims.PairwiseIds;
import io.postern.domain.claims.SharedClaims;
import io.postern.domain.claims.TokenKind;
import io.postern.domain.publish.Application;
import io.postern.domain.signon.ReplyUrl;
import io.postern.domain.signon.SamlSignOn;
import io.postern.domain.signon.SignOnAddresses;
import io.postern.domain.signon.SignOnDocument;
import io.postern.domain.signon.SignOnMode;
import io.postern.store.AuditEntry;
import io.postern.store.SamlCertificate;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import io.postern.store.User;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How applications sign their users on: what is set, what is lacking, and what an application would be told of a
/// user (3.4, 7.2). Changes are merged into a document ([SignOnDocument]), so that API, command line, declarations
/// and templates all say the same things by the same names.
public final class SignOns {
    /// @param inForce the certificate that signs now
    public record Seen(
            Application application,
            ServicePrincipal principal,
            SamlSignOn signOn,
            List<SamlCertificate> certificates,
            Optional<SamlCertificate> inForce,
            SignOnAddresses addresses) {}

    /// What an application would be told.
    public record Preview(User user, Issued issued, String issuer, String audience) {}

    private final Ledger ledger;
    private final SigningCertificates certificates;
    private final PairwiseIds pairwise;
    private final String login;

    /// @param login origin of the sign-in host
    public SignOns(Ledger ledger, SigningCertificates certificates, PairwiseIds pairwise, String login) {
        this.ledger = ledger;
        this.certificates = certificates;
        this.pairwise = pairwise;
        this.login = login;
    }

    public Outcome<Seen> find(TenantId tenant, ServicePrincipalId id) {
        return ledger.look(stores -> seen(stores, principal(stores, tenant, id)));
    }

    public Optional<Seen> find(TenantId tenant, AppId application) {
        return ledger.read(stores ->
                stores.servicePrincipals().findByAppId(tenant, application).map(principal -> seen(stores, principal)));
    }

    /// What was set, whatever the mode; applications for which nobody set anything are not in it.
    public Map<AppId, SamlSignOn> ofAll(TenantId tenant) {
        return ledger.read(stores -> stores.samlSignOns().list(tenant)).stream()
                .collect(Collectors.toUnmodifiableMap(SamlSignOn::application, s -> s));
    }

    /// Changes what the patch names: objects are merged, everything else is replaced, null takes away (RFC 7396).
    public Outcome<Seen> patch(Actor actor, ServicePrincipalId id, Map<String, ? extends @Nullable Object> patch) {
        prepare(patch);
        return ledger.change(actor, change -> patch(change, principal(change.stores(), change.tenant(), id), patch));
    }

    /// Properties of the service principal and of its sign-on, in one transaction.
    ///
    /// @param activeCertificate key id or thumbprint of the one that is to sign
    public Outcome<Seen> patch(
            Actor actor,
            ServicePrincipalId id,
            ServicePrincipals.Patch settings,
            Edit<String> notes,
            Map<String, ? extends @Nullable Object> patch,
            Optional<String> activeCertificate) {
        prepare(patch);
        return ledger.change(actor, change -> {
            ServicePrincipal principal = ServicePrincipals.patch(change, id, settings);
            if (notes.given()) {
                Applications.note(change, application(change.stores(), principal), notes.value());
            }
            if (!patch.isEmpty()) {
                patch(change, principal, patch);
            }
            activeCertificate.ifPresent(certificate -> certificates.activate(change, id, certificate));
            return seen(change.stores(), principal);
        });
    }

    /// Where SAML is turned on there must be something to sign with.
    private void prepare(Map<String, ? extends @Nullable Object> patch) {
        if (SignOnMode.SAML.text().equals(patch.get("preferredSingleSignOnMode"))) {
            certificates.prepare(1);
        }
    }

    /// The same for several that a caller is to write in one transaction of his own.
    void prepare(int count) {
        certificates.prepare(count);
    }

    /// The whole policy; what is left out is the default.
    public Outcome<Seen> replaceClaims(
            Actor actor, ServicePrincipalId id, Map<String, ? extends @Nullable Object> policy) {
        return ledger.change(actor, change -> {
            ServicePrincipal principal = principal(change.stores(), change.tenant(), id);
            return edit(change, principal, old -> {
                Map<String, @Nullable Object> document = SignOnDocument.write(old);
                document.put("claimsPolicy", policy);
                return read(old, document);
            });
        });
    }

    Seen patch(Change change, ServicePrincipal principal, Map<String, ? extends @Nullable Object> patch) {
        return edit(change, principal, old -> {
            Map<String, @Nullable Object> document = SignOnDocument.write(old);
            merge(document, patch);
            return read(old, document);
        });
    }

    /// For a change of the registration that names what belongs to the sign-on, and writes the entry of both.
    ///
    /// @return what became of it
    static List<AuditEntry.Modified> encrypt(
            Change change, Application application, Map<String, ? extends @Nullable Object> patch) {
        if (patch.isEmpty()) {
            return List.of();
        }
        ServicePrincipal principal = change.found(
                change.stores().servicePrincipals().findByAppId(change.tenant(), application.appId()),
                "service principal of application",
                application.displayName());
        SamlSignOn old = stored(change.stores(), principal);
        Map<String, @Nullable Object> document = SignOnDocument.write(old);
        merge(document, patch);
        SamlSignOn changed = read(old, document);
        if (!changed.equals(old)) {
            change.stores().samlSignOns().put(changed);
        }
        return Differences.between("signOn.", old, changed);
    }

    /// The shared policy, which is no part of the document, stays; what it says cannot be said otherwise here.
    private static SamlSignOn read(SamlSignOn old, Map<String, @Nullable Object> document) {
        try {
            SamlSignOn read = SignOnDocument.read(old.tenant(), old.application(), document);
            return old.shared().isEmpty() ? read : beside(old, old.shared().get(), read);
        } catch (ClaimsFault e) {
            throw Rejected.invalid(e.field(), e.field() + ": " + e.getMessage());
        }
    }

    private static SamlSignOn beside(SamlSignOn old, SharedClaims shared, SamlSignOn read) {
        return shared.mapping()
                .kept(old.ownClaims(), read.ownClaims())
                .map(own -> read.with(own, old.shared()))
                .orElseThrow(() -> Rejected.conflict(
                        "claims of this application are said by claims policy '" + shared.name() + "' (" + shared.id()
                                + "), which other applications may share; change that one, or take it away from this"
                                + " service principal first"));
    }

    private Seen edit(Change change, ServicePrincipal principal, UnaryOperator<SamlSignOn> edit) {
        Application application = application(change.stores(), principal);
        Applications.editable(change, application.id());
        SamlSignOn old = stored(change.stores(), principal);
        SamlSignOn changed = edit.apply(old);
        if (changed.mode() == SignOnMode.SAML && old.mode() != SignOnMode.SAML) {
            changed = begun(change, application, changed);
        }
        if (changed.mode() != old.mode()) {
            checkPreAuthentication(application, changed);
        }
        if (!changed.equals(old)) {
            change.stores().samlSignOns().put(changed);
            change.note(
                    Activity.UPDATE_SIGN_ON,
                    principal.id(),
                    principal.displayName(),
                    Map.of(
                            "mode", changed.mode().text(),
                            "changed", String.join(", ", differences(old, changed)),
                            "identifiers", String.join(" ", changed.identifiers()),
                            "replyUrls",
                                    String.join(
                                            " ",
                                            changed.replyUrls().stream()
                                                    .map(ReplyUrl::url)
                                                    .toList())));
        }
        return seen(change.stores(), principal);
    }

    /// SSO-1: an application that anybody may reach signs nobody on, here as little as by the gateway.
    static void checkPreAuthentication(Stores stores, Application application) {
        stores.samlSignOns()
                .stored(application.tenant(), application.appId())
                .ifPresent(signOn -> checkPreAuthentication(application, signOn));
    }

    private static void checkPreAuthentication(Application application, SamlSignOn signOn) {
        boolean signsOn = signOn.mode() != SignOnMode.NOT_SUPPORTED && signOn.mode() != SignOnMode.LINKED;
        boolean passthrough = application
                .publishing()
                .filter(p -> p.preAuthentication() == PreAuthentication.PASSTHROUGH)
                .isPresent();
        if (signsOn && passthrough) {
            throw Rejected.invalid(
                    "preferredSingleSignOnMode",
                    "preferredSingleSignOnMode '" + signOn.mode().text() + "' needs users that are known, and"
                            + " application '" + application.displayName() + "' is passthrough; set"
                            + " externalAuthenticationType to aadPreAuthentication, or preferredSingleSignOnMode to"
                            + " notSupported or linked (SSO-1)");
        }
    }

    /// What the registration has already is taken over, and there is something to sign with (3.4.2).
    private SamlSignOn begun(Change change, Application application, SamlSignOn wanted) {
        if (change.stores()
                .samlCertificates()
                .list(change.tenant(), application.appId())
                .isEmpty()) {
            certificates.add(change, application.appId(), SigningCertificates.Wanted.DEFAULT);
        }
        Map<String, @Nullable Object> document = SignOnDocument.write(wanted);
        if (wanted.identifiers().isEmpty()) {
            document.put("identifierUris", application.identifierUris());
        }
        if (wanted.replyUrls().isEmpty()) {
            var managed = ManagedParts.redirects(application.publishing());
            document.put(
                    "replyUrls",
                    application.redirectUris().stream()
                            .filter(uri -> !managed.contains(uri))
                            .map(uri -> Map.of("url", (Object) uri))
                            .toList());
        }
        if (wanted.notificationAddresses().isEmpty() && change.actor().name().contains("@")) {
            document.put("notificationEmailAddresses", List.of(change.actor().name()));
        }
        return read(wanted, document);
    }

    /// What the application would be told, by the same evaluation as at a sign-on; nothing is issued.
    ///
    /// @param requested NameID format as if the application asked for it
    public Outcome<Preview> preview(
            TenantId tenant,
            ServicePrincipalId id,
            UserId userId,
            Optional<NameIdFormat> requested,
            TokenKind token,
            Optional<? extends Map<String, ? extends @Nullable Object>> draft) {
        return ledger.look(stores -> {
            ServicePrincipal principal = principal(stores, tenant, id);
            User user = stores.users().find(tenant, userId).orElseThrow(() -> Rejected.notFound("user", userId));
            SamlSignOn stored = stored(stores, principal);
            SamlSignOn signOn = draft.map(patch -> {
                        Map<String, @Nullable Object> document = SignOnDocument.write(stored);
                        merge(document, Map.of("claimsPolicy", patch));
                        return read(stored, document);
                    })
                    .orElse(stored);
            String issuer =
                    addresses(tenant).issuer(principal.appId(), signOn.claims().applicationIdInIssuer());
            var issue = new Issue(
                    token,
                    principal.appId(),
                    issuer,
                    pairwise,
                    requested,
                    Optional.of("/users/" + userId + "/getMemberObjects"),
                    () -> "_(another one at each sign-on)");
            return new Preview(
                    user,
                    signOn.claims()
                            .evaluate(
                                    Persons.of(
                                            stores,
                                            user,
                                            principal,
                                            signOn.claims(),
                                            ledger.clock().instant()),
                                    issue),
                    issuer,
                    signOn.claims()
                            .audience()
                            .or(() -> signOn.identifiers().stream().findFirst())
                            .orElse(""));
        });
    }

    /// Which user is meant: by id, or by sign-in name within the tenant.
    public Outcome<UserId> user(TenantId tenant, String idOrName) {
        return ledger.look(stores ->
                user(stores, tenant, idOrName).map(User::id).orElseThrow(() -> Rejected.notFound("user", idOrName)));
    }

    private static Optional<User> user(Stores stores, TenantId tenant, String idOrName) {
        try {
            return stores.users().find(tenant, new UserId(idOrName));
        } catch (IllegalArgumentException e) { // a name
            return stores.users()
                    .findByPrincipalName(idOrName)
                    .filter(user -> user.tenant().equals(tenant));
        }
    }

    Seen seen(Stores stores, ServicePrincipal principal) {
        List<SamlCertificate> kept = stores.samlCertificates().list(principal.tenant(), principal.appId());
        return new Seen(
                application(stores, principal),
                principal,
                stored(stores, principal),
                kept,
                SamlCertificate.inForce(kept, ledger.clock().instant()),
                addresses(principal.tenant()));
    }

    private SignOnAddresses addresses(TenantId tenant) {
        return new SignOnAddresses(login, tenant);
    }

    static SamlSignOn stored(Stores stores, ServicePrincipal principal) {
        return stores.samlSignOns()
                .stored(principal.tenant(), principal.appId())
                .orElseGet(() -> SamlSignOn.of(principal.tenant(), principal.appId()));
    }

    static ServicePrincipal principal(Stores stores, TenantId tenant, ServicePrincipalId id) {
        return stores.servicePrincipals()
                .find(tenant, id)
                .orElseThrow(() -> Rejected.notFound("service principal", id));
    }

    private static Application application(Stores stores, ServicePrincipal principal) {
        return stores.applications()
                .findByAppId(principal.appId())
                .filter(application -> application.tenant().equals(principal.tenant()))
                .orElseThrow(() -> Rejected.notFound("application", principal.appId()));
    }

    @SuppressWarnings("unchecked") // keys of documents are texts
    private static void merge(Map<String, @Nullable Object> into, Map<String, ? extends @Nullable Object> patch) {
        patch.forEach((name, value) -> {
            if (value instanceof Map<?, ?> inner && into.get(name) instanceof Map<?, ?> old) {
                var merged = new LinkedHashMap<>((Map<String, @Nullable Object>) old);
                merge(merged, (Map<String, @Nullable Object>) inner);
                into.put(name, merged);
            } else {
                into.put(name, value);
            }
        });
    }

    private static List<String> differences(SamlSignOn old, SamlSignOn changed) {
        Map<String, @Nullable Object> before = SignOnDocument.write(old);
        Map<String, @Nullable Object> after = SignOnDocument.write(changed);
        var names = new ArrayList<String>();
        for (String name : new TreeSet<>(after.keySet())) {
            if (!java.util.Objects.equals(before.get(name), after.get(name))) {
                names.add(name);
            }
        }
        return names;
    }
}
