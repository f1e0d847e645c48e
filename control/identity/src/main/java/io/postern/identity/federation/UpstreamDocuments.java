package io.postern.identity.federation;

import io.postern.domain.federation.IdentityProvider;
import io.postern.domain.federation.Upstream;
import io.postern.identity.federation.UpstreamFault.Kind;
import io.postern.saml.metadata.IdpMetadata;
import io.postern.saml.xml.RefusedMessage;
import io.postern.store.IdentityProviderStore;
import io.postern.store.Store;
import io.postern.token.UpstreamIdToken;
import io.postern.token.UpstreamMetadata;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What upstream identity providers publish of themselves, fetched once a day and kept in the database for all nodes.
/// A provider that does not answer is believed what it said last. What is not of the provider never takes the place of
/// what is. Thread-safe.
final class UpstreamDocuments {
    static final Duration FRESH = Duration.ofHours(24);

    /// Whoever sends tokens with made-up key ids shall not make us ask the upstream each time.
    static final Duration AGAIN = Duration.ofMinutes(1);

    static final String DISCOVERY = "discovery";
    static final String KEYS = "keys";
    static final String METADATA = "metadata";

    private static final Logger LOG = LoggerFactory.getLogger(UpstreamDocuments.class);

    private interface Check {
        /// @throws UpstreamFault when the text is not what the provider must say
        void run(String body) throws UpstreamFault;
    }

    private final Store store;
    private final UpstreamClient client;
    private final Clock clock;
    private final Map<String, Instant> tried = new ConcurrentHashMap<>(); // by provider and document: few

    UpstreamDocuments(Store store, UpstreamClient client, Clock clock) {
        this.store = store;
        this.client = client;
        this.clock = clock;
    }

    UpstreamMetadata discovery(IdentityProvider provider) throws UpstreamFault {
        String issuer = provider.upstream().issuer();
        return discovery(
                document(provider, DISCOVERY, UpstreamMetadata.address(issuer), FRESH, text -> discovery(text, issuer)),
                issuer);
    }

    /// @param newer those that are kept do not suffice
    String keys(IdentityProvider provider, UpstreamMetadata metadata, boolean newer) throws UpstreamFault {
        return document(provider, KEYS, metadata.keysUrl(), newer ? Duration.ZERO : FRESH, text -> {
            if (!UpstreamIdToken.areKeys(text)) {
                throw new UpstreamFault(Kind.UNREACHABLE, "'" + metadata.keysUrl() + "' is no JWKS with a key in it");
            }
        });
    }

    /// @param newer its keys do not suffice
    IdpMetadata metadata(IdentityProvider provider, Upstream.Saml saml, boolean newer) throws UpstreamFault {
        String body = saml.metadataUrl().isPresent()
                ? document(
                        provider,
                        METADATA,
                        saml.metadataUrl().get(),
                        newer ? Duration.ZERO : FRESH,
                        text -> metadata(text, saml))
                : kept(provider, METADATA)
                        .map(IdentityProviderStore.Document::body)
                        .orElseThrow(() -> new UpstreamFault(Kind.UNREACHABLE, "its metadata was never uploaded"));
        return metadata(body, saml);
    }

    private static UpstreamMetadata discovery(String text, String issuer) throws UpstreamFault {
        return switch (UpstreamMetadata.read(text, issuer)) {
            case UpstreamMetadata.Result.Read(UpstreamMetadata metadata) -> metadata;
            case UpstreamMetadata.Result.Refused(String why) ->
                throw new UpstreamFault(Kind.UNREACHABLE, "its discovery document is not taken: " + why);
        };
    }

    private IdpMetadata metadata(String text, Upstream.Saml saml) throws UpstreamFault {
        try {
            IdpMetadata metadata = IdpMetadata.read(text.getBytes(StandardCharsets.UTF_8));
            if (!metadata.entityId().equals(saml.issuer())) {
                throw new UpstreamFault(
                        Kind.UNREACHABLE,
                        "its metadata is of '" + metadata.entityId() + "', not of '" + saml.issuer() + "'");
            }
            Optional<Instant> until = IdpMetadata.validUntil(text.getBytes(StandardCharsets.UTF_8));
            if (until.isPresent() && !clock.instant().isBefore(until.get())) {
                throw new UpstreamFault(Kind.UNREACHABLE, "its metadata was valid until " + until.get());
            }
            return metadata;
        } catch (RefusedMessage e) {
            throw new UpstreamFault(Kind.UNREACHABLE, "its metadata is not taken: " + e.getMessage());
        }
    }

    private String document(IdentityProvider provider, String name, String url, Duration age, Check check)
            throws UpstreamFault {
        Instant now = clock.instant();
        Optional<IdentityProviderStore.Document> kept = kept(provider, name);
        if (kept.isPresent()
                && (isYounger(kept.get().fetched(), age, now)
                        || isYounger(kept.get().fetched(), AGAIN, now))) {
            return kept.get().body();
        }
        String key = provider.id() + " " + name + " " + url;
        Instant last = tried.get(key);
        if (kept.isPresent() && last != null && isYounger(last, AGAIN, now)) {
            return kept.get().body();
        }
        tried.put(key, now);
        try {
            String body = client.get(provider.tenant(), url);
            check.run(body);
            store.write(s -> {
                // it may have been deleted meanwhile
                if (s.identityProviders().find(provider.tenant(), provider.id()).isPresent()) {
                    s.identityProviders()
                            .keep(
                                    provider.tenant(),
                                    provider.id(),
                                    new IdentityProviderStore.Document(name, body, now));
                }
                return body;
            });
            return body;
        } catch (UpstreamFault e) {
            LOG.warn(
                    "upstream identity provider not read provider={} document={} problem={}",
                    provider.id(),
                    name,
                    e.why());
            if (kept.isPresent()) {
                return kept.get().body();
            }
            throw e;
        }
    }

    private Optional<IdentityProviderStore.Document> kept(IdentityProvider provider, String name) {
        return store.read(s -> s.identityProviders().document(provider.tenant(), provider.id(), name));
    }

    private static boolean isYounger(Instant since, Duration age, Instant now) {
        return now.isBefore(since.plus(age));
    }
}
