package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.base.Secret;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.store.ApiCredential;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Opaque API tokens of service principals: shown once, kept as a hash, void at once when revoked.
public final class ApiTokens {
    /// Marks the text as a secret of ours, for people and for scanners.
    public static final String PREFIX = "pat_";

    private static final int RANDOM_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    /// @param token for the one moment when it is shown
    public record Issued(ApiCredential credential, Secret token) {}

    private final Ledger ledger;

    public ApiTokens(Ledger ledger) {
        this.ledger = ledger;
    }

    public Outcome<Issued> issue(
            Actor actor, ServicePrincipalId principal, String displayName, Optional<Instant> expires) {
        return ledger.change(actor, change -> {
            ServicePrincipal owner = Authority.overPrincipal(change, principal);
            if (displayName.isBlank() || displayName.length() > 120) {
                throw Rejected.invalid("displayName", "displayName must have 1 to 120 characters");
            }
            if (expires.isPresent() && !expires.get().isAfter(change.now())) {
                throw Rejected.invalid(
                        "expirationDateTime", "expirationDateTime '" + expires.get() + "' is over already");
            }
            return issue(change, owner, displayName, expires);
        });
    }

    /// As above in a transaction under way, for a principal of its tenant and a name that is good.
    static Issued issue(Change change, ServicePrincipal owner, String displayName, Optional<Instant> expires) {
        Secret token = fresh();
        var credential = new ApiCredential(
                change.tenant(),
                UUID.randomUUID().toString(),
                owner.id(),
                displayName,
                hash(token.reveal()),
                change.now(),
                expires);
        change.stores().apiCredentials().insert(credential);
        change.note(Activity.ADD_API_TOKEN, owner.id(), owner.displayName(), Map.of("credential", credential.id()));
        return new Issued(credential, token);
    }

    public Outcome<List<ApiCredential>> list(TenantId tenant, ServicePrincipalId principal) {
        return ledger.look(stores -> {
            Rejected.unless(stores.servicePrincipals().find(tenant, principal), "service principal", principal);
            return stores.apiCredentials().of(tenant, principal);
        });
    }

    public Outcome<String> revoke(Actor actor, ServicePrincipalId principal, String id) {
        return ledger.change(actor, change -> {
            boolean owned = change.stores().apiCredentials().of(change.tenant(), principal).stream()
                    .anyMatch(c -> c.id().equals(id));
            if (!owned) {
                throw Rejected.notFound("API token of this service principal", id);
            }
            change.stores().apiCredentials().delete(change.tenant(), id);
            change.note(Activity.REMOVE_API_TOKEN, principal, principal.value(), Map.of("credential", id));
            return id;
        });
    }

    /// The credential that a presented token belongs to, unless it has expired.
    public static Optional<ApiCredential> find(Stores stores, String token, Instant now) {
        return stores.apiCredentials()
                .findByHash(hash(token))
                .filter(c -> c.expires().isEmpty() || now.isBefore(c.expires().get()));
    }

    private static Secret fresh() {
        byte[] bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        return Secret.of(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /// A plain hash is enough: the token has 256 random bits, nobody guesses it.
    private static String hash(String token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
