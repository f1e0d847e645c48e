package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.base.Secret;
import io.postern.domain.ProvisioningClientId;
import io.postern.domain.TenantId;
import io.postern.store.ProvisioningStore.Client;
import io.postern.store.ProvisioningStore.Token;
import io.postern.store.Stores;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Programs that provision users and groups by SCIM. Each has tokens of its own, shown once, kept as a hash, void at
/// once when revoked; two of them while one follows the other.
public final class ProvisioningClients {
    /// Marks the text as a secret of ours, for people and for scanners.
    public static final String PREFIX = "pst_";

    private static final int RANDOM_BYTES = 32;
    private static final int TOKENS_MAX = 10;
    private static final int CLIENTS_MAX = 100;
    private static final SecureRandom RANDOM = new SecureRandom();

    /// A client with its tokens, the oldest first.
    public record Held(Client client, List<Token> tokens) {}

    /// @param secret for the one moment when it is shown
    public record Issued(Client client, Token token, Secret secret) {}

    private final Ledger ledger;

    public ProvisioningClients(Ledger ledger) {
        this.ledger = ledger;
    }

    public List<Held> list(TenantId tenant) {
        return ledger.read(stores -> {
            var all = new ArrayList<Held>();
            for (Client client : stores.provisioning().list(tenant)) {
                all.add(new Held(client, stores.provisioning().tokens(tenant, client.id())));
            }
            return all;
        });
    }

    public Outcome<Held> find(TenantId tenant, ProvisioningClientId id) {
        return ledger.look(stores -> stores.provisioning()
                .find(tenant, id)
                .map(client -> new Held(client, stores.provisioning().tokens(tenant, id)))
                .orElseThrow(() -> Rejected.notFound("provisioning client", id)));
    }

    /// A client and its first token.
    public Outcome<Issued> add(Actor actor, String displayName, Optional<Instant> expires) {
        return ledger.change(actor, change -> {
            String name = displayName.strip();
            // a name with an at sign would look like a person in the audit log
            if (name.isEmpty() || name.length() > 120 || name.indexOf('@') >= 0) {
                throw Rejected.invalid("displayName", "displayName must have 1 to 120 characters and no @");
            }
            if (change.stores().provisioning().list(change.tenant()).size() >= CLIENTS_MAX) {
                throw Rejected.conflict("there are " + CLIENTS_MAX + " provisioning clients; remove one first");
            }
            var client = new Client(change.tenant(), ProvisioningClientId.random(), name, change.now());
            change.stores().provisioning().insert(client);
            Issued issued = issue(change, client, expires);
            change.note(
                    Activity.ADD_PROVISIONING_CLIENT,
                    client.id(),
                    client.displayName(),
                    Map.of("token", issued.token().id()));
            return issued;
        });
    }

    /// A further token; the others stay until they are revoked or over.
    public Outcome<Issued> addToken(Actor actor, ProvisioningClientId id, Optional<Instant> expires) {
        return ledger.change(actor, change -> {
            Client client = found(change, id);
            if (change.stores().provisioning().tokens(change.tenant(), id).size() >= TOKENS_MAX) {
                throw Rejected.conflict(
                        "'" + client.displayName() + "' has " + TOKENS_MAX + " tokens; revoke one first");
            }
            Issued issued = issue(change, client, expires);
            change.note(
                    Activity.ADD_PROVISIONING_TOKEN,
                    id,
                    client.displayName(),
                    Map.of("token", issued.token().id()));
            return issued;
        });
    }

    public Outcome<String> revokeToken(Actor actor, ProvisioningClientId id, String token) {
        return ledger.change(actor, change -> {
            Client client = found(change, id);
            if (!change.stores().provisioning().deleteToken(change.tenant(), id, token)) {
                throw Rejected.notFound("token of '" + client.displayName() + "'", token);
            }
            change.note(Activity.REMOVE_PROVISIONING_TOKEN, id, client.displayName(), Map.of("token", token));
            return token;
        });
    }

    /// Users and groups stay; what the client knew them by goes.
    public Outcome<Client> remove(Actor actor, ProvisioningClientId id) {
        return ledger.change(actor, change -> {
            Client client = found(change, id);
            change.stores().provisioning().delete(change.tenant(), id);
            change.note(Activity.REMOVE_PROVISIONING_CLIENT, id, client.displayName());
            return client;
        });
    }

    /// Whose token this is; empty when it is nobody's, or over.
    public Optional<Client> of(String secret) {
        Instant now = ledger.clock().instant();
        return ledger.read(stores -> of(stores, secret, now));
    }

    private static Optional<Client> of(Stores stores, String secret, Instant now) {
        return stores.provisioning()
                .findToken(hash(secret))
                .filter(token -> token.holds(now))
                .flatMap(token -> stores.provisioning().find(token.tenant(), token.client()));
    }

    private static Issued issue(Change change, Client client, Optional<Instant> expires) {
        if (expires.isPresent() && !expires.get().isAfter(change.now())) {
            throw Rejected.invalid("expirationDateTime", "expirationDateTime '" + expires.get() + "' is over already");
        }
        Secret secret = fresh();
        var token = new Token(
                change.tenant(),
                UUID.randomUUID().toString(),
                client.id(),
                hash(secret.reveal()),
                change.now(),
                expires);
        change.stores().provisioning().insert(token);
        return new Issued(client, token, secret);
    }

    private static Client found(Change change, ProvisioningClientId id) {
        return change.found(change.stores().provisioning().find(change.tenant(), id), "provisioning client", id);
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
