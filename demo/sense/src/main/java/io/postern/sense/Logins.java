package io.postern.sense;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Who is signed in: targets that browsers want to reach, tickets with which they come back, sessions. Confined to
/// the event loop.
final class Logins {
    static final Duration TICKET_LIFE = Duration.ofMinutes(1);
    private static final int KEPT_MAX = 10_000;

    private record Ticket(String user, long end) {}

    /// @param csrf token of the session
    record Session(String user, String csrf) {}

    private final SenseSetup setup;
    private final LongSupplier nanos;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, String> targets = new HashMap<>();
    private final Map<String, Ticket> tickets = new HashMap<>();
    private final Map<String, Session> sessions = new HashMap<>();

    Logins(SenseSetup setup, LongSupplier nanos) {
        this.setup = setup;
        this.nanos = nanos;
    }

    SenseSetup setup() {
        return setup;
    }

    /// @param url where the browser wanted to go
    /// @return id under which it is remembered
    String target(String url) {
        return keep(targets, url);
    }

    Optional<String> target(Optional<String> id) {
        return id.map(targets::get);
    }

    boolean knows(String user, String password) {
        return !password.isEmpty() && password.equals(setup.users().get(user));
    }

    String ticket(String user) {
        return keep(tickets, new Ticket(user, nanos.getAsLong() + TICKET_LIFE.toNanos()));
    }

    /// A ticket opens one session, within its minute.
    Optional<String> redeem(String ticket) {
        Ticket found = tickets.remove(ticket);
        if (found == null || found.end() - nanos.getAsLong() <= 0) {
            return Optional.empty();
        }
        return Optional.of(keep(sessions, new Session(found.user(), secret())));
    }

    Optional<Session> session(Optional<String> cookie) {
        return setup.login() == SenseSetup.Login.NONE
                ? Optional.of(new Session("demo", "demo-token"))
                : cookie.map(sessions::get);
    }

    void end(Optional<String> cookie) {
        cookie.ifPresent(sessions::remove);
    }

    private <T> String keep(Map<String, T> map, T value) {
        if (map.size() >= KEPT_MAX) {
            Iterator<String> any = map.keySet().iterator();
            any.next();
            any.remove();
        }
        String id = secret();
        map.put(id, value);
        return id;
    }

    private String secret() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
