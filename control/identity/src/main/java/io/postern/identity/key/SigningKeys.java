package io.postern.identity.key;

import io.postern.domain.ServiceAddress;
import io.postern.domain.TenantId;
import io.postern.store.SigningKeyStore.Row;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.Tenant;
import io.postern.token.JwtVerifier;
import io.postern.token.Sealer;
import io.postern.token.SigningJwk;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// RSA keys that sign a tenant's tokens. A successor is published a day before it signs, so that every
/// relying party has fetched it; the old one stays published until its last token is gone. Thread-safe.
///
///     published ──24 h──▶ signs ──90 days──▶ only verifies ──26 h──▶ not published
public final class SigningKeys {
    static final Duration PUBLISHED_BEFORE = Duration.ofHours(24);
    static final Duration SIGNS_FOR = Duration.ofDays(90);
    /// Longest token (90 min) and a day for relying parties that keep sessions by the ID token.
    static final Duration VERIFIES_AFTER = Duration.ofHours(26);

    private static final Logger LOG = LoggerFactory.getLogger(SigningKeys.class);

    private final Store store;
    private final Sealer sealer;
    private final ServiceAddress address;
    private final Clock clock;
    private final Map<String, SigningJwk> opened = new ConcurrentHashMap<>(); // one per key ever used: few

    /// @param sealer of the master key, for private keys in the database
    public SigningKeys(Store store, Sealer sealer, ServiceAddress address, Clock clock) {
        this.store = store;
        this.sealer = sealer;
        this.address = address;
        this.clock = clock;
    }

    /// The key that signs now; a tenant's first key is made here.
    public SigningJwk current(TenantId tenant) {
        Instant now = clock.instant();
        Optional<Row> signing = signing(store.read(s -> s.signingKeys().list(tenant)), now);
        return open(signing.orElseGet(() -> first(tenant, now)));
    }

    /// Keys that relying parties may need: those that sign, signed lately or will sign soon.
    public List<Row> published(TenantId tenant) {
        Instant now = clock.instant();
        List<Row> rows = published(store.read(s -> s.signingKeys().list(tenant)), now);
        return rows.isEmpty() ? List.of(first(tenant, now)) : rows;
    }

    /// Verifies tokens of the tenant.
    public JwtVerifier verifier(TenantId tenant) {
        return new JwtVerifier(published(tenant).stream()
                .map(row -> new JwtVerifier.TrustedKey(row.keyId(), address.issuer(tenant), row.publicJwk()))
                .toList());
    }

    /// Makes missing first keys and due successors, for every tenant. Call it at start and hourly; calling
    /// it more often, or on several nodes, does no harm.
    public void rotateIfDue(Instant now) {
        for (Tenant tenant : store.read(s -> s.tenants().list())) {
            List<Row> rows = store.read(s -> s.signingKeys().list(tenant.id()));
            Optional<Row> newest = newest(rows);
            if (newest.isEmpty()) {
                first(tenant.id(), now);
            } else if (isDue(newest.get(), now)) {
                succeed(tenant.id(), now);
            }
        }
    }

    private static boolean isDue(Row newest, Instant now) {
        return !now.isBefore(newest.activates().plus(SIGNS_FOR).minus(PUBLISHED_BEFORE));
    }

    /// A first key for a tenant that is being added.
    ///
    /// @return writes it within the transaction that adds the tenant
    public Consumer<Stores> firstOf(TenantId tenant) {
        Row fresh = generate(tenant, clock.instant());
        return s -> s.signingKeys().insert(fresh);
    }

    private Row first(TenantId tenant, Instant now) {
        Row fresh = generate(tenant, now);
        Row kept = store.write(s -> {
            Optional<Row> other = signing(s.signingKeys().list(tenant), now);
            if (other.isPresent()) {
                return other.get(); // somebody was faster
            }
            s.signingKeys().insert(fresh);
            s.changes().bump();
            return fresh;
        });
        LOG.info("signing key ready tenant={} keyId={}", tenant, kept.keyId());
        return kept;
    }

    private void succeed(TenantId tenant, Instant now) {
        Row successor = generate(tenant, now.plus(PUBLISHED_BEFORE));
        boolean made = store.write(s -> {
            List<Row> rows = s.signingKeys().list(tenant);
            if (newest(rows).filter(row -> !isDue(row, now)).isPresent()) {
                return false;
            }
            s.signingKeys().insert(successor);
            rows.stream()
                    .filter(row -> row.retires().isEmpty())
                    .forEach(row -> s.signingKeys()
                            .retire(tenant, row.keyId(), successor.activates().plus(VERIFIES_AFTER)));
            s.changes().bump();
            return true;
        });
        if (made) {
            LOG.info(
                    "signing key published tenant={} keyId={} signsFrom={}",
                    tenant,
                    successor.keyId(),
                    successor.activates());
        }
    }

    private Row generate(TenantId tenant, Instant activates) {
        SigningJwk key = SigningJwk.generate();
        byte[] plain = key.privateJson().getBytes(StandardCharsets.UTF_8);
        return new Row(
                tenant,
                key.keyId(),
                key.publicJson(),
                sealer.seal(plain, context(tenant, key.keyId())),
                activates,
                Optional.empty());
    }

    private SigningJwk open(Row row) {
        return opened.computeIfAbsent(row.keyId(), keyId -> {
            byte[] plain = sealer.open(row.sealedPrivateJwk(), context(row.tenant(), keyId))
                    .orElseThrow(() -> new IllegalStateException("signing key " + keyId
                            + " cannot be opened: the key file does not belong to this database;"
                            + " put back the key file that was used with it"));
            return SigningJwk.parse(new String(plain, StandardCharsets.UTF_8));
        });
    }

    private static Optional<Row> signing(List<Row> rows, Instant now) {
        return newest(published(rows, now).stream()
                .filter(row -> !row.activates().isAfter(now))
                .toList());
    }

    private static List<Row> published(List<Row> rows, Instant now) {
        return rows.stream()
                .filter(row -> row.retires().map(now::isBefore).orElse(true))
                .toList();
    }

    private static Optional<Row> newest(List<Row> rows) {
        return rows.stream().max(Comparator.comparing(Row::activates));
    }

    private static String context(TenantId tenant, String keyId) {
        return tenant + "/" + keyId;
    }
}
