package io.postern.connector.form;

import io.netty.handler.codec.http.cookie.ClientCookieDecoder;
import io.netty.handler.codec.http.cookie.Cookie;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The cookies of one sign-in (RFC 6265 §5), all of one backend, so that no domain is compared. Bounded. Its
/// names are what the browser can neither see nor send. Thread-safe.
final class LoginCookies {
    private static final int COOKIES_MAX = 50;
    private static final int VALUE_MAX = 4_096;

    /// All of a session, with names and paths.
    private static final int SIZE_MAX = 16 * 1_024;

    private static final long AT_ONCE = 0;

    private record Name(String name, String path) {}

    private record Kept(String value, Instant end) {}

    private final InstantSource clock;
    private final Map<Name, Kept> kept = new LinkedHashMap<>();

    LoginCookies(InstantSource clock) {
        this.clock = clock;
    }

    /// @param at path of the request that was answered
    synchronized void take(List<String> setCookies, String at) {
        for (String text : setCookies) {
            Cookie cookie = ClientCookieDecoder.LAX.decode(text);
            if (cookie == null
                    || cookie.name().isEmpty()
                    || cookie.value().length() + cookie.name().length() > VALUE_MAX
                    || !isPlain(cookie.name())
                    || !isPlain(cookie.value())) {
                continue;
            }
            var name = new Name(cookie.name(), path(cookie.path(), at));
            kept.remove(name);
            String value = cookie.wrap() ? '"' + cookie.value() + '"' : cookie.value();
            if (cookie.maxAge() != AT_ONCE && kept.size() < COOKIES_MAX && size() + size(name, value) <= SIZE_MAX) {
                kept.put(name, new Kept(value, end(cookie)));
            }
        }
    }

    private static int size(Name name, String value) {
        return name.name().length() + name.path().length() + value.length();
    }

    private int size() {
        return kept.entrySet().stream()
                .mapToInt(entry -> size(entry.getKey(), entry.getValue().value()))
                .sum();
    }

    private Instant end(Cookie cookie) {
        return cookie.maxAge() == Cookie.UNDEFINED_MAX_AGE || cookie.maxAge() > 365L * 86_400
                ? Instant.MAX
                : clock.instant().plusSeconds(Math.max(0, cookie.maxAge()));
    }

    /// Could otherwise say more in the request than one cookie.
    private static boolean isPlain(String text) {
        return text.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != ';' && c != ',');
    }

    private static String path(@Nullable String said, String at) {
        if (said != null && said.startsWith("/")) {
            return said;
        }
        int query = at.indexOf('?');
        String path = query < 0 ? at : at.substring(0, query);
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    /// For a request, longer paths first; empty for none.
    synchronized String field(String pathAndQuery) {
        Instant now = clock.instant();
        kept.values().removeIf(cookie -> !now.isBefore(cookie.end()));
        int query = pathAndQuery.indexOf('?');
        String path = query < 0 ? pathAndQuery : pathAndQuery.substring(0, query);
        return kept.entrySet().stream()
                .filter(entry -> matches(entry.getKey().path(), path))
                .sorted((a, b) -> b.getKey().path().length() - a.getKey().path().length())
                .map(entry -> entry.getKey().name() + "=" + entry.getValue().value())
                .collect(Collectors.joining("; "));
    }

    private static boolean matches(String cookiePath, String path) {
        return path.equals(cookiePath)
                || (path.startsWith(cookiePath)
                        && (cookiePath.endsWith("/") || path.charAt(cookiePath.length()) == '/'));
    }

    synchronized boolean has(String name) {
        return kept.keySet().stream().anyMatch(cookie -> cookie.name().equals(name));
    }

    /// Of all paths.
    synchronized Optional<String> value(String name) {
        return kept.entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(name))
                .map(entry -> entry.getValue().value())
                .reduce((a, b) -> a + ";" + b);
    }

    /// Whether one of these fields ends a cookie of the sign-in, which is what applications do whose session is
    /// over.
    synchronized boolean areEndedBy(List<String> setCookies) {
        return setCookies.stream()
                .map(ClientCookieDecoder.LAX::decode)
                .anyMatch(cookie -> cookie != null && cookie.maxAge() == AT_ONCE && has(cookie.name()));
    }

    synchronized boolean isEmpty() {
        return kept.isEmpty();
    }

    @Override
    public String toString() {
        return "LoginCookies[redacted]";
    }
}
