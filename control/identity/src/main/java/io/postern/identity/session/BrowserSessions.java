package io.postern.identity.session;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRequest;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.account.Accounts;
import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.identity.protocol.Opaque;
import io.postern.store.RevocationStore;
import io.postern.store.SessionStore.Row;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.User;
import io.postern.web.Cookies;
import io.postern.web.RequestFacts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Browser sessions: an opaque random cookie, its hash in the store. Thread-safe.
///
/// The cookie's value changes at every sign-in, so a value planted before is worthless after (session
/// fixation). Expiry is checked on reading, never left to a cleanup job.
public final class BrowserSessions {
    public static final String COOKIE = "__Host-postern-session";

    /// Who signs out of what his computer signed him into is not signed in again at once: as long as the browser is
    /// open.
    private static final String DESKTOP_COOKIE = "__Host-postern-desktop";

    /// Non-persistent session: 24 h (4.6).
    static final Duration LIFETIME = Duration.ofHours(24);

    /// Of a user who asked to stay signed in: 90 days from the last use (4.6).
    public static final Duration PERSISTENT_LIFETIME = Duration.ofDays(90);

    // the longest that browsers keep one (RFC 6265bis §5.5): the row says when the session ends
    private static final Duration COOKIE_LIFETIME = Duration.ofDays(400);

    private static final Duration TOUCH_AFTER = Duration.ofMinutes(5); // spares a write per request
    private static final int USER_AGENT_CHARACTERS_MAX = 256;
    private static final Logger LOG = LoggerFactory.getLogger(BrowserSessions.class);

    /// A session that holds, with its user as the store knows him now.
    public record Current(Row session, User user) {}

    private final Store store;
    private final Clock clock;

    public BrowserSessions(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /// The browser's session, if it is of this tenant and still holds.
    public Optional<Current> current(HttpRequest request, TenantId tenant) {
        Optional<String> cookie = Cookies.read(request, COOKIE);
        if (cookie.isEmpty()) {
            return Optional.empty();
        }
        String hash = Opaque.hash(cookie.get());
        Instant now = clock.instant();
        Optional<Current> found = store.read(s -> s.sessions()
                .findByHash(hash)
                .filter(row -> row.tenant().equals(tenant) && now.isBefore(row.expires()))
                .flatMap(row -> holder(s, row).map(user -> new Current(row, user))));
        found.map(Current::session)
                .filter(row -> row.lastUsed().plus(TOUCH_AFTER).isBefore(now))
                .ifPresent(row -> store.write(s -> s.sessions()
                        .touch(row.id(), now, row.persistent() ? now.plus(PERSISTENT_LIFETIME) : row.expires())));
        return found;
    }

    /// Whether this browser's user signed out of a session that his computer had begun.
    public static boolean isSignedOutOfDesktop(HttpRequest request) {
        return Cookies.read(request, DESKTOP_COOKIE).isPresent();
    }

    /// The user of a session by its id, if the session still holds: asked when a code is redeemed.
    public Optional<Current> find(TenantId tenant, io.postern.domain.UserId user, SessionId id) {
        Instant now = clock.instant();
        return store.read(s -> s.sessions().of(tenant, user).stream()
                .filter(row -> row.id().equals(id) && now.isBefore(row.expires()))
                .findFirst()
                .flatMap(row -> holder(s, row).map(u -> new Current(row, u))));
    }

    /// Starts a session after the user proved who he is. A session of the same user goes on under its id
    /// with a new secret; one of somebody else ends.
    public Current begin(ServerRequest request, ServerResponse response, User user, Proof proof, boolean persistent) {
        RequestFacts facts = RequestFacts.of(request);
        String secret = Opaque.random();
        Optional<String> oldHash = Cookies.read(request, COOKIE).map(Opaque::hash);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS); // auth_time has whole seconds
        String userAgent = request.headers().first(HeaderNames.USER_AGENT).orElse("");
        Row row = store.write(s -> {
            Optional<Row> old = oldHash.flatMap(s.sessions()::findByHash);
            boolean same = old.filter(o -> o.user().equals(user.id()) && now.isBefore(o.expires()))
                    .isPresent();
            old.ifPresent(o -> {
                s.sessions().delete(o.tenant(), o.id());
                if (!same) {
                    revoke(s, o, now);
                }
            });
            var fresh = new Row(
                    user.tenant(),
                    same ? old.orElseThrow().id() : SessionId.random(),
                    user.id(),
                    Opaque.hash(secret),
                    now,
                    now,
                    now.plus(persistent ? PERSISTENT_LIFETIME : LIFETIME),
                    persistent,
                    facts.clientAddress(),
                    userAgent.substring(0, Math.min(userAgent.length(), USER_AGENT_CHARACTERS_MAX)),
                    proof.methods(),
                    proof.mfa(),
                    Device.named(userAgent));
            s.sessions().insert(fresh);
            return fresh;
        });
        if (persistent) {
            Cookies.set(response, COOKIE, secret, COOKIE_LIFETIME);
        } else {
            Cookies.set(response, COOKIE, secret);
        }
        return new Current(row, user);
    }

    /// Ends the browser's session, whatever tenant it is of, and makes gateways refuse what it gave. Doing
    /// it twice does no harm. @return the session that ended
    public Optional<Row> end(ServerRequest request, ServerResponse response) {
        Optional<Row> ended = Cookies.read(request, COOKIE)
                .map(Opaque::hash)
                .flatMap(hash -> end(request, s -> s.sessions().findByHash(hash)));
        Cookies.clear(response, COOKIE);
        if (ended.filter(row -> row.methods().contains(Proof.DESKTOP)).isPresent()) {
            Cookies.set(response, DESKTOP_COOKIE, "off");
        }
        return ended;
    }

    /// Ends a session that the browser did not show: one that somebody else named who may.
    public Optional<Row> end(ServerRequest request, TenantId tenant, SessionId id) {
        return end(request, s -> s.sessions().find(tenant, id));
    }

    private Optional<Row> end(ServerRequest request, Function<Stores, Optional<Row>> which) {
        Instant now = clock.instant();
        Optional<Row> ended = store.write(s -> {
            Optional<Row> row = which.apply(s);
            row.ifPresent(r -> end(s, r, now));
            return row;
        });
        ended.ifPresent(row -> LOG.info(
                "signed out tenant={} userId={} sessionId={} exchange={}",
                row.tenant(),
                row.user(),
                row.id(),
                RequestFacts.of(request).exchange()));
        return ended;
    }

    /// In the caller's transaction.
    public static void end(Stores stores, Row session, Instant now) {
        stores.sessions().delete(session.tenant(), session.id());
        revoke(stores, session, now);
    }

    private static void revoke(Stores stores, Row session, Instant now) {
        stores.revocations()
                .endSession(new RevocationStore.EndedSession(
                        session.tenant(), session.id(), now.plus(Accounts.PROOF_LIFETIME_MAX)));
        stores.changes().bump();
    }

    private static Optional<User> holder(Stores stores, Row row) {
        return stores.users()
                .find(row.tenant(), row.user())
                .filter(user -> user.accountEnabled()
                        && !row.authenticated()
                                .isBefore(user.sessionsValidFrom().truncatedTo(ChronoUnit.SECONDS)));
    }
}
