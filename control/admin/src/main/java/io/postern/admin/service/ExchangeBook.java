package io.postern.admin.service;

import io.postern.domain.event.AccessEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The exchanges of this node that did not bring the backend's good answer, for whoever comes with the id of an
/// error page: a day of them, and some 10 MiB at most. In memory, since a store written by strangers at full rate
/// would cost more than the answers; what went well stands in the access log only.
///
/// Two shelves, so that a scanner's refusals never push out what a user met. Thread-safe; written by the thread
/// that writes the access log, never by an event loop.
public final class ExchangeBook {
    public static final Duration KEPT = Duration.ofDays(1);
    static final int STRANGERS_MAX = 4_096;
    static final int USERS_MAX = 16_384;
    private static final int SERVER_ERROR = 500;

    private final Map<String, AccessEvent> ofUsers = shelf(USERS_MAX);
    private final Map<String, AccessEvent> ofStrangers = shelf(STRANGERS_MAX);

    public ExchangeBook() {}

    private static Map<String, AccessEvent> shelf(int sizeMax) {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, AccessEvent> eldest) {
                return size() > sizeMax;
            }
        };
    }

    public synchronized void note(List<AccessEvent> batch) {
        for (AccessEvent event : batch) {
            if (event.cause().isPresent() || event.status() >= SERVER_ERROR) {
                boolean reachedSomething =
                        event.user().isPresent() || event.connector().isPresent();
                (reachedSomething ? ofUsers : ofStrangers).put(event.exchange(), event);
            }
        }
    }

    /// @param exchange id as the page showed it
    public synchronized Optional<AccessEvent> find(String exchange, Instant now) {
        AccessEvent found = ofUsers.get(exchange);
        return Optional.ofNullable(found == null ? ofStrangers.get(exchange) : found)
                .filter(event -> event.time().isAfter(now.minus(KEPT)));
    }
}
