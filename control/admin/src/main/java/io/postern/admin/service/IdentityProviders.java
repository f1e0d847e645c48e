package io.postern.admin.service;

import io.postern.account.Accounts;
import io.postern.base.Outcome;
import io.postern.base.Outcome.Violation;
import io.postern.base.Secret;
import io.postern.domain.IdentityProviderId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.federation.GroupRule;
import io.postern.domain.federation.IdentityProvider;
import io.postern.domain.federation.IdentityProvider.Newcomers;
import io.postern.domain.federation.Upstream;
import io.postern.domain.federation.Upstream.ClientProof;
import io.postern.pki.SamlSigningKeys;
import io.postern.saml.metadata.IdpMetadata;
import io.postern.store.DuplicateKey;
import io.postern.store.FederatedIdentityStore;
import io.postern.store.IdentityProviderStore;
import io.postern.store.IdentityProviderStore.Row;
import io.postern.store.SessionStore;
import io.postern.token.Sealer;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;

/// Upstream identity providers of a tenant. What a provider calls itself never changes: everybody's link hangs
/// on it. It speaks for domains only that are the tenant's own, and each domain has one (FED-3). Whoever came
/// from a provider that is
/// disabled or removed has to sign in again.
public final class IdentityProviders {
    /// Where what a SAML provider published last is kept.
    public static final String METADATA = "metadata";

    private static final int PROVIDERS_MAX = 100;
    private static final int NAME_MAX = 256;
    private static final Duration KEY_LIFE = Duration.ofDays(3650);

    private final Ledger ledger;
    private final Sealer secrets;
    private final SamlSigningKeys keys;

    public IdentityProviders(Ledger ledger, Sealer secrets, SamlSigningKeys keys) {
        this.ledger = ledger;
        this.secrets = secrets;
        this.keys = keys;
    }

    /// @param linked how many users have a link to it
    public record Seen(IdentityProvider provider, boolean secretSet, Instant created, long linked) {}

    /// Of users to them.
    public UserLinks links() {
        return new UserLinks(ledger);
    }

    public List<Seen> list(TenantId tenant) {
        return ledger.read(stores -> stores.identityProviders().list(tenant).stream()
                .map(row -> seen(row, stores.federatedIdentities()))
                .toList());
    }

    public Outcome<Seen> find(TenantId tenant, IdentityProviderId id) {
        return ledger.look(stores -> seen(
                stores.identityProviders()
                        .find(tenant, id)
                        .orElseThrow(() -> Rejected.notFound("identity provider", id)),
                stores.federatedIdentities()));
    }

    /// What a SAML provider said of itself last; empty for one that was never asked.
    public Optional<String> metadata(TenantId tenant, IdentityProviderId id) {
        return ledger.read(stores -> stores.identityProviders().document(tenant, id, METADATA))
                .map(IdentityProviderStore.Document::body);
    }

    public Outcome<Seen> createOidc(Actor actor, IdentityProviderDraft draft) {
        return ledger.change(actor, change -> {
            var violations = new ArrayList<Violation>();
            require(violations, "displayName", draft.displayName(), "as users know it");
            require(violations, "issuer", draft.oidc().issuer(), "its https URL, as its discovery document says");
            require(violations, "clientId", draft.oidc().clientId(), "what the provider calls us");
            refuse(violations);
            String issuer = draft.oidc().issuer().or("");
            UpstreamDrafts.checkUrl("issuer", issuer);
            var id = IdentityProviderId.random();
            ClientProof proof = draft.oidc().proof().or(ClientProof.SECRET);
            if (proof == ClientProof.SECRET
                    && draft.oidc().clientSecret().value().isEmpty()) {
                throw Rejected.invalid(
                        "clientSecret",
                        "clientSecret is missing; give the one that the provider shows, or clientAuthentication"
                                + " privateKeyJwt");
            }
            var upstream = new Upstream.Oidc(
                    issuer,
                    draft.oidc().clientId().or(""),
                    proof,
                    UpstreamDrafts.scopes(draft.oidc().scopes().or(Upstream.Oidc.SCOPES)));
            return add(
                    change,
                    draft,
                    id,
                    upstream,
                    sealed(id, draft.oidc().clientSecret()).orElse(""),
                    Optional.empty());
        });
    }

    /// @param draft with metadata; with its URL too where it is to be asked again
    public Outcome<Seen> createSaml(Actor actor, IdentityProviderDraft draft) {
        keys.prepare(1);
        return ledger.change(actor, change -> {
            var violations = new ArrayList<Violation>();
            require(violations, "displayName", draft.displayName(), "as users know it");
            require(
                    violations,
                    "metadata",
                    draft.saml().metadata(),
                    "the provider's XML, or metadataExchangeUri to fetch it from");
            refuse(violations);
            byte[] file = draft.saml().metadata().value().orElseThrow();
            IdpMetadata metadata = UpstreamDrafts.metadata(file);
            String keyId = UUID.randomUUID().toString();
            Instant now = change.now().truncatedTo(ChronoUnit.SECONDS);
            SamlSigningKeys.Made made = keys.make(keyId, "Postern federation", now, now.plus(KEY_LIFE));
            var upstream = new Upstream.Saml(
                    metadata.entityId(),
                    draft.saml().metadataUrl().value(),
                    keyId,
                    base64(made),
                    draft.saml().signsRequests().or(false));
            return add(change, draft, IdentityProviderId.random(), upstream, made.sealed(), Optional.of(file));
        });
    }

    public Outcome<Seen> patch(Actor actor, IdentityProviderId id, IdentityProviderDraft draft) {
        return ledger.change(actor, change -> {
            Row old = found(change, id);
            IdentityProvider before = old.provider();
            Upstream upstream = switch (before.upstream()) {
                case Upstream.Oidc oidc -> UpstreamDrafts.oidc(oidc, draft);
                case Upstream.Saml saml -> UpstreamDrafts.saml(change, id, saml, draft);
            };
            IdentityProvider after = whole(change, draft, before, upstream);
            String sealed = sealed(id, draft.oidc().clientSecret()).orElse(old.sealed());
            if (upstream instanceof Upstream.Oidc oidc && oidc.proof() == ClientProof.SECRET && sealed.isEmpty()) {
                throw Rejected.invalid("clientSecret", "clientSecret is missing; give the one that the provider shows");
            }
            var row = new Row(after, sealed, old.created());
            boolean renewed = draft.saml().metadata().given();
            if (!row.equals(old) || renewed) {
                put(change, row);
                if (before.enabled() && !after.enabled()) {
                    endSessions(change, id);
                }
                change.note(
                        Activity.UPDATE_IDENTITY_PROVIDER,
                        id,
                        after.displayName(),
                        Differences.between("", before, after),
                        sealed.equals(old.sealed()) ? Map.of() : Map.of("clientSecret", "changed"));
            }
            return seen(row, change.stores().federatedIdentities());
        });
    }

    public Outcome<IdentityProvider> delete(Actor actor, IdentityProviderId id) {
        return ledger.change(actor, change -> {
            IdentityProvider provider = found(change, id).provider();
            endSessions(change, id);
            change.stores().identityProviders().delete(change.tenant(), id);
            change.note(Activity.DELETE_IDENTITY_PROVIDER, id, provider.displayName());
            return provider;
        });
    }

    private Seen add(
            Change change,
            IdentityProviderDraft draft,
            IdentityProviderId id,
            Upstream upstream,
            String sealed,
            Optional<byte[]> metadata) {
        List<Row> others = change.stores().identityProviders().list(change.tenant());
        if (others.size() >= PROVIDERS_MAX) {
            throw Rejected.conflict("there are " + PROVIDERS_MAX + " identity providers already; remove one first");
        }
        others.stream()
                .map(Row::provider)
                .filter(other -> other.upstream().issuer().equals(upstream.issuer()))
                .findFirst()
                .ifPresent(other -> {
                    throw Rejected.conflict("identity provider '" + other.displayName() + "' is '" + upstream.issuer()
                            + "' already; change that one");
                });
        var empty = new IdentityProvider(
                change.tenant(),
                id,
                "",
                true,
                false,
                List.of(),
                Optional.empty(),
                upstream,
                Newcomers.REFUSED,
                false,
                true,
                upstream.defaultClaims(),
                List.of());
        var row = new Row(whole(change, draft, empty, upstream), sealed, change.now());
        put(change, row);
        metadata.ifPresent(file -> UpstreamDrafts.keep(change, id, file));
        change.note(
                Activity.ADD_IDENTITY_PROVIDER,
                id,
                row.provider().displayName(),
                Map.of(
                        "issuer",
                        upstream.issuer(),
                        "domains",
                        String.join(" ", row.provider().domains())));
        return seen(row, change.stores().federatedIdentities());
    }

    private static void put(Change change, Row row) {
        try {
            change.stores().identityProviders().put(row);
        } catch (DuplicateKey e) {
            throw Rejected.conflict(e.getMessage() + " by another identity provider; take it from that one first");
        }
    }

    private static IdentityProvider whole(
            Change change, IdentityProviderDraft draft, IdentityProvider before, Upstream upstream) {
        String name = draft.displayName().or(before.displayName()).strip();
        if (name.isEmpty() || name.length() > NAME_MAX) {
            throw Rejected.invalid(
                    "displayName", "displayName needs 1 to " + NAME_MAX + " characters, not spaces alone");
        }
        var after = new IdentityProvider(
                before.tenant(),
                before.id(),
                name,
                draft.enabled().or(before.enabled()),
                draft.shown().or(before.shown()),
                draft.domains().given() ? domains(change, draft.domains().or(List.of())) : before.domains(),
                hint(draft.hint().orKeep(before.hint())),
                upstream,
                draft.newcomers().or(before.newcomers()),
                draft.trustsMfa().or(before.trustsMfa()),
                draft.signsOut().or(before.signsOut()),
                draft.claims().value().map(before.claims()::with).orElse(before.claims()),
                draft.groups().or(before.groups()));
        if (draft.groups().given()) {
            for (GroupRule rule : after.groups()) {
                Rejected.unless(change.stores().groups().find(change.tenant(), rule.group()), "group", rule.group());
            }
        }
        after.hint()
                .ifPresent(hint -> change.stores().identityProviders().list(change.tenant()).stream()
                        .map(Row::provider)
                        .filter(other -> !other.id().equals(before.id()))
                        .filter(other -> other.hint().equals(after.hint()))
                        .findFirst()
                        .ifPresent(other -> {
                            throw Rejected.conflict("domainHint '" + hint + "' is that of identity provider '"
                                    + other.displayName() + "'; choose another");
                        }));
        return after;
    }

    /// Whoever speaks for a domain says who the people in it are: it must be the tenant's to give.
    private static List<String> domains(Change change, List<String> wanted) {
        String home = change.stores()
                .tenants()
                .find(change.tenant())
                .map(tenant -> tenant.domain().toLowerCase(Locale.ROOT))
                .orElse("");
        var domains = change.stores().domains().list(change.tenant());
        var all = new TreeSet<String>();
        for (String one : wanted) {
            String name = one.strip().toLowerCase(Locale.ROOT);
            if (!name.equals(home) && !Domains.isProven(domains, name)) {
                throw Rejected.invalid(
                        "domains",
                        "the domain '" + one + "' is not of this organisation; verify it first (postern domain add), or"
                                + " leave it out: people of other domains can come in as guests all the same");
            }
            all.add(name);
        }
        return List.copyOf(all);
    }

    private static Optional<String> hint(Optional<String> wanted) {
        Optional<String> hint = wanted.map(text -> text.strip().toLowerCase(Locale.ROOT));
        if (hint.filter(text -> !text.matches("[a-z0-9][a-z0-9.-]{0,63}")).isPresent()) {
            throw Rejected.invalid(
                    "domainHint",
                    "domainHint '" + wanted.get() + "' must be 1 to 64 letters, digits, dots and hyphens");
        }
        return hint;
    }

    private static void endSessions(Change change, IdentityProviderId id) {
        for (FederatedIdentityStore.Session one :
                change.stores().federatedIdentities().sessions(change.tenant(), id)) {
            Optional<UserId> user = change.stores()
                    .sessions()
                    .find(change.tenant(), one.session())
                    .map(SessionStore.Row::user);
            user.ifPresent(who -> Accounts.voidProofs(
                    change.stores(), change.tenant(), who, change.now().truncatedTo(ChronoUnit.SECONDS)));
            change.stores().federatedIdentities().end(change.tenant(), one.session());
        }
    }

    private Optional<String> sealed(IdentityProviderId id, Edit<Secret> secret) {
        return secret.value().map(text -> secrets.seal(text.reveal().getBytes(StandardCharsets.UTF_8), id.value()));
    }

    private static String base64(SamlSigningKeys.Made made) {
        try {
            return Base64.getEncoder().encodeToString(made.certificate().getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was made can be written", e);
        }
    }

    private static void require(List<Violation> violations, String field, Edit<?> edit, String what) {
        if (edit.value().isEmpty()) {
            violations.add(new Violation(field, field + " is missing: " + what));
        }
    }

    private static void refuse(List<Violation> violations) {
        if (!violations.isEmpty()) {
            throw Rejected.invalid(violations);
        }
    }

    private static Row found(Change change, IdentityProviderId id) {
        return change.found(change.stores().identityProviders().find(change.tenant(), id), "identity provider", id);
    }

    private static Seen seen(Row row, FederatedIdentityStore links) {
        IdentityProvider provider = row.provider();
        return new Seen(
                provider,
                provider.upstream() instanceof Upstream.Oidc && !row.sealed().isEmpty(),
                row.created(),
                links.count(provider.tenant(), provider.id()));
    }
}
