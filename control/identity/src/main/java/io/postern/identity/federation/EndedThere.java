package io.postern.identity.federation;

import io.postern.domain.federation.IdentityProvider;
import io.postern.identity.protocol.Opaque;
import io.postern.identity.session.BrowserSessions;
import io.postern.store.FederatedIdentityStore;
import io.postern.store.SessionStore;
import io.postern.store.Store;
import io.postern.store.Stores;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends the sessions here that began in sessions there, as a sign-out here would (FED-4): only those of this
/// provider, however a stranger to it may be called.
final class EndedThere {
    private static final String USED = "upstream-logout";
    private static final Logger LOG = LoggerFactory.getLogger(EndedThere.class);

    private final Store store;
    private final Clock clock;

    EndedThere(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /// Whose sessions, and which: all of them where none is named, and of whoever it is where nobody is.
    record Named(Optional<String> subject, List<String> indexes) {
        Named {
            indexes = List.copyOf(indexes);
        }
    }

    /// A message; a second one of its name ends nothing, for its sessions are over and newer ones are not meant.
    ///
    /// @param keepUntil when it counts no more in any case
    /// @return the sessions that ended
    List<SessionStore.Row> end(IdentityProvider provider, String message, Instant keepUntil, Named named) {
        return store.write(s -> s.once().claim(USED, Opaque.hash(provider.id() + " " + message), keepUntil)
                ? end(s, provider, named)
                : List.of());
    }

    List<SessionStore.Row> end(IdentityProvider provider, Named named) {
        return store.write(s -> end(s, provider, named));
    }

    private List<SessionStore.Row> end(Stores stores, IdentityProvider provider, Named named) {
        Instant now = clock.instant();
        var ended = new ArrayList<SessionStore.Row>();
        for (FederatedIdentityStore.Session one : found(stores, provider, named)) {
            stores.federatedIdentities().end(one.tenant(), one.session());
            stores.sessions().find(one.tenant(), one.session()).ifPresent(row -> {
                BrowserSessions.end(stores, row, now);
                ended.add(row);
                LOG.info(
                        "signed out elsewhere provider={} userId={} sessionId={}", provider.id(), row.user(), row.id());
            });
        }
        return List.copyOf(ended);
    }

    private static List<FederatedIdentityStore.Session> found(Stores stores, IdentityProvider provider, Named named) {
        FederatedIdentityStore sessions = stores.federatedIdentities();
        var indexes = named.indexes().stream()
                .filter(index -> !index.isEmpty())
                .map(SignOuts::hash)
                .collect(Collectors.toSet());
        if (named.subject().isPresent()) {
            return sessions
                    .sessionsOfSubject(
                            provider.tenant(),
                            provider.id(),
                            SignOuts.hash(named.subject().get()))
                    .stream()
                    .filter(one -> indexes.isEmpty() || indexes.contains(one.index()))
                    .toList();
        }
        return indexes.stream()
                .flatMap(index -> sessions.sessionsOfIndex(provider.tenant(), provider.id(), index).stream())
                .toList();
    }
}
